"""The errors that the two reports print, found in any text, and the wording that is proposed for them."""

import ast
import csv
import unicodedata
from pathlib import Path

import polib
import pytest

from archiveportal.baseline import rows
from reports.documents.passages import issued_passages
from reports.known_errors.citations import legal_documents
from reports.known_errors.finding import corrected_text, errors_in
from reports.known_errors.folding import FoldedText
from reports.known_errors.registry import known_rows

ROOT = Path(__file__).parent.parent.parent
#: by report and passage: code, words as printed, corrected wording
PRINTED = {
    ("5355", "opening"): [
        ("D23", "ban hành kèm theo Kế hoạch tăng cường", "về việc phê duyệt Kế hoạch tăng cường"),
    ],
    ("5355", "guidance"): [("D03", "ngày 21 ngày 12 năm 2018", "ngày 21 tháng 12 năm 2018")],
    ("5355", "aims"): [("D16", "VTTL", "VTLT")] * 4,
    ("5355", "measures"): [("D16", "CCVTTL", "CCVTLT"), ("D16", "VTTL", "VTLT")],
    ("5355", "achieved"): [("D16", "VTTL", "VTLT")] * 3,
    ("2710", "guidance"): [("E17", "Ủy ban dân", "Ủy ban nhân dân")],
    ("2710", "achieved"): [
        ("E17", "giao nộp lưu hồ sơ", "giao nộp hồ sơ"),
        ("E17", "tình hạng", "tình trạng"),
        (
            "",
            "CB.CC.VC đã trang bị, cập nhật thêm kỹ năng",
            "CB.CC.VC đã được trang bị, cập nhật thêm kỹ năng",
        ),
    ],
    ("2710", "limits"): [
        (
            "E01",
            "chỉ đạt 32,59% so với chỉ tiêu của Đề án",
            "số CB.CC.VC có trình độ chuyên ngành VTLT mới đạt 32,59% (1.302/3.995 người)",
        ),
        (
            "E22",
            "không đào tạo các bậc đại học, trung cấp từ năm 2017, do nhiều yếu tố",
            "từ năm 2017 không đào tạo các bậc đại học, trung cấp; các yếu tố ảnh hưởng gồm",
        ),
        ("E06", "Nghị định số 110/2017/NĐ-CP", "Nghị định số 101/2017/NĐ-CP"),
        (
            "E22",
            "nên không tổ chức các lớp đào tạo từ năm 2017 đến nay",
            "nên từ đó đến nay không tổ chức các lớp đào tạo",
        ),
        ("E05", "Thông tư số 36/2018/TT-BNV", "Thông tư số 36/2018/TT-BTC"),
    ],
}


def found(text: str) -> list[tuple[str, str | None]]:
    return [(error.printed, error.corrected) for error in errors_in(text)]


@pytest.mark.parametrize("report", ["5355", "2710"])
def test_the_errors_of_every_issued_passage(report):
    for key, text in issued_passages(report).items():
        errors = [(unicodedata.normalize("NFC", e.printed), e.corrected, e.code) for e in errors_in(text)]
        wanted = PRINTED.get((report, key), [])
        assert [(code, printed, corrected) for printed, corrected, code in errors] == wanted, key


@pytest.mark.parametrize(
    "write",
    [
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  \t"),
        lambda text: text.replace("ng", "n\u00adg\u200b"),
        lambda text: f"\u202a{text}\u202c".replace("Th", "T\u2068h\u2069"),
        lambda text: text.replace("-", "\u2013"),
    ],
    ids=["NFD", "capitals", "no-break spaces", "more spaces", "unseen characters", "directions", "dashes"],
)
def test_errors_are_found_however_the_text_is_written(write):
    for (report, key), wanted in PRINTED.items():
        text = issued_passages(report)[key]
        written = write(text)
        assert [e.digest for e in errors_in(written)] == [e.digest for e in errors_in(text)]
        for error in errors_in(written):
            assert written[error.start : error.end] == error.printed
        assert len(errors_in(corrected_text(written))) == sum(corrected is None for _c, _p, corrected in wanted)


