"""How the criteria of a set follow from those of the set that it replaces: proposed, and decided by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import Stale, digest_of_values, record
from archiveportal.refusal import Refused
from archiveportal.vietnamese import search_key
from criteria.building.services.arranging import locked_set
from criteria.models import CriteriaSet, Criterion, Crossing

Relation = Crossing.Relation
#: share of common words from which two criteria are proposed as one, reworded
ALIKE = 0.6


@dataclass(frozen=True)
class CrosswalkLine:
    """What one criterion of the new set comes from; without a relation nothing is decided."""

    new: Criterion
    old: tuple[Criterion, ...] = ()
    relation: str = ""

    @property
    def words(self) -> str:
        return f"{self.new.code}: {self.relation} {', '.join(row.code for row in self.old)}".strip()


@dataclass(frozen=True)
class Crosswalk:
    """The decided lines, one for each criterion of the new set, and the criteria before it that are dropped."""

    criteria_set: CriteriaSet
    lines: Sequence[CrosswalkLine]
    old: Sequence[Criterion]
    dropped: frozenset[int]

    @property
    def undecided(self) -> list[CrosswalkLine]:
        return [line for line in self.lines if not line.relation]

    @property
    def without_successor(self) -> list[Criterion]:
        """Return the criteria before that no line names and that are not dropped."""
        named = _named_by(self.lines) | self.dropped
        return [row for row in self.old if row.pk not in named]

    @property
    def digest(self) -> str:
        return digest_of_values([*(line.words for line in self.lines), *sorted(self.dropped)])


def _named_by(lines: Iterable[CrosswalkLine]) -> set[int]:
    """Return the keys of the criteria before that lines name."""
    return {row.pk for row in chain.from_iterable(line.old for line in lines)}


def crosswalk_of(criteria_set: CriteriaSet) -> Crosswalk:
    """Read the crosswalk of a set, in three queries."""
    new = list(criteria_set.criteria.order_by("position"))
    old = list(Criterion.objects.filter(criteria_set=criteria_set.replaces_id).order_by("position"))
    by_key = {row.pk: row for row in old}
    found: dict[int | None, list[Crossing]] = {}
    for crossing in Crossing.objects.filter(criteria_set=criteria_set).order_by("pk"):
        found.setdefault(crossing.new_criterion_id, []).append(crossing)
    lines = [_line(criterion, found.get(criterion.pk, []), by_key) for criterion in new]
    dropped = frozenset(row.old_criterion_id for row in found.get(None, []) if row.old_criterion_id)
    return Crosswalk(criteria_set, lines, old, dropped)


def _line(new: Criterion, crossings: list[Crossing], old: dict[int, Criterion]) -> CrosswalkLine:
    forerunners = tuple(old[row.old_criterion_id] for row in crossings if row.old_criterion_id in old)
    return CrosswalkLine(new, forerunners, crossings[0].relation if crossings else "")


def proposed(line: CrosswalkLine, old: Sequence[Criterion]) -> CrosswalkLine:
    """Propose what an undecided criterion comes from, by its code and its words; the line itself where decided."""
    if line.relation:
        return line
    same_words = [row for row in old if search_key(row.name) == search_key(line.new.name)]
    same_code = [row for row in old if row.code == line.new.code]
    if same_words:
        return CrosswalkLine(line.new, (same_words[0],), Relation.SAME)
    best = max(old, key=lambda row: _likeness(row.name, line.new.name), default=None)
    if best is not None and _likeness(best.name, line.new.name) >= ALIKE:
        return CrosswalkLine(line.new, (best,), Relation.REWORDED)
    return CrosswalkLine(line.new, (same_code[0],), Relation.REWORDED) if same_code else line


def _likeness(one: str, other: str) -> float:
    first, second = set(search_key(one).split()), set(search_key(other).split())
    return len(first & second) / len(first | second) if first and second else 0.0


@transaction.atomic
def edit_crosswalk(
    *,
    criteria_set: CriteriaSet,
    lines: Iterable[CrosswalkLine],
    dropped: Iterable[Criterion],
    made_on: str,
    by: User,
    via: str = Via.PAGE,
) -> int:
    """Write the lines given, others stay; `dropped` are all that are. Return how many lines differ.

    Raises `Stale`, and `Refused` where a relation does not fit what is named.
    """
    criteria_set = locked_set(criteria_set, by)
    stored = crosswalk_of(criteria_set)
    if stored.digest != made_on:
        raise Stale(
            _(
                "Not saved: a colleague changed this after you opened the page. What you typed stands below; save once "
                "more to keep it."
            )
        )
    lines, gone = list(lines), list(dropped)
    for line in lines:
        _refuse_bad_line(line)
    known = {line.new.pk: line for line in stored.lines}
    changed = [line for line in lines if line.words != known[line.new.pk].words]
    _refuse_dropped_and_named(stored, lines, gone)
    keys = [line.new.pk for line in changed]
    Crossing.objects.filter(criteria_set=criteria_set, new_criterion__in=keys).delete()
    Crossing.objects.bulk_create(chain.from_iterable(_rows(criteria_set, line) for line in changed))
    others = {row.pk for row in gone} ^ stored.dropped
    if others:
        Crossing.objects.filter(criteria_set=criteria_set, relation=Relation.DROPPED).delete()
        Crossing.objects.bulk_create(
            Crossing(criteria_set=criteria_set, old_criterion=row, relation=Relation.DROPPED) for row in gone
        )
    if changed or others:
        before = [known[line.new.pk].words for line in changed]
        after = [line.words for line in changed]
        dropped_before = [row.code for row in stored.old if row.pk in stored.dropped]
        pairs = {"crosswalk": ("; ".join(before), "; ".join(after))} if changed else {}
        if others:
            pairs["dropped"] = (", ".join(dropped_before), ", ".join(row.code for row in gone))
        record(about=criteria_set, by=by, via=via, changes=pairs)
    return len(changed) + len(others)


def _rows(criteria_set: CriteriaSet, line: CrosswalkLine) -> list[Crossing]:
    if not line.relation:
        return []
    common = {"criteria_set": criteria_set, "new_criterion": line.new, "relation": line.relation}
    return [Crossing(**common, old_criterion=old) for old in line.old or (None,)]


def _refuse_bad_line(line: CrosswalkLine) -> None:
    count = len(line.old)
    fits = {
        "": count == 0,
        Relation.NEW: count == 0,
        Relation.SAME: count == 1,
        Relation.REWORDED: count == 1,
        Relation.SPLIT: count == 1,
        Relation.MERGED: count > 1,
    }
    if not fits.get(line.relation, False):
        words = {
            "": _("choose how they are related"),
            Relation.NEW: _("a new criterion has none before it"),
            Relation.MERGED: _("merged ones are two at least"),
        }.get(line.relation, _("name one criterion before it"))
        raise Refused(f"{line.new.code}: {words}.")


def _refuse_dropped_and_named(stored: Crosswalk, lines: list[CrosswalkLine], gone: list[Criterion]) -> None:
    typed = {line.new.pk: line for line in stored.lines} | {line.new.pk: line for line in lines}
    named = _named_by(typed.values())
    both = [row.code for row in gone if row.pk in named]
    if both:
        message = _("Dropped, and yet named by a criterion of the new set: %(codes)s.")
        raise Refused(message % {"codes": ", ".join(both)})
