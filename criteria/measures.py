"""What the scores of a criteria set count: its criteria, or points.

Where each criterion that counts is worth one point, a score is a number of criteria, as in
5355/BC-SNV ("20/23 tiêu chí"). Of any other set a score is a number of points ("20,5/24 điểm"), and
of one in which a criterion that does not apply earns its point.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archiveportal.vietnamese import number
from criteria.leaves import is_in_points
from criteria.models import CriteriaSet, Criterion

SomeRows = TypeVar("SomeRows", bound=QuerySet)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """The words for scores. `label` and `average_label` are of the screen, all others of papers."""

    noun: str
    #: over the last column of the summary table
    total_heading: str
    #: over a column of what can be reached
    maximum_heading: str
    label: Promise
    average_label: Promise
    #: below a chart of wards, and below one of areas; with a place for the maximum
    on_wards: Promise
    on_areas: Promise
    is_points: bool = False

    @property
    def heading(self) -> str:
        """Return the heading of a column of scores: "Số tiêu chí đạt"."""
        return f"Số {self.noun} đạt"

    @property
    def left_out(self) -> str:
        """Say what does not happen to a criterion that does not apply."""
        return "không tính vào điểm tối đa" if self.is_points else "không tính vào số tiêu chí"

    @property
    def average_heading(self) -> str:
        return f"Bình quân số {self.noun} đạt"

    def out_of(self, score: Decimal, maximum: Decimal | None) -> str:
        """Return a score with its maximum, "20/23 tiêu chí", "20,5/24 điểm"."""
        whole = "" if maximum is None else f"/{number(maximum)}"
        return f"{number(score)}{whole} {self.noun}"


CRITERIA = Measure(
    noun="tiêu chí",
    total_heading="Số lượng tiêu chí đạt được",
    maximum_heading="Tổng số tiêu chí",
    label=_("Criteria met"),
    average_label=_("Criteria met on average"),
    on_wards=_("Criteria met, of %(maximum)s."),
    on_areas=_("Criteria met, of %(maximum)s. Behind it the wards with a score, of those in the round."),
)
POINTS = Measure(
    noun="điểm",
    total_heading="Tổng số điểm đạt được",
    maximum_heading="Điểm tối đa",
    label=_("Points reached"),
    average_label=_("Points on average"),
    on_wards=_("Points reached, of %(maximum)s."),
    on_areas=_("Points reached, of %(maximum)s. Behind it the wards with a score, of those in the round."),
    is_points=True,
)


#: what `is_in_points` looks for, as a condition on criteria
IN_POINTS = Q(is_counted=True) & (~Q(points=1) | ~Q(sign="") | Q(kind__in=Criterion.DERIVED))
#: what `CriteriaSet.has_points_without_answers` looks for
WITHOUT_ANSWERS = Q(criteria_set__not_applicable_counts=CriteriaSet.NotApplicable.FULL) & (
    Q(criteria_set__allows_not_applicable=True) | Q(criteria_set__allows_excused=True)
)


def measure_of(criteria: Iterable[Criterion], criteria_set: CriteriaSet) -> Measure:
    """Return what scores over these criteria of a set count."""
    return POINTS if is_in_points(criteria, criteria_set) else CRITERIA


def with_measure(rows: SomeRows, path: str = "criteria_set") -> SomeRows:
    """Add what `measure_of_row` reads, so that a page needs no query of its own for it. `path` leads to the set."""
    of_set = Criterion.objects.filter(IN_POINTS | WITHOUT_ANSWERS, criteria_set=OuterRef(path)).order_by()
    return rows.annotate(counts_points=Exists(of_set))


def measure_of_row(row: Any) -> Measure:
    """Return what scores count under the set of a row of `with_measure`."""
    return POINTS if row.counts_points else CRITERIA


def on_what_does_not_apply(criteria_set: CriteriaSet, measure: Measure, *, of: str = "") -> str:
    """Say what becomes of a criterion that does not apply, or from which a unit is excused, by the rule of a set.

    `of` follows where the number of criteria, or the maximum, is named.
    """
    if criteria_set.not_applicable_counts == CriteriaSet.NotApplicable.FULL:
        return "được tính trọn điểm của tiêu chí"
    return f"{measure.left_out}{of}"


def common_measure(measures: Iterable[Measure]) -> Measure | None:
    """Return what all these scores count; None where some count criteria and others points."""
    found = set(measures)
    return found.pop() if len(found) == 1 else None


def measure_of_set(criteria_set: CriteriaSet) -> Measure:
    """Return what the scores of a set count; one query unless its criteria are at hand."""
    return measure_of(criteria_set.criteria.all(), criteria_set)
