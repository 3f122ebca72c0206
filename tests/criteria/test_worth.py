"""What answers of every kind are worth, and what a checklist of mixed kinds comes to."""

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.outcomes import EXCUSED, MET, NOT_APPLICABLE, NOT_MET, NOT_SHOWN, OPEN, PARTLY
from criteria.scoring import (
    SIZES,
    Condition,
    Rules,
    band_faults,
    band_of,
    gaps,
    is_barred,
    lower_bound,
    score,
    top_of,
    worth,
)

BLANK = {"outcome": "", "number": None, "of_number": None, "day": None, "option": None}
DEADLINE = datetime.date(2026, 6, 30)
KINDS = ["met", *SIZES]


def leaf(kind: str = "met", points: Any = "3", **values: Any) -> SimpleNamespace:
    points = Decimal(points)
    defaults = {
        "pk": 1,
        "is_counted": True,
        "sign": "",
        "threshold": Decimal(20),
        "threshold_rule": "at_least",
        "deadline": DEADLINE,
        "option_points": {7: points, 8: points / 2, 9: Decimal(0)},
        "step_points": [(Decimal(80), points), (Decimal("33.34"), points / 3), (Decimal(10), points / 6)],
    }
    return SimpleNamespace(kind=kind, points=points, **defaults | values)


@pytest.mark.parametrize(
    ("kind", "values", "outcome", "earned"),
    [
        ("choice", {"option": 7}, MET, "3"),
        ("choice", {"option": 8}, PARTLY, "1.5"),
        ("choice", {"option": 9}, NOT_MET, "0"),
        ("choice", {}, OPEN, None),
        ("choice", {"option": 99}, OPEN, None),
        ("part", {"number": Decimal("0.2")}, PARTLY, "0.2"),
        ("part", {"number": Decimal(0)}, NOT_MET, "0"),
        ("part", {"number": Decimal(3)}, MET, "3"),
        ("ratio", {"number": 4, "of_number": 5}, MET, "3"),
        ("ratio", {"number": 79, "of_number": 100}, PARTLY, "1"),
        ("ratio", {"number": 1, "of_number": 3}, PARTLY, "0.5"),
        ("ratio", {"number": 0, "of_number": 3}, NOT_MET, "0"),
        ("ratio", {"number": 4}, OPEN, None),
        ("ratio", {"number": 4, "of_number": 0}, OPEN, None),
        ("measure", {"number": 20}, MET, "3"),
        ("measure", {"number": Decimal("19.99")}, NOT_MET, "0"),
        ("date", {"day": DEADLINE}, MET, "3"),
        ("date", {"day": DEADLINE + datetime.timedelta(1)}, NOT_MET, "0"),
        ("date", {}, OPEN, None),
        ("met", {"outcome": MET}, MET, None),
        ("met", {"outcome": NOT_SHOWN}, NOT_SHOWN, None),
        ("choice", {"outcome": NOT_SHOWN, "option": 7}, NOT_SHOWN, "0"),
        ("part", {"outcome": EXCUSED, "number": 3}, EXCUSED, None),
        ("part", {"outcome": MET, "number": 1}, PARTLY, "1"),
    ],
)
def test_an_answer_is_worth(kind, values, outcome, earned):
    assert worth(leaf(kind), BLANK | values) == (outcome, None if earned is None else Decimal(earned))


def test_a_threshold_may_be_the_most():
    at_most = leaf("measure", threshold_rule="at_most")
    assert [worth(at_most, BLANK | {"number": number}).outcome for number in (0, 20, 21)] == [MET, MET, NOT_MET]


@pytest.mark.parametrize("sign", ["", "deduction"])
def test_what_does_not_count_and_has_no_points_is_met_or_not_all_the_same(sign):
    measure = leaf("measure", points=0, is_counted=False, sign=sign)
    assert [worth(measure, BLANK | {"number": number}) for number in (20, 19)] == [(MET, 0), (NOT_MET, 0)]
    date = leaf("date", points=0, is_counted=False, sign=sign)
    days = (DEADLINE, DEADLINE + datetime.timedelta(1))
    assert [worth(date, BLANK | {"day": day}) for day in days] == [(MET, 0), (NOT_MET, 0)]


@pytest.mark.parametrize(
    ("kind", "values", "outcome", "earned"),
    [
        ("choice", {"option": 7}, NOT_MET, "-3"),
        ("choice", {"option": 8}, PARTLY, "-1.5"),
        ("choice", {"option": 9}, MET, "0"),
        ("part", {"number": 1}, PARTLY, "-1"),
        ("measure", {"number": 20}, MET, "0"),
        ("measure", {"number": 2}, NOT_MET, "-3"),
        ("part", {"outcome": NOT_SHOWN}, NOT_SHOWN, "-3"),
    ],
)
def test_points_of_a_deduction_are_taken_off(kind, values, outcome, earned):
    assert worth(leaf(kind, sign="deduction"), BLANK | values) == (outcome, Decimal(earned))


