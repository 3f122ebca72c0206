"""What is given at leaves of every kind, in words; and how a checklist shows such leaves."""

import datetime
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse
from django.utils.translation import override

from criteria.given import given_in_words, rule_of
from criteria.inspections.papers.blank import blank_of
from criteria.leaves import in_sections, leaves_of
from criteria.models import Criterion
from tests.support.factories import enrol, make_round, make_user, make_ward
from tests.support.mixed_sets import make_mixed_set

KINDS = ["CHOICE", "RATIO", "MEASURE", "DATE", "PART1"]


@pytest.fixture
def mixed(db):
    return make_mixed_set()


@pytest.fixture
def leaves(mixed):
    return {criterion.code: criterion for criterion in leaves_of(mixed)}


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        ("RATIO", {"number": Decimal(30), "of_number": Decimal(40)}, "30/40 = 75%"),
        ("RATIO", {"number": Decimal(1), "of_number": Decimal(3), "earned": Decimal(1)}, "1/3 = 33,33% (1/4 điểm)"),
        ("MEASURE", {"number": Decimal("20.50"), "earned": Decimal("0.50")}, "20,5 m², ít nhất 20 m² (0,5/0,5 điểm)"),
        ("DATE", {"day": datetime.date(2026, 7, 1)}, "01/07/2026, hạn 30/06/2026"),
        ("DATE", {"day": "2026-07-01"}, "01/07/2026, hạn 30/06/2026"),
        ("PART2", {"number": Decimal("1.50"), "earned": Decimal("1.50")}, "1,5/2,8 điểm"),
        ("PART2", {"number": None}, ""),
        ("MET", {"outcome": "met"}, ""),
    ],
)  # fmt: skip
def test_an_answer_is_told_in_words_that_people_use(leaves, code, values, words):
    with override("vi"):
        assert given_in_words(leaves[code], values) == words


def test_an_option_is_told_by_its_words_whether_row_or_key(leaves):
    option = leaves["CHOICE"].options.all()[1]
    assert given_in_words(leaves["CHOICE"], {"option": option}) == "Một phần"
    assert given_in_words(leaves["CHOICE"], {"option": str(option.pk)}) == "Một phần"


def test_what_does_not_count_is_told_without_points(leaves):
    leaves["MEASURE"].is_counted = False
    with override("vi"):
        words = given_in_words(leaves["MEASURE"], {"number": Decimal(20), "earned": Decimal("0.50")})
    assert words == "20 m², ít nhất 20 m²"


def test_the_page_of_a_set_has_numbers_as_printed(client, mixed):
    mixed.criteria.filter(code="MEASURE").update(printed_number="2.b")
    client.force_login(make_user())
    with override("vi"):
        page = client.get(reverse("criteria:detail", args=[mixed.pk])).content.decode()
    assert page.count(">2.b</td>") == 1


def test_a_threshold_says_whether_it_is_the_least_or_the_most(leaves):
    leaves["MEASURE"].threshold_rule = Criterion.ThresholdRule.AT_MOST
    with override("vi"):
        assert rule_of(leaves["MEASURE"]) == "tối đa 20 m²"


class Shown:
    def __init__(self, criterion):
        self.criterion, self.headings = criterion, ()


def test_headings_nest_parts_lie_under_their_sum_and_deductions_stand_apart(leaves):
    lines = [Shown(each) for each in leaves.values() if each.kind != "parts"]
    with override("vi"):
        sections = in_sections(lines, list(leaves.values()))
    titles = {title: [line.criterion.code for line in lines] for title, lines in sections}
    assert titles["Điểm trừ"] == ["MINUS"] and titles["Điểm thưởng"] == ["PLUS"]
    assert "MINUS" not in titles["I. Mục I"] and "FACT" in titles["I. Mục I"]
    headings = {line.criterion.code: [(each.tag, each.number, each.title) for each in line.headings] for line in lines}
    assert headings["MET"] == [("h3", "1", "Mục 1"), ("h4", "1.1", "Mục 1.1")]
    assert headings["PART1"] == [("h5", "", "Gồm hai thành phần")]
    assert headings["PART2"] == headings["CHOICE"] == []


def test_a_deduction_takes_no_heading_from_what_follows_it(leaves):
    deduction, following = Shown(leaves["MINUS"]), Shown(leaves["MET"])
    with override("vi"):
        sections = in_sections([deduction, following], list(leaves.values()))
    assert sections == [("I. Mục I", [following]), ("Điểm trừ", [deduction])]
    assert [heading.number for heading in following.headings] == ["1", "1.1"]


def test_a_checklist_asks_for_each_kind_what_it_needs(mixed, leaves, sign_in):
    enrolment = enrol(make_round(mixed), make_ward())
    client = sign_in(make_user())
    page = client.get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()
    for option in leaves["CHOICE"].options.all():
        assert f"name=CHOICE-outcome value={option.pk}" in page
    for name in ("RATIO-number", "RATIO-of_number", "MEASURE-number", "DATE-day", "PART1-number", "PART2-number"):
        assert f"name={name}" in page
    assert "data-kind=measure" in page and "data-threshold=20" in page and "ít nhất 20 m²" in page
    assert "data-deadline=2026-06-30" in page and "hạn 30/06/2026" in page
    assert "data-steps=80:4,50:2.5,0:0.75" in page
    assert page.count("data-sign=") == 2 and page.count("data-parent=PARTS") == 2
    assert "PARTS-outcome" not in page and "PARTS-number" not in page
    assert "<b>1.1.2</b>" in page


@pytest.mark.django_db
def test_a_set_of_one_point_each_says_nothing_of_points(sign_in):
    enrolment = enrol(make_round(), make_ward())
    page = sign_in(make_user()).get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()
    assert "data-in-points" not in page and "điểm" not in page.split('<form method="post" class="checklist"')[1]


def test_the_blank_checklist_has_room_for_every_kind(mixed, sign_in):
    printed = chain.from_iterable(lines for _title, lines in blank_of(mixed)["sections"])
    lines = {line.criterion.code: line for line in printed}
    assert lines["CHOICE"].answers[:2] == ["☐ Đầy đủ (3 điểm)", "☐ Một phần (1,25 điểm)"]
    steps = ["từ 80%: 4 điểm", "từ 50%: 2,5 điểm", "dưới 50%: 0,75 điểm"]
    assert lines["RATIO"].answers[:4] == ["……… / ……… = ………%", *steps]
    assert lines["MEASURE"].answers[0] == "……… m² (ít nhất 20 m²)"
    assert lines["DATE"].answers[0] == "……/……/………… (hạn 30/06/2026)"
    assert lines["PART2"].answers[0] == "………/2,8 điểm"
    others = "☐ Không áp dụng  ☐ Không xuất trình được  ☐ Miễn vì lý do khách quan"
    assert lines["MET"].answers == ["☐ Đạt  ☐ Chưa đạt", others] and lines["FACT"].answers == ["………"]
    assert lines["DATE"].answers[1:] == [others]
    enrolment = enrol(make_round(mixed), make_ward())
    page = sign_in(make_user()).get(reverse("inspections:blank", args=[enrolment.pk])).content.decode()
    assert "Tổng số điểm đạt được: ………/20 điểm" in page and "Điểm trừ: ………" in page and "Điểm thưởng: ………" in page
