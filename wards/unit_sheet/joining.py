"""Former units that rows name: found, joined to their heir, and held against all other lines."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Hashable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.model_fields import own_field
from archiveportal.sheets.rows import CellChange
from archiveportal.vietnamese import number
from wards.lines import faults_of_days, reached
from wards.models import Province, Succession, Ward
from wards.names import matching_key
from wards.unit_sheet.known import DAY, KnownUnits, ref
from wards.unit_sheet.listed import ListedRow

#: units that an error or a question names
MOST_NAMED = 6
#: characters of a former unit that is named in words, with its province
LONGEST: int = own_field(Succession, "predecessor_name").max_length or 0


class Joining:
    """Joins the rows of a file to their former units, one after the other."""

    def __init__(self, known: KnownUnits) -> None:
        self.known = known
        self.heirs: dict[Hashable, set[Hashable]] = defaultdict(set)
        self.stored: dict[tuple[Any, Any], str] = {}
        #: {(former unit, day): [(extent, row)]}; stored ones have no row
        self.taken: dict[tuple[Any, datetime.date], list[tuple[str, ListedRow | None]]] = defaultdict(list)
        self.formers: dict[Any, Ward] = {}
        rows = Succession.objects.values_list(
            "predecessor", "predecessor_name", "successor", "extent", "took_effect_on"
        )
        for row in rows:
            self._note_stored(row)

    @cached_property
    def by_name(self) -> dict[str, list[Ward]]:
        """Units by their names, for files that name former units without codes."""
        found: dict[str, list[Ward]] = defaultdict(list)
        for ward in chain.from_iterable(self.known.by_code.values()):
            found[matching_key(ward.title)].append(ward)
        return found

    def _note_stored(self, row: Any) -> None:
        former, name, heir, extent, day = row
        self.stored[former or name, heir] = extent
        if former and heir:
            self.heirs[former].add(heir)
            self.taken[former, day].append((extent, None))

    def join(self, listed: Sequence[ListedRow]) -> None:
        """Add to each row that names a former unit the step that joins the two."""
        for each in listed:
            if each.names_former and each.unit is not None and not each.row.is_refused:
                self._join(each, each.unit)
        for (former, _day), taken in self.taken.items():
            self._refuse_rest(former, taken)

    def _join(self, each: ListedRow, heir: Ward) -> None:
        day = heir.valid_from
        if day is None:
            each.row.refuse("valid_from", _("the first day: a unit that took over others began on a day"))
            return
        former = self._former(each, day)
        if each.row.is_refused:
            return
        extent = each.row["extent"] or ""
        succession = Succession(
            predecessor=former,
            successor=heir,
            successor_code=heir.code,
            successor_name=heir.title,
            extent=extent,
            took_effect_on=day,
            legal_act=each.row["legal_act"] or heir.legal_act,
            has_gap=bool(each.row["gap"]),
        )
        if former is None:
            self._name_elsewhere(each, succession)
        elif self._is_sound(each, succession):
            self._add(each, succession, shown=f"{former.title} ({former.code})")

    # Which unit is meant

    def _former(self, each: ListedRow, day: datetime.date) -> Ward | None:
        """Return the unit of the City that a row names; None for one of another province."""
        code, name = each.row["former_code"], each.row["former"]
        if each.row["former_province"] and not code:
            return None
        found = self.known.by_code.get(code, []) if code else self.by_name[matching_key(name or "")]
        fitting = [ward for ward in found if _ended_or_stands(ward, day, has_gap=bool(each.row["gap"]))]
        if len(fitting) == 1:
            self._refuse_other_name(each, fitting[0])
            return fitting[0]
        if fitting and not code:
            options = [(str(ref(ward)), f"{ward.full_title} ({ward.code})") for ward in fitting[:MOST_NAMED]]
            answer = each.row.ask("former", options, about=f"{day:%d/%m/%Y}")
            return next((ward for ward in fitting if str(ref(ward)) == answer), None)
        if fitting:
            # Of several units with the code before a gap, the last one is meant.
            return max(fitting, key=lambda ward: ward.valid_to or datetime.date.max)
        self._refuse_dangling(each, found, day)
        return None

    def _refuse_other_name(self, each: ListedRow, former: Ward) -> None:
        name = each.row["former"]
        if name and matching_key(name) not in (matching_key(former.title), matching_key(former.name)):
            message = _("code and name of the same unit: %(code)s is %(unit)s")
            each.row.refuse("former", message % {"code": former.code, "unit": former.title})

    def _refuse_dangling(self, each: ListedRow, found: list[Ward], day: datetime.date) -> None:
        key = "former_code" if each.row["former_code"] else "former"
        units = "; ".join(f"{ward.title} ({ward.period or _('no days are known')})" for ward in found[:MOST_NAMED])
        words = {"day": f"{day - DAY:%d/%m/%Y}", "units": units}
        if any(ward.valid_to and ward.valid_to < day - DAY for ward in found):
            message = _(
                "a unit in force on %(day)s, the day before the heir begins; correct the days, or write “Có” in "
                "column “Có khoảng trống” if there was no unit in between. Of this code or name: %(units)s"
            )
        elif found:
            message = _("a unit in force on %(day)s, the day before the heir begins. Of this code or name: %(units)s")
        else:
            message = _(
                "a unit in force on %(day)s. None is known: add a row for it, or name it with its former province"
            )
        each.row.refuse(key, message % words)

    # Whether it can be right

    def _is_sound(self, each: ListedRow, succession: Succession) -> bool:
        former, heir = succession.predecessor, succession.successor
        if not succession.extent:
            each.row.refuse("extent", _("“Toàn bộ” or “Một phần”"))
            return False
        if former is heir:
            each.row.refuse("former_code", _("another unit: a unit does not take over itself"))
            return False
        for fault in faults_of_days(succession):
            each.row.refuse("former_code", fault)
        if ref(former) in reached(ref(heir), self.heirs):
            message = _("no circle: %(former)s took over %(heir)s itself, by another row or on its page")
            each.row.refuse("former_code", message % {"former": former, "heir": heir})
        return not each.row.is_refused

    def _refuse_rest(self, former: Any, taken: list[tuple[str, ListedRow | None]]) -> None:
        """Refuse a unit that went whole and to another one as well, or ended with one part alone."""
        rows = [row for _extent, row in taken if row is not None]
        if not rows:
            return
        is_whole = any(extent == Succession.Extent.WHOLE for extent, _row in taken)
        unit = self.formers[former]
        if is_whole and len(taken) > 1:
            message = _(
                "“Một phần” in each row, or one row alone: %(unit)s goes whole to one unit and to another as well"
            )
        elif not is_whole and len(taken) == 1 and unit.valid_to is not None and unit.valid_to < self._day_of(rows[0]):
            message = _(
                "“Toàn bộ”, or a row for who took the rest: %(unit)s ended, and one part of it alone has an heir"
            )
        else:
            return
        for row in rows:
            row.row.refuse("extent", message % {"unit": unit.title})

    @staticmethod
    def _day_of(each: ListedRow) -> datetime.date:
        unit = each.unit
        return (unit.valid_from if unit is not None else None) or datetime.date.min

    # What becomes of the row

    def _add(self, each: ListedRow, succession: Succession, *, shown: str) -> None:
        former, heir = succession.predecessor, succession.successor
        pair = (ref(former), ref(heir))
        if pair in self.stored:
            if self.stored[pair] != succession.extent:
                each.row.refuse("extent", _("the recorded extent: take the row back on the page of the heir first"))
            return
        self.stored[pair] = succession.extent
        self.heirs[pair[0]].add(pair[1])
        if former is not None:
            self.taken[pair[0], succession.took_effect_on].append((succession.extent, each))
            self.formers[pair[0]] = former
        self._write(each, succession, shown=f"{shown}, {succession.get_extent_display()}")

    def _name_elsewhere(self, each: ListedRow, succession: Succession) -> None:
        """A unit of another province is named in words, and its province too where it is not recorded."""
        name, text = each.row["former"], each.row["former_province"]
        if not name:
            each.row.refuse("former", _("the unit of the other province, as the act names it"))
            return
        province = self._province(text)
        place = "" if province else f" ({text})"
        if len(name) + len(place) > LONGEST:
            each.row.refuse("former", _("at most %(limit)s characters") % {"limit": number(LONGEST - len(place))})
            return
        name += place
        succession.predecessor_name, succession.predecessor_province = name, province
        pair = (name, ref(succession.successor))
        if pair not in self.stored:
            self.stored[pair] = succession.extent
            self._write(each, succession, shown=f"{name} ({province.title})" if province else name)

    def _province(self, text: str) -> Province | None:
        key = matching_key(text)
        for province in self.known.provinces:
            if text == province.code or key in (matching_key(province.name), matching_key(province.title)):
                return province
        return None

    @staticmethod
    def _write(each: ListedRow, succession: Succession, *, shown: str) -> None:
        province = succession.predecessor_province
        each.step["join"] = {
            "predecessor": ref(succession.predecessor),
            "predecessor_name": succession.predecessor_name,
            "predecessor_province": province.pk if province else None,
            "successor": ref(succession.successor),
            "extent": succession.extent,
            "took_effect_on": succession.took_effect_on.isoformat(),
            "legal_act": succession.legal_act,
            "has_gap": succession.has_gap,
        }
        each.changes.append(CellChange(_("former unit"), "", shown))


def _ended_or_stands(ward: Ward, day: datetime.date, *, has_gap: bool) -> bool:
    """Tell whether a unit stood on the day before its heir, or ended earlier where a gap is marked."""
    if ward.stands_on(day - DAY):
        return True
    return has_gap and ward.valid_to is not None and ward.valid_to < day
