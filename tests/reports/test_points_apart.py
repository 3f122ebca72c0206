"""Points of criteria, deductions and bonuses before a score, and points in the cells of leaves with several levels."""

import datetime
import io
import re
import uuid
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse
from docx import Document

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.word.report import UPRIGHT
from criteria.given import given_in_documents
from criteria.inspections.models import Result, Round
from criteria.inspections.services import Change, approve_inspection, save_results
from criteria.outcomes import EXCUSED, MET, NOT_MET, OUTCOMES
from criteria.scoring import BONUS
from reports.closing.services import close_figures
from reports.dashboard.data import Dashboard
from reports.documents import appendix, report_file
from reports.documents.comparing import Differences, differences
from reports.documents.context import WORDS_OF_SIGNS
from reports.frozen.changes import compared, lines_of
from reports.frozen.figures import figures_of, first_edition_of
from reports.models import Closing
from reports.results import apart
from reports.results.bars import bar_reasons
from reports.results.comparison import compare
from reports.results.criteria import criterion_counts
from reports.results.districts import totals_by_district
from reports.results.table import summary
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.comparison import comparison_workbook
from reports.workbooks.data_tables.of_rounds import comparison_data
from reports.workbooks.form import Reader
from tests.reports.test_any_set import text_of
from tests.reports.test_closing import store  # noqa: F401 (a fixture)
from tests.support.books import data_of, opened, values, whole
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward, submit_signed
from tests.support.mixed_sets import make_mixed_set
from tests.support.papers import grid
from tests.support.papers import opened as opened_paper
from tests.support.planted_sets import plant_24_points
from tests.support.used_sets import change_used_set

pytestmark = pytest.mark.django_db

HEADINGS = ["Điểm các tiêu chí", "Điểm trừ", "Điểm thưởng", "Tổng số điểm đạt được"]
#: by unit: option, ratio of five, both parts, and whether the deduction is made and the bonus given
GIVEN = {
    "An": (1, 4, ("0.15", "2.8"), NOT_MET, MET),
    "Bình": (2, 3, ("0.2", "1.4"), MET, NOT_MET),
    # The last one reaches nothing, so that its deduction takes nothing more.
    "Châu": (2, None, ("0", "0"), NOT_MET, NOT_MET),
}
#: by unit: points of the criteria, taken off, added, score
EXPECTED = {"An": ("17.7", 2, 1, "16.7"), "Bình": ("13.6", 0, 0, "13.6"), "Châu": (0, 2, 0, 0)}
#: by unit: cells of the choice, the ratio and both parts
CELLS = {
    "An": ["1.25", "4", "0.15", "2.8"],
    "Bình": ["0", "2.5", "0.2", "1.4"],
    "Châu": ["0", "MKQ", "0", "0"],
}
SUMS = ["1.25", "6.5", "0.35", "4.2"]


@pytest.fixture
def mixed(db):
    inspection_round = make_round(make_mixed_set())
    criteria = {each.code: each for each in inspection_round.criteria_set.criteria.all()}
    options = list(criteria["CHOICE"].options.all())
    inspector, approver, district = make_user(Role.INSPECTOR), make_user(Role.APPROVER), make_district("Đông")
    for name, (option, ratio, parts, minus, plus) in GIVEN.items():
        inspection = enrol(inspection_round, make_ward(district, name)).inspection
        is_poor = ratio is None
        answers = {
            "MET": {"outcome": NOT_MET if is_poor else MET},
            "CHOICE": {"option": options[option].pk},
            "RATIO": {"outcome": EXCUSED, "note": "Kho bị ngập"}
            if is_poor
            else {"number": Decimal(ratio), "of_number": Decimal(5)},
            "MEASURE": {"number": Decimal("18.5")},
            "DATE": {"day": datetime.date(2026, 7 if is_poor else 6, 30)},
            "PART1": {"number": Decimal(parts[0])},
            "PART2": {"number": Decimal(parts[1])},
            "MINUS": {"outcome": minus},
            "PLUS": {"outcome": plus},
        }
        changes = [Change(criteria[code], 0, each) for code, each in answers.items()]
        save_results(inspection=inspection, changes=changes, by=inspector, submission_id=uuid.uuid4())
        inspection.refresh_from_db()
        submit_signed(inspection=inspection, by=inspector)
        approve_inspection(inspection=inspection, by=approver)
    return inspection_round