def test_the_corrected_passages_keep_every_other_word():
    text = issued_passages("2710")["limits"]
    changed = corrected_text(text)
    for error in errors_in(text):
        if error.corrected is not None:
            changed = changed.replace(error.corrected, error.printed)
    assert changed == text


def test_a_kept_error_stays_and_the_others_are_corrected():
    text = issued_passages("2710")["limits"]
    kept = next(error for error in errors_in(text) if error.code == "E06")
    corrected = corrected_text(text, {kept.digest})
    assert "110/2017/NĐ-CP" in corrected and "36/2018/TT-BTC" in corrected


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # The list of 5355, I.2, as it is printed; another list of another round is no error.
        (
            "có 6 UBND quận, huyện chọn từ 2 đến 5 UBND phường, cụ thể: UBND Quận 2 chọn 3 UBND phường; UBND Quận 6 "
            "chọn 2 UBND phường; UBND quận Tân Bình chọn 2 UBND phường; UBND huyện Cần Giờ chọn 5 UBND xã",
            [
                ("6 UBND quận, huyện chọn từ 2 đến 5", "4 UBND quận, huyện chọn từ 2 đến 5"),
                ("UBND Quận 2 chọn 3 UBND phường", None),
                ("UBND quận Tân Bình chọn 2 UBND phường", None),
            ],
        ),
        ("có 6 UBND quận, huyện chọn từ 2 đến 5 đơn vị: UBND Quận 2 chọn 3 UBND phường.", []),
        ("bao gồm: Phường Tân Định, Quận 1", [("Phường Tân Định", "phường Tân Định")]),
        ("bao gồm: phường Tân Định, Quận 1", []),
        ("- Hoàn thành dưới 11/23 (dưới 50%) tiêu chí", [("dưới 11/23", "từ 11/23 trở xuống")]),
        ("08 đơn vị đạt dưới 11/23 tiêu chí", []),
        ("Công văn số 4868/SNV-CCVTTL", [("CCVTTL", "CCVTLT")]),
        ("Số: 5355 /BNC-SNV", [("BNC-SNV", "BC-SNV")]),
        ("Ban hành hành DM HS", [("Ban hành hành DM HS", "Ban hành DM HS")]),
        ("Giả, kệ (có dây đủ); Giá, kê", [("Giả, kệ", "Giá, kệ"), ("dây đủ", "đầy đủ"), ("Giá, kê", "Giá, kệ")]),
        ("bảng giá, kê khai tài sản; số khai thác trong năm", []),
        ("III. NHẬT XÉT, ĐÁNH GIÁ", [("NHẬT XÉT", "NHẬN XÉT")]),
        (
            "III. NHẬT XÉT, ĐÁNH GIÁ\n1. Mặt làm được\nIII. ĐỀ XUẤT, KIẾN NGHỊ",
            [("III. NHẬT XÉT, ĐÁNH GIÁ", "II. NHẬN XÉT, ĐÁNH GIÁ")],
        ),
        ("III. NHẬN XÉT, ĐÁNH GIÁ\nIV. ĐỀ XUẤT, KIẾN NGHỊ", []),
        ("d) Kinh phí đào tạo\nc) Số lượng, chất lượng", [("d) Kinh phí", None)]),
        ("c) Số lượng, chất lượng\nd) Kinh phí đào tạo", []),
        (
            "Báo cáo số 5355 /BNC-SNV ngày 28 tháng 12 năm 2019",
            [("BNC-SNV", "BC-SNV"), ("ngày 28 tháng 12 năm 2019", "ngày 30 tháng 12 năm 2019")],
        ),
        ("Công văn số 9 ngày 28 tháng 12 năm 2019", []),
        ("Ủy ban Dân tộc; ủy ban dân quận 3", [("ủy ban dân", "Ủy ban nhân dân")]),
        (
            "tại 10 tỉnh với hơn 400 lượt",
            [("10 tỉnh", "09 tỉnh và Trung tâm Lưu trữ quốc gia IV")],
        ),
        ("đạt 47,67 % so với", [("47,67 %", "47,67%")]),
        # days
        ("tháng 05 tháng 6 năm 2026", [("tháng 05 tháng 6 năm 2026", "ngày 05 tháng 6 năm 2026")]),
        ("ngày 31 tháng 4 năm 2019, ngày 30/02/2020", [("ngày 31 tháng 4 năm 2019", None), ("ngày 30/02/2020", None)]),
        ("ngày 29 tháng 02 năm 2020, ngày 31/12/2019, ngày 12/23", []),
        # doubled words: only those that no text needs twice
        ("của của xã và và huyện", [("của của", "của"), ("và và", "và")]),
        ("thực hành hành chính; các tổ chức tổ chức lớp; từ từ; năm năm; thành phần phần mềm", []),
        # shares
        ("đạt 32,60% (1.302/3.995 người)", [("32,60", "32,59")]),
        ("đạt 32,59% (1.302/3.995 người), 41% (320/788), 40% (320/788), 42% (320/788)", [("42", "41")]),
        ("320 CB.CC.VC đạt 45,10% so với chỉ tiêu là 788 người", [("45,10", "40,61")]),
        ("320 CB.CC.VC đạt 40,60% so với chỉ tiêu là 788 người; hơn 30% (1/9)", []),
        # amounts
        (
            "4.607.678.000 đồng (Bốn tỷ sáu trăm lẻ bảy triệu sáu trăm bảy mươi tám ngàn đồng); 1.105.000 đồng "
            "(Một triệu một trăm linh năm nghìn đồng chẵn); 1.005.000.000 đồng (Một tỷ lẻ năm triệu đồng)",
            [],
        ),
        (
            "kinh phí 4.607.678.000 đồng (Bốn tỷ sáu trăm bảy mươi triệu đồng)",
            [("4.607.678.000 đồng (Bốn tỷ sáu trăm bảy mươi triệu đồng)", None)],
        ),
        # citations
        ("Nghị định 110/2017", [("Nghị định 110/2017", "Nghị định 101/2017/NĐ-CP")]),
        ("theo NĐ số 110/2017/NĐ-CP", [("110/2017/NĐ-CP", "101/2017/NĐ-CP")]),
        ("theo TT 36/2018/TT-BNV", [("36/2018/TT-BNV", "36/2018/TT-BTC")]),
        ("Nghị định số 110/2017/NĐ-CP ngày 04/10/2017 về việc khác", []),
        (
            "Nghị định số 111/2017/NĐ-CP ngày 01/9/2017 của Chính phủ về đào tạo, bồi dưỡng cán bộ",
            [("Nghị định số 111/2017/NĐ-CP", "Nghị định số 101/2017/NĐ-CP")],
        ),
        ("Nghị định số 102/2017/NĐ-CP ngày 01/9/2017 về đăng ký biện pháp bảo đảm", []),
        ("Thông tư số 40/2019/TT-BNV của Bộ Tài chính", [("40/2019/TT-BNV", "40/2019/TT-BTC")]),
        ("Thông tư số 40/2019/TT-BNV của Bộ Nội vụ và Thông tư số 41/2019/TT-BTC của Bộ Tài chính", []),
        ("Luật Lưu trữ số 01/2011/QH13 ngày 11/11/2010", [("11/11/2010", "11 tháng 11 năm 2011")]),
        ("Thông tư số 05/2019/TT-BNV ngày 03 tháng 02 năm 2020", [("03 tháng 02 năm 2020", None)]),
    ],
)
def test_what_is_an_error_and_what_is_none(text, wanted):
    assert found(text) == wanted


