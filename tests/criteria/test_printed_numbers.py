"""Printed numbers follow the places of rows, in the style that a set has."""

import pytest

from archiveportal.history.services import digest
from criteria.building.outline import outline_of
from criteria.building.services.arranging import arrange
from criteria.building.services.leaves import add_leaf, remove_leaf
from criteria.building.services.sections import SECTION_FIELDS, add_section, edit_section, move_section, remove_section
from criteria.models import CriteriaSet, Criterion, Section
from tests.support.factories import make_set


class Builder:
    def __init__(self, by) -> None:
        self.set, self.by = make_set(criteria=0, status="draft"), by

    def section(self, number: str = "", parent: Section | None = None) -> Section:
        row = Section(criteria_set=self.set, number=number, parent=parent, title=f"Mục {Section.objects.count()}")
        return add_section(section=row, by=self.by)

    def leaf(self, section: Section | None, number: str = "", **values) -> Criterion:
        name = f"Nội dung {self.set.criteria.count()}"
        row = Criterion(criteria_set=self.set, section=section, name=name, printed_number=number, **values)
        return add_leaf(criterion=row, by=self.by)

    @property
    def numbers(self) -> list[str]:
        outline = outline_of(CriteriaSet.objects.get(pk=self.set.pk))
        found: list[str] = []
        for branch in outline.branches:
            found.append(branch.section.number)
            for leaf in branch.leaves:
                found += [each.criterion.printed_number for each in (leaf, *leaf.parts)]
        return found


@pytest.fixture
def built(cast) -> Builder:
    return Builder(cast.approver)


def test_letters_have_roman_numbers_and_these_digits_below(built):
    first = built.section("A")
    roman = built.section(parent=first)
    built.leaf(roman)
    built.leaf(roman)
    second = built.section()
    built.leaf(built.section(parent=second))
    built.section(parent=second)
    assert built.numbers == ["A", "I", "1", "2", "B", "I", "1", "II"]
    move_section(section=second, is_up=True, by=built.by)
    assert built.numbers == ["A", "I", "1", "II", "B", "I", "1", "2"]


def test_digits_have_digits_with_points_below(built):
    first, second = built.section("1"), built.section()
    built.leaf(first)
    whole = built.leaf(second, kind="parts")
    built.leaf(None, kind="part", parent=whole)
    assert built.numbers == ["1", "1.1", "2", "2.1", "2.1.1"]
    move_section(section=second, is_up=True, by=built.by)
    assert built.numbers == ["1", "1.1", "1.1.1", "2", "2.1"]
    remove_leaf(criterion=whole, by=built.by)
    remove_section(section=second, by=built.by)
    arrange(built.set)


@pytest.mark.parametrize(("first", "following"), [("I.1", "II.1"), ("1.1", "2.1"), ("1", "1"), ("a", "a")])
def test_criteria_go_on_as_those_of_the_section_before(built, first, following):
    one = built.section("I")
    built.leaf(one, first)
    two = built.section()
    built.leaf(two)
    assert built.numbers == ["I", first, "II", following]
    # What moves is numbered anew in the same style.
    move_section(section=two, is_up=True, by=built.by)
    assert built.numbers == ["I", first, "II", following]


def test_a_number_that_somebody_typed_stays_and_leads_those_below(built):
    first, second = built.section(), built.section()
    built.leaf(second)
    second.number = "Phụ lục"
    edit_section(section=second, made_on=digest(Section.objects.get(pk=second.pk), SECTION_FIELDS), by=built.by)
    move_section(section=second, is_up=True, by=built.by)
    assert built.numbers == ["Phụ lục", "1", "II"]
    assert Section.objects.get(pk=first.pk).number == "II"


def test_parts_in_small_letters_follow_the_vietnamese_order(built):
    section = built.section()
    whole = built.leaf(section, kind="parts")
    for number in ("a", "b", "c", "d"):
        built.leaf(None, number, kind="part", parent=whole)
    built.leaf(None, kind="part", parent=whole)
    assert built.numbers[2:] == ["a", "b", "c", "d", "đ"]


def test_a_list_of_letters_goes_on_past_h(built):
    for _place in range(9):
        built.section("A" if not Section.objects.filter(criteria_set=built.set).exists() else "")
    assert "".join(built.numbers) == "ABCDEFGHI"
