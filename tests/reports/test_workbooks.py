"""The summary and the attainment table as workbooks, opened again and read."""

import re
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import translation

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.results.table import summary
from reports.workbooks import attainment_workbook, summary_workbook
from tests.reports.test_summary_query import HEADINGS
from tests.support.books import (
    CELLS,
    SCORE,
    data_of,
    download,
    download_data,
    has_formula,
    head_row,
    opened,
    sources,
    values,
    ward_rows,
    whole,
)
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed
from training.models import Course, Scheme


@pytest.fixture
def pilot(baseline) -> bytes:
    return data_of(summary_workbook(summary(EVERYTHING, Round.objects.get(code="gd1-2019"))))


@pytest.fixture
def attainment(baseline) -> bytes:
    return data_of(attainment_workbook(EVERYTHING, Scheme.objects.get(code="02-2014")))


def test_title_block_is_that_of_the_report(pilot):
    sheet = opened(pilot)
    above = [[value for value in row if value] for row in values(sheet)[: head_row(sheet) - 1]]
    assert above[0] == ["UBND THÀNH PHỐ HỒ CHÍ MINH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert above[1] == ["SỞ NỘI VỤ", "Độc lập - Tự do - Hạnh phúc"]
    assert [row[0] for row in above[4:7]] == [
        "BẢNG TỔNG HỢP UBND PHƯỜNG, XÃ, THỊ TRẤN HOÀN THÀNH CÁC TIÊU CHÍ",
        "GIAI ĐOẠN 1 (11/2018 - 10/2019)",
        "(Kèm theo Báo cáo số ………/BC-SNV ngày … tháng … năm …… của Sở Nội vụ)",
    ]
    assert re.fullmatch(r"Số liệu tính đến \d\d giờ \d\d, ngày \d\d/\d\d?/\d{4}", above[7][0])


def test_sources_tell_where_the_figures_come_from(pilot):
    found = sources(pilot)
    assert found["Bộ tiêu chí"].endswith("phiên bản 1") and found["Tình trạng bộ tiêu chí"] == "đề xuất"
    assert (found["Phạm vi"], found["Điều kiện lọc"], found["Số bản ghi"]) == ("Toàn Thành phố", "Không lọc", 26)
    assert found["Thời điểm"].startswith("Số liệu tính đến ") and found["Người xuất"] == "Lệnh xuất của hệ thống"
    assert whole(pilot).sheetnames == ["Bảng tổng hợp", "Nguồn"]


def test_leaf_columns_stand_in_printed_order_under_merged_headers(pilot):
    sheet = opened(pilot)
    top = head_row(sheet)
    upper, lower = ([cell.value for cell in row] for row in sheet[f"A{top}:AC{top + 1}"])
    leaves = [below or above for above, below in zip(upper, lower, strict=True)]
    assert leaves[:3] == ["STT", "Xã/Phường/Thị trấn", "Quận/huyện"]
    assert leaves[CELLS] == HEADINGS
    assert leaves[SCORE:] == ["Số lượng tiêu chí đạt được", "Nhân sự theo báo cáo (chữ quét)"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert sheet[f"I{top}"].value == "Nhân sự làm công tác VTLT" and f"I{top}:K{top}" in merged
    assert sheet[f"S{top}"].value == "Kho Lưu trữ" and f"S{top}:W{top}" in merged
    singles = [*"ABCDEFGH", *"LMNOPQR", "X", "Y", "Z", "AA", "AB", "AC"]
    assert {f"{column}{top}:{column}{top + 1}" for column in singles} <= merged


def test_open_cells_are_blank_and_numbers_are_numbers(pilot):
    rows = list(ward_rows(opened(pilot)))
    assert len(rows) == 26
    for row in rows:
        assert isinstance(row[SCORE], int)
        expected = [1] * 5 + [None] + [1] * 18 if row[0] == 16 else [None] * 24
        assert row[CELLS] == expected
    assert sum(row[SCORE] for row in rows) == 308
    assert rows[0][:3] == [1, "Phường Tân Định", "Quận 1"] and rows[0][-1] == "CN Luật | 0 | 0"


def test_published_scores_are_in_italics_and_the_scanned_column_is_marked(pilot):
    sheet = opened(pilot)
    first, sixteenth = 2 + head_row(sheet), 17 + head_row(sheet)
    assert sheet[f"AB{first}"].font.i and not sheet[f"AB{sixteenth}"].font.i
    fills = [sheet[name].fill.fgColor.rgb for name in (f"AC{first}", f"AC{sixteenth}", f"AB{first}")]
    assert fills[0] == fills[1] != fills[2]
    notes = [row[0] for row in values(sheet) if isinstance(row[0], str)]
    assert any("theo báo cáo (Báo cáo số 5355/BC-SNV)" in note for note in notes if note)
    assert "Bình quân: 11,85 tiêu chí, tính trên 26/26 đơn vị có kết quả." in notes


def test_print_setup(pilot):
    sheet = opened(pilot)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$9:$10" and sheet.freeze_panes == "D11"
    cells = chain.from_iterable(sheet.iter_rows())
    assert {cell.font.name for cell in cells if cell.value} == {"Times New Roman"}
    assert sheet.oddFooter.right.text == "Trang &P/&N" and "Giai đoạn 1" in sheet.oddFooter.left.text


def test_place_and_date_are_left_open_above_the_signatures(pilot, attainment):
    for data in (pilot, attainment):
        texts = [[value for value in row if value] for row in values(opened(data))]
        places = [place for place, row in enumerate(texts) if row == ["NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"]]
        assert len(places) == 1
        assert re.fullmatch(r"\.+, ngày \.+ tháng \.+ năm \.+", texts[places[0] - 1][0])


def test_totals_are_values_and_there_are_no_formulas(pilot, attainment):
    rows = {row[0]: row for row in values(opened(pilot))}
    assert rows["Cộng"][3:9] == [1, 1, 1, 1, 1, None] and rows["Cộng"][SCORE] == 308
    assessed = rows["Số đơn vị đã đánh giá (trên 26)"]
    assert assessed[3:9] == [1, 1, 1, 1, 1, 0] and assessed[SCORE] is None
    assert not has_formula(pilot) and not has_formula(attainment)


def test_not_met_is_zero_and_drafts_are_in_italics(cast):
    inspection_round = make_round(make_set(4, allows_not_applicable=True))
    enrolment = enrol(inspection_round, make_ward(make_district()))
    answer(enrolment, cast.inspector, {1: "met", 2: "not_met"})
    sheet = opened(data_of(summary_workbook(summary(cast.inspector, inspection_round))))
    top = head_row(sheet)
    row = sheet[top + 2]
    assert [cell.value for cell in row[3:8]] == [1, 0, None, None, "đạt 1, còn 2"]
    assert row[3].font.i and sheet.max_column == 8
    # Drafts count in no total.
    assert [cell.value for cell in sheet[top + 3]][3:8] == [None] * 5
    assert [cell.value for cell in sheet[top + 4]][3:8] == [0, 0, 0, 0, None]
    leader = opened(data_of(summary_workbook(summary(cast.leader, inspection_round))))
    assert [cell.value for cell in leader[head_row(leader) + 2]][3:8] == [None] * 5


def test_a_score_that_differs_from_the_published_one_is_named(cast):
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    answer(enrolment, cast.inspector, {number: "met" if number <= 15 else "not_met" for number in range(1, 24)})
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    sheet = opened(data_of(summary_workbook(summary(cast.leader, enrolment.round))))
    notes = [row[0] for row in values(sheet)]
    place = notes.index("Kết quả đã phê duyệt khác với số báo cáo ghi: 1 đơn vị.")
    assert notes[place + 1] == "   Phường 6, Quận 10: 15 (báo cáo: 11)"


def test_text_stays_text(cast):
    """S16: what begins like a formula comes back as the same text."""
    inspection_round = make_round(make_set(2), name="=HYPERLINK(1)")
    wards = [make_ward(make_district(), name=f"{start}1+1") for start in "=+-@"]
    for ward in wards:
        enrol(inspection_round, ward, published_personnel="=cmd|' /C calc'!A0", published_score=1, published_maximum=2)
    data = data_of(summary_workbook(summary(EVERYTHING, inspection_round)))
    assert not has_formula(data)
    rows = list(ward_rows(opened(data)))
    assert [row[1] for row in rows] == [ward.title for ward in wards]
    assert {row[-1] for row in rows} == {"=cmd|' /C calc'!A0"}
    assert opened(data).cell(head_row(opened(data)) + 2, 7).quotePrefix


ATTAINMENT = {
    "Đại học": (41, 86, Decimal("47.67")),
    "Cao đẳng": (1, "—", "—"),
    "Trung cấp": (320, 788, Decimal("40.60")),
    "Bồi dưỡng nghiệp vụ (lớp sơ cấp 3 tháng)": (1341, 2257, Decimal("59.41")),
    "Bồi dưỡng nghiệp vụ ngắn hạn": (1272, 472, Decimal("269.49")),
    "Tập huấn": (22384, "—", "—"),
    "Học tập nghiệp vụ về công tác VTLT trong nước": (45, "—", "—"),
}


def test_attainment_holds_the_printed_percentages(attainment):
    sheet = opened(attainment)
    found = {row[1].value: row for row in sheet.iter_rows() if row[1].value in ATTAINMENT}
    for name, (actual, target, percent) in ATTAINMENT.items():
        row = found[name]
        assert (row[3].value, row[4].value) == (actual, target)
        shown = row[6].value
        assert shown == percent if percent == "—" else Decimal(str(shown)) == percent
        assert percent == "—" or row[6].number_format == "0.00"


def test_attainment_tells_what_stands_outside_the_summary(attainment):
    sheet = opened(attainment)
    rows = {row[1].value: row for row in sheet.iter_rows()}
    district = next(row for name, row in rows.items() if name and name.startswith("Lớp Trung cấp VTLT do Quận 8"))
    assert district[3].value == 200 and district[3].number_format == '"hơn "#,##0'
    assert rows["Có trình độ chuyên ngành văn thư, lưu trữ"][3].value == 1302
    assert Decimal(str(rows["Có trình độ chuyên ngành văn thư, lưu trữ"][6].value)) == Decimal("32.59")
    money = next(row for row in sheet.iter_rows() if row[3].value == 4_607_678_000)
    assert money[4].value.startswith("Bốn tỷ sáu trăm lẻ bảy triệu")


def test_attainment_shows_a_district_its_own_courses_and_the_totals_of_the_city(cast):
    scheme = Scheme.objects.get(code="02-2014")
    quan8 = Course.objects.get(report_key="trung-cap-quan")
    for user, sees in ((cast.leader, True), (cast.quan10, False), (cast.thanhan, False)):
        names = [row[1].value for row in opened(data_of(attainment_workbook(user, scheme))).iter_rows()]
        assert (quan8.name in names) is sees
        assert "Đại học" in names
    quan8.organiser_districts.add(cast.quan10.district)
    names = [row[1].value for row in opened(data_of(attainment_workbook(cast.quan10, scheme))).iter_rows()]
    assert names.count(quan8.name) == 1


def test_workbooks_are_vietnamese_on_an_english_screen(cast, sign_in):
    client = sign_in(cast.leader)
    with translation.override("en"):
        sheet = download(client, reverse("reports:summary-workbook", args=["gd1-2019"]) + "?kind=xa")
    texts = [str(row[0]) for row in values(sheet)]
    assert "STT" in texts and any(text.startswith("Số liệu tính đến") for text in texts)
    assert any(text.startswith("Điều kiện lọc") and "Xã" in text for text in texts)


def test_unknown_scheme_is_not_found(cast, sign_in):
    assert sign_in(cast.leader).get(reverse("reports:attainment-workbook", args=["khong-co"])).status_code == 404


def test_a_section_never_ends_a_page_and_the_foot_leaves_the_page_number_room(cast, sign_in):
    """The list of courses is two pages long; one of its Roman-numbered headings was alone at the foot."""
    sheet = download(sign_in(cast.leader), reverse("reports:scheme-workbook", args=["02-2014", "lop"]))
    last_rows = [mark.id for mark in sheet.row_breaks.brk]
    assert last_rows and all(isinstance(sheet.cell(row, 1).value, int) for row in last_rows)
    book = whole(download_data(sign_in(cast.leader), reverse("reports:scheme-workbook", args=["02-2014", "doi-ngu"])))
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "portrait"
        foot = sheet.oddFooter.left.text
        assert len(foot) <= 105 and foot.startswith("Đề án") and "Số liệu tính đến" in foot
        assert foot.endswith(f"({cast.leader.username})")
