"""The arithmetic of 5355/BC-SNV, II.2.a."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiveportal.percent import Rounding, percent_of, percentage_points
from criteria.outcomes import MET, NOT_APPLICABLE, NOT_MET, OPEN
from criteria.scoring import band_of, gaps, score, whole_score_bounds

CRITERIA = [SimpleNamespace(pk=number, is_counted=number != 6, points=Decimal(1), sign="") for number in range(1, 25)]
COUNTED = [criterion.pk for criterion in CRITERIA if criterion.is_counted]
BANDS = [
    SimpleNamespace(name="all", lower_percent=Decimal(100), upper_percent=None),
    SimpleNamespace(name="half", lower_percent=Decimal(50), upper_percent=Decimal(100)),
    SimpleNamespace(name="less", lower_percent=Decimal(0), upper_percent=Decimal(50)),
]


def test_the_head_count_is_a_fact_and_does_not_score():
    total = score({6: MET}, CRITERIA)
    assert (total.points, total.maximum, total.met, total.open) == (0, 23, 0, 23)


def test_nothing_assessed_is_open_and_not_zero():
    total = score({}, CRITERIA)
    assert total.open == 23
    assert not total.is_complete
    assert total.percent is None


def test_one_open_criterion_withholds_the_percentage():
    total = score(dict.fromkeys(COUNTED[:22], MET), CRITERIA)
    assert (total.met, total.open, total.percent) == (22, 1, None)


def test_a_complete_checklist_has_a_percentage():
    outcomes = dict.fromkeys(COUNTED, NOT_MET) | dict.fromkeys(COUNTED[:20], MET)
    assert score(outcomes, CRITERIA, rounding=Rounding.WHOLE).percent == 87


def test_what_does_not_apply_lowers_the_maximum():
    outcomes = dict.fromkeys(COUNTED, MET) | {COUNTED[0]: NOT_APPLICABLE}
    total = score(outcomes, CRITERIA)
    assert (total.points, total.maximum, total.percent) == (22, 22, 100)


def test_nothing_applies_gives_no_percentage():
    total = score(dict.fromkeys(COUNTED, NOT_APPLICABLE), CRITERIA)
    assert not total.is_complete
    assert total.percent is None


def test_points_count_and_not_heads():
    criteria = [
        SimpleNamespace(pk=1, is_counted=True, points=Decimal("2.5"), sign=""),
        SimpleNamespace(pk=2, is_counted=True, points=Decimal(1), sign=""),
    ]
    total = score({1: MET, 2: NOT_MET}, criteria)
    assert (total.points, total.maximum, total.met) == (Decimal("2.5"), Decimal("3.5"), 1)


@given(st.dictionaries(st.sampled_from(COUNTED), st.sampled_from([MET, NOT_MET, NOT_APPLICABLE, OPEN])))
def test_a_score_never_leaves_its_bounds(outcomes):
    total = score(outcomes, CRITERIA)
    assert 0 <= total.points <= total.maximum <= 23
    assert total.met + total.open <= 23
    assert (total.percent is None) == (total.open > 0 or total.maximum == 0)


@pytest.mark.parametrize(
    ("points", "name"),
    [(23, "all"), (22, "half"), (21, "half"), (20, "half"), (12, "half"), (11, "less"), (10, "less"), (0, "less")],
)
def test_every_whole_score_has_its_band(points, name):
    assert band_of(points, 23, BANDS).name == name


def test_a_band_needs_a_maximum():
    assert band_of(0, 0, BANDS) is None


def test_true_bounds_of_the_bands():
    assert [whole_score_bounds(band, 23) for band in BANDS] == [(23, 23), (12, 22), (0, 11)]


def test_true_bounds_of_the_bands_of_a_maximum_that_is_no_whole_number():
    assert [whole_score_bounds(band, Decimal("24.5")) for band in BANDS] == [None, (13, 24), (0, 12)]


def test_bands_of_the_report_cover_every_score_once():
    assert gaps(BANDS) == []


@pytest.mark.parametrize(
    ("bands", "faults"),
    [
        ([(0, 50), (60, 100), (100, None)], ["50–60"]),
        ([(0, 60), (50, 100), (100, None)], ["50–60"]),
        ([(10, 50), (50, None)], ["0–10"]),
        ([(0, 50), (50, 100)], ["100–100"]),
        ([(0, 50), (50, None), (100, None)], ["100"]),
        ([], ["0–100"]),
    ],
)
def test_gaps_and_overlaps_are_found(bands, faults):
    rows = [
        SimpleNamespace(lower_percent=Decimal(lower), upper_percent=None if upper is None else Decimal(upper))
        for lower, upper in bands
    ]
    assert gaps(rows) == faults


def test_each_report_rounds_in_its_own_way():
    assert percent_of(20, 23, Rounding.WHOLE) == 87
    assert percent_of(1, 8, Rounding.WHOLE) == 13  # 12,5 goes up
    assert percent_of(320, 788, Rounding.TRUNCATED) == Decimal("40.60")
    assert percent_of(1341, 2257, Rounding.TRUNCATED) == Decimal("59.41")
    assert percent_of(1272, 472, Rounding.TRUNCATED) == Decimal("269.49")
    assert percent_of(320, 788) == Decimal("40.61")


@pytest.mark.parametrize("denominator", [None, 0])
def test_no_percentage_without_a_denominator(denominator):
    assert [percent_of(1, denominator, rule) for rule in Rounding] == [None, None, None]


@pytest.mark.parametrize(
    ("earlier", "later", "points"),
    [
        # 66,67 - 33,33 would be 33,34.
        ((1, 3), (2, 3), "33.33"),
        ((2, 3), (1, 3), "-33.33"),
        ((1, 6), (5, 12), "25.00"),
        ((1, 3), (1, 3), "0.00"),
    ],
)
def test_a_difference_of_percents_is_rounded_once(earlier, later, points):
    assert percentage_points(earlier, later) == Decimal(points)


def test_there_is_no_difference_to_what_has_no_percent():
    assert percentage_points((0, 0), (1, 3)) is None
    assert percentage_points((1, 3), (0, 0)) is None
