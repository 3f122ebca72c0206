"""The leaves of a set as a checklist shows them: under up to three headings, parts under their sum, deductions and
bonuses apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from criteria.models import BarCondition, CriteriaSet, Criterion, Section
from criteria.models.numbers import numbers_with_headings

KIND, SIGN = Criterion.Kind, Criterion.Sign


@dataclass(frozen=True)
class SubHeading:
    """A heading within a section, or the sum of the parts below it."""

    level: int
    title: str
    number: str = ""
    #: code of the criterion whose parts follow
    code: str = ""

    @property
    def tag(self) -> str:
        return f"h{self.level + 1}"


class UnderHeadings(Protocol):
    """Anything that is shown at a leaf."""

    @property
    def criterion(self) -> Criterion: ...

    headings: Sequence[SubHeading]


SomeLine = TypeVar("SomeLine", bound=UnderHeadings)


def leaves_of(criteria_set: CriteriaSet) -> list[Criterion]:
    """Return all criteria of a set with what their kinds need; a set of plain criteria reads nothing more."""
    criteria = list(criteria_set.criteria.all())
    kinds = {criterion.kind for criterion in criteria}
    needed = [name for kind, name in ((KIND.CHOICE, "options"), (KIND.RATIO, "steps")) if kind in kinds]
    if needed:
        prefetch_related_objects(criteria, *needed)
    if any(criterion.section_id for criterion in criteria):
        sections = {section.pk: section for section in criteria_set.sections.all()}
        for section in sections.values():
            section.parent = sections.get(section.parent_id) if section.parent_id else None
        for criterion in criteria:
            criterion.section = sections.get(criterion.section_id) if criterion.section_id else None
        criteria_set.numbers_with_headings = numbers_with_headings(criteria, sections)
    return criteria


def share_sets(criteria: Iterable[Criterion]) -> None:
    """Let criteria of one set name one row of it: numbers that are read of the whole set are then read once.

    Those without headings need no set.
    """
    sets: dict[int, CriteriaSet] = {}
    for criterion in criteria:
        if criterion.section_id is None:
            continue
        if criterion.criteria_set_id in sets:
            criterion.criteria_set = sets[criterion.criteria_set_id]
        else:
            sets[criterion.criteria_set_id] = criterion.criteria_set


def number_of_group(criterion: Criterion) -> str:
    """Return the number that the set prints before the highest heading of a criterion; blank without one."""
    section = criterion.section
    while section is not None and section.parent is not None:
        section = section.parent
    return section.number.rstrip(".") if section is not None else ""


def answered_of(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Return the criteria that are answered: a sum of parts is not."""
    return [criterion for criterion in criteria if criterion.kind != KIND.PARTS]


def is_in_points(criteria: Iterable[Criterion], criteria_set: CriteriaSet) -> bool:
    """Tell whether a score is spoken of in points: where every criterion is worth one, it counts criteria.

    Not where what does not apply earns its point: 5 of 23 points may then be of 3 criteria met.
    """
    if criteria_set.has_points_without_answers:
        return True
    counted = [criterion for criterion in criteria if criterion.is_counted]
    return any(criterion.points != 1 or criterion.sign or criterion.is_derived for criterion in counted)


def in_sections(lines: Iterable[SomeLine], criteria: Iterable[Criterion]) -> list[tuple[str, list[SomeLine]]]:
    """Return the lines under their highest headings, in the order of their first line; deductions and bonuses
    come last. Each line gets the headings that begin with it, among the lines that stand with it."""
    sums = {criterion.pk: criterion for criterion in criteria if criterion.kind == KIND.PARTS}
    by_title: dict[str, list[SomeLine]] = {}
    apart: dict[str, list[SomeLine]] = {}
    open_paths: dict[tuple[str, str], list[Any]] = {}
    for line in lines:
        sign, path = line.criterion.sign, _path(line.criterion, sums)
        title = _title_apart(line.criterion) if sign else _title(line.criterion, path)
        shared = sum(1 for _same in _common(open_paths.get((sign, title), []), path))
        line.headings = [_heading(each, level) for level, each in enumerate(path, start=1) if level > max(shared, 1)]
        open_paths[sign, title] = path
        (apart if sign else by_title).setdefault(title, []).append(line)
    return [*by_title.items(), *apart.items()]


def _path(criterion: Criterion, sums: dict[int, Criterion]) -> list[Any]:
    """Return what a leaf lies under, from the top: sections (or the name of its group), then sums of parts."""
    section: Section | None = criterion.section
    path: list[Any] = []
    while section is not None:
        path.insert(0, section)
        section = section.parent
    parent = sums.get(criterion.parent_id) if criterion.parent_id else None
    return [*(path or [criterion.local_group]), *([parent] if parent else [])]


def _common(one: list[Any], other: list[Any]) -> Iterable[Any]:
    for here, there in zip(one, other, strict=False):
        if here != there:
            return
        yield here


def _heading(each: Section | Criterion, level: int) -> SubHeading:
    if isinstance(each, Criterion):
        return SubHeading(level, each.local_name, each.shown_number, each.code)
    return SubHeading(level, each.local_title, each.number)


def _title(criterion: Criterion, path: list[Any]) -> str:
    top = path[0]
    if not isinstance(top, Section):
        return criterion.local_group
    return f"{top.number}. {top.local_title}" if top.number else top.local_title


def _title_apart(criterion: Criterion) -> str:
    return _("Deductions") if criterion.sign == SIGN.DEDUCTION else _("Bonus points")


def rules_of_page(criteria_set: CriteriaSet, criteria: Sequence[Criterion]) -> dict[str, Any]:
    """Return what templates and scripts need of a set to count its points while one types."""
    bars = criteria_set.bars.prefetch_related("conditions__criterion")
    rows = [[bar.highest_band_id, [_condition(each) for each in bar.conditions.all()]] for bar in bars]
    return {
        "in_points": is_in_points(criteria, criteria_set),
        "apart": {criterion.sign for criterion in criteria if criterion.sign},
        "set_rules": criteria_set,
        "bars": json.dumps(rows, separators=(",", ":")) if rows else "",
    }


def _condition(condition: BarCondition) -> list[str]:
    """Return the code of a criterion and the value of the button that bars."""
    return [condition.criterion.code, str(condition.option_id or condition.outcome)]
