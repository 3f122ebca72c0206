"""A round over the units of the City in which some are visited and the others report, with their facts.

The numbers are made by a rule, so that a test can add them up by itself: each unit lacks some.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from criteria.inspections.models import Enrolment, Inspection, Result, Round, SelfAnswer, SelfAssessment
from criteria.inspections.services import enrol_wards
from criteria.models import CriteriaSet, Criterion
from tests.support.factories import make_round
from wards.models import Grouping, Ward

VISITED = 28
#: of the units that report, each seventh has not handed in; of those that are visited, each ninth is not approved
LATE, OPEN = 7, 9


def fact_of(place: int, column: int) -> Decimal | None:
    """Return the number of a unit in a column, by their places; None where the unit gave none."""
    if (place + column) % 5 == 0:
        return None
    return Decimal((place * 7 + column * 13) % 11 * 25) / 10


def is_answered(place: int, *, visited: int = VISITED) -> bool:
    """Tell whether the checklist of the unit at a place is approved, or its self-assessment handed in."""
    return place % (OPEN if place < visited else LATE) != 0


def make_city_round(
    criteria_set: CriteriaSet,
    wards: Sequence[Ward],
    *,
    by: User,
    visited: int = VISITED,
    grouping: Grouping | None = None,
) -> Round:
    """Make an open round over these units: the first `visited` are visited, the others report."""
    inspection_round = make_round(
        criteria_set, grouping=grouping, asks_self_assessment=True, starts_on=datetime.date(2026, 1, 1)
    )
    enrolments = enrol_wards(inspection_round=inspection_round, wards=list(wards), by=None, via=Via.COMMAND)
    reporting = [enrolment.pk for enrolment in enrolments[visited:]]
    Enrolment.objects.filter(pk__in=reporting).update(way=Enrolment.Way.REPORT)
    indicators = list(criteria_set.criteria.exclude(indicator=""))
    answered = [(place, each) for place, each in enumerate(enrolments) if is_answered(place, visited=visited)]
    _approve([(place, each) for place, each in answered if place < visited], indicators)
    _report([(place, each) for place, each in answered if place >= visited], indicators, by)
    return inspection_round


def _facts(place: int, indicators: list[Criterion]) -> list[tuple[Criterion, Decimal]]:
    """Return the numbers that the unit at a place gave."""
    numbers = [(criterion, fact_of(place, column)) for column, criterion in enumerate(indicators)]
    return [(criterion, number) for criterion, number in numbers if number is not None]


def _approve(placed: list[tuple[int, Enrolment]], indicators: list[Criterion]) -> None:
    now, rows = timezone.now(), []
    inspections = Inspection.objects.in_bulk([each.pk for _place, each in placed], field_name="enrolment_id")
    for place, each in placed:
        for criterion, number in _facts(place, indicators):
            rows.append(
                Result(inspection=inspections[each.pk], criterion=criterion, number=number, changed_at=now),
            )
    Result.objects.bulk_create(rows)
    keys = [inspection.pk for inspection in inspections.values()]
    Inspection.objects.filter(pk__in=keys).update(status="approved", open_criteria=0, maximum=23, score=0)


def _report(placed: list[tuple[int, Enrolment]], indicators: list[Criterion], by: User) -> None:
    now, rows = timezone.now(), []
    assessments = SelfAssessment.objects.bulk_create(
        SelfAssessment(enrolment=each, version=1, handed_in_by=by, handed_in_at=now) for _place, each in placed
    )
    for (place, _each), assessment in zip(placed, assessments, strict=True):
        for criterion, number in _facts(place, indicators):
            rows.append(SelfAnswer(assessment=assessment, criterion=criterion, number=number, changed_at=now))
    SelfAnswer.objects.bulk_create(rows)
