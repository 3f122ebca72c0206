"""The document writer by itself."""

import datetime
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from archiveportal.no_breaks import NO_BREAK
from archiveportal.word.report import Cell, Note, Noted, WideTable
from archiveportal.word.writer import (
    Column,
    Grid,
    Head,
    Heading,
    Signature,
    Signatures,
    Text,
    Title,
    word_file,
    word_response,
)
from tests.support import papers
from tests.support.agency import AGENCY, EXTENDED

NOON = datetime.datetime(2026, 3, 5, 5, 0, tzinfo=datetime.UTC)
BLOCKS = [
    Head(
        ["UBND THÀNH PHỐ HỒ CHÍ MINH", "SỞ NỘI VỤ"], "Số: …/BC-SNV", "Thành phố Hồ Chí Minh, ngày 05 tháng 3 năm 2026"
    ),
    Title("BÁO CÁO", "Kết quả kiểm tra"),
    Heading("I. TÌNH HÌNH"),
    Text("Nội dung", is_bold=True),
    Grid([Column("TT", 1, "centre"), Column("Đơn vị", 4)], [["1", "Phường 6"], ["2", "=1+1"]]),
    Signatures([Signature("GIÁM ĐỐC", name="Nguyễn Văn A")]),
]


def opened(**options):
    return papers.opened(word_file(BLOCKS, title="Báo cáo", made_at=NOON, **options))


@pytest.mark.parametrize(("is_landscape", "size"), [(False, (210, 297)), (True, (297, 210))])
def test_pages_are_a4(is_landscape, size):
    (section,) = opened(is_landscape=is_landscape).sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size


def test_every_block_is_written():
    document = opened()
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.text] == [
        "BÁO CÁO",
        "Kết quả kiểm tra",
        "I. TÌNH HÌNH",
        "Nội dung",
    ]
    head, grid, signatures = document.tables
    assert head.cell(0, 0).text.split("\n")[:2] == ["UBND THÀNH PHỐ HỒ CHÍ MINH", "SỞ NỘI VỤ"]
    assert head.cell(0, 1).text.endswith("ngày 05 tháng 3 năm 2026")
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["TT", "Đơn vị"],
        ["1", "Phường 6"],
        ["2", "=1+1"],
    ]
    assert signatures.cell(1, 0).text == "Nguyễn Văn A"


def test_rows_stay_together_unless_they_are_very_long():
    grid = Grid([Column("Đơn vị", 4)], [["Phường 6"], ["Dài " * 400]])
    document = docx.Document(io.BytesIO(word_file([grid], title="x", made_at=NOON)))
    heading, short, long = document.tables[0].rows
    assert heading._tr.xpath("./w:trPr/w:tblHeader")
    assert short._tr.xpath("./w:trPr/w:cantSplit")
    assert not long._tr.xpath("./w:trPr/w:cantSplit")


def test_without_a_foot_there_is_none():
    assert not opened().sections[0].footer.paragraphs[0].text


def test_the_file_tells_nothing_of_the_machine():
    content = word_file(BLOCKS, title="Báo cáo", made_at=NOON)
    assert content == word_file(BLOCKS, title="Báo cáo", made_at=NOON)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_file_names_the_agency_and_no_program_or_thumbnail():
    content = word_file(BLOCKS, title="Báo cáo", made_at=NOON)
    about = docx.Document(io.BytesIO(content)).core_properties
    assert (about.title, about.author, about.last_modified_by) == ("Báo cáo", AGENCY, AGENCY)
    assert about.created.isoformat() == about.modified.isoformat() == "2026-03-05T05:00:00+00:00"
    assert (about.language, about.comments) == ("vi-VN", "")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert archive.read("docProps/app.xml") == EXTENDED
        assert b"Macintosh" not in EXTENDED
        assert b'w:lang w:val="vi-VN"' in archive.read("word/styles.xml")


def raw_text(*blocks) -> str:
    """The text of the blocks in a file, with a tilde for each no-break space."""
    body = docx.Document(io.BytesIO(word_file(blocks, title="x", made_at=NOON))).element.body
    return "".join(node.text for node in body.iter(qn("w:t"))).replace(NO_BREAK, "~")


