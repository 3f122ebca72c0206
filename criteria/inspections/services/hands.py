"""Four eyes: whoever had a hand in a checklist does not approve it.

A hand in it has whoever wrote an answer, fact or note that still counts, the day of the inspection,
what the minutes say in words, or a recommendation that the approval sends to the unit; who marked a
criterion as verified from a distance; who took over what another gave, and who gave it, also for the
unit in its self-assessment; who handed that in, confirmed it, also by the paper that was signed, or
withdrew it, where something in the checklist comes from it; who added evidence that was not taken
back or withdrawn, uploaded its file, or wrote what it shows; who recorded the signed minutes, or
added the scan that shows them; and who submitted it. Rows loaded from the report have no author, and
an approval that was given stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils.translation import gettext as _

from archiveportal.accounts import stand_ins
from archiveportal.accounts.models import User
from archiveportal.accounts.stand_ins import deciders
from archiveportal.history.models import Action, Event
from criteria.inspections.models import Evidence, Finding, Inspection, KeptAnswer, SelfAssessment
from criteria.inspections.services.minutes_merge import RECEIVED
from criteria.inspections.services.values import FIELDS

#: what an answer consists of, whether somebody was there to see it, and the day
COUNTING = (*FIELDS, "is_distant", "inspected_on")
#: what the team itself puts into words in the minutes
IN_THE_MINUTES = (
    "ward_remarks", "recommendations", "inspected_content", "verified_result", "others_remarks", "refusal_reason",
    RECEIVED,
)  # fmt: skip
#: what a recommendation to the unit consists of, and what is said of evidence
RECOMMENDATION, CAPTION = ("recommendation", "due_on"), "caption"
#: a value that says nothing
NOTHING = (None, "", False)
OF_UNIT = SelfAssessment._meta.label_lower
#: speaking for the unit as a whole: handed in, confirmed by its leader or on paper, withdrawn by the unit
SPEAKING = (Action.HANDED_IN, Action.SIGNED, Action.DROPPED)


class Hand(StrEnum):
    """What somebody did, in the order in which it is told."""

    ANSWERED = "answered"
    ANSWERED_FOR_UNIT = "answered_for_unit"
    SPOKE_FOR_UNIT = "spoke_for_unit"
    ADDED_EVIDENCE = "added_evidence"
    RECOMMENDED = "recommended"
    WROTE_MINUTES = "wrote_minutes"
    SIGNED = "signed"
    SUBMITTED = "submitted"

    @property
    def words(self) -> str:
        """Return the words within "because you …"."""
        return {
            Hand.ANSWERED: _("gave answers"),
            Hand.ANSWERED_FOR_UNIT: _("gave answers for the unit that stand in the checklist"),
            Hand.SPOKE_FOR_UNIT: _("handed in, confirmed or withdrew the self-assessment from which parts came"),
            Hand.ADDED_EVIDENCE: _("added evidence"),
            Hand.RECOMMENDED: _("wrote a recommendation to the unit"),
            Hand.WROTE_MINUTES: _("wrote in the minutes"),
            Hand.SIGNED: _("recorded the signed minutes"),
            Hand.SUBMITTED: _("submitted it"),
        }[self]


@dataclass(frozen=True)
class Hands:
    """Who had a hand in a checklist, by the key of the account."""

    by_person: dict[int, frozenset[Hand]]

    def of(self, person: User) -> list[Hand]:
        """Return what the person did, in the order of `Hand`."""
        done = self.by_person.get(person.pk, frozenset())
        return [hand for hand in Hand if hand in done]


def hands_in(inspection: Inspection) -> Hands:
    """Return who had a hand in the checklist as it is now, in six queries at most."""
    hands: dict[int, set[Hand]] = {}
    for person, hand in _hands(inspection):
        if person:
            hands.setdefault(person, set()).add(hand)
    return Hands({person: frozenset(done) for person, done in hands.items()})


def _hands(inspection: Inspection) -> Iterator[tuple[int | None, Hand]]:
    shown = list(inspection.evidence.counting().select_related("criterion", "file", "taken_from"))
    yield from _authors(inspection, shown)
    for person in _recommending(inspection):
        yield person, Hand.RECOMMENDED
    given = inspection.kept_answers.filter(decision=KeptAnswer.Decision.TAKEN)
    for person in given.values_list("sent_by", flat=True):
        yield person, Hand.ANSWERED
    for evidence in shown:
        for person in _gave(evidence):
            yield person, Hand.ADDED_EVIDENCE
    for signer, scanner, withdrawal in _signed(inspection):
        yield signer, Hand.SIGNED
        yield (scanner if withdrawal is None else None), Hand.SIGNED
    yield inspection.submitted_by_id, Hand.SUBMITTED


def _gave(evidence: Evidence) -> Iterator[int | None]:
    """Yield through whose hands a piece came into the checklist."""
    yield evidence.added_by_id
    if evidence.file:
        yield evidence.file.stored_by_id
    if evidence.taken_from:
        yield evidence.taken_from.added_by_id


def _signed(inspection: Inspection) -> Iterable[tuple[int | None, int | None, int | None]]:
    """Return who recorded the signed minutes, who added each scan that shows them, and its withdrawal."""
    standing = FilteredRelation("scans", condition=Q(scans__replaced_at=None))
    signed = inspection.minutes.exclude(signed_at=None).annotate(standing=standing)
    return signed.values_list("signed_by", "standing__file__stored_by", "standing__file__withdrawal")


@dataclass
class _SaidByUnit:
    """Who wrote each value of the self-assessment that the team can see: as it was handed in last."""

    written: dict[tuple[str, str], tuple[Any, int | None]] = field(default_factory=dict)
    handed_in: dict[tuple[str, str], tuple[Any, int | None]] = field(default_factory=dict)
    #: who handed it in, confirmed or withdrew it, now or earlier
    speakers: set[int | None] = field(default_factory=set)

    def read(self, event: Event) -> None:
        """Read one event about it; in the order in which they happened."""
        for name in event.changes.keys() & set(FIELDS):
            self.written[event.object_name, name] = event.changes[name][1], event.actor_id
        if event.action in SPEAKING:
            self.speakers.add(event.actor_id)
        if event.action == Action.HANDED_IN:
            self.handed_in = dict(self.written)

    def author_of(self, part: str, name: str, value: Any) -> int | None:
        """Return who wrote the value that the checklist has from now on; None where the unit says another."""
        said, person = self.handed_in.get((part, name), (None, None))
        return person if _is_same(name, said, value) else None


def _is_same(name: str, said: Any, value: Any) -> bool:
    if name in ("number", "of_number") and None not in (said, value):
        return Decimal(said) == Decimal(value)
    return said == value


def _authors(inspection: Inspection, shown: Iterable[Evidence]) -> Iterator[tuple[int | None, Hand]]:
    """Yield who wrote each value that is there now: the last one who changed it, and whoever said the same
    for the unit before; where something is the unit's, also who spoke for it.
    """
    authors, unit = _written(inspection)
    described = {_part(evidence) for evidence in shown if evidence.caption}
    is_of_unit = any(evidence.taken_from_id for evidence in shown)
    for (part, name), people in authors.items():
        if name != CAPTION or part in described:
            yield from zip(people, _hands_at(name), strict=False)
            is_of_unit = is_of_unit or any(people[1:])
    if is_of_unit:
        for person in unit.speakers:
            yield person, Hand.SPOKE_FOR_UNIT


def _written(inspection: Inspection) -> tuple[dict[tuple[str, str], list[int | None]], _SaidByUnit]:
    """Return for each value that is there now who wrote it and who said it for the unit; and the unit's words.

    The row of an answer knows only who touched it last; a note under an outcome may be another's.
    A supplement begins with no words of its own, and what was signed before it stays.
    """
    authors: dict[tuple[str, str], list[int | None]] = {}
    unit, supplements = _SaidByUnit(), 0
    for event in _events_of(inspection):
        if event.object_type == OF_UNIT:
            unit.read(event)
            continue
        supplements += event.action == Action.SUPPLEMENT
        for name in event.changes.keys() & {*COUNTING, *IN_THE_MINUTES, CAPTION}:
            _before, after = event.changes[name]
            part = str(supplements) if name in IN_THE_MINUTES else event.object_name
            giver = unit.author_of(part, name, after)
            authors[part, name] = [] if after in NOTHING else [event.actor_id, giver]
    return authors, unit


def _hands_at(name: str) -> tuple[Hand, Hand]:
    """Return the hands of who wrote a value in the checklist, and of who had said it for the unit."""
    if name == CAPTION:
        return Hand.ADDED_EVIDENCE, Hand.ADDED_EVIDENCE
    return Hand.ANSWERED if name in COUNTING else Hand.WROTE_MINUTES, Hand.ANSWERED_FOR_UNIT


def _events_of(inspection: Inspection) -> QuerySet[Event]:
    """Return the events about the checklist and the self-assessment of its unit, oldest first."""
    of_unit = SelfAssessment.objects.filter(enrolment=inspection.enrolment_id).values("pk")
    about = Q(object_type=Inspection._meta.label_lower, object_id=inspection.pk)
    about |= Q(object_type=OF_UNIT, object_id__in=of_unit)
    rows = Event.objects.filter(about).order_by("occurred_at", "pk")
    return rows.only("object_type", "object_name", "action", "actor_id", "changes")


def _recommending(inspection: Inspection) -> Iterator[int | None]:
    """Yield who wrote each recommendation, or its day, that the next approval sends to the unit.

    Events of new words for one that the unit has seen are about the checklist.
    """
    rows = inspection.findings.exclude(status=Finding.Status.WITHDRAWN).select_related("criterion")
    waiting = list(rows.filter(Q(published_at=None) | ~Q(next_recommendation="")))
    if not waiting:
        return
    unseen = [each.pk for each in waiting if each.published_at is None]
    rewritten = [_part(each) for each in waiting if each.published_at]
    written = Q(object_type=Finding._meta.label_lower, object_id__in=unseen)
    written |= Q(object_type=Inspection._meta.label_lower, object_id=inspection.pk, object_name__in=rewritten)
    events = Event.objects.filter(written).order_by("occurred_at", "pk")
    authors: dict[tuple[str, str], int | None] = {}
    for about, person, changes in events.values_list("object_name", "actor_id", "changes"):
        authors |= {(about, name): person for name in changes.keys() & set(RECOMMENDATION)}
    yield from authors.values()


def _part(row: Evidence | Finding) -> str:
    """Return the criterion of a row as events name it."""
    return str(row.criterion)[:300]


def deciders_on(hands: Hands, *, without: User | None = None) -> list[User]:
    """Return who may still approve the checklist, by name.

    `without` is a person who is about to submit it.
    """
    return deciders(without=[*hands.by_person, *([without.pk] if without else [])])


def refuse_own_hand(inspection: Inspection, by: User) -> None:
    """Refuse an approval by somebody who had a hand in the checklist; the message says who can."""
    hands = hands_in(inspection)
    own = hands.of(by)
    why = f"{own_hand(own)} {who_can(deciders_on(hands))}" if own else ""
    stand_ins.refuse_own_hand(why, step="approve checklist", key=inspection.pk, by=by)


def own_hand(hands: Iterable[Hand]) -> str:
    """Say why a person does not approve a checklist."""
    reason = _("You had a hand in this checklist (%(deeds)s); another person has to approve it.")
    return reason % {"deeds": ", ".join(hand.words for hand in hands)}


def who_can(people: Iterable[User]) -> str:
    """Say who can approve a checklist."""
    names = ", ".join(person.full_name for person in people)
    if names:
        return _("Who can approve it: %(names)s.") % {"names": names}
    return _("Nobody is left who can approve it; a leader names a stand-in first.")
