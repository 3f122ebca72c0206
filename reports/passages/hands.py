"""Four eyes: whoever wrote what a closing freezes does not close it.

A hand in a report has who wrote the newest text of a passage, who kept a known error in its words,
and who entered figures that no second person approves: the cost of a round, and courses, targets,
funds and the workforce of a scheme. Answers of checklists are no such hand: another person approved
each of them. Rows and passages loaded from the signed reports have no author.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.accounts.stand_ins import deciders, refuse_own_hand
from archiveportal.history.models import Event
from criteria.inspections.models import Round
from reports.models import KeptError, PassageVersion, ReportKind, Subject
from reports.subjects import report_of
from training.models import Category, Course, Funding, Quota, WorkforceCount


class ReportHand(StrEnum):
    """What somebody did for a report, in the order in which it is told."""

    WROTE = "wrote"
    KEPT_ERRORS = "kept_errors"
    ENTERED_FIGURES = "entered_figures"

    @property
    def words(self) -> str:
        """Return the words within "You had a hand in this report (…)"."""
        return {
            ReportHand.WROTE: _("wrote passages"),
            ReportHand.KEPT_ERRORS: _("kept known errors"),
            ReportHand.ENTERED_FIGURES: _("entered figures"),
        }[self]


Hands = dict[int, frozenset[ReportHand]]


def hands_in_report(subject: Subject) -> Hands:
    """Return who had a hand in the report as it is now, by the key of the account, in three queries."""
    hands: dict[int, set[ReportHand]] = {}
    for person, hand in _hands(subject):
        if person:
            hands.setdefault(person, set()).add(hand)
    return {person: frozenset(done) for person, done in hands.items()}


def _hands(subject: Subject) -> Iterator[tuple[int | None, ReportHand]]:
    report = report_of(subject)
    versions = PassageVersion.objects.filter(**report.owner_of_passage).order_by("number")
    rows = versions.values_list("passage", "text", "written_by")
    newest = {passage: (text, person) for passage, text, person in rows}
    for text, author in newest.values():
        yield (author if text else None), ReportHand.WROTE
    for person in KeptError.objects.filter(**report.owner).values_list("kept_by", flat=True):
        yield person, ReportHand.KEPT_ERRORS
    for writer in _authors(FIGURES[report.kind](subject)):
        yield writer, ReportHand.ENTERED_FIGURES


def _authors(events: QuerySet[Event]) -> Iterator[int | None]:
    """Yield who wrote each value that is there now: the last one who changed it."""
    authors: dict[tuple[str, int, str], int | None] = {}
    rows = events.order_by("occurred_at", "pk").values_list("object_type", "object_id", "actor_id", "changes")
    for kind, key, person, changes in rows:
        for name, (_before, after) in changes.items():
            authors[kind, key, name] = None if after in (None, "") else person
    yield from authors.values()


def _cost_of_round(subject: Subject) -> QuerySet[Event]:
    of_round = Event.objects.filter(object_type=Round._meta.label_lower, object_id=subject.pk)
    return of_round.filter(changes__has_key="funding")


def _rows_of_scheme(subject: Subject) -> QuerySet[Event]:
    rows: tuple[QuerySet[Any], ...] = (
        Course.objects.filter(category__scheme=subject.pk, voided_at=None),
        Quota.objects.filter(category__scheme=subject.pk),
        Category.objects.filter(scheme=subject.pk),
        Funding.objects.filter(scheme=subject.pk),
        WorkforceCount.objects.filter(scheme=subject.pk),
    )
    found = Event.objects.none()
    for each in rows:
        label = each.model._meta.label_lower
        found |= Event.objects.filter(object_type=label, object_id__in=each.order_by().values("pk"))
    return found


FIGURES: dict[ReportKind, Callable[[Subject], QuerySet[Event]]] = {
    ReportKind.ROUND: _cost_of_round,
    ReportKind.SCHEME: _rows_of_scheme,
}


def own_hand_in_report(hands: Hands, person: User) -> str:
    """Say why a person does not close the figures of a report; blank if nothing prevents it."""
    own = hands.get(person.pk)
    if not own:
        return ""
    deeds = ", ".join(hand.words for hand in ReportHand if hand in own)
    return _("You had a hand in this report (%(deeds)s); another person has to close its figures.") % {"deeds": deeds}


def who_can_close(hands: Hands, *, without: User | None = None) -> str:
    """Say who can close the figures of a report; `without` is a person who is about to write in it."""
    people = deciders(without=[*hands, *([without.pk] if without else [])])
    if people:
        names = ", ".join(person.full_name for person in people)
        return _("Who can close the figures: %(names)s.") % {"names": names}
    return _("Nobody is left who can close the figures; a leader names a stand-in first.")


def refuse_own_hand_in_report(subject: Subject, by: User) -> None:
    """Refuse a closing by somebody who had a hand in the report; the message says who can."""
    hands = hands_in_report(subject)
    own = own_hand_in_report(hands, by)
    why = f"{own} {who_can_close(hands)}" if own else ""
    refuse_own_hand(why, step=f"close figures of {subject.code}", key=subject.pk, by=by)
