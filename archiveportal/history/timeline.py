"""Events as people read them on a page: newest first, small saves in a row folded into one line, older ones on
further pages of the same address."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from archiveportal.history import registry
from archiveportal.history.models import Event

#: the parameter of the address that names the page of the timeline
PAGE = "lichsu"
EVENTS_PER_PAGE = 100
#: saves of one person that follow each other within this time are told together, from so many on
PAUSE, MANY = datetime.timedelta(minutes=15), 3


@dataclass(frozen=True)
class Group:
    """Events told together, newest first; often one alone."""

    events: Sequence[Event]

    @property
    def newest(self) -> Event:
        return self.events[0]

    @property
    def oldest(self) -> Event:
        return self.events[-1]

    @property
    def when(self) -> str:
        """ "10:20–10:42, 22/11/2026"."""
        first, last = (timezone.localtime(each.occurred_at) for each in (self.oldest, self.newest))
        end = date_format(last, "DATETIME_FORMAT")
        if first.date() != last.date():
            return f"{date_format(first, 'DATETIME_FORMAT')} – {end}"
        return end if f"{first:%H:%M}" == f"{last:%H:%M}" else f"{first:%H:%M}–{end}"

    @property
    def is_folded(self) -> bool:
        return len(self.events) >= MANY

    @property
    def count(self) -> str:
        """ "12 answers": how many are folded."""
        number = len(self.events)
        folded = registry.FOLDED.get(self.newest.object_type)
        if folded and self.newest.changes.keys() & folded.fields:
            return folded.count % {"count": number}
        return ngettext("%(count)d entry", "%(count)d entries", number) % {"count": number}


class Timeline:
    """One page of the events that a view may show; `data` is the query of the address.

    `told` gives the changes of an event in the words of its app, `link` the address of what it is about (or nothing).
    One query, whatever the number of events.
    """

    def __init__(
        self,
        events: QuerySet[Event],
        data: Mapping[str, str],
        *,
        told: Callable[[Event], list[dict[str, str]]] | None = None,
        link: Callable[[Event], str] | None = None,
        is_named: bool = True,
    ) -> None:
        asked = data.get(PAGE, "")
        self.page = max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
        start = (self.page - 1) * EVENTS_PER_PAGE
        found = list(events[start : start + EVENTS_PER_PAGE + 1])
        self.events, self.older = found[:EVENTS_PER_PAGE], self.page + 1 if len(found) > EVENTS_PER_PAGE else 0
        self.newer = self.page - 1
        #: whether each line says what it is about; needless where all are about one row
        self.is_named = is_named
        for event in self.events:
            event.told = told(event) if told else event.readable_changes
            event.link = link(event) if link else ""

    def __bool__(self) -> bool:
        return bool(self.events) or self.page > 1

    @property
    def groups(self) -> list[Group]:
        return [group for run in _runs(self.events) for group in _folded(run)]


def _runs(events: Sequence[Event]) -> Iterable[list[Event]]:
    """Events in a row that are alike but for what was changed."""
    run: list[Event] = list(events[:1])
    for newer, older in pairwise(events):
        if _kind(newer) != _kind(older) or newer.occurred_at - older.occurred_at > PAUSE:
            yield run
            run = []
        run.append(older)
    if run:
        yield run


def _kind(event: Event) -> tuple[Any, ...]:
    return event.actor_id, event.actor_name, event.via, event.action, event.object_type, event.reason


def _folded(run: list[Event]) -> list[Group]:
    return [Group(run)] if len(run) >= MANY else [Group([event]) for event in run]
