"""Telling people what asks for a step of theirs, and taking it back once the step is taken.

Called by the services that take the steps, within their transactions: what did not happen is not told.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.rights import OF_WARDS
from criteria.inspections.models import Enrolment, Finding, Inspection, Notice, Question, Round, TeamMember

KIND = Notice.Kind


@dataclass(frozen=True)
class Matter:
    """What a notice is about: a round, a unit of it, one recommendation or question."""

    round: Round
    enrolment: Enrolment | None = None
    finding: Finding | None = None
    question: Question | None = None

    @property
    def keys(self) -> dict[str, Any]:
        return {
            "round": self.round.pk,
            "enrolment": self.enrolment and self.enrolment.pk,
            "finding": self.finding and self.finding.pk,
            "question": self.question and self.question.pk,
        }


def of_unit(enrolment: Enrolment) -> Matter:
    return Matter(enrolment.round, enrolment)


def of_finding(finding: Finding) -> Matter:
    enrolment = finding.inspection.enrolment
    return Matter(enrolment.round, enrolment, finding)


def of_question(question: Question) -> Matter:
    enrolment = question.inspection.enrolment
    return Matter(enrolment.round, enrolment, question=question)


def tell(
    people: Iterable[User],
    kind: str,
    matters: Collection[Matter],
    *,
    day: datetime.date | None = None,
    by: User | None = None,
) -> None:
    """Tell people of matters; whoever did it is not told, and an unread notice of the same is renewed."""
    told = {person.pk for person in people if person.is_active} - {by and by.pk}
    tell_each([(person, matter, day) for person, matter in product(told, matters)], kind)


def tell_each(wanted: Collection[tuple[int, Matter, datetime.date | None]], kind: str) -> None:
    """Tell (key of a person, matter, day) each, no two of them alike; in one insertion however many they are."""
    if not wanted:
        return
    now, people = timezone.now(), {person for person, _matter, _day in wanted}
    rounds = {matter.round.pk for _person, matter, _day in wanted}
    _hold(people)
    unread = Notice.objects.unread().filter(kind=kind, person__in=people, round__in=rounds)
    waiting = {(row.person_id, row.round_id, row.enrolment_id, row.finding_id, row.question_id): row for row in unread}
    new, renewed = [], []
    for person, matter, day in wanted:
        keys = matter.keys
        row = waiting.get((person, *keys.values()))
        if row is None:
            new.append(
                Notice(person_id=person, kind=kind, day=day, posted_at=now, **{f"{n}_id": k for n, k in keys.items()})
            )
        elif row.day != day:
            row.day, row.posted_at, row.mailed_at = day, now, None
            renewed.append(row)
    Notice.objects.bulk_create(new, batch_size=500)
    Notice.objects.bulk_update(renewed, ["day", "posted_at", "mailed_at"], batch_size=200)
    _count(people)


def settle(kinds: Collection[str], **about: Any) -> None:
    """Take back what is unread of these kinds where the step was taken: nobody is reminded of what is done.

    `about` narrows notices: `enrolment=row`, `finding=row`, `enrolment__in=rows`.
    """
    _read(Notice.objects.filter(kind__in=kinds, **about))


def settle_unit(enrolment: Enrolment) -> None:
    """Take back everything unread of a unit that leaves the round."""
    _read(Notice.objects.filter(enrolment=enrolment))


def settle_round(inspection_round: Round) -> None:
    """Take back what is unread of a round that is closed; recommendations are put right afterwards too."""
    _read(Notice.objects.filter(round=inspection_round, finding__isnull=True))


@transaction.atomic
def read_notice(*, notice: Notice, by: User) -> Notice:
    """The person has seen it. Reading twice is reading once."""
    _read(Notice.objects.filter(pk=notice.pk, person=by))
    return notice


@transaction.atomic
def read_all(*, by: User, posted_until: datetime.datetime) -> None:
    """The person has seen all that the page showed, and nothing that came later."""
    _read(Notice.objects.filter(person=by, posted_at__lte=posted_until))


def _read(notices: QuerySet[Notice]) -> None:
    rows = notices.filter(read_at__isnull=True)
    people = set(rows.order_by().values_list("person", flat=True))
    if not people:
        return
    _hold(people)
    rows.update(read_at=timezone.now())
    _count(people)


def _hold(people: Collection[int]) -> None:
    """Hold the accounts in one order, so that two who tell the same people do not wait for each other."""
    held = User.objects.filter(pk__in=people).order_by("pk").select_for_update(of=("self",), no_key=True)
    list(held.values_list("pk"))


def _count(people: Collection[int]) -> None:
    """Keep with each account how much is unread: the head of every page shows it without a question."""
    unread = Notice.objects.unread().filter(person=OuterRef("pk")).order_by().values("person").annotate(n=Count("pk"))
    User.objects.filter(pk__in=people).update(unread_notices=Coalesce(Subquery(unread.values("n")), 0))


# Who is told.


def people_of_units(enrolments: Collection[Enrolment]) -> dict[int, list[User]]:
    """Return by enrolment the people of the unit and of its district. One query."""
    wards = {row.ward_id for row in enrolments}
    districts = {row.ward.district_id for row in enrolments if row.ward.district_id}
    of_unit, of_district = Q(role__in=OF_WARDS, ward__in=wards), Q(role=Role.DISTRICT, district__in=districts)
    of_ward: dict[int | None, list[User]] = defaultdict(list)
    of_its_district: dict[int | None, list[User]] = defaultdict(list)
    for person in User.objects.able_to_sign_in().filter(of_unit | of_district):
        if person.ward_id:
            of_ward[person.ward_id].append(person)
        else:
            of_its_district[person.district_id].append(person)
    return {row.pk: of_ward[row.ward_id] + of_its_district[row.ward.district_id] for row in enrolments}


def people_of(enrolment: Enrolment) -> list[User]:
    return people_of_units([enrolment])[enrolment.pk]


def inspectors_of(inspection: Inspection) -> list[User]:
    """Return the team with accounts, and whoever submitted the checklist."""
    members = TeamMember.objects.filter(team=inspection.enrolment.team_id, person__isnull=False)
    people = {row.person.pk: row.person for row in members.select_related("person") if row.person}
    if inspection.submitted_by:
        people.setdefault(inspection.submitted_by.pk, inspection.submitted_by)
    return list(people.values())
