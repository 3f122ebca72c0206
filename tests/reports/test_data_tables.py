"""Workbooks to compute with: their shape, their types, and the same records as the official forms."""

import datetime
from itertools import chain
from typing import Any

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Result, Round
from criteria.inspections.services import approve_inspection
from reports.results.criteria import criterion_counts
from reports.workbooks import Reader
from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS, Choices
from reports.workbooks.data_tables.of_schemes import courses_data
from tests.reports.test_export_command import export
from tests.support.books import (
    CELLS,
    SCORE,
    data_of,
    download_data,
    has_formula,
    opened,
    sources,
    values,
    ward_rows,
    whole,
)
from tests.support.factories import answer, enrol, make_round, make_set, make_ward, submit_signed
from tests.support.inspections import published_finding
from tests.support.training import make_category, make_course, make_scheme
from training.models import Course, Scheme

ROUND = [*ROUND_KINDS]
ANSWER = ["Mã tiêu chí", "Kết quả", "Đạt (1), chưa đạt (0)", "Phiếu đã phê duyệt"]


def book(kind: str, viewer: Any = EVERYTHING, **options: Any) -> bytes:
    """The data table of the baseline's round or scheme."""
    found = ROUND_KINDS.get(kind) or SCHEME_KINDS[kind]
    write = found.writer(is_data=True)
    if kind in SCHEME_KINDS:
        return data_of(write(Reader(viewer), Scheme.objects.get(code="02-2014")))
    inspection_round = options.pop("of", None) or Round.objects.get(code="gd1-2019")
    return data_of(write(Reader(viewer), inspection_round, Choices(**options)))


def records(data: bytes, place: int = 0) -> list[dict[str, Any]]:
    head, *rows = values(whole(data).worksheets[place])
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def other(cast) -> Round:
    """A round of the same criteria, with one ward of the baseline's, and a finding in the baseline's round."""
    enrolment = Enrolment.objects.get(ward=cast.thanhan.ward, round__code="gd1-2019")
    published_finding(enrolment, cast.inspector)
    found = make_round(enrolment.round.criteria_set, name="Đợt sau")
    enrol(found, enrolment.ward)
    return found


@pytest.mark.parametrize("kind", [*ROUND, *SCHEME_KINDS])
def test_one_header_row_and_one_row_a_record(other, kind):
    data = book(kind, **({"other": other} if kind == "comparison" else {}))
    *tables, sheet_of_sources = whole(data).worksheets
    assert tables[0].title == "Bảng dữ liệu" and sheet_of_sources.title == "Nguồn"
    assert not has_formula(data)
    for sheet in tables:
        head, *rows = values(sheet)
        assert rows and len(set(head)) == len(head) and all(isinstance(text, str) for text in head)
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
        assert not any(cell.value and "\xa0" in str(cell.value) for cell in chain.from_iterable(sheet))
    assert sources(data)["Số bản ghi"] == len(values(tables[0])) - 1


def test_the_wards_are_those_of_the_official_form(cast):
    table, form = whole(book("summary")).worksheets[0], ROUND_KINDS["summary"]
    inspection_round = Round.objects.get(code="gd1-2019")
    printed = ward_rows(opened(data_of(form.write(Reader(EVERYTHING), inspection_round, Choices()))))
    _head, *rows = values(table)
    for row, line in zip(rows, printed, strict=True):
        assert [row[4], row[2], row[5]] == [line[1], line[2], line[0]]
        assert [*row[6:30], row[30]] == [*line[CELLS], line[SCORE]]
    by_place = {row["STT trong đợt"]: row for row in records(book("summary"))}
    tan_quy, phuong_6 = by_place[16], by_place[11]
    assert (tan_quy["Nguồn kết quả"], tan_quy["Phiếu đã phê duyệt"], tan_quy["TC01 Ban hành KH"]) == (
        "phiếu đã duyệt", "có", 1,
    )  # fmt: skip
    assert (phuong_6["Mã quận, huyện"], phuong_6["Nguồn kết quả"], phuong_6["TC01 Ban hành KH"]) == (
        "771", "theo báo cáo", None,
    )  # fmt: skip
    places = [row["STT trong đợt"] for row in records(book("summary-by-district"))]
    assert sorted(places) == list(range(1, 27)) and places != sorted(places)