def test_every_known_document_is_cited_rightly_by_itself():
    for known in legal_documents():
        day = f"{known.day:%d/%m/%Y}"
        assert found(f"{known.kind} số {known.number} ngày {day} về {known.subject}") == []


def test_rows_are_whole_and_keys_stand_once():
    rows = known_rows()
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert row.reason and row.reason_en and row.severity in ("high", "medium", "low")
        assert row.report in ("5355", "2710")
    with (ROOT / "reports/data/discrepancies.csv").open(encoding="utf-8") as file:
        codes = {line["code"] for line in csv.DictReader(file)}
    assert {row.code for row in rows} - {""} <= codes


def test_every_contradiction_finds_itself_by_its_words_or_is_checked_by_its_figures():
    with (ROOT / "reports/data/discrepancies.csv").open(encoding="utf-8") as file:
        listed = [line for line in csv.DictReader(file) if line["category"] != "open" and not line["withdrawn"]]
    by_words = {row.code for row in known_rows()} | {known.code for known in legal_documents()} | {"E19"}
    # Of the words of bands and the units of targets: reports/checks/bands.py and training.py.
    assert {line["code"] for line in listed} - by_words == {"D08", "E07"}


@pytest.mark.parametrize(
    "text", ["một  hai", " một", "một\n hai", "một\u00a0hai", "a\u200bb", "A – B", "ĐÃ ĐỦ", "x\u0301"]
)
def test_a_text_is_folded_the_same_with_and_without_its_places(text):
    folded = FoldedText(text)
    assert folded.text == "".join(letter for letter, _start, _end in folded._letters)


