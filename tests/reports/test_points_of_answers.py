"""What the answers of checklists come to, counted by the database, is what their score says, whatever the answers."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from criteria.inspections.models import Result
from criteria.models import Criterion
from criteria.outcomes import OUTCOMES
from criteria.scoring import BONUS, DEDUCTION, Rules
from reports.checks.answered import points_of_answers, points_one_by_one
from tests.support.factories import enrol, make_district, make_round, make_set, make_ward

pytestmark = pytest.mark.django_db

CRITERIA, UNITS = 12, 40
POINTS = [Decimal(1), Decimal("1.00"), Decimal("0.1"), Decimal("0.7"), Decimal("33.33")]


@pytest.fixture
def criteria() -> list[Criterion]:
    return list(make_set(CRITERIA).criteria.all())


def answered(criteria: list[Criterion], random: Random, *, graded: float = 0) -> None:
    """Give the units of a round any answers; some have points beside them, and one unit has no answer at all."""
    inspection_round, district = make_round(criteria[0].criteria_set), make_district()
    inspections = [enrol(inspection_round, make_ward(district)).inspection for _unit in range(UNITS)]
    for inspection in inspections[1:]:
        for criterion in random.sample(criteria, random.randint(1, CRITERIA)):
            earned = random.choice(POINTS) if random.random() < graded else None
            Result(
                inspection=inspection,
                criterion=criterion,
                outcome=random.choice([*OUTCOMES, "met"]),
                earned=earned,
                note="Lý do",
                changed_at=timezone.now(),
            ).save()


def changed(criteria: list[Criterion], random: Random) -> None:
    for criterion in criteria:
        criterion.points = random.choice(POINTS)
    criteria[random.randrange(CRITERIA)].is_counted = False


@pytest.mark.parametrize("rules", [Rules(), Rules(is_full_without=True)], ids=["lowers", "full"])
@pytest.mark.parametrize("graded", [0, 0.02], ids=["all or none", "some with points"])
@pytest.mark.parametrize("worth", ["alike", "uneven"])
def test_counted_points_are_those_of_the_scores(criteria, rules, graded, worth):
    random = Random(f"{rules} {graded} {worth}")
    if worth == "uneven":
        changed(criteria, random)
    answered(criteria, random, graded=graded)
    results = Result.objects.all()
    expected = points_one_by_one(results, criteria, rules)
    assert points_of_answers(results, criteria, rules) == expected
    assert len(expected) == UNITS - 1
    assert len(set(expected.values())) > 3


@pytest.mark.parametrize("sign", [DEDUCTION, BONUS])
def test_deductions_and_bonuses_are_taken_from_every_answer(criteria, sign):
    criteria[0].sign, rules = sign, Rules(deduction_cap=Decimal("0.5"), bonus_cap=Decimal("0.5"))
    answered(criteria, Random(sign), graded=0.1)
    assert points_of_answers(Result.objects.all(), criteria, rules) == points_one_by_one(
        Result.objects.all(), criteria, rules
    )


def test_answers_of_all_or_none_are_not_read_one_by_one(criteria, monkeypatch):
    answered(criteria, Random(1))
    monkeypatch.setattr("reports.checks.answered.points_one_by_one", None)
    assert len(points_of_answers(Result.objects.all(), criteria, Rules())) == UNITS - 1