def test_each_answer_of_each_ward(cast):
    inspection_round = make_round(make_set(3, allows_not_applicable=True))
    wards = [enrol(inspection_round, make_ward()) for _ in range(3)]
    answer(wards[0], cast.inspector, {1: "met", 2: "not_met", 3: "met"})
    Result.objects.filter(inspection__enrolment=wards[0], criterion__number=3).update(
        outcome="not_applicable", note="Không có kho"
    )
    submit_signed(inspection=wards[0].inspection, by=cast.inspector)
    wards[0].inspection.refresh_from_db()
    approve_inspection(inspection=wards[0].inspection, by=cast.approver)
    answer(wards[2], cast.inspector, {1: "met"})
    rows = records(book("results-long", cast.inspector, of=inspection_round))
    said = [
        (row["Mã tiêu chí"], row["Kết quả"], row["Đạt (1), chưa đạt (0)"], row["Phiếu đã phê duyệt"]) for row in rows
    ]
    assert said == [
        ("TC01", "Đạt", 1, "có"),
        ("TC02", "Chưa đạt", 0, "có"),
        ("TC03", "Không áp dụng", None, "có"),
        *[(f"TC0{number}", "Chưa đánh giá", None, "không") for number in (1, 2, 3)],
        ("TC01", "Đạt", 1, "không"),
        *[(f"TC0{number}", "Chưa đánh giá", None, "không") for number in (2, 3)],
    ]
    first, second, third = ([each.ward.code] * 3 for each in wards)
    assert [row["Mã đơn vị"] for row in rows] == [*first, *second, *third]
    # Leadership sees no draft.
    assert [row["Kết quả"] for row in records(book("results-long", cast.leader, of=inspection_round))[6:]] == [
        "Chưa đánh giá"
    ] * 3


def test_the_answers_add_up_to_the_counts_by_criterion(cast):
    rows = records(book("results-long"))
    inspection_round = Round.objects.get(code="gd1-2019")
    assert len(rows) == 26 * 24
    for count in criterion_counts(EVERYTHING, inspection_round):
        approved = [
            row for row in rows if row["Mã tiêu chí"] == count.criterion.code and row["Phiếu đã phê duyệt"] == "có"
        ]
        assert sum(row["Đạt (1), chưa đạt (0)"] or 0 for row in approved) == count.met
    counts = {row["Mã tiêu chí"]: row for row in records(book("criteria"))}
    assert (counts["TC01"]["Số đơn vị đạt"], counts["TC01"]["Tỷ lệ đạt (%)"]) == (1, 100)


def test_numbers_dates_and_years_are_such(cast):
    scheme = make_scheme()
    category = make_category(scheme, target=3)
    day = datetime.date(2026, 3, 5)
    make_course(category, cast.inspector, name="=1+1", participants=1, held_from=day, held_to=day)
    course = Course.objects.filter(category=category)
    (found,) = records(data_of(courses_data(Reader(EVERYTHING), scheme, course)))
    assert found["Từ ngày"] == datetime.datetime(2026, 3, 5) and found["Năm"] == 2026
    assert (found["Tên lớp"], found["Số người, lượt người"], found["Số tối thiểu (hơn)"]) == ("=1+1", 1, "không")
    (line,) = records(data_of(SCHEME_KINDS["attainment"].writer(is_data=True)(Reader(EVERYTHING), scheme)))
    assert (line["Kết quả"], line["Chỉ tiêu"], line["Tỷ lệ đạt so với chỉ tiêu (%)"]) == (1, 3, 33.33)
    years = records(data_of(SCHEME_KINDS["attainment"].writer(is_data=True)(Reader(EVERYTHING), scheme)), 1)
    assert [(row["Năm"], row["Kết quả"]) for row in years] == [(2026, 1)]
    bounds = [row["Số tối thiểu (hơn)"] for row in records(book("courses"))]
    assert "có" in bounds and "không" in bounds
    money = [row["Số tiền (đồng)"] for row in records(book("funding"))]
    assert 4_607_678_000 in money


