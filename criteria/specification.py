"""A whole criteria set as plain values: what a sheet says of it, and what the stored rows say.

Two specifications are equal exactly where the sets are; keys and dates of storing are no part of it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from types import UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True)
class OptionSpec:
    """An answer that can be chosen, with its points."""

    text: str
    points: Decimal


@dataclass(frozen=True)
class StepSpec:
    """From this percentage on a ratio earns these points."""

    lower_percent: Decimal
    points: Decimal


@dataclass(frozen=True)
class LeafSpec:
    """A criterion, found by its code in every version of a set."""

    code: str
    name: str
    kind: str
    points: Decimal
    #: path of the section that it stands in
    section: str = ""
    #: code of the criterion that it is a part of
    parent: str = ""
    printed_number: str = ""
    heading: str = ""
    sign: str = ""
    check_way: str = ""
    guidance: str = ""
    evidence_needed: str = ""
    legal_basis: str = ""
    needs_evidence: bool = False
    needs_explanation: bool = False
    fact_kind: str = ""
    fact_label: str = ""
    fact_unit: str = ""
    threshold: Decimal | None = None
    threshold_rule: str = ""
    deadline: datetime.date | None = None
    options: tuple[OptionSpec, ...] = ()
    steps: tuple[StepSpec, ...] = ()


@dataclass(frozen=True)
class SectionSpec:
    """A heading over criteria. `path` has the numbers down to it (`section_path`)."""

    path: str
    title: str
    number: str = ""
    #: path of the section above
    parent: str = ""
    #: announced; None where nothing is
    points: Decimal | None = None


@dataclass(frozen=True)
class BandSpec:
    """A grade, from its lower bound to under its upper one, which the best grade has not."""

    label: str
    lower: Decimal
    upper: Decimal | None = None


@dataclass(frozen=True)
class ConditionSpec:
    """An answer to a criterion; a choice is named by its text."""

    criterion: str
    outcome: str = ""
    option: str = ""


@dataclass(frozen=True)
class BarSpec:
    """Answers that together keep a unit from any grade above one."""

    conditions: tuple[ConditionSpec, ...]
    highest_band: str


@dataclass(frozen=True)
class CrossingSpec:
    """What a criterion of the version before has become."""

    old: str = ""
    new: str = ""
    relation: str = ""
    note: str = ""


@dataclass(frozen=True)
class SetSpecification:
    """A set with everything in it, in printed order."""

    code: str
    name: str
    version: int = 1
    legal_basis: str = ""
    note: str = ""
    announced_total: Decimal | None = None
    bands_by: str = "percent"
    allows_not_applicable: bool = False
    not_applicable_counts: str = "left_out"
    allows_not_shown: bool = False
    allows_excused: bool = False
    deduction_cap: Decimal | None = None
    bonus_cap: Decimal | None = None
    kinds: tuple[str, ...] = ()
    sections: tuple[SectionSpec, ...] = ()
    leaves: tuple[LeafSpec, ...] = ()
    bands: tuple[BandSpec, ...] = ()
    bars: tuple[BarSpec, ...] = ()
    crossings: tuple[CrossingSpec, ...] = field(default=(), compare=False)

    @property
    def maximum(self) -> Decimal:
        """Return the points that can be earned; deductions and bonuses stand apart, and parts make up their whole."""
        return sum((leaf.points for leaf in self.leaves if enters_maximum(leaf)), Decimal(0))

    def to_json(self) -> dict[str, Any]:
        """Return the specification as JSON holds it."""
        return _to_json(self)

    @classmethod
    def from_json(cls, parts: dict[str, Any]) -> Self:
        """Return the specification that `to_json` wrote."""
        made: Self = _from_json(parts, cls)
        return made


def section_path(parent: str, number: str, place: int) -> str:
    """Return the path of a section under another one; one without a number is called by its place from 1."""
    own = number or f"#{place}"
    return f"{parent}/{own}" if parent else own


def enters_maximum(leaf: LeafSpec) -> bool:
    """Tell whether the points of a criterion are part of the maximum of the set."""
    return leaf.kind not in ("fact", "parts") and not leaf.sign


def _to_json(value: Any) -> Any:
    if is_dataclass(value):
        given = ((each.name, getattr(value, each.name), each.default) for each in fields(value))
        return {name: _to_json(held) for name, held, default in given if held != default}
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime.date) else value


def _from_json(value: Any, kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    if value is None:
        return None
    if get_origin(kind) is tuple:
        return tuple(_from_json(each, get_args(kind)[0]) for each in value)
    if is_dataclass(kind) and isinstance(kind, type):
        kinds = get_type_hints(kind)
        return kind(**{name: _from_json(held, kinds[name]) for name, held in value.items()})
    if kind is Decimal:
        return Decimal(value)
    return datetime.date.fromisoformat(value) if kind is datetime.date else value
