"""Numbers by which lists without headings name criteria: no two of a set are the same."""

from collections import Counter

import pytest

from criteria import illustrations
from criteria.draft_2026 import DRAFT_KEY
from criteria.leaves import answered_of, leaves_of
from criteria.models import CriteriaSet
from tests.support.mixed_sets import make_mixed_set
from tests.support.planted_sets import plant_set

pytestmark = pytest.mark.django_db


def numbers_of(criteria_set: CriteriaSet) -> dict[str, str]:
    return {criterion.code: criterion.listed_number for criterion in leaves_of(criteria_set)}


@pytest.mark.parametrize("code", illustrations.CODES)
def test_no_number_of_an_illustration_is_printed_twice(code):
    illustrations.load()
    answered = answered_of(leaves_of(CriteriaSet.objects.get(code=code)))
    numbers = Counter(criterion.listed_number for criterion in answered)
    assert [number for number, count in numbers.items() if count > 1] == []


def test_a_number_gets_those_above_it_where_the_set_counts_anew():
    illustrations.load()
    numbers = numbers_of(CriteriaSet.objects.get(code="minh-hoa-diem-liet"))
    assert list(numbers.values())[:4] == ["I.1", "I.2", "I.3", "I.4"]
    assert "II.1" in numbers.values()
    numbers = numbers_of(CriteriaSet.objects.get(code="minh-hoa-ba-cap")).values()
    # Three levels, the last with the number above it; parts below their sum.
    assert {"A.I.1.1", "B.I.1.1", "B.I.1.2.a", "C.I.1.2"} <= set(numbers)


@pytest.mark.usefixtures("baseline")
def test_the_draft_of_2026_keeps_its_numbers():
    leaves = leaves_of(CriteriaSet.objects.get(**DRAFT_KEY))
    assert not any(criterion.number_with_headings for criterion in leaves)


def test_other_sets_keep_their_numbers(django_assert_num_queries):
    planted = plant_set("24", [1] * 6, [("Đạt", 0, None)])
    with django_assert_num_queries(1):
        assert list(numbers_of(planted).values()) == ["1", "2", "3", "4", "5", "6"]
    assert "1.1.3" in numbers_of(make_mixed_set()).values()