@pytest.mark.parametrize(("who", "count"), [("inspector", 26), ("quan10", 3), ("thanhan", 1)])
def test_a_data_table_has_the_scope_of_its_form(cast, sign_in, other, who, count):
    client = sign_in(getattr(cast, who))
    # The other round has no ward of Quận 10.
    choices = "du-lieu=1" if who == "quan10" else f"du-lieu=1&voi={other.code}"
    for kind in [kind for kind in ROUND_KINDS.values() if who != "quan10" or not kind.needs_other]:
        address = reverse("reports:round-workbook", args=["gd1-2019", kind.slug])
        found = records(download_data(client, f"{address}?{choices}"))
        wards = {row["Mã đơn vị"] for row in found if "Mã đơn vị" in row}
        expected = {"kien-nghi": 1 if who != "quan10" else 0, "khac-phuc": 1}.get(kind.slug, count)
        assert len(wards) in (expected, 0), kind.slug


def test_the_command_and_the_page_write_the_same(cast, sign_in, tmp_path):
    target = tmp_path / "bieu.xlsx"
    export("bands", "--data", "--round", "gd1-2019", "--as", cast.quan10.username, "--output", target)
    client = sign_in(cast.quan10)
    address = reverse("reports:round-workbook", args=["gd1-2019", "muc-hoan-thanh"])
    response = client.get(address, {"du-lieu": "1"})
    assert records(target.read_bytes()) == records(response.content)
    assert response["Content-Disposition"] == 'attachment; filename="muc-hoan-thanh-du-lieu-gd1-2019.xlsx"'
    export("workforce", "--data", "--scheme", "02-2014", "--output", target)
    client = sign_in(cast.leader)
    page = client.get(reverse("reports:scheme-workbook", args=["02-2014", "doi-ngu"]), {"du-lieu": "1"})
    assert records(target.read_bytes()) == records(page.content)
    filtered = client.get(
        reverse("reports:scheme-workbook", args=["02-2014", "lop"]), {"du-lieu": "1", "organiser": "district"}
    )
    assert {row["Cấp tổ chức"] for row in records(filtered.content)} == {"Quận, huyện"}


def test_the_page_of_reports_offers_them(cast, sign_in):
    page = sign_in(cast.leader).get(reverse("reports:index")).content.decode()
    assert page.count('name="du-lieu"') == 2
    assert "/bieu/ket-qua-tung-tieu-chi.xlsx" in page


def test_the_queries_do_not_grow_with_the_wards(cast, django_assert_max_num_queries):
    for kind in ("summary", "results-long", "bands"):
        inspection_round = Round.objects.select_related("criteria_set").get(code="gd1-2019")
        with django_assert_max_num_queries(10):
            book(kind, of=inspection_round)


def test_a_place_in_the_ranking_is_a_column(cast):
    ranked = records(book("districts", ranked=True))
    assert ranked[0]["Hạng"] == 1 and ranked[0]["Bình quân số tiêu chí đạt"] == 23
    assert "Hạng" not in records(book("districts"))[0]
    assert len(ranked) == 18


def test_what_the_report_says_of_a_course_and_of_the_staff(baseline):
    rows = {row["Tên lớp"]: row for row in records(book("courses"))}
    (row,) = [row for name, row in rows.items() if name.startswith("Quận 11 hỗ trợ lớp Cử nhân")]
    assert (row["Đơn vị tổ chức hỗ trợ (%)"], row["Người học tự túc (%)"]) == (50, None)
    (row,) = [row for name, row in rows.items() if name.startswith("Tập huấn nghiệp vụ VTLT tại Ủy ban")]
    assert row["Nguồn kinh phí"] == "nguồn kinh phí của địa phương"
    (count,) = records(book("workforce"))
    assert count["Ngày của báo cáo"] == "có"
