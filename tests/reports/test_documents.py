"""The form of the two reports (NĐ 30/2020/NĐ-CP, Phụ lục I), who may have them, and odd rounds and schemes."""

import datetime
import io
import logging
import shutil
import subprocess

import docx
import pytest
from django.urls import reverse
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.vietnamese import unit_name
from criteria.inspections.models import Round
from criteria.inspections.services import approve_inspection
from reports.documents import Issue, TooManyWards, files, report_file
from reports.documents.passages import EMPTY
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed
from tests.support.papers import footnotes, grid, opened, words
from training.models import Category, Course, Quota, Scheme

NOON = datetime.datetime(2026, 3, 5, 5, 0, tzinfo=datetime.UTC)


def made(subject, **options) -> bytes:
    return report_file(user=EVERYTHING, subject=subject, made_at=NOON, **options)


@pytest.fixture
def of_round(baseline) -> bytes:
    return made(Round.objects.get(code="gd1-2019"))


@pytest.fixture
def of_scheme(baseline) -> bytes:
    return made(Scheme.objects.get(code="02-2014"))


def paragraph(content: bytes, start: str):
    return next(each for each in opened(content).paragraphs if each.text.startswith(start))


def sizes(cell) -> list[tuple[str, float, bool, bool]]:
    return [
        (each.text, each.runs[0].font.size.pt, bool(each.runs[0].bold), bool(each.runs[0].italic))
        for each in cell.paragraphs
        if each.text
    ]


def test_pages_are_a4_upright_with_the_margins_of_the_decree(of_round, of_scheme):
    for content in (of_round, of_scheme):
        section = opened(content).sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert 20 <= section.top_margin.mm <= 25 and 20 <= section.bottom_margin.mm <= 25
        assert 30 <= section.left_margin.mm <= 35 and 15 <= round(section.right_margin.mm, 1) <= 20


def test_the_appendix_lies_across_and_is_numbered_on_its_own(of_round):
    _body, appendix = opened(of_round).sections
    assert appendix.orientation == WD_ORIENT.LANDSCAPE
    assert (round(appendix.page_width.mm), round(appendix.page_height.mm)) == (297, 210)
    assert appendix._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert appendix.different_first_page_header_footer and appendix.header.is_linked_to_previous


def test_the_page_number_stands_top_centre_but_not_on_page_1(of_round):
    section = opened(of_round).sections[0]
    assert section.different_first_page_header_footer
    (number,) = section.header.paragraphs
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert [code.text.strip() for code in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert not section.first_page_header.paragraphs[0].text


def test_the_head(of_round):
    left, right = opened(of_round).tables[0].rows[0].cells
    assert sizes(left) == [
        ("ỦY BAN NHÂN DÂN", 12, False, False),
        ("THÀNH PHỐ HỒ CHÍ MINH", 12, False, False),
        ("SỞ NỘI VỤ", 12, True, False),
        ("Số: ………/BC-SNV", 13, False, False),
        ("DỰ THẢO", 13, True, False),
    ]
    assert sizes(right) == [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, False),
        ("Độc lập - Tự do - Hạnh phúc", 13, True, False),
        ("Thành phố Hồ Chí Minh, ngày … tháng … năm ……", 13, False, True),
    ]
    # A rule under the agency, and one under the motto.
    assert [len(cell._tc.findall(f".//{qn('w:pBdr')}")) for cell in (left, right)] == [1, 1]


def test_title_and_body(of_round):
    title, subject = paragraph(of_round, "BÁO CÁO"), paragraph(of_round, "Sơ kết giai đoạn 1")
    for each in (title, subject):
        assert each.alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert (each.runs[0].font.size.pt, each.runs[0].bold) == (14, True)
    body = paragraph(of_round, "Thực hiện Quyết định số 3731")
    assert body.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert 1 <= body.paragraph_format.first_line_indent.cm <= 1.27
    normal = opened(of_round).styles["Normal"]
    assert (normal.font.name, normal.font.size.pt, normal.paragraph_format.space_after.pt) == ("Times New Roman", 13, 6)


def test_the_addressee_of_the_report_on_the_scheme(of_scheme):
    assert paragraph(of_scheme, "Kính gửi").text == "Kính gửi: Ủy ban nhân dân Thành phố"


def test_receivers_and_signature(of_round, of_scheme):
    left, right = opened(of_round).tables[-2].rows[0].cells
    assert sizes(left)[0] == ("Nơi nhận:", 12, True, True)
    assert sizes(left)[1][1] == 11 and "- Lưu: VT, CCVTLT." in left.text
    assert sizes(right) == [("GIÁM ĐỐC", 14, True, False)]
    assert "- Chi cục VTLT, Phòng CC.VC - SNV;" in opened(of_scheme).tables[-1].rows[0].cells[0].text


def test_the_head_of_the_appendix(of_round):
    heads = [each for each in opened(of_round).paragraphs if each.text.startswith(("Phụ lục", "BẢNG TỔNG HỢP", "(Kèm"))]
    name, title, belongs = heads
    assert (name.runs[0].font.size.pt, name.runs[0].bold) == (14, True) and title.runs[0].bold
    assert belongs.text == "(Kèm theo Báo cáo số ………/BC-SNV ngày … tháng … năm …… của Sở Nội vụ), , , "
    assert belongs.runs[0].italic
    assert all(each.alignment == WD_ALIGN_PARAGRAPH.CENTER for each in heads)


