"""The units there are and those of the file, as they would stand once the file is taken in."""

from __future__ import annotations

import copy
import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.history.services import digest
from archiveportal.model_fields import own_field
from archiveportal.sheets.rows import CellChange
from wards.models import HOME, District, Province, Unit, Ward
from wards.services import DISTRICT_FIELDS, WARD_FIELDS
from wards.unit_sheet.listed import ListedRow, district_of, unit_key

DAY = datetime.timedelta(days=1)
#: what the sheet sets of a unit beside its place
SET = ("code", "kind", "name", "valid_from", "valid_to", "legal_act", "act_signed_on", "act_name")


class KnownUnits:
    """All units by code. Stored ones are changed here in memory, as the file would change them."""

    def __init__(self) -> None:
        self.provinces = list(Province.objects.all())
        self.districts = list(District.objects.all())
        self.wards = list(Ward.objects.select_related("district"))
        self.by_code: dict[str, list[Ward]] = defaultdict(list)
        for ward in self.wards:
            self.by_code[ward.code].append(ward)
        #: districts that the file begins, and its rows with wards of them
        self.begun: dict[str, District] = {}
        self.rows_of_begun: dict[str, list[ListedRow]] = defaultdict(list)
        self.labels = {name: str(own_field(Ward, name).verbose_name) for name in (*SET, "district")}

    # Stored units

    def change(self, unit: Unit, values: dict[str, Any]) -> tuple[list[CellChange], dict[str, Any]]:
        """Set values of a stored unit in memory; return what that changes in words, and the step."""
        names = WARD_FIELDS if isinstance(unit, Ward) else DISTRICT_FIELDS
        before = copy.copy(unit)
        step = {
            "model": unit._meta.model_name,
            "pk": unit.pk,
            "values": as_json(values),
            "made_on": digest(unit, names),
        }
        for name, value in values.items():
            setattr(unit, name, value)
        changes = [CellChange(self.labels[name], shown(before, name), shown(unit, name)) for name in values]
        return changes, step

    # Districts and the province

    def province_for(self, ward: Ward) -> Province | None:
        """Return the City as it was on the last day of a unit."""
        last = ward.valid_to or datetime.date.max
        return next((each for each in self.provinces if each.code == HOME and each.stands_on(last)), None)

    def district_for(self, each: ListedRow, first: datetime.date | None, last: datetime.date | None) -> District | None:
        """Return the district that a row names, as it is over a period; it begins where none is known."""
        code, kind, name = district_of(each.row)
        if not code and not name:
            return None
        stored = [district for district in self.districts if _is_meant(district, code, name)]
        fitting = [district for district in stored if (not kind or not name or _title(district) == (kind, name))]
        for district in fitting:
            if district.stands_on(last or datetime.date.max) and district.stands_on(first or last or datetime.date.max):
                return district
        if code and kind and name:
            return self._begin_district(each, code=code, kind=kind, name=name)
        periods = "; ".join(f"{district.title} ({district.period})" for district in stored)
        message = _("a district that stands as long as the unit, or code, kind and name of a new one; known: %(known)s")
        each.row.refuse("district" if name else "district_code", message % {"known": periods or "—"})
        return None

    def _begin_district(self, each: ListedRow, *, code: str, kind: str, name: str) -> District:
        key = f"{code}/{kind}/{name}"
        if key not in self.begun:
            self.begun[key] = District(code=code, kind=kind, name=name)
        self.rows_of_begun[key].append(each)
        return self.begun[key]

    def settle_begun_districts(self, *, first_day: datetime.date | None = None) -> None:
        """Give each new district its period, that of its units, and the row that begins it."""
        for key, district in self.begun.items():
            rows = self.rows_of_begun[key]
            wards = [each.unit for each in rows if each.unit is not None]
            firsts, lasts = [ward.valid_from for ward in wards], [ward.valid_to for ward in wards]
            district.valid_from = first_day or _least(firsts)
            district.valid_to = None if None in lasts or not lasts else max(filter(None, lasts))
            province = next((each for each in self.provinces if each.code == HOME), None)
            values = as_json(
                {name: getattr(district, name) for name in ("code", "kind", "name", "valid_from", "valid_to")}
            )
            first = rows[0]
            first.step["district"] = values | {"province": province.pk if province else None}
            first.changes.append(CellChange(_("new district"), "", f"{district.title} {district.period}".strip()))
            self._refuse_shared_code(first, district)
            self.districts.append(district)

    def name_districts(self, listed: Sequence[ListedRow]) -> None:
        """Name in each step the district of its unit; a new one has its days, and so its name, only now."""
        for each in listed:
            if "begin" in each.step and each.ward is not None:
                each.step["begin"]["district"] = ref(each.ward.district)

    def _refuse_shared_code(self, each: ListedRow, district: District) -> None:
        for other in self.districts:
            if other.code == district.code and overlap(other, district):
                message = _("another code, or the last day of %(unit)s first: it has this code (%(period)s)")
                words = {"unit": other.title, "period": other.period or _("no days are known")}
                each.row.refuse("district_code", message % words)
                return

    # Wards

    def begin(self, each: ListedRow, *, values: dict[str, Any], district: District | None) -> Ward:
        """Let a unit begin in memory, with the words and the step of its row."""
        ward = Ward(**values, district=district)
        ward.province = self.province_for(ward)
        self.by_code[ward.code].append(ward)
        each.ward, each.begins = ward, True
        each.step["begin"] = as_json(values) | {"province": ref(ward.province)}
        shown_names = [name for name in SET if name not in ("code", "kind", "name") and values.get(name)]
        each.changes += [CellChange(self.labels[name], "", shown(ward, name)) for name in shown_names]
        if district is not None:
            each.changes.append(CellChange(self.labels["district"], "", district.title))
        return ward

    def refuse_overlaps(self, listed: Sequence[ListedRow]) -> None:
        """Refuse rows whose unit has its code at the same time as another unit."""
        places = {id(each.ward): each.place for each in listed if each.ward is not None}
        for each in listed:
            ward = each.ward
            if ward is None or not each.step:
                continue
            for other in self.by_code[ward.code]:
                if other is not ward and overlap(other, ward):
                    each.row.refuse("code", _expected_of_overlap(other, places.get(id(other), "")))
                    break


