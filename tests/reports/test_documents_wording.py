"""The words of the copies: as printed, printed with notes, and corrected in the draft of a new paper."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.word.report import Cell, Note, Noted, WideTable
from archiveportal.word.writer import Column, Grid, Heading, Text
from criteria.inspections.models import Round
from reports.documents import report_file
from reports.documents.notes import Notes
from reports.documents.passages import issued_passages
from reports.documents.wording import WordingNotes, corrected_blocks, noted_blocks
from reports.known_errors.finding import errors_in
from reports.passages.services import write_passage
from tests.support.factories import make_round
from tests.support.known_errors import correct_known_errors
from tests.support.papers import footnotes, words
from training.models import Scheme

#: what the reports print, and what a new paper says instead
CORRECTIONS = {
    "scheme": [
        ("Nghị định số 110/2017/NĐ-CP", "Nghị định số 101/2017/NĐ-CP ngày 01 tháng 9 năm 2017"),
        ("36/2018/TT-BNV", "Thông tư số 36/2018/TT-BTC ngày 30 tháng 3 năm 2018 của Bộ Tài chính"),
        (
            "32,59% so với chỉ tiêu",
            "đến nay số CB.CC.VC có trình độ chuyên ngành VTLT mới đạt 32,59% (1.302/3.995 người)",
        ),
        ("tình hạng", "hạn chế tình trạng hồ sơ"),
        ("Ủy ban dân", "Trình Ủy ban nhân dân Thành phố Công văn"),
        ("giao nộp lưu hồ sơ", "giao nộp hồ sơ, tài liệu"),
        ("không tổ chức các lớp đào tạo từ năm 2017", "nên từ đó đến nay không tổ chức các lớp đào tạo"),
    ],
    "round": [
        ("ngày 21 ngày 12", "ngày 21 tháng 12 năm 2018"),
        ("VTTL", "b) Tổ chức thực hiện nghiệp vụ VTLT"),
        ("ban hành kèm theo Kế hoạch", "Thành phố về việc phê duyệt Kế hoạch tăng cường"),
    ],
}
EXPORTS = {
    "round": ["report-5355", "--round", "gd1-2019"],
    "scheme": ["report-2710", "--scheme", "02-2014"],
}


@pytest.fixture
def subjects(baseline) -> dict:
    return {"round": Round.objects.get(code="gd1-2019"), "scheme": Scheme.objects.get(code="02-2014")}


def exported(tmp_path, kind: str, *options: str) -> bytes:
    output = tmp_path / "report.docx"
    call_command("export", *EXPORTS[kind], *options, "--output", str(output), stdout=StringIO())
    return output.read_bytes()


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_the_draft_of_a_new_paper_has_the_corrected_wording(baseline, tmp_path, kind):
    content = exported(tmp_path, kind, "--without-notes")
    text = words(content)
    assert not footnotes(content)
    for printed, corrected in CORRECTIONS[kind]:
        assert printed not in text and corrected in text
    left = [error for error in errors_in(text) if error.corrected is not None]
    assert left == []


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_the_noted_copy_shows_both_wordings(baseline, tmp_path, kind):
    content = exported(tmp_path, kind)
    text, notes = words(content).replace(", \n", "\n"), "\n".join(footnotes(content))
    for printed, _corrected in CORRECTIONS[kind]:
        assert printed in text
    for passage in issued_passages({"round": "5355", "scheme": "2710"}[kind]).values():
        for error in errors_in(passage):
            said = f"thành “{error.corrected}”, vì {error.reason}." if error.corrected else "Cần xem lại “"
            assert f"“{error.printed}”" in notes and said in notes


def printed_lines(kind: str) -> list[str]:
    passages = issued_passages({"round": "5355", "scheme": "2710"}[kind])
    return "\n".join(passages.values()).split("\n")


@pytest.mark.parametrize("kind", ["round", "scheme"])
def test_as_printed_are_the_words_as_they_were_and_nothing_else(baseline, tmp_path, kind):
    for options in (["--as-printed"], ["--as-printed", "--without-notes"]):
        content = exported(tmp_path, kind, *options)
        text = words(content)
        assert not footnotes(content)
        for line in printed_lines(kind):
            # The subject stands in a heading of its own form.
            assert line in text or line.startswith("Sơ kết giai đoạn 1")


def test_passages_stay_as_they_are_whatever_copy_is_made(subjects):
    for subject in subjects.values():
        before = report_file(user=EVERYTHING, subject=subject, is_as_printed=True)
        report_file(user=EVERYTHING, subject=subject, has_notes=False)
        assert words(report_file(user=EVERYTHING, subject=subject, is_as_printed=True)) == words(before)


@pytest.mark.parametrize(("name", "argument"), [("round-document", "gd1-2019"), ("scheme-document", "02-2014")])
def test_leadership_has_the_clean_copy_alone(cast, sign_in, name, argument):
    address = reverse(f"reports:{name}", args=[argument])
    for query in ("", "?chu-thich=khong", "?chu-thich=co"):
        response = sign_in(cast.leader).get(f"{address}{query}")
        assert not footnotes(response.content)
        assert [error for error in errors_in(words(response.content)) if error.corrected] == []
    assert footnotes(sign_in(cast.inspector).get(address).content)
    printed = sign_in(cast.inspector).get(f"{address}?chu-thich=nhu-ban-in")
    assert not footnotes(printed.content) and "nhu-ban-in" in printed["Content-Disposition"]


def test_the_command_gives_leadership_the_clean_copy(cast, tmp_path):
    assert not footnotes(exported(tmp_path, "scheme", "--as", cast.leader.username))
    assert footnotes(exported(tmp_path, "scheme", "--as", cast.inspector.username))


def test_words_of_the_records_are_corrected_too(cast):
    found = make_round(legal_basis="Nghị định số 110/2017/NĐ-CP về đào tạo")
    clean = words(report_file(user=EVERYTHING, subject=found, has_notes=False))
    noted = report_file(user=EVERYTHING, subject=found)
    assert "Nghị định số 101/2017/NĐ-CP về đào tạo" in clean
    assert "110/2017/NĐ-CP" in words(noted)
    assert ["101/2017/NĐ-CP" in note for note in footnotes(noted)] == [True]


def test_every_kind_of_block_is_corrected():
    wrong, right = "tình hạng hồ sơ", "tình trạng hồ sơ"
    blocks = [
        Text(wrong),
        Heading(wrong),
        Noted(["tình ", "hạng hồ sơ"]),
        Grid([Column(wrong, 1)], [[wrong], ["1"]]),
        WideTable([1], [[Cell(wrong), None]], [[wrong, Cell(wrong, note="x")]]),
    ]
    text, heading, noted, grid, wide = corrected_blocks(blocks, set())
    assert (text.text, heading.text, list(noted.parts)) == (right, right, [right])
    assert (grid.columns[0].heading, grid.rows) == (right, [[right], ["1"]])
    assert wide.head == [[Cell(right), None]] and wide.rows == [[right, Cell(right, note="x")]]


def test_notes_follow_the_words_among_the_notes_that_are_there():
    figure = Note("in “6”")
    (noted,) = noted_blocks([Noted(["Có tình ", figure, "hạng, của của xã."])], WordingNotes(Notes(), {}))
    texts = [part if isinstance(part, str) else part.text for part in noted.parts]
    assert texts == [
        "Có tình ",
        "in “6”",
        "hạng",
        "Đề nghị sửa “tình hạng” thành “tình trạng”, vì sai chính tả.",
        ", của của",
        "Đề nghị sửa “của của” thành “của”, vì lặp từ.",
        " xã.",
    ]
    (plain,) = noted_blocks([Text("Không có gì.")], WordingNotes(Notes(), {}))
    assert plain == Text("Không có gì.")


def test_as_printed_are_the_words_of_the_report_whatever_was_corrected_since(cast, subjects):
    scheme = subjects["scheme"]
    before = words(report_file(user=EVERYTHING, subject=scheme, is_as_printed=True))
    correct_known_errors(scheme, cast.approver)
    write_passage(subject=scheme, key="to_city", text="Kiến nghị khác.", seen=1, by=cast.approver)
    assert words(report_file(user=EVERYTHING, subject=scheme, is_as_printed=True)) == before
    found = make_round()
    write_passage(subject=found, key="limits", text="Tình hạng.", seen=0, by=cast.approver)
    assert "Tình hạng." in words(report_file(user=EVERYTHING, subject=found, is_as_printed=True))