def test_names_and_numbers_stay_on_one_line():
    assert raw_text(Text("Kế hoạch số 1067 tại Phường 6, Quận 10")) == "Kế hoạch số~1067 tại Phường~6, Quận~10"
    # A name that a footnote or a change of style parts into runs is one name.
    noted = Noted(["tại huyện Cần", " Giờ", Note("Xem phường 14")])
    content = word_file([noted], title="x", made_at=NOON)
    assert "huyện\u00a0Cần\u00a0Giờ" in docx.Document(io.BytesIO(content)).paragraphs[0].text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "phường\u00a014" in archive.read("word/footnotes.xml").decode()


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (6, "Phường~Bình~Hưng~Hòa~B"),
        (4, "Phường Bình~Hưng~Hòa~B"),
        (3, "Phường~Bình Hưng~Hòa~B"),
        (1, "Phường Bình Hưng Hòa B"),
    ],
)
def test_what_is_wider_than_its_cell_is_kept_together_in_part(width, text):
    """Kept together whole, it would be broken within a word."""
    grid = Grid([Column("", width)], [["Phường Bình Hưng Hòa B"]])
    assert raw_text(grid) == text


@pytest.mark.parametrize(
    ("name", "file"),
    [("Biên bản Đa Kao", "bien-ban-da-kao.docx"), ("../..\r\nX: y", "x-y.docx"), ("😀", "vtlt.docx")],
)
def test_file_names_are_plain(name, file):
    assert word_response(b"", name)["Content-Disposition"] == f'attachment; filename="{file}"'


@pytest.mark.parametrize("agency", ["SỞ NỘI VỤ", "ĐOÀN KIỂM TRA", "CHI CỤC VĂN THƯ - LƯU TRỮ"])
def test_rules_of_the_head_are_as_long_as_the_decree_says(agency):
    """A third to a half of the agency's name; as long as the motto (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.1 and 2)."""
    file = word_file([Head([agency])], title="", made_at=NOON)
    left, right = docx.Document(io.BytesIO(file)).tables[0].rows[0].cells
    # As LiberationSerif, which has the measures of Times New Roman, sets them in 12 points, bold.
    name = {"SỞ NỘI VỤ": 2.18, "ĐOÀN KIỂM TRA": 3.52, "CHI CỤC VĂN THƯ - LƯU TRỮ": 6.19}[agency]
    assert 1 / 3 < _rule_of(left) / name < 1 / 2
    assert name < left.width.cm - 0.38
    assert _rule_of(right) == pytest.approx(5.6, abs=0.1)


def _rule_of(cell) -> float:
    """Centimetres of the line in a cell."""
    found = next(paragraph for paragraph in cell.paragraphs if paragraph._p.pPr.find(qn("w:pBdr")) is not None)
    return cell.width.cm - 0.38 - found.paragraph_format.left_indent.cm - found.paragraph_format.right_indent.cm


@pytest.mark.parametrize(
    ("text", "width", "size"), [("KAD", 0.6, 12), ("KAD", 1.4, 18), ("1", 0.6, 18), ("W" * 40, 0.6, 10)]
)
def test_a_small_cell_has_letters_small_enough_for_its_words(text, width, size):
    """ "KAD" was printed as "KA" over "D". Sizes in half points; none is too small to be read."""
    content = word_file([WideTable([width], [], [[text], [Cell(text)]])], title="x", made_at=NOON)
    cells = docx.Document(io.BytesIO(content)).tables[0].column_cells(0)
    assert [cell.paragraphs[0].runs[0].font.size.pt * 2 for cell in cells] == [size] * 2


def test_the_unit_above_a_signature_keeps_its_name_on_one_line():
    block = Signatures([Signature("ĐẠI DIỆN LÃNH ĐẠO\nUBND PHƯỜNG AN ĐÔNG"), Signature("THƯ KÝ"), Signature("ĐOÀN")])
    assert "UBND PHƯỜNG~AN~ĐÔNG" in raw_text(block)
