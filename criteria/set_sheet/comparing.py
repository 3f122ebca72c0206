"""What a sheet changes: criterion by criterion, against the version that is stored or the one before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import CellChange
from archiveportal.vietnamese import document_date, number
from criteria.services import ASKED_FIELDS
from criteria.specification import (
    BandSpec,
    CrossingSpec,
    LeafSpec,
    OptionSpec,
    SectionSpec,
    SetSpecification,
    StepSpec,
)

#: fields of the set that a sheet can say
SET_FIELDS = (
    *("name", "legal_basis", "note", "announced_total", "bands_by", "allows_not_applicable", "not_applicable_counts"),
    *("allows_not_shown", "allows_excused", "deduction_cap", "bonus_cap", "kinds"),
)
_LABELS: dict[str, Callable[[], str]] = {
    "name": lambda: _("name"),
    "legal_basis": lambda: _("legal basis"),
    "note": lambda: _("note"),
    "announced_total": lambda: _("announced total"),
    "bands_by": lambda: _("grades by"),
    "allows_not_applicable": lambda: _("“not applicable” is offered"),
    "not_applicable_counts": lambda: _("what does not apply"),
    "allows_not_shown": lambda: _("“could not be shown” is offered"),
    "allows_excused": lambda: _("“excused” is offered"),
    "deduction_cap": lambda: _("most points to be deducted"),
    "bonus_cap": lambda: _("most bonus points"),
    "kinds": lambda: _("kinds of units"),
    "kind": lambda: _("way of scoring"),
    "points": lambda: _("points"),
    "section": lambda: _("heading above"),
    "parent": lambda: _("part of"),
    "printed_number": lambda: _("number"),
    "heading": lambda: _("short name"),
    "sign": lambda: _("deduction or bonus"),
    "check_way": lambda: _("way of checking"),
    "guidance": lambda: _("guidance"),
    "evidence_needed": lambda: _("documents to be shown"),
    "needs_evidence": lambda: _("needs evidence"),
    "needs_explanation": lambda: _("needs an explanation"),
    "fact_kind": lambda: _("kind of value"),
    "fact_label": lambda: _("name of the value"),
    "fact_unit": lambda: _("unit"),
    "threshold": lambda: _("threshold"),
    "threshold_rule": lambda: _("rule of the threshold"),
    "deadline": lambda: _("deadline"),
    "options": lambda: _("answers"),
    "steps": lambda: _("steps"),
    "lower": lambda: _("from (included)"),
    "upper": lambda: _("to under"),
    "title": lambda: _("title"),
    "label": lambda: _("grade"),
    "code": lambda: _("code"),
    "path": lambda: _("place"),
    "number": lambda: _("number"),
}
_WORDS: dict[str, Callable[[], str]] = {
    "met": lambda: _("met or not"),
    "choice": lambda: _("choice"),
    "part": lambda: _("points up to a maximum"),
    "ratio": lambda: _("ratio in steps"),
    "measure": lambda: _("count or measure with a threshold"),
    "date": lambda: _("date with a deadline"),
    "parts": lambda: _("parts that add up"),
    "fact": lambda: _("fact, not scored"),
    "deduction": lambda: _("deduction"),
    "bonus": lambda: _("bonus"),
    "on_site": lambda: _("on site"),
    "documents": lambda: _("by documents"),
    "data": lambda: _("by data"),
    "at_least": lambda: _("at least"),
    "at_most": lambda: _("at most"),
    "percent": lambda: _("percent"),
    "points": lambda: _("points"),
    "left_out": lambda: _("is left out of the maximum"),
    "full": lambda: _("earns the full points"),
    "integer": lambda: _("whole number"),
    "decimal": lambda: _("number"),
    "text": lambda: _("text"),
}
_IN_WORDS = {"kind", "sign", "check_way", "threshold_rule", "bands_by", "not_applicable_counts", "fact_kind"}
#: fields that follow from others, so that a new row does not list them
_FOLLOWING = {"code", "path", "printed_number", "number", "heading", "section", "fact_label", "name", "title"}


def changes_of(old: Any, new: Any) -> list[CellChange]:
    """Return the fields in which two parts of a set differ; of a new one all that are given."""
    changes: list[CellChange] = []
    for each in fields(new):
        before, after = getattr(old, each.name) if old else each.default, getattr(new, each.name)
        if before == after or (old is None and (each.name in _FOLLOWING or after in (None, "", ()))):
            continue
        # The rule of a threshold says something only where there is one.
        if each.name == "threshold_rule" and getattr(new, "threshold", None) is None:
            continue
        changes.append(
            CellChange(_LABELS[each.name](), _shown(each.name, before) if old else "", _shown(each.name, after))
        )
    return changes


def set_changes(old: SetSpecification | None, new: SetSpecification) -> list[CellChange]:
    """Return the changes of the set itself, without those of its parts."""
    changes: list[CellChange] = []
    for name in SET_FIELDS:
        before, after = getattr(old, name) if old else "", getattr(new, name)
        if before == after or (old is None and not after) or (old is None and name == "not_applicable_counts"):
            continue
        changes.append(CellChange(_LABELS[name](), _shown(name, before) if old else "", _shown(name, after)))
    return changes


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, tuple):
        return "; ".join(map(_item, value))
    if name in _IN_WORDS and value in _WORDS:
        return _WORDS[value]()
    if hasattr(value, "isoformat"):
        return document_date(value)
    return "" if value is None or value.__class__.__name__ == "_MISSING_TYPE" else str(value)


def _item(value: Any) -> str:
    if isinstance(value, OptionSpec):
        return f"{value.text}: {number(value.points)}"
    if isinstance(value, StepSpec):
        return f"≥ {number(value.lower_percent)}%: {number(value.points)}"
    return str(value)


def old_of(leaf: LeafSpec, leaves: Sequence[LeafSpec], new_leaves: Sequence[LeafSpec] = ()) -> LeafSpec | None:
    """Return what a criterion was before: by its code, else by a printed number that is there once on each side."""
    by_code = [each for each in leaves if each.code == leaf.code]
    if by_code or not leaf.printed_number:
        return by_code[0] if by_code else None
    taken = {each.code for each in new_leaves}
    same = [each for each in leaves if each.printed_number == leaf.printed_number and each.code not in taken]
    is_once = Counter(each.printed_number for each in new_leaves)[leaf.printed_number] <= 1
    return same[0] if len(same) == 1 and is_once else None


def crossings_of(old: SetSpecification, new: SetSpecification) -> tuple[CrossingSpec, ...]:
    """Return what became of every criterion of the version before, by code or number; what a sheet says goes first."""
    said = new.crossings
    olds, news = {each.old for each in said if each.old}, {each.new for each in said if each.new}
    made = list(said)
    followed = set(olds)
    for leaf in new.leaves:
        if leaf.code in news:
            continue
        before = old_of(leaf, old.leaves, new.leaves)
        if before is None or before.code in olds:
            made.append(CrossingSpec("", leaf.code, "new"))
            continue
        followed.add(before.code)
        made.append(CrossingSpec(before.code, leaf.code, "same" if _asks_the_same(before, leaf) else "reworded"))
    dropped = [leaf for leaf in old.leaves if leaf.code not in followed]
    return (*made, *(CrossingSpec(leaf.code, "", "dropped") for leaf in dropped))


def _asks_the_same(old: LeafSpec, new: LeafSpec) -> bool:
    """Tell whether a criterion asks for the same in the same words and scores it by the same rule."""
    return all(getattr(old, name) == getattr(new, name) for name in ASKED_FIELDS)


def section_of(path: str, sections: Sequence[SectionSpec]) -> SectionSpec | None:
    return next((each for each in sections if each.path == path), None)


def band_of(label: str, bands: Sequence[BandSpec]) -> BandSpec | None:
    return next((each for each in bands if each.label == label), None)
