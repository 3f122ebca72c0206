"""A set freezes at its first use, also while it is only proposed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from criteria.models import Band, Criterion
from tests.support.factories import enrol, make_round, make_set, make_ward


@pytest.fixture
def frozen(db):
    inspection_round = make_round()
    enrol(inspection_round, make_ward())
    return inspection_round.criteria_set


def test_a_new_set_can_be_changed(db):
    criterion = make_set().criteria.first()
    criterion.name = "Tên khác"
    criterion.save()
    assert Criterion.objects.get(pk=criterion.pk).name == "Tên khác"


def test_a_criterion_of_a_used_set_does_not_change(frozen):
    criterion = frozen.criteria.first()
    criterion.name = "Tên khác"
    with pytest.raises(ValidationError):
        criterion.save()
    with pytest.raises(ValidationError):
        frozen.criteria.update(is_counted=False)
    with pytest.raises(ValidationError):
        criterion.delete()
    assert Criterion.objects.get(pk=criterion.pk).name != "Tên khác"


def test_a_used_set_takes_no_new_criterion_and_no_new_band(frozen):
    with pytest.raises(ValidationError):
        Criterion(criteria_set=frozen, position=9, code="TC09", heading="x", name="x", group="x", number=9).save()
    with pytest.raises(ValidationError):
        Band(criteria_set=frozen, position=9, label="x", lower_percent=0).save()


def test_a_criterion_that_counts_needs_a_number(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion(criteria_set=make_set(), position=9, code="TC09", heading="x", name="x", group="x").save()


def test_the_baseline_set_has_24_columns_of_which_23_count(baseline):
    criteria = list(Criterion.objects.filter(criteria_set__code="gd1"))
    assert len(criteria) == 24
    assert sum(criterion.is_counted for criterion in criteria) == 23
    assert [c.code for c in criteria if not c.is_counted] == ["TT01"]
    assert [c.number for c in criteria if c.number] == list(range(1, 24))
    assert criteria[0].criteria_set.status == "proposed"
    assert criteria[0].criteria_set.frozen_at is not None
