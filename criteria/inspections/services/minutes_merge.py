"""Two people at the same minutes: what each of them changed is put together field by field."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.history.services import digest_of_values
from archiveportal.model_fields import own_field
from archiveportal.refusal import Refused
from criteria.inspections.models import Minutes, Participant, ReceivedDocument

HOURS = ("started_at", "ended_at")
PEOPLE = "participants"
RECEIVED = "received_documents"
_FIRST = (*HOURS, "place", "ward_remarks", "recommendations", "copies")
DETAILS = (*_FIRST, "inspected_content", "verified_result", "others_remarks", "refusal_reason")
#: what one person can change without touching what another does
FIELDS = (*DETAILS, PEOPLE, RECEIVED)
#: those of a form of before 12/2026, which a device may still send
FORMER_FIELDS = (*_FIRST, PEOPLE)


@dataclass(frozen=True)
class Person:
    """Somebody present, as typed."""

    side: str
    part: str
    full_name: str
    position: str = ""


@dataclass(frozen=True)
class HandedOver:
    """A document that the unit handed over, as typed."""

    title: str
    number: str = ""
    dated_on: datetime.date | None = None
    issuer: str = ""
    form: str = ReceivedDocument.Form.COPY.value

    def __str__(self) -> str:
        facts = [self.number, f"{self.dated_on:%d/%m/%Y}" if self.dated_on else "", self.issuer]
        return ", ".join(filter(None, [self.title, *facts, IN_VIETNAMESE[self.form]]))


#: in the history, whatever the language of the screen
IN_VIETNAMESE: dict[str, str] = {
    ReceivedDocument.Form.ORIGINAL: "bản chính",
    ReceivedDocument.Form.COPY: "bản sao",
}


@dataclass(frozen=True)
class Difference:
    """A field that a colleague changed: `stored` is the present value, `typed` that of the form, in
    words."""

    name: str
    label: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Merged:
    """`values` are those typed, with the colleague's where only the colleague changed something (`taken`).

    `clashes` are the fields that both changed, each to something else: there `values` has what was typed.
    """

    values: dict[str, Any]
    taken: list[Difference]
    clashes: list[Difference]


class MinutesClash(Refused):
    """Two people changed the same fields; `merged` says which, and the next values of the form."""

    def __init__(self, merged: Merged) -> None:
        super().__init__(_("Not saved yet: a colleague changed the same places."), code="stale")
        self.merged = merged


def made_on(values: Mapping[str, Any]) -> dict[str, str]:
    """Short digests of the values that a form is made on, by field."""
    return {name: digest_of_values([_comparable(values[name])]) for name in FIELDS}


def stored_values(minutes: Minutes) -> dict[str, Any]:
    details = {name: getattr(minutes, name) for name in DETAILS}
    if not minutes.pk:
        return details | {PEOPLE: [], RECEIVED: []}
    return details | {PEOPLE: people_of(minutes), RECEIVED: received_of(minutes)}


def people_of(minutes: Minutes) -> list[Person]:
    return [Person(each.side, each.part, each.full_name, each.position) for each in minutes.participants.all()]


def received_of(minutes: Minutes) -> list[HandedOver]:
    rows = minutes.received_documents.all()
    return [HandedOver(each.title, each.number, each.dated_on, each.issuer, each.form) for each in rows]


def merge(*, base: Mapping[str, str], typed: Mapping[str, Any], stored: Mapping[str, Any]) -> Merged:
    """`base` has the digests of `made_on`; a field without one was changed by nobody knows whom: a
    clash."""
    values, taken, clashes = dict(typed), [], []
    was_typed, was_stored = made_on(typed), made_on(stored)
    for name in FIELDS:
        if was_typed[name] == was_stored[name] or base.get(name) == was_stored[name]:
            continue
        difference = Difference(name, label_of(name), in_words(stored[name]), in_words(typed[name]))
        if base.get(name) == was_typed[name]:
            values[name] = stored[name]
            taken.append(difference)
        else:
            clashes.append(difference)
    if has_wrong_hours(values):
        # Beginning and end belong together: the beginning of one person and the end of another are
        # no pair.
        clashes += [each for each in taken if each.name in HOURS]
        taken = [each for each in taken if each.name not in HOURS]
        values |= {name: typed[name] for name in HOURS}
    return Merged(values, taken, clashes)


def has_wrong_hours(values: Mapping[str, Any]) -> bool:
    start, end = (values[name] for name in HOURS)
    return bool(start and end and end < start)


def label_of(name: str) -> str:
    if name == RECEIVED:
        return _("documents received")
    return _("people present") if name == PEOPLE else str(own_field(Minutes, name).verbose_name)


def in_words(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return lines_of(value)
    return "" if value is None else str(format_local_time(value))


def format_local_time(value: Any) -> Any:
    """Write a moment as hour and day of the portal's time; return any other value as it is."""
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if isinstance(value, datetime.datetime) else value


def lines_of(rows: Sequence[Person | HandedOver]) -> str:
    """Return the people present, or the documents received, in one text."""
    people = [each for each in rows if isinstance(each, Person)]
    return names_of(people) if people else "; ".join(str(each) for each in rows)


def names_of(people: Sequence[Person]) -> str:
    parts: dict[str, Any] = dict(Participant.Part.choices)
    of_team = parts | {Participant.Part.OTHER: _("member")}
    side: dict[str, dict[str, Any]] = {Participant.Side.TEAM: of_team}
    return ", ".join(f"{each.full_name} ({side.get(each.side, parts)[each.part]})" for each in people)


def _comparable(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_comparable_line(each) for each in value]
    return format_local_time(value)


def _comparable_line(line: Person | HandedOver) -> tuple[str, ...]:
    if isinstance(line, HandedOver):
        return (line.title, line.number, str(line.dated_on or ""), line.issuer, str(line.form))
    return (str(line.side), str(line.part), line.full_name, line.position)
