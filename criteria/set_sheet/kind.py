"""The sheet of a criteria set as a kind of sheet: one file is one version of one set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.history.models import Via
from archiveportal.refusal import Refused
from archiveportal.scope import Right
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import TITLES, CellChange, Deed, PlanLine, TableRow
from archiveportal.vietnamese import number
from criteria.building.services.citing import new_acts_in
from criteria.building.services.whole_set import crossings_stored, specification_of, write_whole_set
from criteria.models import CriteriaSet
from criteria.set_sheet.columns import BANDS, BARS, COLUMNS, CROSSINGS, EXAMPLES, FURTHER, GUIDE, INFORMATION
from criteria.set_sheet.comparing import (
    SET_FIELDS,
    band_of,
    changes_of,
    crossings_of,
    old_of,
    section_of,
    set_changes,
)
from criteria.set_sheet.further import Information, by_table, leaf_of, read_bands, read_bars, read_information
from criteria.set_sheet.identity import Target, find_target, head_of, refuse_target
from criteria.set_sheet.reading import Read, read_table
from criteria.specification import BarSpec, CrossingSpec, LeafSpec, SetSpecification

#: kinds whose number or text a sheet says itself, under "Cách chấm", or that have none
VALUE_KINDS = {"fact", "measure", "parts"}


class SetSheet(SheetKind):
    """A whole set: sections, criteria, grades and what bars them."""

    code = "criteria"
    slug = "bo-tieu-chi"
    title = gettext_lazy("A criteria set from a sheet")
    about = gettext_lazy(
        "One file is one set, as it is printed: headings, criteria, points, ways of scoring. A new set begins as a "
        "draft; a version in use stays as it is, and the next version gets a crosswalk by code or number."
    )
    right = Right.CAN_APPROVE
    columns = COLUMNS
    further = FURTHER
    examples = EXAMPLES
    guide = GUIDE
    reads_titles = True

    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        found = by_table(list(rows))
        return iter(_Sheet(found).lines()) if found.get("") else iter(())

    @transaction.atomic
    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        step = next(line.step for line in lines if "set" in line.step)
        specification = SetSpecification.from_json(step["set"])
        key = {"code": specification.code, "version": specification.version}
        # Locked before it is compared: what a colleague saves at this moment is not written over.
        stored = CriteriaSet.objects.select_for_update().filter(**key).first()
        if _digest(specification_of(stored) if stored else None) != step["made_on"]:
            raise Refused(_("The set was changed since the sheet was checked. Look at the new preview."))
        made = write_whole_set(specification=specification, by=order.by, via=Via.IMPORT)
        return {"set": made.pk}

    def address_of(self, batch: int, result: Mapping[str, Any]) -> str:
        return reverse("criteria:detail", args=[result["set"]]) if "set" in result else ""


def _digest(specification: SetSpecification | None) -> str:
    parts = specification.to_json() if specification else {}
    return hashlib.blake2s(json.dumps(parts, sort_keys=True).encode(), digest_size=8).hexdigest()


class _Sheet:
    """The rows of a file, read once: what they say, and the lines of the plan."""

    def __init__(self, tables: Any):
        self.tables = tables
        self.read: Read = read_table(tables[""])
        self.said: Information = read_information(tables.get(INFORMATION.key, []), tables.get(TITLES, []))
        #: bears what is about the set as a whole; a row of titles has no line of its own
        self.head: TableRow = self.said.rows.get("code") or head_of(tables.get(TITLES, []), tables[""])
        self.target: Target | None = find_target(self.head, self.said)
        self.specification = self._specification()
        self._refuse_set()
        self._note_new_acts()

    @property
    def base(self) -> SetSpecification | None:
        return self.target.base if self.target else None

    def _specification(self) -> SetSpecification:
        """Return the set that the sheet says; what it is silent on stays as it was."""
        base = self.base
        kept = {name: getattr(base, name) for name in SET_FIELDS} if base else {}
        made = SetSpecification(
            code=self.target.code if self.target else "",
            version=self.target.version if self.target else 1,
            sections=tuple(self.read.sections),
            leaves=tuple(map(self._with_kept_rules, self.read.leaves)),
            **({"name": ""} | kept | self._said_fields()),
        )
        made = self._with_bands(made)
        bars = read_bars(self.tables.get(BARS.key, []), leaves=made.leaves, bands=made.bands)
        if BARS.key not in self.tables and base:
            bars = tuple(bar for bar in base.bars if _is_within(bar, made))
            if len(bars) < len(base.bars) and not any(row.is_refused for row in self.tables[""]):
                note = _(
                    "A bar is dropped: its grade, criterion or answer is no more. List the bars on a sheet Điểm liệt."
                )
                self.head.notes.append(note)
        return self._with_crossings(replace(made, bars=bars))

    def _with_kept_rules(self, leaf: LeafSpec) -> LeafSpec:
        """Return a criterion with what its base has and no column of a sheet says."""
        old = old_of(leaf, self.base.leaves, self.read.leaves) if self.base else None
        if old is None:
            return leaf
        kept: dict[str, Any] = {"needs_explanation": old.needs_explanation}
        if not {leaf.kind, old.kind} & VALUE_KINDS:
            # A number or text beside the answer.
            kept |= {name: getattr(old, name) for name in ("fact_kind", "fact_label", "fact_unit")}
        return replace(leaf, **kept)

    def _said_fields(self) -> dict[str, Any]:
        said = {name: value for name, value in self.said.values.items() if name not in ("code", "version")}
        if self.read.announced_total is not None:
            said.setdefault("announced_total", self.read.announced_total)
        return said

    def _with_bands(self, made: SetSpecification) -> SetSpecification:
        rows = self.tables.get(BANDS.key, [])
        if rows:
            bands, bands_by = read_bands(rows, maximum=made.maximum)
            return replace(made, bands=bands, bands_by=bands_by)
        return replace(made, bands=self.base.bands) if self.base else made

    def _with_crossings(self, made: SetSpecification) -> SetSpecification:
        """Add the crosswalk of a version that begins after another one, or one that the sheet says anew."""
        rows, stored = self.tables.get(CROSSINGS.key, []), self.target.stored if self.target else None
        before = self._set_before(stored)
        if before is None:
            for row in rows:
                row.refuse("relation", _("no crosswalk: this set follows no other version"))
            return made
        if stored and not rows:
            return made
        said = [each for each in (self._crossing(row, before, made) for row in rows) if each]
        said += _still_true(crossings_stored(stored), said, made) if stored else []
        return replace(made, crossings=crossings_of(before, replace(made, crossings=tuple(said))))

    def _set_before(self, stored: CriteriaSet | None) -> SetSpecification | None:
        """Return the set that the crosswalk leads from; None where there is none."""
        if stored is None:
            return self.base
        return specification_of(stored.replaces) if stored.replaces else None

    @property
    def _is_changed(self) -> bool:
        """Whether the sheet says something else than what is stored; the crosswalk only where it is said."""
        made, stored = self.specification, self.target.stored if self.target else None
        if made != self.base:
            return True
        return stored is not None and bool(made.crossings) and set(made.crossings) != set(crossings_stored(stored))

    def _crossing(self, row: TableRow, old: SetSpecification, new: SetSpecification) -> CrossingSpec | None:
        found = {}
        for key, leaves, is_needed in (
            ("old", old.leaves, row["relation"] != "new"),
            ("new", new.leaves, row["relation"] != "dropped"),
        ):
            leaf = leaf_of(row.text(key), leaves) if row.text(key) else None
            if is_needed != bool(leaf) or (row.text(key) and not leaf):
                row.refuse(key, _("number or code of a criterion; blank on the side where there is none"))
            found[key] = leaf.code if leaf else ""
        if row.is_refused:
            return None
        return CrossingSpec(found["old"], found["new"], row["relation"], row["note"] or "")

    def _refuse_set(self) -> None:
        made = self.specification
        if not made.name:
            self.head.refuse("", _("a name of the set: a line above the table, or on the sheet Thông tin"))
        if made.announced_total is not None and "announced_total" in self.said.values:
            self._compare_total(made)
        if self.target:
            refuse_target(self.head, self.target, differs=self._is_changed)

    def _note_new_acts(self) -> None:
        """Say which acts the legal bases name that would be recorded."""
        made = self.specification
        for act in new_acts_in([made.legal_basis, *(leaf.legal_basis for leaf in made.leaves)]):
            self.head.notes.append(_("A legal act is added: %(act)s") % {"act": act.in_words})

    def _compare_total(self, made: SetSpecification) -> None:
        row, sums = self.said.rows.get("announced_total"), {"total": number(made.maximum)}
        if row and made.announced_total != made.maximum and not any(each.is_refused for each in self.tables[""]):
            row.refuse("value", _("%(total)s, what the criteria add up to: correct the criteria or the total") % sums)

    def lines(self) -> list[PlanLine]:
        lines = [self._set_line()]
        by_row = {id(node.row): code for code, node in self.read.nodes.items()}
        headings = {id(node.row): path for path, node in self.read.section_nodes.items()}
        names = {id(row): name for row, name in self.read.table.others}
        names |= {id(node.row): node.name for node in self.read.table.nodes}
        for row in self.tables[""]:
            if id(row) in by_row:
                lines.append(self._leaf_line(row, by_row[id(row)]))
            elif id(row) in headings:
                lines.append(self._section_line(row, headings[id(row)]))
            else:
                lines.append(PlanLine.of(row, Deed.STAY, names.get(id(row)) or row.text("name") or row.text("number")))
        return [*lines, *self._further_lines(), *self._dropped_lines()]

    def _set_line(self) -> PlanLine:
        made, is_new = self.specification, self.target is None or self.target.stored is None
        called = [made.code, f"{_('version')} {made.version}"] if made.code else []
        name = f"{made.name} ({', '.join(called)})" if called else made.name
        changes = set_changes(self.base, made)
        is_whole = self._is_changed
        if is_whole:
            sums = {"leaves": number(len(made.leaves)), "points": number(made.maximum)}
            changes.append(
                CellChange(_("the whole set"), "", _("%(leaves)s rows of criteria, %(points)s points") % sums)
            )
        deed = Deed.BEGIN if is_new else Deed.CHANGE
        step: dict[str, Any] = {}
        if is_whole or is_new:
            stored = self.base if self.target and self.target.stored else None
            step = {"set": made.to_json(), "made_on": _digest(stored)}
        return PlanLine.of(self.head, deed if step else Deed.STAY, name, changes=changes, step=step)

    def _leaf_line(self, row: TableRow, code: str) -> PlanLine:
        leaf = next((each for each in self.specification.leaves if each.code == code), None)
        name = self.read.nodes[code].name
        if leaf is None:
            return PlanLine.of(row, Deed.STAY, name)
        old = old_of(leaf, self.base.leaves, self.specification.leaves) if self.base else None
        return _compared(row, old, leaf, name=name)

    def _section_line(self, row: TableRow, path: str) -> PlanLine:
        section = section_of(path, self.specification.sections)
        old = section_of(path, self.base.sections) if self.base else None
        return _compared(row, old, section, name=self.read.section_nodes[path].name)

    def _further_lines(self) -> Iterator[PlanLine]:
        for row in self.tables.get(INFORMATION.key, []):
            if row is not self.head:
                yield PlanLine.of(row, Deed.STAY, f"{row.text('item')}: {row.text('value')}".rstrip(": "))
        for row in self.tables.get(BANDS.key, []):
            label = row.text("label")
            band, old = band_of(label, self.specification.bands), band_of(label, self.base.bands) if self.base else None
            yield _compared(row, old, band, name=label)
        for row in (*self.tables.get(BARS.key, []), *self.tables.get(CROSSINGS.key, [])):
            name = " → ".join(filter(None, [row.text(key) for key in ("conditions", "band", "old", "new")]))
            yield PlanLine.of(row, self._deed_of_bars(), name)

    def _deed_of_bars(self) -> Deed:
        if self.base is None:
            return Deed.BEGIN
        return Deed.STAY if self.base.bars == self.specification.bars else Deed.CHANGE

    def _dropped_lines(self) -> Iterator[PlanLine]:
        leaves = self.specification.leaves
        if self.base is None or not leaves:
            return
        kept = {old.code for leaf in leaves if (old := old_of(leaf, self.base.leaves, leaves))}
        for leaf in self.base.leaves:
            if leaf.code not in kept:
                name = " ".join(filter(None, [leaf.printed_number, leaf.name]))
                yield PlanLine("", 0, Deed.CHANGE, name, changes=[CellChange(_("criterion"), leaf.code, _("dropped"))])


def _still_true(
    stored: Iterable[CrossingSpec], said: Sequence[CrossingSpec], made: SetSpecification
) -> list[CrossingSpec]:
    """Return the stored lines of a crosswalk about criteria that the sheet says nothing else of."""
    olds, news = {each.old for each in said if each.old}, {each.new for each in said if each.new}
    codes = {leaf.code for leaf in made.leaves}
    others = (each for each in stored if each.old not in olds and each.new not in news)
    return [each for each in others if not each.new or each.new in codes]


def _is_within(bar: BarSpec, made: SetSpecification) -> bool:
    """Tell whether a set has the grade, the criteria and the answers that a bar names."""
    options = {leaf.code: {option.text for option in leaf.options} for leaf in made.leaves}
    has_answers = all(
        condition.criterion in options and (not condition.option or condition.option in options[condition.criterion])
        for condition in bar.conditions
    )
    return has_answers and any(band.label == bar.highest_band for band in made.bands)


def _compared(row: TableRow, old: Any, new: Any, *, name: str) -> PlanLine:
    """Return the line of a part of the set: it begins, changes or stays."""
    if new is None or old == new or row.is_refused:
        return PlanLine.of(row, Deed.STAY, name)
    return PlanLine.of(row, Deed.CHANGE if old else Deed.BEGIN, name, changes=changes_of(old, new))
