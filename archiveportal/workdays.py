"""Which days are worked: weekends, public holidays, and the days that the State swaps for others.

Holidays come from the package `holidays`, the lunar ones too, and with them the swaps that it
knows. Others are lines of `data/swap_days.csv`, each with its source, or are entered in the portal.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language
from holidays.countries.vietnam import Vietnam

from archiveportal.vietnamese import weekday

SWAPPED = Path(__file__).parent / "data/swap_days.csv"
SATURDAY = 5
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Workdays:
    """Tells days that are worked from others.

    `entered` are the swapped days of the portal, {day: why it is off}, blank for a day that is worked
    in the place of another. They win over the file, and the file over the package.
    """

    entered: Mapping[datetime.date, str] = field(default_factory=dict)

    def why_off(self, day: datetime.date) -> str:
        """Say why nobody works on a day: its weekday or the name of the holiday; blank for a working day."""
        is_weekend = day.weekday() >= SATURDAY and not self._is_worked_instead(day)
        return self.holiday_on(day) or (weekday_name(day) if is_weekend else "")

    def holiday_on(self, day: datetime.date) -> str:
        """Return what is celebrated on a day, or the day that it is swapped for; blank otherwise."""
        swapped = self._swapped(day)
        return str(_holidays(day.year).get(day) or "") if swapped is None else swapped

    def next_working_day(self, day: datetime.date) -> datetime.date:
        day += DAY
        while self.why_off(day):
            day += DAY
        return day

    def _swapped(self, day: datetime.date) -> str | None:
        return self.entered[day] if day in self.entered else _swapped_days().get(day)

    def _is_worked_instead(self, day: datetime.date) -> bool:
        swapped = self._swapped(day)
        return day in _holidays(day.year).weekend_workdays if swapped is None else swapped == ""


def weekday_name(day: datetime.date) -> str:
    """Name the day of the week in the language of the screen: "thứ Hai", "Monday"."""
    return date_format(day, "l") if get_language() == "en" else weekday(day)


@cache
def _holidays(year: int) -> Vietnam:
    return Vietnam(years=year, language="vi", expand=False)


@dataclass(frozen=True)
class ShippedDay:
    """A swapped day of the file, with the paper that says so."""

    day: datetime.date
    is_off: bool
    reason: str
    source: str


@cache
def shipped_days() -> tuple[ShippedDay, ...]:
    """Return the swapped days of the file, the newest first."""
    with SWAPPED.open(encoding="utf-8", newline="") as file:
        lines = [
            ShippedDay(datetime.date.fromisoformat(row["day"]), row["is_off"] == "1", row["reason"], row["source"])
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(lines, key=lambda line: line.day, reverse=True))


@cache
def _swapped_days() -> dict[datetime.date, str]:
    """Return {day: why it is off}, blank for a day that is worked in the place of another."""
    return {line.day: line.reason if line.is_off else "" for line in shipped_days()}