def numbers(cells):
    return [Decimal(str(cell)) if isinstance(cell, int | float) else cell for cell in cells]


def decimals(cells):
    return [Decimal(cell) if str(cell)[0].isdigit() else cell for cell in cells]


def places_of(table):
    return [place for place, criterion in enumerate(table.columns) if criterion.is_graded]


def test_rows_and_totals_by_plain_arithmetic(mixed):
    table = summary(EVERYTHING, mixed)
    for row in table.rows():
        name = row.ward.removeprefix("Phường ")
        assert [row.reached, row.deducted, row.bonus, row.score] == decimals(EXPECTED[name]), name
        shown = [row.earned.get(place, row.cells[place]) for place in places_of(table)]
        assert [str(cell) if cell != "excused" else "MKQ" for cell in shown] == CELLS[name]
    assert table.apart_totals == [Decimal("31.3"), 4, 1]
    assert [table.totals[place].total for place in places_of(table)] == decimals(SUMS)
    (district,) = totals_by_district(table)
    assert district.apart == table.apart_totals


@pytest.mark.parametrize("kind", ["summary", "summary-by-district"])
def test_the_workbook_shows_them(mixed, kind):
    book = ROUND_KINDS[kind].write(Reader(EVERYTHING), mixed, Choices())
    rows = [list(row) for row in opened(data_of(book)).iter_rows(values_only=True)]
    head = next(row for row in rows if "STT" in row)
    first, last = head.index(HEADINGS[0]), head.index(HEADINGS[-1])
    assert head[first : last + 1] == HEADINGS
    places = [
        first - len(summary(EVERYTHING, mixed).columns) + place for place in places_of(summary(EVERYTHING, mixed))
    ]
    if kind == "summary":
        assert any("ô ghi số điểm đạt được" in str(row[0]) for row in rows)
    for name, expected in EXPECTED.items():
        row = numbers(next(row for row in rows if row[1] == f"Phường {name}"))
        assert row[first : last + 1] == decimals(expected), name
        assert [row[place] for place in places] == decimals(CELLS[name]), name
    total = numbers(next(row for row in rows if row[0] == "Cộng"))
    assert total[first : last + 1] == [Decimal("31.3"), 4, 1, Decimal("30.3")]
    assert [total[place] for place in places] == decimals(SUMS)


def test_partly_met_is_among_what_is_counted(mixed, client):
    texts = text_of(data_of(ROUND_KINDS["criteria"].write(Reader(EVERYTHING), mixed, Choices())))
    assert "áp dụng = đạt + đạt một phần + chưa đạt" in texts
    assert "Tỷ lệ đạt = đạt / (đạt + đạt một phần + chưa đạt" in texts
    client.force_login(make_user(Role.LEADERSHIP))
    page = client.get(reverse("reports:dashboard", args=[mixed.code]))
    assert "Đạt một phần" in [words for _markup, words in page.context["pictures"]["bang_nhiet"].samples]


#: of the unit An, as the table of single answers says it: what was given, and its points
SINGLE = {
    "MET": (None, "7.5"),
    "CHOICE": ("Một phần", "1.25"),
    "RATIO": ("4/5 = 80%", "4"),
    "MEASURE": ("18,5 m², ít nhất 20 m²", "0"),
    "DATE": ("30/06/2026, hạn 30/06/2026", "2"),
    "PART1": ("0,15/0,2 điểm", "0.15"),
    "MINUS": (None, "-2"),
    "PLUS": (None, "1"),
}


