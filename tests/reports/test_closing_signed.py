"""The signed PDF is the authority: what differs from the portal's file is listed, a foreign PDF is refused."""

import textwrap
from itertools import chain

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from archiveportal.files import signed_text
from archiveportal.files.models import StoredFile
from archiveportal.files.pdf_text import Legibility, read_pdf
from criteria.inspections.models import Round
from reports.closing.services import close_figures, record_issue
from reports.models import Closing
from reports.passages.services import write_passage
from tests.reports.test_closing import details, pdf, store  # noqa: F401 (a fixture)
from tests.support.factories import enrol, make_district, make_round, make_ward
from tests.support.pages import squeeze
from tests.support.papers import words
from tests.support.pdf import pdf_of

#: a PDF that opens, whose page has words that cannot be read
WITHOUT_TEXT = pdf_of([["x"]]).replace(b" Tf 60", b" Tf ((")

NUMBER = "124/BC-SNV"


@pytest.fixture
def mine(cast) -> Round:
    found = make_round()
    enrol(found, make_ward(make_district("Mười"), name="Cũ"))
    write_passage(subject=found, key="limits", text="Kho chật.\nThiếu người làm lưu trữ.", seen=0, by=cast.approver2)
    return found


@pytest.fixture
def closing(mine, cast) -> Closing:
    return close_figures(subject=mine, seen=0, by=cast.approver)


def issue(closing, by, content: bytes | None = None, *, number: str = NUMBER, is_confirmed: bool = False) -> Closing:
    version = Closing.objects.get(pk=closing.pk).version
    record_issue(
        closing=closing, details=details(number=number), upload=pdf(content) if content else None,
        is_confirmed=is_confirmed, version=version, by=by,
    )  # fmt: skip
    return Closing.objects.get(pk=closing.pk)


def signed_pages(closing, by, *changes: tuple[str, str]) -> bytes:
    """The portal's file as a PDF: lines broken elsewhere, pages numbered, with these changes of words."""
    stored = issue(closing, by)
    with stored.files.get(role="numbered").file.original.open("rb") as file:
        text = words(file.read())
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    lines = list(chain.from_iterable(textwrap.wrap(paragraph, 60) for paragraph in text.split("\n")))
    pages = [lines[start : start + 40] for start in range(0, len(lines), 40)]
    return pdf_of([page if number == 1 else [str(number), *page] for number, page in enumerate(pages, start=1)])


def test_the_same_words_are_the_same_however_the_lines_break(closing, cast, sign_in):
    stored = issue(closing, cast.approver, signed_pages(closing, cast.approver))
    assert stored.signed_comparison == {"legibility": "text", "total": 0, "lines": [], "number": NUMBER}
    page = squeeze(sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk])).content.decode())
    assert f"Bản ký có lời văn như bản đối chiếu số {NUMBER}." in page


def test_words_that_leaders_changed_before_they_signed_are_listed(closing, cast, sign_in):
    content = signed_pages(
        closing, cast.approver, ("Thiếu người làm lưu trữ.", "Thiếu người."), ("Kho chật.", "Kho chật.\nThêm một đoạn.")
    )
    stored = issue(closing, cast.approver, content)
    assert stored.signed_comparison["total"] == 1
    assert stored.signed_comparison["lines"] == [["Thiếu người làm lưu trữ.", "Thêm một đoạn. Thiếu người."]]
    page = squeeze(sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk])).content.decode())
    assert "Bản ký khác bản đối chiếu ở 1 chỗ" in page and "làm lưu trữ." in page


def test_what_only_one_of_them_has(closing, cast):
    content = signed_pages(closing, cast.approver, ("Kho chật.\n", ""), ("I. TÌNH HÌNH", "Thêm.\nI. TÌNH HÌNH"))
    lines = issue(closing, cast.approver, content).signed_comparison["lines"]
    assert lines == [["", "Thêm."], ["Kho chật.", ""]]


def test_a_corrected_number_is_compared_with_its_own_file(closing, cast):
    issue(closing, cast.approver, signed_pages(closing, cast.approver))
    stored = issue(closing, cast.approver, number="125/BC-SNV", is_confirmed=True)
    assert stored.signed_comparison["number"] == "125/BC-SNV"
    assert ["Số: 125/BC-SNV", "Số: 124/BC-SNV"] in stored.signed_comparison["lines"]


def test_a_pdf_that_bears_another_number_needs_a_look(closing, cast, sign_in):
    content = pdf_of([["SỞ NỘI VỤ", "Số:  99 /BC-SNV", "Nội dung khác"]])
    with pytest.raises(ValidationError, match="99/BC-SNV"):
        issue(closing, cast.approver, content)
    assert not Closing.objects.get().number and not StoredFile.objects.filter(kind="pdf").exists()
    client, address = sign_in(cast.approver), reverse("reports:closing-issue", args=[closing.pk])
    day = f"{details().issued_on:%d/%m/%Y}"
    typed = {"number": NUMBER, "issued_on": day, "signatory": "director", "signatory_name": "Lắm", "version": "1"}
    assert 'name="is_confirmed"' not in client.get(address).content.decode()
    page = client.post(address, typed | {"upload": pdf(content)})
    assert 'name="is_confirmed"' in page.content.decode() and "99/BC-SNV" in page.content.decode()
    assert client.post(address, typed | {"upload": pdf(content), "is_confirmed": "on"}).status_code == 302
    assert Closing.objects.get().signed_copy


