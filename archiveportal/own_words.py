"""Words for the office that works with the portal: texts of all apps name it by them, never by a fixed name.

The app that keeps the office lies above most of these texts; it says here how the words are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language


@dataclass(frozen=True)
class OwnWords:
    """The names of the office of today in one language, with what stands for them within a sentence."""

    #: "Sở Nội vụ Thành phố Hồ Chí Minh"
    name: str
    #: "Sở Nội vụ"; "Sở", "the department"
    office: str
    office_word: str
    #: "Chi cục Văn thư - Lưu trữ", else the office; "Chi cục", "the sub-department"
    division: str
    division_word: str
    #: who reads and approves: "lãnh đạo Chi cục", as a heading "Lãnh đạo Chi cục"
    leader: str
    leader_title: str
    #: "Thành phố Hồ Chí Minh"; "Thành phố", "the City"
    area: str
    area_word: str
    #: the level that it is: "Thành phố", "Tỉnh", "City"
    level: str
    #: "SNV"; of decisions that the sub-department issues: "CCVTLT"
    symbol: str
    division_symbol: str
    #: whether it has no sub-department: then its leaders are not told apart by it
    is_whole: bool


class _WordsSource:
    """How the words are read, in a language and, if so wished, without asking the database."""

    read: Callable[[str, bool], OwnWords]


def take_words_from(read: Callable[[str, bool], OwnWords]) -> None:
    """Let all texts name the office that `read` returns for a language."""
    _WordsSource.read = staticmethod(read)


def own_words(language: str = "", *, is_asking: bool = True) -> OwnWords:
    """Return the words in a language, else in that of the screen; `is_asking=False` makes no query."""
    return _WordsSource.read(language or get_language() or "en", is_asking)


def in_own_words(text: str | Promise, /, **more: Any) -> str:
    """Fill `%(division_word)s` and its like into a translated text, beside what it says of its own."""
    return str(text) % (asdict(own_words()) | more)


def in_vietnamese(text: str | Promise) -> str:
    """Fill the words into a text of papers and workbooks, which are Vietnamese on every screen."""
    return str(text) % asdict(own_words("vi"))


#: the same for texts that modules hold: they are filled in when they are shown
own_lazy = lazy(in_own_words, str)
own_lazy_vietnamese = lazy(in_vietnamese, str)

Choices = list[tuple[str, Any]]


def in_its_words(choices: type[TextChoices], **texts: Any) -> Choices:
    """Return choices with some labels in the words of the office, by their value.

    A field takes a function that returns them: its migration does not hold the words.
    """
    return [(value, own_lazy(texts[value]) if value in texts else label) for value, label in choices.choices]
