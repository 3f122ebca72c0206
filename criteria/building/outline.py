"""A criteria set as a tree: sections in sections, their criteria, and the parts of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from criteria.building.numbers import Following, propose_numbers
from criteria.models import Bar, CriteriaSet, Criterion, Section

#: criteria of a set, parts among them: a checklist of more is filled in by nobody
MOST_CRITERIA = 400


@dataclass
class Leaf:
    """A criterion in its place, with the parts that add up to it."""

    criterion: Criterion
    #: printed number that its place proposes
    proposed: str = ""
    parts: list[Leaf] = field(default_factory=list)

    @property
    def points(self) -> Decimal:
        """Return what it adds to the maximum: facts, deductions and bonuses add nothing."""
        if self.parts:
            return sum((part.points for part in self.parts), Decimal(0))
        return self.criterion.points if self.criterion.is_in_maximum else Decimal(0)


@dataclass
class Branch:
    """A section with what it holds; the top of the tree has none."""

    section: Section | None = None
    level: int = 0
    proposed: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)

    @property
    def points(self) -> Decimal:
        own = sum((leaf.points for leaf in self.leaves), Decimal(0))
        return own + sum((branch.points for branch in self.branches), Decimal(0))

    @property
    def depth(self) -> int:
        """Return how many levels of sections it spans, itself among them."""
        return 1 + max((branch.depth for branch in self.branches), default=0)

    @property
    def is_empty(self) -> bool:
        return not self.leaves and not self.branches

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all below it, in printed order."""
        yield self
        for branch in self.branches:
            yield from branch.walk()

    def all_leaves(self) -> Iterator[Leaf]:
        """Yield the criteria below it in printed order, parts behind what they add up to."""
        for branch in self.walk():
            for leaf in branch.leaves:
                yield leaf
                yield from leaf.parts


@dataclass
class Outline:
    criteria_set: CriteriaSet
    top: Branch
    #: rows that no way from the top reaches: their parents go round in a circle
    lost_sections: list[Section]
    lost_criteria: list[Criterion]

    @property
    def branches(self) -> list[Branch]:
        """Return the branches that are sections, in printed order."""
        return [branch for branch in self.top.walk() if branch.section]

    @property
    def leaves(self) -> list[Leaf]:
        return list(self.top.all_leaves())

    @property
    def criteria(self) -> list[Criterion]:
        return [leaf.criterion for leaf in self.leaves]

    @property
    def maximum(self) -> Decimal:
        return self.top.points

    def propose_numbers(self, following: Following | None = None) -> None:
        """Propose printed numbers anew, after rows changed places; `following` are those that take them."""
        propose_numbers(self.top, following)

    def branch_of(self, section: Section | None) -> Branch:
        key = section.pk if section else None
        return next(branch for branch in self.top.walk() if (branch.section.pk if branch.section else None) == key)

    def leaf_of(self, criterion: Criterion) -> Leaf:
        return next(leaf for leaf in self.leaves if leaf.criterion.pk == criterion.pk)

    def siblings_of(self, criterion: Criterion) -> list[Leaf]:
        """Return the list that a criterion stands in: of its section, or of the parts beside it."""
        lists = [branch.leaves for branch in self.top.walk()]
        lists += [leaf.parts for leaf in self.leaves if leaf.parts]
        return next(leaves for leaves in lists if any(leaf.criterion.pk == criterion.pk for leaf in leaves))


def outline_of(criteria_set: CriteriaSet) -> Outline:
    """Read a set as a tree, in two queries."""
    sections = list(Section.objects.filter(criteria_set=criteria_set).order_by("position"))
    criteria = list(criteria_set.criteria.order_by("position"))
    return build_outline(criteria_set, sections, criteria)


def build_outline(criteria_set: CriteriaSet, sections: Iterable[Section], criteria: Iterable[Criterion]) -> Outline:
    """Put sections and criteria, each in order, into a tree with the numbers that their places propose."""
    sections, criteria = list(sections), list(criteria)
    top = _grown(sections)
    branches = {branch.section.pk if branch.section else None: branch for branch in top.walk()}
    leaves = {criterion.pk: Leaf(criterion) for criterion in criteria}
    for criterion in criteria:
        whole = leaves.get(criterion.parent_id or 0) if _is_part(criterion, leaves) else None
        if whole:
            whole.parts.append(leaves[criterion.pk])
        elif criterion.section_id in branches:
            branches[criterion.section_id].leaves.append(leaves[criterion.pk])
    propose_numbers(top)
    reached = {leaf.criterion.pk for leaf in top.all_leaves()}
    return Outline(
        criteria_set=criteria_set,
        top=top,
        lost_sections=[section for section in sections if section.pk not in branches],
        lost_criteria=[criterion for criterion in criteria if criterion.pk not in reached],
    )


def _is_part(criterion: Criterion, leaves: dict[int, Leaf]) -> bool:
    """Tell whether it adds up to its parent; the parent of a fact of phase 1 is only what it goes with."""
    whole = leaves.get(criterion.parent_id or 0)
    return whole is not None and whole.criterion.kind == Criterion.Kind.PARTS


def _grown(sections: list[Section]) -> Branch:
    below: dict[int | None, list[Section]] = {}
    for section in sections:
        below.setdefault(section.parent_id, []).append(section)

    def grow(section: Section | None, level: int) -> Branch:
        key = section.pk if section else None
        return Branch(section, level, branches=[grow(child, level + 1) for child in below.get(key, [])])

    return grow(None, 0)


def bars_of(criteria_set: CriteriaSet) -> QuerySet[Bar]:
    """Return the bars of a set in their order, each with its band and its conditions."""
    bars = criteria_set.bars.select_related("highest_band").order_by("position")
    return bars.prefetch_related("conditions__criterion", "conditions__option")


def named(criterion: Criterion, limit: int = 120) -> str:
    """Return a criterion by the number that lists without headings have and the beginning of its name."""
    name = criterion.name if len(criterion.name) <= limit else f"{criterion.name[: limit - 1].rstrip()}…"
    return f"{criterion.listed_number}. {name}" if criterion.listed_number else name
