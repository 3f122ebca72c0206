"""Passages that come out of a word processor, in another Unicode form, or as long as they may be."""

import unicodedata

import pytest
from django.urls import reverse

from archiveportal.refusal import Refused
from reports.models import PassageVersion
from reports.passages.pasted import left_over, without_word_marks
from reports.passages.services import LONGEST, write_passage
from tests.support.factories import enrol, make_district, make_round, make_ward

PAGE = ["dot-kiem-tra", "dan"]
ADDRESS = reverse("reports:passage", args=[*PAGE, "limits"])


@pytest.fixture
def inspection_round(cast):
    made = make_round(code="dan")
    enrol(made, make_ward(make_district()))
    return made


def stored(inspection_round) -> list[str]:
    versions = PassageVersion.objects.filter(passage__round=inspection_round).order_by("number")
    return list(versions.values_list("text", flat=True))


WORD_HTML = (
    "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><style>p.MsoNormal {mso-style-unhide:no}</style>"
    "<p class=MsoNormal style='mso-margin-top-alt:auto'>Đa số <st1:place w:st=\"on\">Quận&nbsp;1</st1:place> đạt;"
    "<o:p></o:p></p><p class=MsoNormal>A &amp; B<br>hai<o:p>&nbsp;</o:p></p>"
)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("Một<o:p></o:p>\nhai<o:p>&nbsp;</o:p>", "Một\nhai&nbsp;"),
        ('Tại <st1:City w:st="on">Đà Nẵng</st1:City>', "Tại Đà Nẵng"),
        (WORD_HTML, "Đa số Quận 1 đạt;\nA & B\nhai \n"),
        ("Một\x0bhai\u2028ba\r\nbốn\rnăm", "Một\nhai\nba\nbốn\nnăm"),
        ("văn\u00ad thư\u200b, lưu\ufeff trữ", "văn thư, lưu trữ"),
        ("\uf0b7\tMột\n·\tHai\n•  Ba\no\tBốn\n§\u00a0\u00a0\u00a0Năm", "- Một\n- Hai\n- Ba\n- Bốn\n- Năm"),
        ("Quận\u00a01\tđạt", "Quận 1 đạt"),
    ],
)
def test_marks_of_word_are_taken_out(pasted, words):
    assert without_word_marks(pasted) == words and not left_over(words)


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1 & <b>đậm</b> \"trích\" 'dẫn' {{ 7*7 }} {% raw %} &nbsp; <p>đoạn</p>",
        "- Một\n+ hai\na) ba; o bốn; § 5; v. v.",
        "x < y và y > z; <https://example.vn>; a<o:b",
        "Các cơ quan · tổ chức • khác",
    ],
)
def test_what_a_person_typed_stays(typed):
    assert without_word_marks(typed) == typed


@pytest.mark.parametrize(
    "pasted", ["p {mso-style-name: x}", "@font-face {font-family: x}", "MsoNormal", "{\\rtf1 x}", "ký hiệu \uf041"]
)
def test_what_cannot_be_taken_out_is_refused_and_nothing_typed_is_lost(cast, inspection_round, sign_in, pasted):
    page = sign_in(cast.approver).post(ADDRESS, {"text": f"Lời của tôi. {pasted}"})
    assert page.status_code == 200 and page.context["form"]["text"].value() == f"Lời của tôi. {pasted}"
    (problem,) = page.context["form"].errors["text"]
    assert "Ctrl + Shift + V" in problem and stored(inspection_round) == []


def test_the_page_says_that_marks_were_taken_out(cast, inspection_round, sign_in):
    client = sign_in(cast.approver)
    told = "Đã bỏ các ký hiệu do trình soạn thảo để lại trong văn bản."
    page = client.post(ADDRESS, {"text": "Một<o:p></o:p>"}, follow=True)
    assert told in page.content.decode() and stored(inspection_round) == ["Một"]
    page = client.post(ADDRESS, {"text": "Quận\u00a01  đạt.", "seen": "1"}, follow=True)
    assert told not in page.content.decode() and stored(inspection_round)[-1] == "Quận 1  đạt."


def test_decomposed_text_is_stored_composed_and_counted_so(cast, inspection_round, sign_in):
    text = "ế" * LONGEST
    typed = unicodedata.normalize("NFD", text)
    assert len(typed) == 3 * LONGEST
    assert sign_in(cast.approver).post(ADDRESS, {"text": typed}).status_code == 302
    assert stored(inspection_round) == [text]
    typed = unicodedata.normalize("NFD", "Văn thư")
    write_passage(subject=inspection_round, key="achieved", text=typed, seen=0, by=cast.approver)
    assert "Văn thư" in stored(inspection_round)


def test_the_limit_is_told_and_nothing_typed_is_lost(cast, inspection_round, sign_in):
    client = sign_in(cast.approver)
    assert "20.000" in client.get(ADDRESS).content.decode()
    text = "Lời " * 5001
    page = client.post(ADDRESS, {"text": text})
    (problem,) = page.context["form"].errors["text"]
    assert "20.003" in problem and "20.000" in problem
    # The browser would cut the text off at a maxlength.
    assert page.context["form"]["text"].value() == text and "maxlength" not in str(page.context["form"]["text"])
    with pytest.raises(Refused):
        write_passage(subject=inspection_round, key="limits", text=text, seen=0, by=cast.approver)
    assert stored(inspection_round) == []
