"""Four eyes: whoever had a hand in a checklist does not approve it.

A hand in it has whoever wrote an answer, fact or note that still counts, the day of the inspection,
what the minutes say in words, or a recommendation that the approval sends to the unit; who marked a
criterion as verified from a distance; who took over what another gave, and who gave it; who added
evidence that was not taken back or withdrawn, or wrote what it shows; who recorded the signed
minutes, or added the scan that shows them; and who submitted it. Rows loaded from the report have
no author, and an approval that was given stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _

from archiveportal.accounts import stand_ins
from archiveportal.accounts.models import User
from archiveportal.accounts.stand_ins import deciders
from archiveportal.history.models import Action, Event
from criteria.inspections.models import Evidence, Finding, Inspection, KeptAnswer
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


class Hand(StrEnum):
    """What somebody did, in the order in which it is told."""

    ANSWERED = "answered"
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
    shown = list(inspection.evidence.counting().select_related("criterion"))
    yield from _authors(inspection, shown)
    for person in _recommending(inspection):
        yield person, Hand.RECOMMENDED
    given = inspection.kept_answers.filter(decision=KeptAnswer.Decision.TAKEN)
    for person in given.values_list("sent_by", flat=True):
        yield person, Hand.ANSWERED
    for evidence in shown:
        yield evidence.added_by_id, Hand.ADDED_EVIDENCE
    for signer, scanner, withdrawal in _signed(inspection):
        yield signer, Hand.SIGNED
        yield (scanner if withdrawal is None else None), Hand.SIGNED
    yield inspection.submitted_by_id, Hand.SUBMITTED


def _signed(inspection: Inspection) -> Iterable[tuple[int | None, int | None, int | None]]:
    """Return who recorded the signed minutes, who added each scan that shows them, and its withdrawal."""
    standing = FilteredRelation("scans", condition=Q(scans__replaced_at=None))
    signed = inspection.minutes.exclude(signed_at=None).annotate(standing=standing)
    return signed.values_list("signed_by", "standing__file__stored_by", "standing__file__withdrawal")


def _authors(inspection: Inspection, shown: Iterable[Evidence]) -> Iterator[tuple[int | None, Hand]]:
    """Yield who wrote each value that is there now: the last one who changed it.

    The row of an answer knows only who touched it last; a note under an outcome may be another's.
    A supplement begins with no words of its own, and what was signed before it stays.
    """
    authors: dict[tuple[str, str], int | None] = {}
    supplements = 0
    events = Event.objects.about(inspection).order_by("occurred_at", "pk")
    for about, action, person, changes in events.values_list("object_name", "action", "actor_id", "changes"):
        supplements += action == Action.SUPPLEMENT
        for name in changes.keys() & {*COUNTING, *IN_THE_MINUTES, CAPTION}:
            _before, after = changes[name]
            part = str(supplements) if name in IN_THE_MINUTES else about
            authors[part, name] = None if after in NOTHING else person
    described = {_part(evidence) for evidence in shown if evidence.caption}
    for (part, name), person in authors.items():
        if name == CAPTION:
            yield (person if part in described else None), Hand.ADDED_EVIDENCE
        else:
            yield person, Hand.ANSWERED if name in COUNTING else Hand.WROTE_MINUTES


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
