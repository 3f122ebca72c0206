"""Counts of the answers by criterion in accepted reports of units that no team visited, apart from verified ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archiveportal.percent import Number
from criteria.inspections.models import SelfAnswer
from criteria.models import Criterion
from reports.results.criteria import CountedAnswers, count_by_criterion, criterion_count
from reports.results.reported import Reported


@dataclass(frozen=True)
class ReportedCount(CountedAnswers):
    """How many units said that they meet a criterion, do not meet it, or gave another answer."""

    criterion: Criterion
    #: units by the code of their answer, without the open ones
    answers: Mapping[str, int] = field(default_factory=dict)
    #: for a column that is a fact: how many units gave it, and the sum of its numbers
    facts: int = 0
    fact_sum: Number | None = None

    @property
    def others(self) -> int:
        """Return the units with another answer: it does not apply to them, or they have not done it yet."""
        return sum(self.answers.values()) - self.met - self.not_met

    @property
    def cells(self) -> list[int | None]:
        """Return met, not met and others as tables have them; of a fact nothing is met."""
        return [self.met, self.not_met, self.others] if self.criterion.has_outcome else [None, None, None]


def reported_counts(own: Reported, columns: Iterable[Criterion]) -> dict[int, ReportedCount]:
    """Return the counts by the key of the criterion, in one query; empty where no report was accepted.

    They are sums. What a single unit said is for the unit itself and for those who read the reports.
    """
    if not own:
        return {}
    units = own.enrolments.order_by().values("pk")
    answers = SelfAnswer.objects.filter(assessment__enrolment__in=units).order_by()
    by_criterion = count_by_criterion(answers)
    return {each.pk: _count(each, by_criterion.get(each.pk, {})) for each in columns}


def _count(criterion: Criterion, rows: dict[str, Any]) -> ReportedCount:
    counted = criterion_count(criterion, 0, rows)
    return ReportedCount(criterion, counted.answers, counted.facts, counted.fact_sum)
