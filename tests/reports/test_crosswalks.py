"""Rounds of two versions of a set, or of two sets: only what a crosswalk joins is compared, and the rest is named."""

import datetime

import pytest

from archiveportal.accounts.scope import EVERYTHING
from criteria.models import CriteriaSet, Crossing
from criteria.services import copy_set
from reports.dashboard.charts.picture import Size
from reports.dashboard.charts.scores import trend
from reports.dashboard.data import Dashboard
from reports.results.comparison import compare
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.reports.test_any_set import text_of
from tests.support.books import data_of
from tests.support.planted_sets import PlantedRound, plant_round, plant_set

pytestmark = pytest.mark.django_db

BANDS = [("Từ 50%", 50, None), ("Dưới 50%", 0, 50)]
EARLIER = {"starts_on": datetime.date(2025, 2, 1), "ends_on": datetime.date(2025, 11, 30)}


def plant_versions(relations: dict[str, str]) -> tuple[PlantedRound, PlantedRound]:
    """Make a round of a set of four criteria and one of its next version, whose crosswalk is set by code."""
    first = plant_set("doi-chieu", [1, 1, 1, 1], BANDS)
    before = plant_round(first, {"An": {1, 2, 3}, "Bình": {1}}, **EARLIER)
    second = copy_set(criteria_set=CriteriaSet.objects.get(pk=first.pk), by=before.approver)
    for code, relation in relations.items():
        rows = Crossing.objects.filter(criteria_set=second, old_criterion__code=code)
        dropped = {"new_criterion": None} if relation == "dropped" else {}
        rows.update(relation=relation, **dropped)
        if relation == "dropped":
            second.criteria.get(code=code).delete()
    after = plant_round(second, {"An": {1, 2}, "Bình": {1, 2, 3}})
    return before, after


def texts(before: PlantedRound, after: PlantedRound) -> str:
    book = ROUND_KINDS["comparison"].write(Reader(EVERYTHING), after.round, Choices(other=before.round))
    return text_of(data_of(book))


def test_only_the_same_and_the_reworded_are_compared():
    before, after = plant_versions({"M002": "reworded", "M003": "split", "M004": "merged"})
    found = compare(EVERYTHING, before.round, after.round)
    compared = [(each.before.criterion.code, each.after.criterion.code) for each in found.criteria]
    assert compared == [("M001", "M001"), ("M002", "M002")]
    # Each district has other wards of the same names: no ward is in both rounds.
    assert [(each.before.met, each.after.met) for each in found.criteria] == [(2, 2), (1, 2)]
    reasons = {(each.criterion.code, each.is_later, each.reason) for each in found.apart}
    assert reasons == {
        ("M003", False, "được tách"),
        ("M003", True, "được tách"),
        ("M004", False, "được gộp"),
        ("M004", True, "được gộp"),
    }
    text = texts(before, after)
    assert "Hai đợt theo hai bộ tiêu chí: đợt trước theo Bộ trồng doi-chieu, phiên bản 1" in text
    assert "Chỉ so sánh các tiêu chí giữ nguyên hoặc chỉ sửa lời; 4 tiêu chí khác không so sánh được." in text
    assert "Đợt trước: được tách" in text
    assert "Đợt sau: được gộp" in text


def test_a_dropped_criterion_is_named_and_the_order_of_rounds_makes_no_difference():
    before, after = plant_versions({"M004": "dropped"})
    one, other = compare(EVERYTHING, after.round, before.round), compare(EVERYTHING, before.round, after.round)
    assert [each.after.criterion.pk for each in one.criteria] == [each.after.criterion.pk for each in other.criteria]
    assert [(each.criterion.code, each.reason) for each in one.apart] == [("M004", "không còn")]


def test_sets_without_a_crosswalk_are_not_compared_criterion_by_criterion():
    before = plant_round(plant_set("bo-mot", [1, 1, 1], BANDS), {"An": {1, 2}}, **EARLIER)
    after = plant_round(plant_set("bo-hai", [1, 1, 1], BANDS), {"An": {1}})
    found = compare(EVERYTHING, before.round, after.round)
    assert not found.criteria
    assert not found.apart
    assert "Chưa có bảng đối chiếu giữa hai bộ nên không so sánh từng tiêu chí." in texts(before, after)


def test_the_years_say_that_they_follow_different_sets():
    _before, after = plant_versions({})
    picture = trend(Dashboard(EVERYTHING, after.round), Size(300, 200))
    assert picture.note
    assert picture.note in picture.description
    assert len(picture.headings) == 4


def test_rounds_of_one_set_need_no_note():
    criteria_set = plant_set("mot-bo", [1, 1], BANDS)
    plant_round(criteria_set, {"An": {1}}, **EARLIER)
    after = plant_round(criteria_set, {"An": {1, 2}})
    assert not trend(Dashboard(EVERYTHING, after.round), Size(300, 200)).note
