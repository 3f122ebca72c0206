"""The City's districts and wards of 2019, 01/01/2021, 01/01/2025 and 01/7/2025, with their lines.

A row of the lists is added once. A unit that people entered before (same code, overlapping period)
is adopted: its row stays as they typed it, and what differs from the list is named. What people
change later is never overwritten. Each row that is added or adopted has one event.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from archiveportal.baseline import rows
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import event, record_all
from wards.baseline.pilots import DATA
from wards.models import HOME, District, Province, Succession, Unit, Ward

CITY = DATA / "city"
#: what a list says of a unit
LISTED = ("code", "kind", "name", "valid_from", "valid_to", "legal_act")
DAY = datetime.timedelta(days=1)
#: the day on which former Bình Dương and Bà Rịa - Vũng Tàu became part of the City
GREW_ON = datetime.date(2025, 7, 1)


@dataclass
class CityLoad:
    """One run over the lists. `notes` name adopted units that differ, and rows that found no place."""

    notes: list[str] = field(default_factory=list)
    #: {row of the lists: unit}
    units: dict[str, Any] = field(default_factory=dict)
    #: rows of the lists that this run added or adopted
    new: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)

    def run(self) -> None:
        acts = {row["act"]: row for row in rows(CITY / "acts.csv")}
        provinces = self._load(Province, "provinces.csv", acts)
        districts = self._load(District, "districts.csv", acts, provinces=provinces)
        self._load(Ward, "wards.csv", acts, provinces=provinces, districts=districts)
        self._join_recorded()
        self._add_successions(acts)
        record_all(self.events)

    # Units

    def _load(self, model: type[Unit], name: str, acts: dict[str, dict[str, str]], **above: Any) -> dict[str, Any]:
        """Add and adopt the units of one file; return them by their row of the list."""
        stored = list(model._default_manager.all())
        known = {unit.listed_as: unit for unit in stored if unit.listed_as}
        waiting: dict[str, list[Any]] = defaultdict(list)
        for unit in stored:
            waiting[_reported(unit, "code")].append(unit)
        lists: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in rows(CITY / name):
            lists[line["code"]].append(_values(line, acts) | {"line": line})
        made = []
        for values in chain.from_iterable(lists.values()):
            line = values.pop("line")
            key = listed_as(values["code"], values["valid_from"])
            if key in known:
                continue
            values |= _places(values, line, above)
            rivals = [unit for unit in waiting[values["code"]] if _overlap(unit, values)]
            adopted = _to_adopt(rivals, values, lists[values["code"]])
            if adopted is not None:
                self._adopt(adopted, key, values)
                known[key] = adopted
            elif rivals:
                self.notes.append(f"{key}: {rivals[0].title} ({rivals[0].period}) has this code; not added.")
            else:
                known[key] = model(**values, listed_as=key)
                made.append(known[key])
        for unit in made:
            unit.set_keys()
        model._default_manager.bulk_create(made)
        self.events += [event(about=unit, by=None, via=Via.COMMAND, action=Action.CREATED) for unit in made]
        self.new |= {unit.listed_as for unit in made}
        if model is Ward:
            self.units = known
        return known

    def _adopt(self, unit: Any, key: str, values: dict[str, Any]) -> None:
        """Mark a unit as the one of the list, and fill in the level above, which nobody could type."""
        changes: dict[str, tuple[Any, Any]] = {"listed_as": ("", key)}
        unit.listed_as = key
        province = values.get("province")
        if province is not None and unit.province_id is None:
            unit.province = province
            changes["province"] = (None, province)
        unit.save(update_fields=[*changes])
        self.events.append(event(about=unit, by=None, via=Via.COMMAND, changes=changes))
        self.new.add(key)
        different = [
            f"{name} {_shown(getattr(unit, name))!r}, in the list {_shown(values[name])!r}"
            for name in LISTED
            if getattr(unit, name) != values[name]
        ]
        if different and not getattr(unit, "is_baseline", False):
            self.notes.append(f"{key}: {unit.title} was entered before and stays: {'; '.join(different)}.")

    # Lines

    def _join_recorded(self) -> None:
        """Give successions that name their heir in words its row, and the right former row.

        The reports' pilot wards name each heir of theirs, also of a later unit: the line leads
        over the units between, which have rows now.
        """
        open_rows = Succession.objects.filter(successor=None).select_related("predecessor")
        for succession in open_rows:
            heir = self.units.get(listed_as(succession.successor_code, succession.took_effect_on))
            if heir is None or heir.listed_as not in self.new:
                continue
            changes: dict[str, tuple[Any, Any]] = {"successor": (None, heir)}
            between = self._between(succession)
            if between is not None:
                changes["predecessor"] = (succession.predecessor, between)
                succession.predecessor = between
            succession.successor = heir
            succession.save(update_fields=[*changes])
            self.events.append(event(about=succession, by=None, via=Via.COMMAND, changes=changes))

    def _between(self, succession: Succession) -> Any:
        """Return the unit of the same line that stood the day before, where the former one had ended."""
        former, last = succession.predecessor, succession.took_effect_on - DAY
        if former is None or former.valid_to is None or former.valid_to == last:
            return None
        for line in self._lines():
            unit = self.units.get(line["predecessor"])
            heir = self.units.get(line["heir"])
            if unit is not None and heir is not None and unit.pk == former.pk and heir.stands_on(last):
                return heir
        return None

    @staticmethod
    def _lines() -> Iterator[dict[str, str]]:
        return rows(CITY / "successions.csv")

    def _add_successions(self, acts: dict[str, dict[str, str]]) -> None:
        """Add the rows of heirs that are new in this run: what people took back does not return."""
        pairs = set(Succession.objects.values_list("predecessor", "successor"))
        made = []
        for line in self._lines():
            former, heir = self.units.get(line["predecessor"]), self.units.get(line["heir"])
            if heir is None or heir.listed_as not in self.new:
                continue
            if former is None:
                self.notes.append(f"{line['heir']}: {line['predecessor']} is not recorded; not joined.")
            elif (former.pk, heir.pk) not in pairs:
                made.append(_succession(line, heir, acts, predecessor=former))
        provinces = {each.code: each for each in Province.objects.filter(valid_to=GREW_ON - DAY)}
        for line in rows(CITY / "predecessors_elsewhere.csv"):
            heir = self.units.get(line["heir"])
            if heir is not None and heir.listed_as in self.new:
                province = provinces.get(line["province"])
                former = {"predecessor_name": line["predecessors"], "predecessor_province": province}
                made.append(_succession(line, heir, acts, **former))
        Succession.objects.bulk_create(made)
        self.events += [event(about=each, by=None, via=Via.COMMAND, action=Action.CREATED) for each in made]


def listed_as(code: str, first_day: datetime.date | None) -> str:
    """Return the key of a row of the lists: "27373/2025-01-01", "27373/" for the unknown first day."""
    return f"{code}/{first_day.isoformat() if first_day else ''}"


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _values(line: dict[str, str], acts: dict[str, dict[str, str]]) -> dict[str, Any]:
    values: dict[str, Any] = {name: line[name] for name in ("code", "kind", "name")}
    values |= {name: _day(line[name]) for name in ("valid_from", "valid_to")}
    act = acts.get(line["act"])
    values["legal_act"] = act["title"] if act else ""
    values["act_signed_on"] = _day(act["signed_on"]) if act else None
    values["act_name"] = act["name"] if act else ""
    if line.get("ward_count"):
        values["ward_count"] = int(line["ward_count"])
    return values


def _places(values: dict[str, Any], line: dict[str, str], above: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return province and district of a unit: the rows with their codes that stood on its last day."""
    places: dict[str, Any] = {}
    last = values["valid_to"] or datetime.date.max
    if "provinces" in above:
        places["province"] = _standing(above["provinces"], HOME, last)
    if line.get("district"):
        places["district"] = _standing(above["districts"], line["district"], last)
    return places