def test_the_table_of_single_answers_says_what_was_given(mixed, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        rows = single_answers(mixed)
    of_an = {row["Mã tiêu chí"]: row for row in rows if "Phường An" in row.values()}
    assert {code: of_an[code]["Giá trị đã ghi"] for code in SINGLE} == {
        code: given for code, (given, _) in SINGLE.items()
    }
    assert numbers(of_an[code]["Điểm"] for code in SINGLE) == [Decimal(points) for _given, points in SINGLE.values()]
    assert not {"Giá trị đã ghi", "Điểm"} & single_answers(plant_24_points().round)[0].keys()


def single_answers(inspection_round):
    book = data_of(ROUND_KINDS["results-long"].write(Reader(EVERYTHING), inspection_round, Choices()))
    head, *rows = values(whole(book).worksheets[0])
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_appendix_and_the_page_show_them(mixed, client):
    leader = make_user(Role.LEADERSHIP)
    rows = grid(report_file(user=leader, subject=mixed))
    lines = {row[1]: row for row in rows}
    assert lines["Phường An"][-4:] == ["17,7", "2", "1", "16,7"]
    assert rows[-1][-4:] == ["31,3", "4", "1", "30,3"]
    client.force_login(leader)
    page = client.get(reverse("reports:summary", args=[mixed.code])).content.decode()
    assert [page.index(f">{heading}<") for heading in HEADINGS] == sorted(page.index(f">{each}<") for each in HEADINGS)
    assert '<td class="share number">17,7</td>' in page
    assert '<td class="share number">31,3</td>' in page


def test_a_set_without_them_has_no_such_columns(client):
    planted = plant_24_points()
    table = summary(EVERYTHING, planted.round)
    assert (table.apart, table.apart_totals, table.has_graded) == ([], [], False)
    assert all(row.reached is None and not row.earned for row in table.rows())
    assert {count.earned_sum for count in criterion_counts(EVERYTHING, planted.round)} == {None}
    client.force_login(planted.leader)
    page = client.get(reverse("reports:summary", args=[planted.round.code])).content.decode()
    assert "Điểm trừ" not in page


def test_the_result_of_a_unit_says_its_points(mixed, client):
    """A bar is true of Châu, whose points alone give the lowest band: nothing names it."""
    client.force_login(make_user(Role.LEADERSHIP))
    assert bar_reasons(EVERYTHING, mixed) == {}
    for enrolment in mixed.enrolments.select_related("ward"):
        before = {"An": "17,7", "Bình": "13,6", "Châu": "0"}[enrolment.ward.name]
        page = client.get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode().replace("\u00a0", " ")
        assert f"Điểm các tiêu chí: <b>{before}</b>" in page
        assert "Xếp loại bị giới hạn" not in page
        page = client.get(reverse("wards:detail", args=[enrolment.ward_id])).content.decode().replace("\u00a0", " ")
        assert f"<dt>Điểm các tiêu chí</dt><dd>{before}</dd" in page
        assert "Xếp loại bị giới hạn" not in page


def test_the_page_of_a_unit_says_what_was_given(mixed, client):
    client.force_login(make_user(Role.LEADERSHIP))
    kinds = set()
    for result in Result.objects.filter(inspection__enrolment__round=mixed).select_related("criterion", "option"):
        given = given_in_documents(result.criterion, result)
        page = client.get(reverse("wards:detail", args=[result.inspection.enrolment.ward_id])).content.decode()
        answers = page[page.index('<ul class="answers">') :]
        place = answers[answers.index(f"#{result.criterion.code}") :]
        assert given in place[: place.index("</li>")]
        kinds |= {result.criterion.kind} if given else set()
    assert kinds >= {"choice", "ratio", "part"}


#: by criterion: points on average over the wards it applies to, and the share of them with full points
AVERAGES = {"CHOICE": ("0.42", 0), "RATIO": ("3.25", 50), "PART1": ("0.12", Decimal("33.33")), "PART2": ("1.4", None)}


def test_criteria_with_levels_have_an_average(mixed, client):
    counts = {count.criterion.code: count for count in criterion_counts(EVERYTHING, mixed)}
    assert counts["MET"].average_points is None
    for code, (average, share) in AVERAGES.items():
        assert counts[code].average_points == Decimal(average), code
        assert share is None or counts[code].percent == share
    book = ROUND_KINDS["criteria"].write(Reader(EVERYTHING), mixed, Choices())
    rows = [list(row) for row in opened(data_of(book)).iter_rows(values_only=True)]
    head = next(row for row in rows if "Bình quân điểm" in row)
    place = head.index("Bình quân điểm")
    cells = {row[1]: numbers(row[place : place + 2]) for row in rows if row[1]}
    assert cells["Nội dung RATIO"] == [Decimal("3.25"), 4]
    assert cells["Nội dung MET"] == [None, Decimal("7.5")]
    client.force_login(make_user(Role.LEADERSHIP))
    page = client.get(reverse("reports:criteria", args=[mixed.code])).content.decode()
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    headings = page[: page.index("<tbody>")].count('<th scope="col"')
    rows = [row for row in body.split("<tr>")[1:] if "colspan" not in row]
    assert {row.count("<td") + row.count("<th") for row in rows} == {headings}
    assert re.search(r'data-label="Bình quân điểm">\s*3,25<small', page)
    assert "3,25" in client.get(reverse("reports:criterion", args=[mixed.code, "RATIO"])).content.decode()


def test_criteria_without_levels_have_none(client):
    planted = plant_24_points()
    client.force_login(planted.leader)
    assert "Bình quân điểm" not in client.get(reverse("reports:criteria", args=[planted.round.code])).content.decode()
    book = ROUND_KINDS["criteria"].write(Reader(EVERYTHING), planted.round, Choices())
    rows = opened(data_of(book)).iter_rows(values_only=True)
    assert not any("Bình quân điểm" in row for row in rows)


def test_the_table_by_criterion_stays_within_the_page(mixed):
    document = Document(io.BytesIO(report_file(user=EVERYTHING, subject=mixed, has_notes=False)))
    (table,) = (each for each in document.tables if each.cell(0, 1).text == "Tiêu chí")
    assert len(table.columns) == 10
    assert sum(column.width.cm for column in table.columns) == pytest.approx(UPRIGHT, abs=0.05)
    assert "tỷ lệ đạt tính trên số đơn vị áp dụng" in "".join(each.text for each in document.paragraphs)


@pytest.mark.usefixtures("store")
def test_a_closing_that_calls_bonuses_otherwise_is_not_changed(mixed, monkeypatch):
    rule = apart.RULE.replace("điểm thưởng", "điểm cộng")
    with monkeypatch.context() as earlier:
        earlier.setattr(apart, "ADDED", apart.ADDED._replace(heading="Điểm cộng"))
        earlier.setattr(appendix, "RULE", rule)
        earlier.setitem(WORDS_OF_SIGNS, BONUS, "nội dung cộng điểm")
        pk = close_figures(subject=mixed, seen=0, by=make_user(Role.APPROVER)).pk
    closing, subject = Closing.objects.get(pk=pk), Round.objects.get(pk=mixed.pk)
    words = str([closing.content, closing.figures])
    assert [word for word in ("Điểm cộng", ": điểm cộng", rule, "1 nội dung cộng điểm") if word not in words] == []
    assert differences(closing, subject) == Differences()
    assert not any(line.is_renamed for line in lines_of(closing))


def test_a_closing_keeps_what_is_taken_off_and_added(mixed):
    figures = figures_of(mixed)
    values = {figure["key"]: figure["value"] for figure in figures}
    assert [values[key] for key in ("reached", "deducted", "bonus")] == ["31,3", "4", "1"]
    for enrolment in mixed.enrolments.select_related("ward"):
        _reached, deducted, bonus, _score = EXPECTED[enrolment.ward.name]
        keys = [f"unit.{enrolment.ward_id}.{name}" for name in ("deducted", "bonus")]
        assert [values[key] for key in keys] == [str(deducted), str(bonus)]
    earlier = [figure for figure in figures if first_edition_of(figure["key"]) == 1]
    assert len(figures) - len(earlier) == 3 + 2 * len(EXPECTED)
    assert not any(line.is_changed for line in compared(Closing(figures=earlier, edition=1), figures))
    assert sum(line.is_changed for line in compared(Closing(figures=earlier, edition=2), figures)) == 9


def test_other_rounds_have_no_such_figures(client):
    planted = plant_24_points()
    assert all(first_edition_of(figure["key"]) == 1 for figure in figures_of(planted.round))


def test_two_rounds_are_compared_by_points_on_average(mixed, client):
    """Over the units that a criterion applied to in both rounds: An and Bình, and Châu where it was not excused."""
    later = make_round(mixed.criteria_set, starts_on=datetime.date(2027, 1, 1), ends_on=datetime.date(2027, 12, 31))
    criteria = {each.code: each for each in mixed.criteria_set.criteria.all()}
    inspector, approver = make_user(Role.INSPECTOR), make_user(Role.APPROVER)
    (earlier,) = mixed.enrolments.filter(ward__name="Bình")
    inspection = enrol(later, earlier.ward).inspection
    values = {code: {"outcome": MET} for code in ("MET", "MINUS", "PLUS")} | {
        "CHOICE": {"option": criteria["CHOICE"].options.first().pk},
        "RATIO": {"number": Decimal(5), "of_number": Decimal(5)},
        "MEASURE": {"number": Decimal(20)},
        "DATE": {"day": datetime.date(2026, 1, 1)},
        "PART1": {"number": Decimal("0.1")},
        "PART2": {"number": Decimal("2.8")},
    }
    changes = [Change(criteria[code], 0, each) for code, each in values.items()]
    save_results(inspection=inspection, changes=changes, by=inspector, submission_id=uuid.uuid4())
    inspection.refresh_from_db()
    submit_signed(inspection=inspection, by=inspector)
    approve_inspection(inspection=inspection, by=approver)
    compared = {each.after.criterion.code: each for each in compare(EVERYTHING, mixed, later).criteria}
    averages = {code: (each.before.average_points, each.after.average_points) for code, each in compared.items()}
    assert [averages[code][0] for code in AVERAGES] == [Decimal(average) for average, _share in AVERAGES.values()]
    assert [averages[code][1] for code in AVERAGES] == decimals(["3", "4", "0.1", "2.8"])
    # Bình had nothing for the choice, 2,5 for the ratio, 0,2 and 1,4 for the parts.
    changes_of_averages = [compared[code].points_difference for code in AVERAGES]
    assert changes_of_averages == [*decimals(["3", "1.5"]), Decimal("-0.1"), Decimal("1.4")]
    assert averages["MET"] == (None, None) and compared["MET"].points_difference is None
    book = whole(data_of(comparison_workbook(Reader(EVERYTHING), mixed, later)))["Theo tiêu chí"]
    rows = list(book.iter_rows(values_only=True))
    assert any("Đợt sau: bình quân điểm" in row for row in rows)
    (choice,) = (row for row in rows if row[1] == criteria["CHOICE"].name)
    assert choice[-3:] == (0.42, 3, 3)
    table = whole(data_of(comparison_data(Reader(EVERYTHING), mixed, later)))["Bảng dữ liệu tiêu chí"]
    heads = next(table.iter_rows(values_only=True))
    assert heads[-1] == "Tăng, giảm bình quân điểm"


def test_papers_name_the_maximum_and_what_stands_apart(mixed):
    text = " ".join(each.text for each in opened_paper(report_file(user=EVERYTHING, subject=mixed)).paragraphs)
    assert "(7 tiêu chí, 20 điểm; ngoài ra có 1 nội dung trừ điểm, 1 nội dung thưởng điểm)" in text


@pytest.mark.parametrize(
    ("rule", "words"), [("left_out", "không tính vào điểm tối đa"), ("full", "được tính trọn điểm của tiêu chí")]
)
def test_papers_say_what_becomes_of_what_does_not_apply(mixed, rule, words):
    change_used_set(mixed.criteria_set, not_applicable_counts=rule)
    inspection_round = Round.objects.get(pk=mixed.pk)
    paper = opened_paper(report_file(user=EVERYTHING, subject=inspection_round))
    assert f"MKQ: {OUTCOMES[EXCUSED].in_sentence}, {words}" in " ".join(each.text for each in paper.paragraphs)
    book = whole(data_of(ROUND_KINDS["summary"].write(Reader(EVERYTHING), inspection_round, Choices())))
    cells = list(map(str, chain.from_iterable(book.worksheets[0].iter_rows(values_only=True))))
    assert any(f"MKQ: {OUTCOMES[EXCUSED].in_sentence}, {words}" in cell for cell in cells)


def test_what_is_open_ends_the_list_of_signs(mixed):
    """The text goes on with what else leaves a cell blank, and with what is not taken for not met."""
    text = " ".join(each.text for each in opened_paper(report_file(user=EVERYTHING, subject=mixed)).paragraphs)
    assert "để trống là chưa đánh giá hoặc chưa có phiếu được phê duyệt." in text
    book = whole(data_of(ROUND_KINDS["summary"].write(Reader(EVERYTHING), mixed, Choices())))
    cells = list(map(str, chain.from_iterable(book.worksheets[0].iter_rows(values_only=True))))
    assert any("ô trống: chưa đánh giá (không tính là chưa đạt)." in cell for cell in cells)


def test_a_bonus_that_nobody_earned_is_not_among_the_least_met(mixed):
    found = {count.criterion.code for count in Dashboard(EVERYTHING, mixed).least_met}
    assert "MINUS" in found and "PLUS" not in found
