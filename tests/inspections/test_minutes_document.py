"""The minutes as a Word file and as a page: the form of NĐ 30/2020/NĐ-CP, the same words in both, hostile text."""

import datetime
import os
import shutil
import subprocess
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiveportal.no_breaks import NO_BREAK
from archiveportal.word.writer import CONTENT_TYPE, clean
from criteria.inspections.forms.minutes import DetailsForm, MinutesForm
from criteria.inspections.models import Minutes, Result, RoundDocument
from criteria.inspections.papers.minutes import BELOW, LONGEST_CELL, blocks_of, paper_of, word_of
from criteria.inspections.services import open_supplement, save_minutes, sign_minutes
from criteria.inspections.services.minutes import Person
from criteria.inspections.services.minutes_content import _fact
from criteria.models import Criterion
from tests.support.factories import answer
from tests.support.papers import opened

SOFFICE = shutil.which("soffice")
PEOPLE = [
    Person("team", "head", "Nguyễn Văn An", "Phó Chi cục trưởng"),
    Person("team", "secretary", "Lê Thị Thư", "Chuyên viên"),
    Person("ward", "leader", "Trần Văn Bình", "Phó Chủ tịch"),
]
VALUES = {
    "started_at": datetime.datetime(2019, 10, 14, 1, 30, tzinfo=datetime.UTC),
    "ended_at": datetime.datetime(2019, 10, 14, 4, 0, tzinfo=datetime.UTC),
    "place": "Trụ sở UBND Phường 6",
    "ward_remarks": "Thống nhất.\nĐề nghị hỗ trợ kinh phí.",
    "recommendations": "Khắc phục trong quý IV.",
    "copies": 3,
}


@pytest.fixture
def minutes(cast, phuong6) -> Minutes:
    """Criteria 1 to 13 met, 14 to 21 not met, 22 and 23 open."""
    answer(phuong6, cast.inspector, {n: "met" if n <= 13 else "not_met" for n in range(1, 22)})
    return save_minutes(inspection=phuong6.inspection, values=VALUES, people=PEOPLE, seen=0, by=cast.inspector)


def read(minutes) -> Document:
    return opened(written(minutes))


def written(minutes) -> bytes:
    paper = paper_of(minutes)
    return word_of(paper, address="https://vtlt.example/bien-ban/x/y/", search_address="https://vtlt.example/bien-ban/")


def text_of(document) -> str:
    parts = [paragraph.text for paragraph in document.paragraphs]
    rows = chain.from_iterable(table.rows for table in document.tables)
    cells = chain.from_iterable(row.cells for row in rows)
    return "\n".join([*parts, *(cell.text for cell in cells)])


def test_the_form_of_the_decree(minutes):
    document = read(minutes)
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    style = document.styles["Normal"]
    assert (style.font.name, style.font.size.pt) == ("Times New Roman", 13)
    assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == "Times New Roman"
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    head = document.tables[0]
    assert "CHI CỤC VĂN THƯ - LƯU TRỮ" in head.cell(0, 0).text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc" in head.cell(0, 1).text
    results = document.tables[1]
    assert results.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in results.rows)
    assert len(results.rows) == 25


