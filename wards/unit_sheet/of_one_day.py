"""Rows without first days: the list of the units of one day, as the statistics office publishes it.

Such a list does not say what a difference means. A new name under a known code is a correction or
another unit; a unit that is missing has ended or is left out. The person says once for the file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import Deed, PlanLine, TableRow
from archiveportal.vietnamese import search_key
from wards.models import District, Unit, Ward
from wards.unit_sheet.known import DAY, KnownUnits, ref
from wards.unit_sheet.listed import ListedRow, district_of

#: answers: the whole list from this day on, or some of its units
WHOLE, PART = "whole", "part"


class ListOfOneDay:
    def __init__(self, known: KnownUnits, order: Order, *, answers: Mapping[str, str]) -> None:
        self.known, self.day, self.answers = known, order.as_of, answers
        self.standing = {ward.code: ward for ward in known.wards if ward.stands_on(self.day)}
        self.ended: list[tuple[Unit, PlanLine]] = []

    def settle(self, listed: Sequence[ListedRow]) -> None:
        """Say of each row whether its unit begins, changes or stays, and which units end."""
        for each in listed:
            if each.first is None and not each.row.is_refused:
                self._settle(each)
        self._end_missing(listed)
        self.known.settle_begun_districts(first_day=self._first_day())
        self.known.name_districts(listed)
        self.known.refuse_overlaps(listed)

    def lines(self) -> Iterator[PlanLine]:
        """Yield a line for each unit that is not on the list, wards first."""
        for _unit, line in self.ended:
            yield line

    def _settle(self, each: ListedRow) -> None:
        current = self.standing.get(each.code)
        if current is None:
            if self.standing and self._meaning(each.row) is None:
                return
            self._begin(each)
            return
        each.ward = current
        is_named_alike = (current.kind, current.name) == (each.kind, each.name)
        is_placed_alike = self._is_in_its_district(each, current)
        if is_named_alike and is_placed_alike:
            return
        meaning = self._meaning(each.row)
        if meaning == WHOLE and current.valid_from != self.day:
            self._begin_anew(each, current)
            return
        if not is_placed_alike:
            each.row.notes.append(_("It stays in its district: a known unit moves on its own page, with the reason."))
        if meaning is not None and not is_named_alike:
            values = {"kind": each.kind, "name": each.name}
            differing = {name: value for name, value in values.items() if getattr(current, name) != value}
            each.changes, each.step["change"] = self.known.change(current, differing)

    def _begin(self, each: ListedRow) -> None:
        first = self._first_day()
        row = each.row
        values: dict[str, Any] = {"code": each.code, "kind": each.kind, "name": each.name, "valid_from": first}
        values |= {"valid_to": None, "legal_act": row["legal_act"] or ""}
        values |= {"act_signed_on": row["act_signed_on"], "act_name": row["act_name"] or ""}
        district = self.known.district_for(each, first, None)
        self.known.begin(each, values=values, district=district)

    def _begin_anew(self, each: ListedRow, current: Ward) -> None:
        """The code goes to another unit; the one that had it ends the day before."""
        words, step = self.known.change(current, {"valid_to": self.day - DAY})
        each.row.notes.append(
            _("%(unit)s, which has this code, ends on %(day)s.") % {"unit": current.title, "day": words[0].new}
        )
        each.step["change"] = step
        self._begin(each)

    def _is_in_its_district(self, each: ListedRow, ward: Ward) -> bool:
        code, kind, name = district_of(each.row)
        district = ward.district
        if district is None or not (code or name):
            return district is None and not (code or name)
        is_named = not name or (district.name == name and kind in ("", district.kind))
        return is_named and code in ("", district.code)

    def _first_day(self) -> datetime.date | None:
        """Return the first day of units that begin: not known where nothing was recorded before."""
        return self.day if self.standing and self.answer == WHOLE else None

    @property
    def answer(self) -> str | None:
        return self.answers.get(self._question_key)

    @property
    def _question_key(self) -> str:
        return search_key(f"danh muc {self.day:%d/%m/%Y}")

    def _meaning(self, row: TableRow) -> str | None:
        words = {"day": f"{self.day:%d/%m/%Y}", "before": f"{self.day - DAY:%d/%m/%Y}"}
        options = [
            (
                WHOLE,
                _("the whole list from %(day)s on: what is new began then, what is missing ended on %(before)s")
                % words,
            ),
            (PART, _("some of the units: nothing ends, another name under a known code is a correction")),
        ]
        return row.ask("", options, about=self._question_key, heading=_("The list of %(day)s is") % words)

    # What is missing

    def _end_missing(self, listed: Sequence[ListedRow]) -> None:
        codes = {each.code for each in listed}
        missing = [ward for ward in self.standing.values() if ward.code not in codes]
        for ward in missing:
            self._end(ward)
        if self.answer == WHOLE:
            for district in self._empty_districts(listed):
                self._end(district)

    def _empty_districts(self, listed: Sequence[ListedRow]) -> list[District]:
        """Return the districts in which no unit stands any longer."""
        kept = {ref(each.ward.district) for each in listed if each.ward is not None and each.ward.district}
        standing = [district for district in self.known.districts if district.stands_on(self.day)]
        return [district for district in standing if district.pk not in kept]

    def _end(self, unit: Ward | District) -> None:
        row = TableRow("", 0, {}, cells={}, places={}, answers=self.answers)
        meaning = self._meaning(row)
        if meaning == PART:
            return
        name = unit.title
        if meaning is None:
            self.ended.append((unit, PlanLine.of(row, Deed.REFUSE, name)))
            return
        self._refuse_end(row, unit)
        changes, step = self.known.change(unit, {"valid_to": self.day - DAY})
        row.notes.append(_("It is not on the list."))
        self.ended.append((unit, PlanLine.of(row, Deed.CHANGE, name, changes=changes, step={"change": step})))

    def _refuse_end(self, row: TableRow, unit: Ward | District) -> None:
        """Refuse the end of a unit that began on the day of the list, and of a district that units outlive."""
        if unit.valid_from == self.day:
            message = _(
                "a row for %(unit)s, or other days on its page: it began on %(day)s itself and cannot end on the day "
                "before"
            )
            row.refuse("", message % {"unit": unit.title, "day": f"{self.day:%d/%m/%Y}"})
        if isinstance(unit, District):
            own = [ward for ward in self.known.wards if ward.district_id == unit.pk]
            outliving = next((ward for ward in own if ward.valid_to is None or ward.valid_to >= self.day), None)
            if outliving is not None:
                message = _(
                    "%(ward)s still stands after this day: give the wards of the district their last day first."
                )
                row.refuse("", message % {"ward": outliving.title})