def test_header_rows_are_repeated_and_rows_stay_whole(of_round):
    rows = opened(of_round).tables[-1]._tbl.tr_lst
    assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows[:3]] == [True, True, False]
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_number_day_and_deputy_of_an_issue(baseline):
    issue = Issue("99/BC-SNV", datetime.date(2026, 2, 3), ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn A")
    content = made(Round.objects.get(code="gd1-2019"), issue=issue)
    text = words(content)
    assert "DỰ THẢO" not in text
    assert "Số: 99/BC-SNV" in text and "ngày 03 tháng 02 năm 2026" in text
    assert opened(content).tables[-2].rows[0].cells[1].text.split("\n") == [
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Nguyễn Văn A",
    ]


def test_number_and_day_are_left_open_where_none_is_known(cast):
    text = words(made(make_round()))
    assert "Số: ………/BC-SNV" in text and "ngày … tháng … năm ……" in text


def test_an_empty_round_without_wards(cast):
    content = made(make_round())
    assert f"2. Các đơn vị trong đợt kiểm tra\n{EMPTY}\n" in words(content) and not footnotes(content)
    assert len(grid(content)) == 3


def test_a_ward_without_results_and_a_round_without_districts(cast):
    found = make_round()
    for number in range(2):
        enrol(found, make_ward(name=f"Mới {number}"))
    content = made(found)
    assert "Có 02 UBND phường được kiểm tra, bao gồm: phường Mới 0, phường Mới 1." in words(content)
    assert "Chưa có kết quả: 02 đơn vị" in words(content)
    assert [row[-1] for row in grid(content)[2:]] == ["", "", ""]


def test_results_by_criterion_with_whole_percents(cast):
    found = make_round(make_set(3))
    for outcomes in (
        {1: "met", 2: "met", 3: "not_met"},
        {1: "met", 2: "not_met", 3: "not_met"},
        {1: "met", 2: "met", 3: "not_met"},
    ):
        enrolment = enrol(found, make_ward(make_district()))
        answer(enrolment, cast.inspector, outcomes)
        submit_signed(inspection=enrolment.inspection, by=cast.inspector)
        enrolment.inspection.refresh_from_db()
        approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    content = made(found)
    assert [row[2:] for row in grid(content, 2)] == [
        ["Đã đánh giá", "Đạt", "Chưa đạt", "Tỷ lệ đạt"],
        ["3", "3", "0", "100%"], ["3", "2", "1", "67%"], ["3", "0", "3", "0%"],
    ]  # fmt: skip
    assert [row[3:] for row in grid(content)[2:]] == [
        ["1", "1", "0", "2"], ["1", "0", "0", "1"], ["1", "1", "0", "2"], ["3", "2", "0", "5"],
    ]  # fmt: skip


def test_the_table_by_criterion_names_its_coverage_and_waits_for_half_of_the_wards(cast):
    found = make_round(make_set(3))
    wards = [enrol(found, make_ward(make_district())) for _ in range(4)]
    said = []
    for enrolment in wards[:3]:
        answer(enrolment, cast.inspector, {1: "met", 2: "not_met", 3: "met"})
        submit_signed(inspection=enrolment.inspection, by=cast.inspector)
        enrolment.inspection.refresh_from_db()
        approve_inspection(inspection=enrolment.inspection, by=cast.approver)
        text = words(made(found))
        said.append([line for line in text.split("\n") if "theo từng tiêu chí" in line])
        assert ("100%" in text.partition("theo từng tiêu chí")[2]) == (len(said) > 1)
        assert f"là số đơn vị đạt trong {len(said):02d}/04 đơn vị có phiếu được phê duyệt" in text
    assert said[0] == []
    assert said[1] == ["Kết quả theo từng tiêu chí, tính trên 02/04 đơn vị có phiếu kiểm tra đã được phê duyệt"]
    assert said[2] == ["Kết quả theo từng tiêu chí, tính trên 03/04 đơn vị có phiếu kiểm tra đã được phê duyệt"]


def test_personnel_as_scanned_stands_across_its_columns_and_in_a_note_where_cells_are_known(of_round):
    rows = {row[0]: row for row in grid(of_round)[2:-1]}
    assert rows["7"][8:11] == ["CN HC, HC, CBDKT | 2 | 1"] * 3
    # The signs between the words end a line and begin none.
    raw = docx.Document(io.BytesIO(of_round)).tables[-1]
    assert raw.cell(8, 8).text == "CN HC, HC, CBDKT\u00a0| 2\u00a0| 1"
    assert rows["16"][8:11] == ["", "1", "1"]
    assert "Nhân sự theo Báo cáo số 5355/BC-SNV: 2 | CN Luật, CB VTLT | CĐ VTLT." in footnotes(of_round)


def test_a_draft_is_not_printed(cast):
    found = make_round()
    enrolment = enrol(found, make_ward(make_district()))
    answer(enrolment, cast.inspector, "met")
    content = report_file(user=cast.inspector, subject=found, made_at=NOON)
    assert set(grid(content)[2][3:]) == {""}


@pytest.mark.parametrize(
    "name",
    ["=1+1", "A & B", "<b>đậm</b>", "\"trích\" 'dẫn'", "Đ" * 100, "😀 ký tự", "{{ ten_dot }}", "e\u0309\u0301"],
)
def test_odd_names_come_back_as_they_are(cast, name):
    found = make_round(name=name * (200 // len(name) if name == "Đ" * 100 else 1))
    enrol(found, make_ward(make_district(name), name))
    content = made(found)
    assert unit_name(name) in grid(content)[2][1] and unit_name(name) in grid(content)[2][2]
    assert found.name[1:].lower() in words(content).lower()
    docx.Document(io.BytesIO(content))


def test_control_characters_of_old_rows_are_left_out(cast):
    found = make_round(name="Đợt\x0b một\x07")
    ward = make_ward(make_district())
    type(ward).objects.filter(pk=ward.pk).update(name="A\x08B")
    enrol(found, ward)
    assert "Phường AB" in grid(made(found))[2][1]


@pytest.fixture
def scheme(db) -> Scheme:
    return Scheme.objects.create(code="moi", name="Đề án mới", legal_basis="", starts_year=2026, ends_year=2030)


def test_a_scheme_without_anything(scheme):
    content = made(scheme)
    # Seven passages, the courses and the summary.
    assert words(content).count(EMPTY) == 9 and not footnotes(content)


def test_a_quota_of_zero_has_no_percent(scheme):
    category = Category.objects.create(
        scheme=scheme, position=1, code="a", name="Đại học", kind="degree", unit="persons"
    )
    Quota.objects.create(category=category, target=0, unit="persons")
    days = {"held_from": datetime.date(2026, 3, 1), "held_to": datetime.date(2027, 1, 5)}
    Course(
        category=category, name="Lớp =1+1 & <b>", participants=7, classes=1, unit="persons", organiser="city",
        enters_summary=True, **days,
    ).save()  # fmt: skip
    content = made(scheme)
    assert grid(content, 1)[1] == ["1", "Đại học", "người", "7", "0", "—"]
    assert "Đại học: 07 CB.CC.VC." in words(content)
    assert "01 lớp =1+1 & <b> (năm 2026 - 2027): 07 người tham gia." in words(content)
    assert grid(content, 2)[0] == ["Nội dung", "2026", "2027", "2028", "2029", "2030", "Cộng"]
    assert grid(content, 2)[1] == ["Đại học", "", "7", "", "", "", "7"]


def test_too_many_wards_are_refused_with_advice(cast, sign_in, monkeypatch):
    monkeypatch.setattr(files, "MOST_WARDS", 25)
    with pytest.raises(TooManyWards):
        made(Round.objects.get(code="gd1-2019"))
    response = sign_in(cast.leader).get(reverse("reports:round-document", args=["gd1-2019"]), follow=True)
    assert response.redirect_chain == [(reverse("reports:index"), 302)]
    assert "26" in str(next(iter(response.context["messages"])))


def test_one_click_gives_the_file_and_is_logged(cast, sign_in, caplog):
    with caplog.at_level(logging.INFO, logger="portal"):
        response = sign_in(cast.leader).get(reverse("reports:scheme-document", args=["02-2014"]))
    assert response["Content-Disposition"] == 'attachment; filename="bao-cao-tong-ket-02-2014.docx"'
    assert "BÁO CÁO" in words(response.content)
    assert any(record.message == "report downloaded" for record in caplog.records)


@pytest.mark.parametrize("name", ["quan10", "thanhan", "administrator"])
def test_units_and_administrators_have_no_report_of_the_city(cast, sign_in, name):
    client = sign_in(getattr(cast, name))
    assert client.get(reverse("reports:round-document", args=["gd1-2019"])).status_code == 403
    assert client.get(reverse("reports:scheme-document", args=["02-2014"])).status_code == 403


def test_the_button_is_there_for_those_who_may(cast, sign_in):
    address = reverse("reports:round-document", args=["gd1-2019"])
    assert address in sign_in(cast.leader).get(reverse("reports:index")).content.decode()
    assert address not in sign_in(cast.quan10).get(reverse("reports:index")).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_wards(cast, django_assert_max_num_queries):
    found = make_round()
    district = make_district()
    for _ in range(3):
        enrol(found, make_ward(district))
    with django_assert_max_num_queries(40) as few:
        made(found)
    for _ in range(30):
        enrol(found, make_ward(make_district()))
    with django_assert_max_num_queries(len(few.captured_queries)):
        made(found)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_both(of_round, of_scheme, tmp_path):
    for name, content in (("so-ket", of_round), ("tong-ket", of_scheme)):
        (tmp_path / f"{name}.docx").write_bytes(content)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, tmp_path.glob("*.docx"))], check=True, capture_output=True, timeout=240)
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["so-ket.pdf", "tong-ket.pdf"]