def _standing(listed: dict[str, Any], code: str, day: datetime.date) -> Any:
    found = (unit for key, unit in listed.items() if key.startswith(f"{code}/") and unit.stands_on(day))
    return next(found, None)


def _reported(unit: Any, name: str) -> Any:
    """Return what the report or the list gave: a row whose code people corrected is the same unit."""
    return unit.reported(name) if hasattr(unit, "reported") else getattr(unit, name)


def _overlap(unit: Any, values: dict[str, Any]) -> bool:
    first, last = _reported(unit, "valid_from"), _reported(unit, "valid_to")
    begins_before = first is None or values["valid_to"] is None or first <= values["valid_to"]
    ends_after = last is None or values["valid_from"] is None or values["valid_from"] <= last
    return begins_before and ends_after


def _to_adopt(rivals: list[Any], values: dict[str, Any], of_code: list[dict[str, Any]]) -> Any:
    """Return the one unit that people entered for this row of the list, if there is one.

    A unit that overlaps several rows with its code belongs to the one with its name or first day.
    """
    if len(rivals) != 1 or rivals[0].listed_as:
        return None
    unit = rivals[0]
    likeness = [_likeness(unit, each) for each in of_code if _overlap(unit, each)]
    own = _likeness(unit, values)
    return unit if own == max(likeness) and likeness.count(own) == 1 else None


def _likeness(unit: Any, values: dict[str, Any]) -> tuple[bool, bool]:
    return _reported(unit, "name") == values["name"], _reported(unit, "valid_from") == values["valid_from"]


def _succession(line: dict[str, str], heir: Ward, acts: dict[str, dict[str, str]], **former: Any) -> Succession:
    return Succession(
        successor=heir,
        successor_code=heir.code,
        successor_name=heir.title,
        extent=line.get("extent", ""),
        took_effect_on=_day(line["heir"].partition("/")[2]),
        legal_act=acts[line["act"]]["title"],
        **former,
    )


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
