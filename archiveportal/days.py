"""The one rule for days that people give: fields of forms apply it, and services for ways in without a form.

static/js/page/days.js writes days out by the same rule as they are typed.
"""

from __future__ import annotations

import datetime
import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.letters import UNSEEN
from archiveportal.refusal import Refused

#: a year outside is a slip of the keys; PostgreSQL also gives days before our era back in no form that is read
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100

_BETWEEN = r"(?:\s*[/.,-]\s*|\s+)"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
#: day first always; six or eight digits, because pads of telephones often have no separator
_DAY_FIRST = [
    re.compile(rf"(?P<day>[0-9]{{1,2}}){_BETWEEN}(?P<month>[0-9]{{1,2}}){_BETWEEN}{_YEAR}"),
    re.compile(rf"(?P<day>[0-9]{{2}})(?P<month>[0-9]{{2}}){_YEAR}"),
    # "5 tháng 8 năm 2026", and "5 thg 8, 2026" as telephones write days in Vietnamese
    re.compile(rf"(?P<day>[0-9]{{1,2}})[ -]?(?:tháng|thg\.?|th\.?) ?(?P<month>[0-9]{{1,2}})(?: năm |, ?| |-|/){_YEAR}"),
]
#: what a calendar of a browser and our own files write
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})")
_DASHES, _SLASHES = re.compile(r"[\u2010-\u2015\u2212]"), re.compile(r"[\\\u2044\u2215]")
#: what may stand before a day and behind it: "thứ Tư, ngày 5/8/2026."
_AROUND = re.compile(r"^(?:(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật),? ?)?(?:ngày )?|[.,;]$")
#: no day is written in more characters, and normalising takes time that grows with the text
_LONGEST = 100


def parse_day(text: str) -> datetime.date | None:
    """Read a day as people write it: 05/08/2026, 5.8.26, 05082026, "ngày 5 tháng 8 năm 2026"; None if it is none.

    A year of two digits is 20yy up to next year; raises `ValidationError` for a later one, which may
    be of either century.
    """
    if len(text) > _LONGEST:
        return None
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    plain = " ".join(_SLASHES.sub("/", _DASHES.sub("-", plain)).lower().split())
    core = _AROUND.sub("", plain)
    written = next(filter(None, (pattern.fullmatch(core) for pattern in [*_DAY_FIRST, _YEAR_FIRST])), None)
    if not written:
        return None
    year = int(written["year"])
    is_short = len(written["year"]) == 2
    try:
        day = datetime.date(2000 + year if is_short else year, int(written["month"]), int(written["day"]))
    except ValueError:
        return None
    if is_short and day.year > timezone.localdate().year + 1:
        raise ValidationError(
            _("Please write the year with four digits: %(text)s.") % {"text": plain}, code="short_year"
        )
    return day


def sensible_day(day: datetime.date) -> None:
    """Validate the year of a day; raises `ValidationError`."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValidationError(_("Please check the year: %(year)d.") % {"year": day.year}, code="year")


def refuse_far_days(*days: datetime.date | None) -> None:
    """Refuse the first day (or moment) with a year far off, in the words of the form; None is no day."""
    for day in days:
        if day is None:
            continue
        try:
            sensible_day(day)
        except ValidationError as error:
            raise Refused(error.message, code=error.code) from error