def _expected_of_overlap(other: Ward, place: str) -> str:
    words = {"unit": other.title, "period": other.period or _("no days are known"), "row": place}
    if place:
        message = _(
            "one unit with this code at a time: %(unit)s (%(period)s) of row %(row)s has it too. Correct the days."
        )
    else:
        message = _(
            "one unit with this code at a time: %(unit)s (%(period)s) has it. Give that unit its last day, here or on "
            "its page."
        )
    return message % words


def overlap(one: Unit, other: Unit) -> bool:
    """Tell whether two units stand on some day together."""
    begins_before = not one.valid_from or not other.valid_to or one.valid_from <= other.valid_to
    return begins_before and (not one.valid_to or not other.valid_from or other.valid_from <= one.valid_to)


def ref(unit: Unit | None) -> Any:
    """Return how a step names a unit: by its key, or by code and first day where it is not stored yet."""
    if unit is None or unit.pk:
        return unit.pk if unit is not None else None
    return unit_key(unit.code, unit.valid_from)


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in values.items()}


def shown(unit: Any, name: str) -> str:
    value = getattr(unit, name)
    if name == "kind":
        return str(unit.get_kind_display())
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return str(value or "")


def _is_meant(district: District, code: str, name: str) -> bool:
    return district.code == code if code else district.name == name


def _title(district: District) -> tuple[str, str]:
    return district.kind, district.name


def _least(days: list[datetime.date | None]) -> datetime.date | None:
    return None if None in days or not days else min(filter(None, days))