def test_deductions_and_bonuses_stand_apart_and_are_capped():
    leaves = [leaf(pk=1, points=10), leaf(pk=2, points=4, sign="deduction"), leaf(pk=3, points=2, sign="bonus")]
    outcomes = {1: MET, 2: NOT_MET, 3: MET}
    total = score(outcomes, leaves)
    assert (total.points, total.maximum, total.deducted, total.bonus, total.met) == (8, 10, 4, 2, 1)
    capped = score(outcomes, leaves, rules=Rules(deduction_cap=Decimal(1), bonus_cap=Decimal("0.5")))
    assert (capped.points, capped.deducted, capped.bonus) == (Decimal("9.5"), 1, Decimal("0.5"))
    assert score({1: NOT_MET, 2: NOT_MET, 3: NOT_MET}, leaves).points == 0
    assert score({1: MET, 2: MET, 3: MET}, leaves).points == 10
    assert score({1: MET}, leaves).open == 2


@pytest.mark.parametrize(("is_full", "points", "maximum"), [(False, 3, 6), (True, 6, 9)])
def test_what_does_not_apply_is_left_out_or_counts_in_full(is_full, points, maximum):
    leaves = [leaf(pk=key) for key in (1, 2, 3)]
    for code in (NOT_APPLICABLE, EXCUSED):
        total = score({1: MET, 2: NOT_MET, 3: code}, leaves, rules=Rules(is_full_without=is_full))
        assert (total.points, total.maximum, total.met, total.open) == (points, maximum, 1, 0)


numbers = st.decimals(0, 40, places=2)
answers = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from([OPEN, OPEN, OPEN, MET, NOT_MET, NOT_SHOWN, NOT_APPLICABLE, EXCUSED]),
        "number": st.none() | numbers,
        "of_number": st.none() | numbers,
        "day": st.none() | st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)),
        "option": st.none() | st.sampled_from([7, 8, 9]),
    }
)
leaves_of_sets = st.lists(
    st.builds(
        leaf,
        kind=st.sampled_from(KINDS),
        points=st.decimals("0.01", 20, places=2),
        sign=st.sampled_from(["", "", "", "deduction", "bonus"]),
    ),
    min_size=1,
    max_size=8,
)
rules_of_sets = st.builds(
    Rules,
    is_full_without=st.booleans(),
    deduction_cap=st.none() | numbers,
    bonus_cap=st.none() | numbers,
)


@st.composite
def checklists(draw):
    """Leaves with a key each, and an answer to each."""
    leaves = draw(leaves_of_sets)
    for key, each in enumerate(leaves, start=1):
        each.pk = key
    return leaves, {each.pk: draw(answers) for each in leaves}


def total_of(leaves, given_answers, rules):
    values = {each.pk: worth(each, given_answers[each.pk]) for each in leaves if each.pk in given_answers}
    outcomes = {key: value.outcome for key, value in values.items()}
    return score(outcomes, leaves, earned={key: value.earned for key, value in values.items()}, rules=rules)


@given(checklists(), rules_of_sets)
def test_a_score_stays_between_zero_and_the_maximum(checklist, rules):
    leaves, given_answers = checklist
    total = total_of(leaves, given_answers, rules)
    assert 0 <= total.points <= total.maximum <= sum(each.points for each in leaves if not each.sign)
    assert total.deducted >= 0 and total.bonus >= 0
    assert rules.deduction_cap is None or total.deducted <= rules.deduction_cap
    assert rules.bonus_cap is None or total.bonus <= rules.bonus_cap
    assert total.met + total.open <= len(leaves)


@given(checklists(), rules_of_sets, st.randoms())
def test_the_order_of_entry_changes_nothing(checklist, rules, random):
    leaves, given_answers = checklist
    total = total_of(leaves, given_answers, rules)
    keys = list(given_answers)
    random.shuffle(keys)
    random.shuffle(leaves)
    assert total_of(leaves, {key: given_answers[key] for key in keys}, rules) == total


def fully_met(each):
    """The best answer to a leaf."""
    is_bad_high = each.sign == "deduction"
    return {
        "outcome": MET if each.kind == "met" else OPEN,
        "number": {"part": Decimal(0) if is_bad_high else each.points, "ratio": Decimal(0 if is_bad_high else 1)}.get(
            each.kind, Decimal(30)
        ),
        "of_number": Decimal(1),
        "day": DEADLINE,
        "option": 9 if is_bad_high else 7,
    }


