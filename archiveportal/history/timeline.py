"""Show events on a page: newest first, small saves in a row folded into one line.

Older events follow on further pages of the same address.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from archiveportal.history import registry
from archiveportal.history.models import Event

#: the parameter of the address that names the page of the timeline
PAGE = "lichsu"
EVENTS_PER_PAGE = 100
#: successive saves of one person are folded into one line if no more than this is between two
PAUSE = datetime.timedelta(minutes=15)
#: fewest saves that are folded
MANY = 3


@dataclass(frozen=True)
class Group:
    """Hold the events of one line of the timeline, newest first; often there is only one."""

    events: Sequence[Event]

    @property
    def newest(self) -> Event:
        return self.events[0]

    @property
    def oldest(self) -> Event:
        return self.events[-1]

    @property
    def when(self) -> str:
        """Return the time of the events: "10:20–10:42, 22/11/2026"."""
        first = timezone.localtime(self.oldest.occurred_at)
        last = timezone.localtime(self.newest.occurred_at)
        end = date_format(last, "DATETIME_FORMAT")
        if first.date() != last.date():
            return f"{date_format(first, 'DATETIME_FORMAT')} – {end}"
        return end if f"{first:%H:%M}" == f"{last:%H:%M}" else f"{first:%H:%M}–{end}"

    @property
    def is_folded(self) -> bool:
        return len(self.events) >= MANY

    @property
    def count(self) -> str:
        """Return how many events are folded: "12 answers"."""
        number = len(self.events)
        folded = registry.FOLDED.get(self.newest.object_type)
        if folded and self.newest.changes.keys() & folded.fields:
            return folded.count % {"count": number}
        return ngettext("%(count)d entry", "%(count)d entries", number) % {"count": number}


class Timeline:
    """Hold one page of the events that a view may show. It makes two queries.

    `data` is the query of the address. `told` returns the changes of an event in the words of its
    app, `link` the address of the row that the event is about (or ""). `address` is that of the page
    where a refused form is shown at an address of its own, which takes forms alone.
    """

    def __init__(
        self,
        events: QuerySet[Event],
        data: Mapping[str, str],
        *,
        told: Callable[[Event], list[dict[str, str]]] | None = None,
        link: Callable[[Event], str] | None = None,
        is_named: bool = True,
        address: str = "",
    ) -> None:
        #: where its pages are; "" for the address that shows it
        self.address = address
        self.page = _page_number(data.get(PAGE, ""))
        start = (self.page - 1) * EVENTS_PER_PAGE
        # One event more than the page shows is read: it says whether there is a page of older ones.
        events_and_next = list(events[start : start + EVENTS_PER_PAGE + 1])
        self.events = events_and_next[:EVENTS_PER_PAGE]
        self.older = self.page + 1 if len(events_and_next) > EVENTS_PER_PAGE else 0
        self.newer = self.page - 1
        #: whether each line names its row; needless where all events are about one row
        self.is_named = is_named
        usernames = _usernames(self.events)
        for event in self.events:
            event.username = usernames.get(event.actor_id, "")
            event.told = told(event) if told else event.readable_changes
            event.link = link(event) if link else ""

    def __bool__(self) -> bool:
        return bool(self.events) or self.page > 1

    @property
    def groups(self) -> list[Group]:
        return list(chain.from_iterable(map(_folded, _runs(self.events))))


def _usernames(events: Iterable[Event]) -> dict[int | None, str]:
    """Return the sign-in names of the people of these events: two people may have one name."""
    keys = {event.actor_id for event in events} - {None}
    if not keys:
        return {}
    people = get_user_model()._default_manager.filter(pk__in=keys)
    return dict(people.values_list("pk", "username"))


def _page_number(text: str) -> int:
    """Return the page that the address asks for, the first where it asks for none."""
    is_number = text.isdecimal() and len(text) < 5
    return max(1, int(text)) if is_number else 1


def _runs(events: Sequence[Event]) -> Iterable[list[Event]]:
    """Yield runs of successive events that differ only in what was changed."""
    run: list[Event] = list(events[:1])
    for newer, older in pairwise(events):
        if _kind(newer) != _kind(older) or newer.occurred_at - older.occurred_at > PAUSE:
            yield run
            run = []
        run.append(older)
    if run:
        yield run


def _kind(event: Event) -> tuple[Any, ...]:
    """Return what the events of one run have in common."""
    return event.actor_id, event.actor_name, event.via, event.action, event.object_type, event.reason


def _folded(run: list[Event]) -> list[Group]:
    """Return a long run as one group, a short one as a group per event."""
    return [Group(run)] if len(run) >= MANY else [Group([event]) for event in run]