def test_a_folded_text_leads_back_to_its_original():
    text = unicodedata.normalize("NFD", "Ủy\u00a0 ban \u200bNHÂN dân\n– Số")
    folded = FoldedText(text)
    assert folded.text == "ủy ban nhân dân\n- số"
    start = folded.text.index("nhân")
    span = slice(*folded.span(start, start + 4))
    assert unicodedata.normalize("NFC", text[span]) == "NHÂN"


#: texts that quote what is printed, or the rules themselves
QUOTING = {
    "known_errors.csv",
    "legal_documents.csv",
    "passages.csv",
    "discrepancies.csv",
    "figures.csv",
    "bands.csv",
    "printed_reports.csv",
}


def texts_of_the_code() -> list[tuple[str, str]]:
    """Return the texts of data files and the strings of code that a page or paper may print."""
    texts = []
    for app in ("archiveportal", "wards", "criteria", "training", "reports"):
        for path in (ROOT / app).rglob("*"):
            if {"migrations", "known_errors"} & set(path.parts):
                continue
            if path.suffix == ".csv" and path.name not in QUOTING:
                texts += [(str(path), text) for text in _cells(path)]
            if path.suffix == ".py":
                texts += [(str(path), text) for text in _strings(path)]
    return texts


def _cells(path: Path) -> list[str]:
    """Return the lines of all cells but the quotations of the reports."""
    lines = []
    for row in rows(path):
        row.pop("quotation", None)
        # A file with several tables has lines that are longer than its first one.
        for cell in row.values():
            lines += "\n".join(cell if isinstance(cell, list) else [cell or ""]).split("\n")
    return lines


def _strings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _WITH_DOCSTRING)}
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [
        value for value in constants if isinstance(value, str) and value not in docs and value.strip() != value.upper()
    ]


_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef)


def test_no_text_of_the_screens_has_a_known_error():
    catalogue = polib.pofile(str(ROOT / "locale/vi/LC_MESSAGES/django.po"))
    texts = [entry.msgstr for entry in catalogue]
    assert [text for text in texts if errors_in(text)] == []


def test_no_text_of_the_code_or_the_data_has_a_known_error():
    wrong = {path: printed for path, text in texts_of_the_code() if (printed := found(text))}
    # Quotations within code: words that notes are about, and the other spelling for search.
    assert [path for path in wrong if not path.endswith(("notes.py", "vietnamese.py"))] == []