def test_what_the_paper_says(minutes):
    text = text_of(read(minutes))
    for words in (
        "BIÊN BẢN",
        "Kiểm tra công tác văn thư, lưu trữ tại UBND Phường 6, Quận 10",
        "vào hồi 08 giờ 30 ngày 14 tháng 10 năm 2019, tại Trụ sở UBND Phường 6",
        "- Ông (bà) Nguyễn Văn An - Phó Chi cục trưởng, trưởng đoàn;",
        "- Ông (bà) Lê Thị Thư - Chuyên viên, thư ký.",
        "- Ông (bà) Trần Văn Bình - Phó Chủ tịch.",
        "- Tiêu chí 16: chưa đạt.",
        "Tổng số: đạt 13/23 tiêu chí; chưa đạt 08 tiêu chí (14, 15, 16, 17, 18, 19, 20, 21); "
        "chưa đánh giá 02 tiêu chí (22, 23).",
        "Khắc phục trong quý IV.",
        "Đề nghị hỗ trợ kinh phí.",
        "Biên bản kết thúc vào hồi 11 giờ 00 ngày 14 tháng 10 năm 2019; được lập thành 03 bản",
        "UBND PHƯỜNG 6",
        "TRƯỞNG ĐOÀN",
        "THƯ KÝ",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    "kind, number, title, words",
    [
        (
            "plan",
            "1234/KH-SNV",
            "Kế hoạch kiểm tra năm 2026",
            "Kế hoạch số 1234/KH-SNV ngày 05/11/2026 của Sở Nội vụ về kiểm tra năm 2026",
        ),
        (
            "decision",
            "9/QĐ-UBND",
            "Về việc thành lập Đoàn",
            "Quyết định số 9/QĐ-UBND ngày 05/11/2026 về thành lập Đoàn",
        ),
        ("decision", "9/QĐ-SNV", "", "Quyết định số 9/QĐ-SNV ngày 05/11/2026 của Sở Nội vụ"),
    ],
)
def test_what_the_team_works_by_stands_line_by_line(cast, minutes, kind, number, title, words):
    inspection_round = minutes.inspection.enrolment.round
    day = datetime.date(2026, 11, 5)
    RoundDocument.objects.create(round=inspection_round, kind=kind, number=number, title=title, issued_on=day)
    assert f"Căn cứ {words};\n" in text_of(read(minutes))


@pytest.mark.parametrize(
    ("name", "called"), [("Bà Trần Thị Bích", "- Bà Trần Thị Bích."), ("Bàng Văn An", "- Ông (bà) Bàng Văn An.")]
)
def test_nobody_is_called_sir_or_madam_twice(cast, minutes, name, called):
    values = dict.fromkeys(("started_at", "ended_at"), None) | {"place": "", "ward_remarks": "", "recommendations": ""}
    people = [Person("ward", "other", name, "")]
    save_minutes(
        inspection=minutes.inspection,
        values=values | {"copies": 2},
        people=people,
        seen=minutes.version,
        by=cast.inspector,
    )
    assert called in text_of(read(Minutes.objects.get(pk=minutes.pk)))


def test_facts_are_short(cast, minutes):
    results = {result.criterion.code: result for result in Result.objects.select_related("criterion")}
    result = next(iter(results.values()))
    result.number = Decimal("12.50")
    for label, unit, words in (("Diện tích", "m²", "Diện tích: 12,5 m²"), ("Số người", "người", "Số người: 12,5")):
        criterion = Criterion(fact_label=label, fact_unit=unit)
        assert _fact(criterion, result) == words


def test_the_day_of_the_inspection_is_that_of_the_visit(cast, phuong6):
    phuong6.inspection.inspected_on = datetime.date(2019, 10, 14)
    form = MinutesForm(inspection=phuong6.inspection, minutes=None, by=cast.inspector)
    assert form.details.initial["started_on"] == phuong6.inspection.inspected_on
    minutes = Minutes(inspection=phuong6.inspection, code="K7Q29FXM", opened_by=cast.inspector)
    minutes.save()
    assert "vào hồi ………… giờ ………… ngày 14 tháng 10 năm 2019" in text_of(read(minutes))
    # The hour may still be left to be written by hand.
    details = DetailsForm(
        {"started_on": "14/10/2019", "copies": "2", "version": "0"}, proposed_on=phuong6.inspection.inspected_on
    )
    assert details.is_valid() and details.cleaned_data["started_at"] is None


def test_the_signatures_do_not_stand_alone(minutes):
    body = read(minutes).element.body
    kept = body.xpath("./w:p[following-sibling::*[1][self::w:tbl]]")[-1]
    assert kept.xpath("./w:pPr/w:keepNext")


def test_the_foot_has_code_check_part_and_picture_on_every_page(minutes):
    paper = paper_of(minutes)
    (section,) = read(minutes).sections
    for footer in (section.footer, section.first_page_footer):
        assert (
            f"Mã: {paper.code} · Đối chiếu: {paper.check} · https://vtlt.example/bien-ban/" in footer.paragraphs[0].text
        )
        assert footer._element.xpath(".//pic:pic")


def test_file_and_page_say_the_same(cast, sign_in, minutes):
    address = reverse("inspections:minutes-print", args=[minutes.inspection.enrolment_id, 1])
    page = " ".join(strip_tags(sign_in(cast.inspector).get(address).content.decode()).split())
    for block in blocks_of(paper_of(minutes).content):
        for text in _texts(block):
            assert " ".join(text.split()) in page, text


