"""The Vietnamese of the screens keeps to docs/words.md."""

import datetime
import re
from itertools import chain

import polib
import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.utils.translation import override

from tests.messages import CATALOGUE

TABLE = settings.BASE_DIR / "docs" / "words.md"
#: of points above the maximum; "cộng điểm thành phần" adds up parts and is another thing
TWO_WORDS = re.compile(r"điểm cộng\b|nội dung cộng điểm", re.IGNORECASE)
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
        "Điểm cộng tối đa",
    ],
)  # fmt: skip
def test_the_list_knows_the_words_that_were_there(text):
    assert any(re.search(pattern, text) for pattern in never())


@pytest.mark.parametrize("text", ["chưa trình duyệt", "Quản trị hệ thống", "hoặc đề nghị quản trị", "Chủ nhật"])
def test_the_list_leaves_the_words_of_the_office_alone(text):
    assert not any(re.search(pattern, text) for pattern in never())


#: files that compare what earlier releases wrote
READ_BOTH_WORDS = {"reports/frozen/earlier_words.py"}


def test_bonuses_have_one_word_in_papers_pages_and_documents():
    """Sheets of others may say either: `criteria/set_sheet/rules.py` and `reading.py` know both without marks."""
    root = settings.BASE_DIR
    names = ("archiveportal", "criteria", "reports", "training", "wards", "templates", "docs", "static/js")
    paths = chain.from_iterable((root / name).rglob("*") for name in names)
    files = [path for path in paths if path.suffix in {".py", ".html", ".md", ".js"}]
    found = {path.relative_to(root).as_posix() for path in files if TWO_WORDS.search(path.read_text(encoding="utf-8"))}
    assert found == READ_BOTH_WORDS


def test_optional_stands_behind_fields_and_never_behind_a_check_box(db):
    class Two(forms.Form):
        agrees = forms.BooleanField(required=False)
        remark = forms.CharField(required=False)

    form = Two()
    assert "(không bắt buộc)" not in form["agrees"].as_field_group()
    assert "(không bắt buộc)" in form["remark"].as_field_group()


def test_days_of_the_week_read_alike():
    """Django's own are "Thứ 2"; templates take the filter `weekday`, which writes "thứ Hai"."""
    day = datetime.date(2026, 11, 30)
    shown = {}
    for language in ("vi", "en"):
        with override(language):
            shown[language] = engines["django"].from_string("{{ day|weekday|capfirst }}").render({"day": day})
    assert shown == {"vi": "Thứ Hai", "en": "Monday"}
    by_django = re.compile(r"""date:["'][Dl]\b""")
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    assert [path.name for path in templates if by_django.search(path.read_text(encoding="utf-8"))] == []
