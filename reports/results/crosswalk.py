"""Which criteria of two sets can be set beside each other.

A criterion is compared with the one that it is the same as, or was only reworded from. One that was split or merged,
is new or was dropped has no counterpart, and the comparison says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from criteria.models import CriteriaSet, Criterion, Crossing

COMPARABLE = (Crossing.Relation.SAME, Crossing.Relation.REWORDED)
WORDS = {
    Crossing.Relation.SPLIT: "được tách",
    Crossing.Relation.MERGED: "được gộp",
    Crossing.Relation.NEW: "mới",
    Crossing.Relation.DROPPED: "không còn",
}
#: versions that a way between two sets leads over at most
MOST_STEPS = 20


@dataclass(frozen=True)
class Counterparts:
    """The counterpart in the later set of each criterion of the earlier one, by their keys."""

    counterparts: dict[int, int]
    #: why a criterion of either set has no counterpart, where a crosswalk says it
    reasons: dict[int, str] = field(default_factory=dict)


def crosswalk(earlier: CriteriaSet, later: CriteriaSet) -> Counterparts | None:
    """Return which criteria of two sets are comparable; None where nothing says it.

    Versions without a crosswalk are compared by the codes of their criteria, as they were copied.
    """
    if earlier.pk == later.pk:
        return Counterparts({each.pk: each.pk for each in earlier.criteria.all()})
    forward = _along(later, earlier.pk)
    if forward is not None:
        return forward
    backward = _along(earlier, later.pk)
    if backward is not None:
        return Counterparts({new: old for old, new in backward.counterparts.items()}, backward.reasons)
    return _by_codes(earlier, later) if earlier.code == later.code else None


def _along(newest: CriteriaSet, oldest: int) -> Counterparts | None:
    """Follow the versions back from `newest`; None where they do not lead to `oldest` over crosswalks."""
    walk: Counterparts | None = None
    here: CriteriaSet | None = newest
    for _step in range(MOST_STEPS):
        if here is None or here.pk == oldest:
            return walk
        crossings = list(Crossing.objects.filter(criteria_set=here))
        if not crossings:
            return None
        walk = _joined(_step_of(crossings), walk)
        here = here.replaces
    return None


def _step_of(crossings: list[Crossing]) -> Counterparts:
    counterparts: dict[int, int] = {}
    reasons: dict[int, str] = {}
    for row in crossings:
        if row.relation in COMPARABLE and row.old_criterion_id and row.new_criterion_id:
            counterparts[row.old_criterion_id] = row.new_criterion_id
            continue
        for key in filter(None, (row.old_criterion_id, row.new_criterion_id)):
            reasons[key] = WORDS[Crossing.Relation(row.relation)]
    return Counterparts(counterparts, reasons)


def _joined(before: Counterparts, after: Counterparts | None) -> Counterparts:
    """Join the steps of two versions: a criterion is comparable if it is over both."""
    if after is None:
        return before
    onward = after.counterparts
    counterparts = {old: onward[new] for old, new in before.counterparts.items() if new in onward}
    lost = {old: after.reasons[new] for old, new in before.counterparts.items() if new in after.reasons}
    return Counterparts(counterparts, before.reasons | after.reasons | lost)


def _by_codes(earlier: CriteriaSet, later: CriteriaSet) -> Counterparts:
    by_code = {each.code: each.pk for each in later.criteria.all()}
    known = [each for each in earlier.criteria.all() if each.code in by_code]
    return Counterparts({each.pk: by_code[each.code] for each in known})


def reason_of(walk: Counterparts, criterion: Criterion, *, is_later: bool) -> str:
    """Say why a criterion has no counterpart, in Vietnamese."""
    return walk.reasons.get(criterion.pk, WORDS[Crossing.Relation.NEW if is_later else Crossing.Relation.DROPPED])