def _texts(block):
    if block.kind == "grid":
        return list(chain.from_iterable(block.rows))
    return [text for text in (getattr(block, "text", ""), getattr(block, "subject", "")) if text]


def test_the_same_record_gives_the_same_file(minutes):
    assert written(minutes) == written(Minutes.objects.get(pk=minutes.pk))


def test_what_was_signed_is_printed_whatever_happens_later(cast, minutes):
    sign_minutes(inspection=minutes.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    signed = Minutes.objects.get()
    before = written(signed)
    open_supplement(inspection=signed.inspection, reason="Sót", by=cast.inspector)
    answer(signed.inspection.enrolment, cast.inspector, {1: "not_met"})
    assert written(Minutes.objects.get(sequence=1)) == before


def test_blank_minutes_have_room_to_write(cast, phuong6):
    minutes = Minutes.objects.create(inspection=phuong6.inspection, code="K7Q29FXM", opened_by=cast.inspector)
    text = text_of(read(minutes))
    assert "vào hồi ………… giờ …………" in text
    assert "- Ông (bà): …" in text
    assert "chưa đánh giá 23 tiêu chí" in text


def test_the_download(cast, sign_in, minutes):
    address = reverse("inspections:minutes-word", args=[minutes.inspection.enrolment_id, 1])
    response = sign_in(cast.inspector).get(address)
    assert response["Content-Type"] == CONTENT_TYPE
    assert response["Content-Disposition"] == 'attachment; filename="bien-ban-kiem-tra-phuong-6-quan-10.docx"'
    document = opened(response.content)
    assert "Đối chiếu" in document.sections[0].footer.paragraphs[0].text


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=400) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "&amp; & <b>\"'",
        "😀" * 1000,
        "a\u0301\u0323" * 500,
        "x" * 4000,
        "\x00\x0b\ud800",
        "]]>",
    ]
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=HOSTILE)
def test_hostile_text_breaks_nothing(minutes, text):
    """Also characters that no form takes: rows of other ways in may hold them."""
    paper = paper_of(minutes)
    content = {**paper.content, "place": text, "ward_remarks": text, "reason": text}
    content["lines"] = [{**line, "note": text} for line in content["lines"]]
    hostile = type(paper)(minutes, content, paper.digest)
    document = opened(word_of(hostile, address="https://x/", search_address="https://x/"))
    expected = clean(text).replace("\r", "\n").replace(NO_BREAK, " ")
    notes = {row.cells[4].text for row in document.tables[1].rows[1:]}
    if len(text) <= LONGEST_CELL:
        assert notes == {expected}
    else:
        below = [paragraph.text for paragraph in document.paragraphs if paragraph.text.endswith(expected)]
        assert (notes, len(below) >= 24) == ({BELOW}, True)


def test_long_notes_stand_below_the_table(cast, minutes):
    Result.objects.filter(criterion__code="TC01").update(note="Dài " * 1000)
    document = read(minutes)
    assert document.tables[1].cell(1, 4).text == BELOW
    assert any(paragraph.text.startswith("- Tiêu chí 1, ghi chú: Dài Dài") for paragraph in document.paragraphs)


@pytest.mark.skipif(not SOFFICE and not os.environ.get("CI"), reason="no LibreOffice on this machine")
def test_libreoffice_opens_the_minutes(cast, minutes, tmp_path):
    assert SOFFICE, "LibreOffice is not installed"
    Result.objects.filter(criterion__code="TC15").update(note="Kho chật & tối <hẹp> 😀 " * 150)
    path = tmp_path / "bien-ban.docx"
    path.write_bytes(written(minutes))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = path.with_suffix(".pdf")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    pages = text.split("\f")[:-1]
    assert len(pages) >= 3
    paper = paper_of(minutes)
    for number, page in enumerate(pages, start=1):
        assert f"Mã: {paper.code} · Đối chiếu: {paper.check}" in page
        first_line = page.strip().splitlines()[0].strip()
        assert (first_line == str(number)) == (number > 1)
    assert sum("Tiêu chí" in page and "Kết quả" in page for page in pages) >= 2
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    assert "TRƯỞNG ĐOÀN" in pages[-1]
