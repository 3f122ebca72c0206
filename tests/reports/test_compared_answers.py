"""Two rounds criterion by criterion, over random answers: the counts of the database against plain sets of units."""

import datetime
import random
from itertools import product

import pytest
from django.utils import timezone

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.models import CriteriaSet, Crossing
from criteria.outcomes import MET, OUTCOMES
from criteria.services import copy_set
from reports.results.comparison import compare
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward
from tests.support.planted_sets import plant_set

pytestmark = pytest.mark.django_db

DAYS = {"starts_on": datetime.date(2025, 2, 1), "ends_on": datetime.date(2025, 11, 30)}
LATER_DAYS = {"starts_on": datetime.date(2026, 2, 1), "ends_on": datetime.date(2026, 11, 30)}
APPROVED, DRAFT = Inspection.Status.APPROVED, Inspection.Status.DRAFT
APPLYING = [outcome.code for outcome in OUTCOMES.values() if outcome.code and outcome.applies]
#: None: no answer was given
ANSWERS = [*OUTCOMES, MET, "not_met", None]
#: by the code of the criterion, in the crosswalk
RELATIONS = {"M002": "reworded", "M004": "split"}


def make_random_rounds(chance: random.Random) -> tuple[Round, Round]:
    """Make a round of a set and one of its next version, over partly the same units of two districts."""
    earlier_set = plant_set("ngau-nhien", [1] * 5, [("Tất cả", 0, None)])
    # A version that is not in use yet would not be copied.
    CriteriaSet.objects.filter(pk=earlier_set.pk).update(frozen_at=timezone.now())
    by = make_user(Role.APPROVER)
    earlier = make_round(earlier_set, **DAYS)
    later_set = copy_set(criteria_set=CriteriaSet.objects.get(pk=earlier_set.pk), by=by)
    for code, relation in RELATIONS.items():
        Crossing.objects.filter(criteria_set=later_set, old_criterion__code=code).update(relation=relation)
    districts = [make_district(), make_district()]
    wards = [make_ward(districts[number % 2], f"Phường {number}") for number in range(16)]
    later = make_round(later_set, **LATER_DAYS)
    for inspection_round in (earlier, later):
        for ward in chance.sample(wards, 12):
            _give_random_answers(enrol(inspection_round, ward), by, chance)
    return earlier, later


def _give_random_answers(enrolment: Enrolment, by: User, chance: random.Random) -> None:
    criteria = enrolment.round.criteria_set.criteria.all()
    inspection = enrolment.inspection
    for criterion, outcome in [(criterion, chance.choice(ANSWERS)) for criterion in criteria]:
        if outcome is not None:
            given = {"outcome": outcome, "note": "Ghi chú", "changed_by": by, "changed_at": timezone.now()}
            Result.objects.create(inspection=inspection, criterion=criterion, **given)
    inspection.status = chance.choice([APPROVED, APPROVED, APPROVED, DRAFT])
    inspection.maximum, inspection.open_criteria = len(criteria), 0
    inspection.save(update_fields=["status", "maximum", "open_criteria"])


def wards_with(viewer: Viewer, inspection_round: Round, code: str, *outcomes: str) -> set[int]:
    """Return the units whose approved checklist has one of these answers."""
    results = Result.objects.visible_to(viewer).filter(
        inspection__enrolment__round=inspection_round,
        inspection__status=APPROVED,
        criterion__code=code,
        outcome__in=outcomes,
    )
    return set(results.values_list("inspection__enrolment__ward", flat=True))


@pytest.mark.parametrize(("seed", "of_district"), list(product(range(2), [False, True])))
def test_a_criterion_is_compared_over_units_that_it_applied_to_twice(seed, of_district):
    earlier, later = make_random_rounds(random.Random(seed))
    ward = later.enrolments.first().ward
    viewer = make_user(Role.DISTRICT, district=ward.district) if of_district else EVERYTHING
    found = compare(viewer, earlier, later).criteria
    assert [each.after.criterion.code for each in found] == ["M001", "M002", "M003", "M005"]
    for each in found:
        assert each.before.criterion.criteria_set_id == earlier.criteria_set_id
        code = each.after.criterion.code
        before, after = (wards_with(viewer, of, code, *APPLYING) for of in (earlier, later))
        both = before & after
        met_before, met_after = (wards_with(viewer, of, code, MET) for of in (earlier, later))
        assert (each.before.met, each.after.met) == (len(met_before), len(met_after))
        assert (each.before.applicable, each.after.applicable) == (len(before), len(after))
        assert (each.both, each.met_before, each.met_after) == (
            len(both),
            len(both & met_before),
            len(both & met_after),
        )
