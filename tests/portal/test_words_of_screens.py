"""The Vietnamese of the screens keeps to docs/words.md."""

import re
from itertools import chain

import polib
import pytest
from django import forms
from django.conf import settings

from tests.messages import CATALOGUE

TABLE = settings.BASE_DIR / "docs" / "words.md"
ROW = re.compile(r"^\| `(?P<never>(?:\\\||[^`])+)` \|", re.MULTILINE)


def never() -> list[str]:
    rows = ROW.finditer(TABLE.read_text(encoding="utf-8"))
    return [row["never"].replace("\\|", "|") for row in rows]


def written() -> list[str]:
    entries = polib.pofile(str(CATALOGUE))
    plural = chain.from_iterable(each.msgstr_plural.values() for each in entries)
    return [*(each.msgstr for each in entries), *plural]


@pytest.mark.parametrize("pattern", never())
def test_no_message_has_a_word_that_the_list_leaves_out(pattern):
    assert [text for text in written() if re.search(pattern, text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Nội dung anh (chị) nhập", "Anh/chị có thể rời", "Bạn đã lưu", "Đề nghị chọn tệp.", "Hệ thống bận",
        "Chưa lưu. Đề nghị xem lại.", "nút của trình duyệt", "Trình duyệt không lưu", "Chủ Nhật", "dd/mm/yyyy",
    ],
)  # fmt: skip
def test_the_list_knows_the_words_that_were_there(text):
    assert any(re.search(pattern, text) for pattern in never())


@pytest.mark.parametrize("text", ["chưa trình duyệt", "Quản trị hệ thống", "hoặc đề nghị quản trị", "Chủ nhật"])
def test_the_list_leaves_the_words_of_the_office_alone(text):
    assert not any(re.search(pattern, text) for pattern in never())


def test_optional_stands_behind_fields_and_never_behind_a_check_box(db):
    class Two(forms.Form):
        agrees = forms.BooleanField(required=False)
        remark = forms.CharField(required=False)

    form = Two()
    assert "(không bắt buộc)" not in form["agrees"].as_field_group()
    assert "(không bắt buộc)" in form["remark"].as_field_group()
