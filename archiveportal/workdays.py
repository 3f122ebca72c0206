"""Which days are worked: weekends, public holidays, and the days that the State swaps for others.

Holidays come from the package `holidays`, the lunar ones too. Swapped days are announced year by
year: they are lines of `data/swap_days.csv`, which win over everything else.
"""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language
from holidays.countries.vietnam import Vietnam

from archiveportal.vietnamese import weekday

SWAPPED = Path(__file__).parent / "data/swap_days.csv"
SATURDAY = 5
DAY = datetime.timedelta(days=1)


def why_off(day: datetime.date) -> str:
    """Say why nobody works on a day: its weekday or the name of the holiday; blank for a working day."""
    is_worked_instead = _swapped_days().get(day) == ""
    is_weekend = day.weekday() >= SATURDAY and not is_worked_instead
    return holiday_on(day) or (_weekday(day) if is_weekend else "")


def holiday_on(day: datetime.date) -> str:
    """Return what is celebrated on a day, or the day that it is swapped for; blank otherwise."""
    swapped = _swapped_days().get(day)
    return str(_holidays(day.year).get(day) or "") if swapped is None else swapped


def _weekday(day: datetime.date) -> str:
    return date_format(day, "l") if get_language() == "en" else weekday(day)


def next_working_day(day: datetime.date) -> datetime.date:
    day += DAY
    while why_off(day):
        day += DAY
    return day


@cache
def _holidays(year: int) -> Vietnam:
    return Vietnam(years=year, language="vi", expand=False)


@cache
def _swapped_days() -> dict[datetime.date, str]:
    """Return {day: why it is off}, blank for a day that is worked in the place of another."""
    with SWAPPED.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return {datetime.date.fromisoformat(line["day"]): line["reason"] if line["is_off"] == "1" else "" for line in lines}
