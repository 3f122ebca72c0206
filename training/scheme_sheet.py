"""The sheet of training schemes: one row for a category of a scheme, or for a category and a year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.history.models import Via
from archiveportal.history.services import digest
from archiveportal.refusal import Refused
from archiveportal.scope import Right
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import CellChange, Deed, FirstPlaces, PlanLine, TableRow
from archiveportal.vietnamese import document_date, number, search_key
from training.models import MOST, Category, Scheme, YearTarget
from training.scheme_columns import COLUMNS, KINDS, RULES, UNITS
from training.services.categories import CATEGORY_FIELDS, add_category, edit_category
from training.services.schemes import CODE, RESERVED, create_scheme
from training.services.year_targets import TargetDecision, decide_targets, targets_in_force

#: what a row says of a scheme that is new
OF_SCHEME = ("name", "legal_basis", "starts_year", "ends_year")
#: columns of a category by its field
OF_CATEGORY = {"kind": "kind", "unit": "unit", "summary_rule": "rule"}


class SchemeSheet(SheetKind):
    """Schemes, categories and targets of years are made by the services of the pages."""

    code = "schemes"
    slug = "de-an-dao-tao"
    title = gettext_lazy("Training schemes from a sheet")
    about = gettext_lazy(
        "One row a category and year. Schemes and categories that are not there yet begin, in the order of the sheet; "
        "a target that differs is set by the decision of its row. A blank cell changes nothing."
    )
    right = Right.CAN_APPROVE
    columns = COLUMNS

    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        return map(_KnownSchemes().line, rows)

    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        schemes = {scheme.code: scheme for scheme in Scheme.objects.all()}
        made: set[str] = set()
        for line in lines:
            code = line.step["scheme"]
            made.add(code)
            if code not in schemes:
                new = Scheme(code=code, **line.step["new_scheme"])
                schemes[code] = create_scheme(scheme=new, by=order.by, via=Via.IMPORT)
            _write_category(schemes[code], line.step, order)
        for code in sorted(made):
            steps = [line.step for line in lines if line.step["scheme"] == code]
            _write_targets(schemes[code], steps, order)
            _write_stops(schemes[code], steps, order)
        return {"schemes": sorted(made)}

    def result_address(self, batch: int) -> str:
        return reverse("training:schemes")


def _write_category(scheme: Scheme, step: dict[str, Any], order: Order) -> None:
    if "new_category" in step:
        add_category(category=Category(scheme=scheme, **step["new_category"]), by=order.by, via=Via.IMPORT)
    elif "changed_category" in step:
        category = Category.objects.select_related("scheme").get(pk=step["category"])
        for name, value in step["changed_category"].items():
            setattr(category, name, value)
        edit_category(category=category, made_on=step["made_on"], by=order.by, via=Via.IMPORT)


def _write_targets(scheme: Scheme, steps: list[dict[str, Any]], order: Order) -> None:
    """Set the targets of a scheme, one decision after the other."""
    categories = {search_key(category.name): category.pk for category in scheme.categories.all()}
    by_decision: dict[tuple[str, str], dict[tuple[int, int], int | None]] = {}
    now = targets_in_force(scheme)
    for step in steps:
        if "target" not in step:
            continue
        key = (categories[step["key"]], step["year"])
        if (now[key].target if key in now else None) != step["was"]:
            raise Refused(_("A target was set since the sheet was checked. Look at the new preview."))
        by_decision.setdefault((step["decision"], step["decided_on"]), {})[key] = step["target"]
    for (words, day), targets in by_decision.items():
        decision = TargetDecision(words, datetime.date.fromisoformat(day) if day else None)
        decide_targets(scheme=scheme, decision=decision, targets=targets, by=order.by, via=Via.IMPORT)


def _write_stops(scheme: Scheme, steps: list[dict[str, Any]], order: Order) -> None:
    """Stop categories, after the targets of later years were set to 0."""
    categories = {search_key(category.name): category for category in scheme.categories.select_related("scheme")}
    for step in steps:
        if "stop" not in step:
            continue
        category, stop = categories[step["key"]], step["stop"]
        if _as_text(category.stopped_on) != stop["was"]:
            raise Refused(_("A category was stopped since the sheet was checked. Look at the new preview."))
        made_on = digest(category, CATEGORY_FIELDS)
        category.stopped_on, category.stop_reason = datetime.date.fromisoformat(stop["on"]), stop["reason"]
        edit_category(category=category, made_on=made_on, by=order.by, via=Via.IMPORT)


@dataclass
class _KnownScheme:
    """A scheme that is there, or begins with a row above: its years, categories and targets."""

    years: range
    is_printed: bool = False
    categories: dict[str, Category] = field(default_factory=dict)
    targets: dict[tuple[str, int], YearTarget] = field(default_factory=dict)
    #: where each category and year stands in the file
    places: FirstPlaces = field(default_factory=FirstPlaces)
    #: categories whose fields a row above changes or begins
    written: set[str] = field(default_factory=set)
    #: targets that rows above set, and the last days of categories that they stop
    planned: dict[tuple[str, int], int] = field(default_factory=dict)
    stops: dict[str, datetime.date] = field(default_factory=dict)

    def target_after(self, key: str, day: datetime.date) -> tuple[int, int] | None:
        """Return the first later year with a target above 0, and the target."""
        stored = {year: row.target or 0 for (about, year), row in self.targets.items() if about == key}
        later = stored | {year: target for (about, year), target in self.planned.items() if about == key}
        return next(((year, later[year]) for year in sorted(later) if year > day.year and later[year]), None)


class _KnownSchemes:
    """The schemes there are, read once, and what the rows above begin."""

    def __init__(self) -> None:
        self.schemes: dict[str, _KnownScheme] = {}
        keys: dict[int, tuple[_KnownScheme, str]] = {}
        for scheme in Scheme.objects.all():
            known = _KnownScheme(range(scheme.starts_year, scheme.ends_year + 1), scheme.is_baseline)
            self.schemes[scheme.code] = known
        for category in Category.objects.select_related("scheme"):
            known, key = self.schemes[category.scheme.code], search_key(category.name)
            known.categories[key] = category
            keys[category.pk] = (known, key)
        for target in YearTarget.objects.in_force():
            known, key = keys[target.category_id]
            known.targets[key, target.year] = target

    def line(self, row: TableRow) -> PlanLine:
        name = f"{row['scheme'] or row.text('scheme')}: {row['category'] or row.text('category')}"
        if row.is_refused:
            return PlanLine.of(row, Deed.REFUSE, name)
        step: dict[str, Any] = {"scheme": row["scheme"]}
        changes: list[CellChange] = []
        known = self._scheme(row, step, changes)
        if known is None or row.is_refused:
            return PlanLine.of(row, Deed.REFUSE, name)
        key = search_key(row["category"])
        begins = self._category(row, key, known=known, step=step, changes=changes)
        self._target(row, key, known=known, step=step, changes=changes)
        _stop(row, key, known=known, step=step, changes=changes)
        if row["year"] is not None:
            name = f"{name}, {row['year']}"
        if not changes:
            return PlanLine.of(row, Deed.STAY, name)
        deed = Deed.BEGIN if begins else Deed.CHANGE
        return PlanLine.of(row, deed, name, changes=changes, step=step)

    def _scheme(self, row: TableRow, step: dict[str, Any], changes: list[CellChange]) -> _KnownScheme | None:
        """Return the scheme of a row, which may begin with it; None where it is refused."""
        known = self.schemes.get(row["scheme"])
        if known and known.is_printed:
            row.refuse("scheme", _("another scheme: a report printed the figures of this one, so it stays as it is"))
            return None
        if known:
            return known
        if not CODE.fullmatch(row["scheme"]) or row["scheme"] in RESERVED:
            row.refuse("scheme", _("small letters without diacritics, digits and hyphens only, for example 12-2026"))
            return None
        values = self._values_of_scheme(row)
        if row.is_refused:
            return None
        known = _KnownScheme(range(values["starts_year"], values["ends_year"] + 1))
        self.schemes[row["scheme"]] = known
        step["new_scheme"] = values
        years = f"{values['starts_year']} - {values['ends_year']}"
        changes.append(CellChange(_("scheme"), "", f"{values['name']} ({years})"))
        return known

    def _values_of_scheme(self, row: TableRow) -> dict[str, Any]:
        for name in OF_SCHEME:
            if row[name] in (None, ""):
                row.refuse(name, _("a value: the scheme %(code)s is not there yet") % {"code": row["scheme"]})
        if row.is_refused:
            return {}
        years = {name: _whole(row, name, least=1990, most=2099) for name in ("starts_year", "ends_year")}
        if not row.is_refused and years["ends_year"] < years["starts_year"]:
            row.refuse("ends_year", _("a year that does not come before the first one"))
        return {"name": row["name"], "legal_basis": row["legal_basis"], **years}

    def _category(
        self,
        row: TableRow,
        key: str,
        *,
        known: _KnownScheme,
        step: dict[str, Any],
        changes: list[CellChange],
    ) -> bool:
        """Plan the category of a row; tell whether it begins."""
        step["key"] = key
        category = known.categories.get(key)
        given = {name: _field(row[column]) for name, column in OF_CATEGORY.items() if row[column] is not None}
        if category is None:
            return self._new_category(row, given, known=known, step=step, changes=changes)
        differing = {name: value for name, value in given.items() if getattr(category, name) != value}
        if not differing:
            return False
        if key in known.written:
            row.refuse("category", _("the same kind, unit and rule as in the row above about this category"))
            return False
        known.written.add(key)
        step |= {
            "category": category.pk,
            "changed_category": differing,
            "made_on": digest(category, CATEGORY_FIELDS),
        }
        for name, value in differing.items():
            changes.append(CellChange(_LABELS[name](), _word(name, getattr(category, name)), _word(name, value)))
        return False

    def _new_category(
        self,
        row: TableRow,
        given: dict[str, Any],
        *,
        known: _KnownScheme,
        step: dict[str, Any],
        changes: list[CellChange],
    ) -> bool:
        for name in ("kind", "unit"):
            if name not in given:
                row.refuse(OF_CATEGORY[name], _("a value: this category is not there yet"))
        if row.is_refused:
            return False
        values = {"name": row["category"], **given}
        known.categories[step["key"]] = Category(**values)
        known.written.add(step["key"])
        step["new_category"] = values
        changes.append(CellChange(_("category"), "", row["category"]))
        changes += [CellChange(_LABELS[name](), "", _word(name, value)) for name, value in given.items()]
        return True

    def _target(
        self,
        row: TableRow,
        key: str,
        *,
        known: _KnownScheme,
        step: dict[str, Any],
        changes: list[CellChange],
    ) -> None:
        year = _whole(row, "year", least=1990, most=2099) if row["year"] is not None else None
        self._refuse_twice(row, (key, year), known)
        if row["target"] is None:
            return
        target = _whole(row, "target", least=0, most=MOST)
        if year is None:
            row.refuse("year", _("the year of the target"))
        elif year not in known.years:
            expected = _("a year of the scheme: %(first)s to %(last)s")
            row.refuse("year", expected % {"first": known.years[0], "last": known.years[-1]})
        if row.is_refused or year is None:
            return
        holding = known.targets.get((key, year))
        was = holding.target if holding else None
        known.planned[key, year] = target
        if target and key in known.stops and year > known.stops[key].year:
            row.refuse("target", _("0: a row above stops the category before this year"))
        if was == target:
            return
        if not row["decision"]:
            row.refuse("decision", _("the decision that sets the target"))
        day = row["decided_on"]
        step |= {"year": year, "target": target, "was": was, "decision": row["decision"]}
        step["decided_on"] = day.isoformat() if day else ""
        label = _("target of %(year)s") % {"year": year}
        changes.append(CellChange(label, number(was) if was is not None else "", number(target)))

    def _refuse_twice(self, row: TableRow, about: tuple[str, int | None], known: _KnownScheme) -> None:
        if first := known.places.before(row, about):
            row.refuse("category", _("one row a category and year: row %(row)s has the same") % {"row": first})


def _stop(row: TableRow, key: str, *, known: _KnownScheme, step: dict[str, Any], changes: list[CellChange]) -> None:
    """Plan that a category is stopped: a day and a reason, with no targets after it."""
    day, reason = row["stopped_on"], row["stop_reason"] or ""
    if row.is_refused or (day is None and not reason):
        return
    if day is None or not reason:
        missing = "stopped_on" if day is None else "stop_reason"
        row.refuse(missing, _("the day and the reason, where a category is stopped"))
        return
    category = known.categories[key]
    if (category.stopped_on, category.stop_reason) == (day, reason) or known.stops.get(key) == day:
        return
    later = known.target_after(key, day)
    if key in known.stops:
        row.refuse("stopped_on", _("the same day as in the row above about this category"))
    elif later:
        expected = _("a day after the last target: %(year)s still has %(target)s. Set it to 0 in a row above")
        row.refuse("stopped_on", expected % {"year": later[0], "target": number(later[1])})
    known.stops[key] = day
    step["stop"] = {"on": day.isoformat(), "reason": reason, "was": _as_text(category.stopped_on)}
    changes.append(CellChange(_("stopped after"), _as_text(category.stopped_on), f"{document_date(day)}: {reason}"))


def _as_text(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


_LABELS = {"kind": lambda: _("kind"), "unit": lambda: _("unit"), "summary_rule": lambda: _("courses that enter")}
_WORDS = {"kind": KINDS, "unit": UNITS, "summary_rule": RULES}


def _field(value: str) -> str:
    """Return what the row stores: no rule is blank there."""
    return "" if value == "row" else value


def _word(name: str, value: str) -> str:
    return next(str(choice.label) for choice in _WORDS[name] if choice.value == (value or "row"))


def _whole(row: TableRow, key: str, *, least: int, most: int) -> int:
    value: Decimal = row[key]
    if value != int(value) or not least <= value <= most:
        row.refuse(key, _("a whole number from %(least)s to %(most)s") % {"least": least, "most": most})
        return least
    return int(value)