def test_the_pdf_of_another_closing_is_refused(closing, cast):
    issue(closing, cast.approver, pdf_of([[]]) + b"ky")
    other = close_figures(subject=make_round(name="Đợt khác"), seen=0, by=cast.approver)
    with pytest.raises(ValidationError, match=NUMBER):
        issue(other, cast.approver, pdf_of([[]]) + b"ky", number="126/BC-SNV", is_confirmed=True)
    stored = Closing.objects.get(pk=other.pk)
    assert not stored.number and not stored.signed_copy_id and not stored.files.filter(role="numbered").exists()


@pytest.mark.parametrize(
    ("content", "legibility", "said"),
    [
        (pdf_of([[]]), "scan", "không có lớp chữ"),
        (WITHOUT_TEXT, "unreadable", "Không đọc được chữ"),
        (pdf_of([["x"]] * 301), "too_long", "quá dài"),
    ],
)
def test_a_pdf_without_text_is_kept_and_said_to_be_so(closing, cast, sign_in, content, legibility, said):
    stored = issue(closing, cast.approver, content)
    assert stored.signed_comparison["legibility"] == legibility
    page = squeeze(sign_in(cast.leader).get(reverse("reports:closing", args=[closing.pk])).content.decode())
    assert said in page


def test_a_pdf_that_takes_too_long_is_left_alone(monkeypatch):
    monkeypatch.setattr("archiveportal.opening.process.Limits.longest_wait", 0.01)
    assert read_pdf(pdf_of([["x"]])).legibility == Legibility.UNREADABLE


def test_a_closing_without_words_is_not_compared(mine, cast):
    older = Closing.objects.create(
        kind="round", round=mine, as_of=details().issued_on.isoformat() + "T00:00:00+00:00", figures=[], digest="x",
        closed_by=cast.approver,
    )  # fmt: skip
    stored = issue(older, cast.approver, pdf_of([[f"Số: {NUMBER}"]]))
    assert stored.signed_comparison is None and stored.number == NUMBER


def test_only_the_head_of_a_pdf_names_its_number():
    text = read_pdf(pdf_of([["x" * 100] * 30 + ["Số: 7/BC-SNV"]]))
    assert signed_text.number_in(text) == ""


def test_a_plan_is_no_report(closing, cast):
    content = pdf_of([["SỞ NỘI VỤ", "Số: 45/KH-SNV", "KẾ HOẠCH", "Thực hiện Báo cáo số 124/BC-SNV"]])
    with pytest.raises(ValidationError, match="45/KH-SNV"):
        issue(closing, cast.approver, content)


def test_a_number_that_a_text_cites_is_not_its_own():
    cited = ["Tiếp theo Báo cáo", "số 1228/BC-SNV ngày 30 tháng 3 năm 2017", "THỰC HIỆN QUYẾT ĐỊNH", "SỐ 3731/QĐ-UBND"]
    assert signed_text.number_in(read_pdf(pdf_of([["Số:       /BC-SNV", *cited]]))) == ""
    assert signed_text.number_in(read_pdf(pdf_of([["Số 124/BC-SNV", *cited]]))) == "124/BC-SNV"


def test_a_pdf_without_the_words_of_the_report_needs_a_look(closing, cast):
    lines = [
        "BIÊN BẢN BÀN GIAO",
        *(f"Bàn giao hồ sơ, tài liệu của văn phòng, hộp thứ {number}" for number in range(40)),
    ]
    with pytest.raises(ValidationError, match="hầu như không có"):
        issue(closing, cast.approver, pdf_of([lines]))
    stored = Closing.objects.get()
    assert not stored.number and not stored.files.filter(role="numbered").exists()
    assert issue(closing, cast.approver, pdf_of([lines]), is_confirmed=True).signed_copy


def test_words_that_a_scanner_misread_need_no_look(closing, cast):
    """Every eighth word is misread: hardly a paragraph is the same, and most sequences of words are."""
    stored = issue(closing, cast.approver)
    with stored.files.get(role="numbered").file.original.open("rb") as file:
        text = words(file.read())
    misread = [word if place % 8 else "xx" for place, word in enumerate(text.split())]
    lines = [" ".join(misread[start : start + 10]) for start in range(0, len(misread), 10)]
    assert issue(closing, cast.approver, pdf_of([lines])).signed_comparison["total"]


def test_a_cell_at_the_end_of_a_page_is_no_number_of_the_page():
    text = signed_text._Signed.of(["Đại học\n320", "2\nTrung cấp\n788", "1\n41"]).text
    assert text.split() == ["Đại", "học", "320", "Trung", "cấp", "788", "41"]