@given(checklists(), rules_of_sets, st.data())
def test_one_more_leaf_met_never_lowers_the_points(checklist, rules, data):
    leaves, given_answers = checklist
    before = total_of(leaves, given_answers, rules)
    chosen = data.draw(st.sampled_from(leaves))
    assert worth(chosen, fully_met(chosen)).outcome == MET
    after = total_of(leaves, given_answers | {chosen.pk: fully_met(chosen)}, rules)
    assert after.points >= before.points
    assert after.met >= before.met


@st.composite
def bands_without_gaps(draw):
    """Bands from zero up to no end, by percent or by points, the best first."""
    bounds = sorted({Decimal(0), *draw(st.lists(st.decimals("0.01", 99, places=2), max_size=5))})
    is_by_points = draw(st.booleans())
    bands = []
    for key, (lower, upper) in enumerate(zip(bounds, [*bounds[1:], None], strict=True), start=1):
        both = {"lower_percent": lower, "upper_percent": upper, "lower_points": None, "upper_points": None}
        if is_by_points:
            both = {"lower_percent": Decimal(0), "upper_percent": None, "lower_points": lower, "upper_points": upper}
        bands.append(SimpleNamespace(pk=key, **both))
    return bands[::-1]


@given(bands_without_gaps(), st.decimals(0, 100, places=2), st.decimals("0.01", 100, places=2), st.data())
def test_a_complete_score_has_one_band_and_a_bar_only_lowers(bands, points, maximum, data):
    points = min(points, maximum)
    assert band_faults(bands, maximum) == [] == gaps(bands, maximum)
    reached = band_of(points, maximum, bands)
    assert reached is not None
    bar = data.draw(st.sampled_from(bands))
    barred = band_of(points, maximum, bands, bar=bar.pk)
    assert lower_bound(barred) == min(lower_bound(reached), lower_bound(bar))


@given(checklists())
def test_the_scores_of_phase_1_are_as_they_were(checklist):
    """Criteria that are met or not, by the sum that was written for the report."""
    leaves, given_answers = checklist
    for each in leaves:
        each.kind, each.sign = "met", ""
    outcomes = {key: values["outcome"] for key, values in given_answers.items()}
    applied = [each for each in leaves if outcomes[each.pk] not in (NOT_APPLICABLE, EXCUSED)]
    met = [each for each in applied if outcomes[each.pk] == MET]
    total = score(outcomes, leaves)
    assert (total.points, total.maximum) == (sum(e.points for e in met), sum(e.points for e in applied))
    assert (total.met, total.open) == (len(met), sum(outcomes[each.pk] == OPEN for each in applied))
    assert total_of(leaves, given_answers, None) == total


def test_a_bar_asks_for_all_its_conditions():
    both = [Condition(1, NOT_MET), Condition(2, "", option=9)]
    assert is_barred(both, {1: NOT_MET, 2: NOT_MET}, {2: 9})
    assert not is_barred(both, {1: NOT_MET, 2: NOT_MET}, {2: 8})
    assert not is_barred(both, {1: MET, 2: NOT_MET}, {2: 9})
    assert not is_barred(both, {}, {})
    assert not is_barred([], {}, {})


def test_bands_end_at_the_maximum_of_points_or_at_a_hundred_percent():
    leaves = [leaf(pk=1, points=60), leaf(pk=2, points=5, sign="bonus"), leaf(pk=3, points=30)]
    by_points = [SimpleNamespace(lower_points=Decimal(0), upper_points=None)]
    assert top_of(by_points, leaves) == 90
    assert top_of([SimpleNamespace(lower_points=None, lower_percent=Decimal(0))], leaves) == 100


@pytest.mark.parametrize(
    ("bands", "faults"),
    [
        ([(0, 50), (50, None)], []),
        ([(0, 50), (60, None)], ["50–60"]),
        ([(0, 50), (40, None)], ["40–50"]),
        ([(0, None), (40, 70)], ["40–70"]),
        ([(0, None), (40, None)], ["40–90"]),
        ([(5, 50), (50, 90)], ["0–5", "90–90"]),
        ([(0, 50), (50, 91)], []),
        ([], ["0–90"]),
    ],
)
def test_bands_by_points_reach_from_zero_to_the_maximum(bands, faults):
    rows = [
        SimpleNamespace(
            lower_points=Decimal(lower),
            upper_points=None if upper is None else Decimal(upper),
        )
        for lower, upper in bands
    ]
    assert gaps(rows, Decimal(90)) == faults
