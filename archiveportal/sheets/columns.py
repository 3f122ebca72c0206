"""The columns of a kind of sheet: headings, type, and what a cell of them may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from archiveportal.letters import is_of_old_font
from archiveportal.sheets.values import NotThis, NoValue, clean_text, heading_key, read_day, read_number, text_of
from archiveportal.vietnamese import number

_BETWEEN_LINES = re.compile(r"[\r\n;]+")


class ColumnType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True)
class Choice:
    """A value that a cell may have, by the word in the list of the template and other words."""

    value: str
    #: may name the office, as it is when the label is shown
    label: str | Promise
    synonyms: tuple[str | Promise, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return _keys(self.value, str(self.label), *map(str, self.synonyms))


@lru_cache(maxsize=256)
def _keys(*words: str) -> frozenset[str]:
    return frozenset(map(heading_key, words))


@dataclass(frozen=True)
class MergedHeading:
    """A heading that is merged over several columns without a heading of their own."""

    key: str
    text: str
    #: number of its row, which the headings of its columns would stand in
    row: int
    #: what is below it, by number of the column; columns without any text are left out
    texts: Mapping[int, Sequence[str]]
    #: keys of the columns that other headings name
    taken: frozenset[str]


@dataclass(frozen=True)
class TableColumn:
    """One column. `key` is its name in code, `heading` what the template prints, in Vietnamese."""

    key: str
    heading: str
    #: other headings under which it is recognised, without regard to case and diacritics
    synonyms: tuple[str, ...] = ()
    type: ColumnType = ColumnType.TEXT
    is_required: bool = False
    #: whether a sheet without this heading is another one; its cells may be blank
    needs_heading: bool = False
    #: characters that fit
    limit: int = 200
    choices: tuple[Choice, ...] = ()
    #: comment on the heading in the template
    hint: str | Promise = ""
    example: str = ""
    #: characters across in the template
    width: int = 20
    #: whether the template has it; some are read only where a sheet of others has them
    in_template: bool = True
    #: whether lines of a cell stay lines; a semicolon ends one too
    keeps_lines: bool = False
    #: makes the value of cleaned text, and raises ValidationError with what is expected
    parse: Callable[[str], Any] | None = None
    #: names the columns below its heading where that is merged over several (`archiveportal.sheets.merged`)
    divide: Callable[[MergedHeading], Mapping[str, int]] | None = None

    @property
    def is_needed(self) -> bool:
        return self.is_required or self.needs_heading

    @cached_property
    def heading_keys(self) -> frozenset[str]:
        return frozenset(heading_key(text) for text in (self.heading, *self.synonyms))

    def read(self, value: Any, *, is_1904: bool = False) -> Any:
        """Return the value of a cell, None where it is blank. Raise `NotThis` with the expected."""
        if isinstance(value, NoValue):
            raise NotThis(_formula() if value.is_formula else _error())
        text = text_of(value)
        if not text:
            if self.is_required:
                raise NotThis(_("a value: this column must be filled in"))
            return None
        if self.type == ColumnType.NUMBER:
            return read_number(value)
        if self.type == ColumnType.DAY:
            return read_day(value, is_1904=is_1904)
        if self.type == ColumnType.CHOICE:
            return self._chosen(text)
        return self._text(text, str(value))

    def _chosen(self, text: str) -> str:
        key = heading_key(text)
        found = next((choice for choice in self.choices if key in choice.keys), None)
        if found is None:
            raise NotThis(_("one of: %(choices)s") % {"choices": "; ".join(str(each.label) for each in self.choices)})
        return found.value

    def _text(self, text: str, written: str) -> Any:
        if is_of_old_font(written):
            raise NotThis(_("text in Unicode: this is of an old font (TCVN3 or VNI)"))
        if self.keeps_lines:
            text = "\n".join(filter(None, map(clean_text, _BETWEEN_LINES.split(written))))
        if len(text) > self.limit:
            raise NotThis(_("at most %(limit)s characters") % {"limit": number(self.limit)})
        if self.parse is None:
            return text
        try:
            return self.parse(text)
        except ValidationError as error:
            raise NotThis(" ".join(error.messages)) from None


def _formula() -> str:
    return _("a value in place of the formula: copy the column and paste it as values")


def _error() -> str:
    return _("a value in place of the error that the spreadsheet shows here")
