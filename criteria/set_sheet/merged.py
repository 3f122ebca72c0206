"""A heading merged over the columns of several levels: "Nội dung" over areas, criteria and parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from archiveportal.sheets.columns import MergedHeading
from archiveportal.sheets.values import NotThis, heading_key
from criteria.set_sheet.levels import LEVELS
from criteria.set_sheet.numbering import read_numbering

#: what columns of the levels may be called, in words of a heading that lists them ("Lĩnh vực/Tiêu chí")
NAMES = {"linh vuc": "area", "nhom": "area", "tieu chi": "name", "noi dung": "name", "tieu chi thanh phan": "part"}
#: headings to write in place of the merged one
HEADINGS = "“Lĩnh vực”, “Tiêu chí”, “Tiêu chí thành phần”"
_COUNTED = re.compile(r"\(?\d{1,2}\)?")
_BETWEEN_NAMES = re.compile(r"\s*[/,;+–-]\s*")


def levels_below(heading: MergedHeading) -> Mapping[str, int]:
    """Return the level of each column below a heading, and the one with numbers. Raise `NotThis`."""
    without = {number: _without_counts(said) for number, said in heading.texts.items()}
    texts: Mapping[int, Sequence[str]] = {number: said for number, said in without.items() if said} or heading.texts
    of_numbers = [number for number, said in texts.items() if all(map(_is_number, said))]
    if len(of_numbers) > 1 or (of_numbers and "number" in heading.taken):
        raise NotThis(_of_numbers(of_numbers))
    named = [number for number in texts if number not in of_numbers]
    found = dict(zip(_levels(heading, named), named, strict=True))
    return {"number": of_numbers[0], **found} if of_numbers else found


def _without_counts(said: Sequence[str]) -> Sequence[str]:
    """Leave out the number of the column, which a row below the headings may have: (2)."""
    return said[1:] if said and _COUNTED.fullmatch(said[0]) else said


def _is_number(text: str) -> bool:
    try:
        return read_numbering(text) is not None
    except NotThis:
        return False


def _of_numbers(numbers: Sequence[int]) -> str:
    message = _(
        "Numbers alone are in %(columns)s, and one column has the numbers. Unmerge the heading and keep one column of "
        "numbers, with the heading “STT”."
    )
    return message % {"columns": ", ".join(map(get_column_letter, numbers))}


def _levels(heading: MergedHeading, named: Sequence[int]) -> Sequence[str]:
    """Return as many levels as columns have names: those that the heading lists, else from the lowest up."""
    listed = [NAMES.get(heading_key(text)) for text in _BETWEEN_NAMES.split(heading.text)]
    free = [level for level in LEVELS if level not in heading.taken]
    if len(named) == len(listed) and listed == [level for level in free if level in listed]:
        return [level for level in free if level in listed]
    if len(named) > len(free):
        message = _(
            "At most %(most)s levels are read there. Unmerge it and write a heading into the row %(row)s over each "
            "column: %(headings)s. What is in a further column belongs into one of these."
        )
        raise NotThis(message % {"most": len(free), "row": heading.row, "headings": HEADINGS})
    return free[: len(named)] if heading.key == "area" else free[len(free) - len(named) :]
