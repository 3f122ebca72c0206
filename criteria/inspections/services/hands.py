"""Four eyes: whoever had a hand in a checklist does not approve it.

A hand in it has whoever wrote an answer, fact or note that still counts, the day of the inspection,
or remarks and recommendations in the minutes; who took over what another gave, and who gave it; who
added evidence that was not taken back or withdrawn; who recorded the signed minutes, or added the
scan that shows them; and who submitted it. Rows loaded from the report have no author, and an
approval that was given stays.
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
from criteria.inspections.models import Inspection, KeptAnswer
from criteria.inspections.services.values import FIELDS

#: what an answer consists of, and the day
COUNTING = (*FIELDS, "inspected_on")
#: what the team itself puts into words in the minutes
IN_THE_MINUTES = ("ward_remarks", "recommendations")


class Hand(StrEnum):
    """What somebody did, in the order in which it is told."""

    ANSWERED = "answered"
    ADDED_EVIDENCE = "added_evidence"
    WROTE_MINUTES = "wrote_minutes"
    SIGNED = "signed"
    SUBMITTED = "submitted"

    @property
    def words(self) -> str:
        """Return the words within "because you …"."""
        return {
            Hand.ANSWERED: _("gave answers"),
            Hand.ADDED_EVIDENCE: _("added evidence"),
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
    """Return who had a hand in the checklist as it is now, in four queries."""
    hands: dict[int, set[Hand]] = {}
    for person, hand in _hands(inspection):
        if person:
            hands.setdefault(person, set()).add(hand)
    return Hands({person: frozenset(done) for person, done in hands.items()})


def _hands(inspection: Inspection) -> Iterator[tuple[int | None, Hand]]:
    yield from _authors(inspection)
    given = inspection.kept_answers.filter(decision=KeptAnswer.Decision.TAKEN)
    for person in given.values_list("sent_by", flat=True):
        yield person, Hand.ANSWERED
    for person in inspection.evidence.counting().values_list("added_by", flat=True):
        yield person, Hand.ADDED_EVIDENCE
    for signer, scanner, withdrawal in _signed(inspection):
        yield signer, Hand.SIGNED
        yield (scanner if withdrawal is None else None), Hand.SIGNED
    yield inspection.submitted_by_id, Hand.SUBMITTED


def _signed(inspection: Inspection) -> Iterable[tuple[int | None, int | None, int | None]]:
    """Return who recorded the signed minutes, who added each scan that shows them, and its withdrawal."""
    standing = FilteredRelation("scans", condition=Q(scans__replaced_at=None))
    signed = inspection.minutes.exclude(signed_at=None).annotate(standing=standing)
    return signed.values_list("signed_by", "standing__file__stored_by", "standing__file__withdrawal")


def _authors(inspection: Inspection) -> Iterator[tuple[int | None, Hand]]:
    """Yield who wrote each value that is there now: the last one who changed it.

    The row of an answer knows only who touched it last; a note under an outcome may be another's.
    A supplement begins with no words of its own, and what was signed before it stays.
    """
    authors: dict[tuple[str, str], int | None] = {}
    supplements = 0
    events = Event.objects.about(inspection).order_by("occurred_at", "pk")
    for about, action, person, changes in events.values_list("object_name", "action", "actor_id", "changes"):
        supplements += action == Action.SUPPLEMENT
        for name in changes.keys() & {*COUNTING, *IN_THE_MINUTES}:
            _before, after = changes[name]
            part = about if name in COUNTING else str(supplements)
            authors[part, name] = None if after in (None, "") else person
    for (_part, name), person in authors.items():
        yield person, Hand.ANSWERED if name in COUNTING else Hand.WROTE_MINUTES


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
