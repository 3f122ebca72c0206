"""Sections, options, steps, bars and bases are parts of a set: copied with it, kept once it is in use."""

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from criteria import guard
from criteria.models import Citation, CriteriaSet, Criterion, Crossing, Section
from criteria.services import COPIED_PARTS, copy_set
from tests.support.factories import make_set
from tests.support.mixed_sets import LEAVES, add_scope, make_mixed_set


@pytest.fixture
def mixed(db):
    criteria_set = make_mixed_set()
    add_scope(criteria_set)
    criterion = criteria_set.criteria.get(code="MET")
    Citation(criteria_set=criteria_set, criterion=criterion, act=criteria_set.bases.get().act).save()
    return criteria_set


@pytest.fixture
def used(mixed):
    criterion = mixed.criteria.get(code="MET")
    Crossing(criteria_set=mixed, relation="new", new_criterion=criterion).save()
    mixed.frozen_at = timezone.now()
    mixed.save()
    return mixed


def test_a_copy_has_every_part_and_names_its_own(mixed, cast):
    mixed.frozen_at = timezone.now()
    mixed.save()
    copy = copy_set(criteria_set=mixed, by=cast.approver)
    assert (copy.replaces, copy.deduction_cap, copy.bonus_cap, copy.allows_excused) == (mixed, 3, 1, True)
    for model in COPIED_PARTS:
        old, new = (model.objects.filter(criteria_set=each).order_by("pk") for each in (mixed, copy))
        assert [str(row) for row in new] == [str(row) for row in old], model
    part = copy.criteria.get(code="PART1")
    assert part.parent == copy.criteria.get(code="PARTS")
    assert part.section.parent.parent.criteria_set == copy
    bar = copy.bars.get()
    assert bar.highest_band.criteria_set == copy
    assert {each.criterion.criteria_set for each in bar.conditions.all()} == {copy}
    assert bar.conditions.get(criterion__code="CHOICE").option.criterion.criteria_set == copy


def test_a_copy_has_a_crosswalk_on_which_everything_is_the_same(mixed, cast):
    mixed.frozen_at = timezone.now()
    mixed.save()
    copy = copy_set(criteria_set=mixed, by=cast.approver)
    lines = list(copy.crossings.select_related("old_criterion", "new_criterion"))
    assert len(lines) == len(LEAVES) + 2
    assert {(line.relation, line.old_criterion.criteria_set_id) for line in lines} == {("same", mixed.pk)}
    assert all(line.old_criterion.code == line.new_criterion.code for line in lines)


def test_no_part_of_a_set_in_use_changes(used):
    for model in (*COPIED_PARTS, Crossing):
        rows = model.objects.filter(criteria_set=used)
        with pytest.raises(ValidationError):
            rows.first().save()
        with pytest.raises(ValidationError):
            rows.delete()
    with pytest.raises(ValidationError):
        Section(criteria_set=used, position=9, title="Thêm").save()


@pytest.mark.parametrize("table", guard.PARTS)
def test_sql_changes_no_part_of_a_set_in_use(used, table):
    with connection.cursor() as cursor:
        for statement in ("UPDATE {} SET criteria_set_id = criteria_set_id", "DELETE FROM {}"):
            with pytest.raises(Error, match=guard.REFUSAL), transaction.atomic():
                cursor.execute(f"{statement.format(table)} WHERE criteria_set_id = %s", [used.pk])


@pytest.mark.parametrize(
    ("column", "value"),
    [("bands_by", "points"), ("deduction_cap", 9), ("not_applicable_counts", "full"), ("allows_excused", False)],
)
def test_no_rule_of_a_set_in_use_changes(used, column, value):
    with pytest.raises(Error, match=guard.REFUSAL), transaction.atomic():
        CriteriaSet.objects.filter(pk=used.pk).update(**{column: value})


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "fact"},
        {"kind": "parts", "is_counted": False},
        {"kind": "choice", "has_outcome": False, "is_counted": False},
        {"kind": "other"},
        {"sign": "minus"},
        {"points": -1, "is_counted": False},
    ],
)
def test_a_kind_says_whether_it_is_answered(db, values):
    common = {"position": 9, "number": 9, "code": "TC09", "heading": "x", "name": "x", "group": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Criterion(criteria_set=make_set(), **common | values).save()


@pytest.mark.parametrize(
    ("relation", "has_old", "has_new"),
    [
        ("new", True, True),
        ("dropped", False, True),
        ("same", True, False),
        ("split", False, True),
        ("other", True, True),
    ],
)
def test_a_line_of_a_crosswalk_has_its_sides(db, relation, has_old, has_new):
    old, new = (make_set(1) for _place in range(2))
    line = Crossing(criteria_set=new, relation=relation)
    line.old_criterion = old.criteria.get() if has_old else None
    line.new_criterion = new.criteria.get() if has_new else None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()
