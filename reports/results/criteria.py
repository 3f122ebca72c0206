"""Counts of wards by criterion.

A ward is assessed ("đã đánh giá") once its approved checklist has an answer: met, not met or not
applicable. The criterion applies ("áp dụng") where the answer is met or not met, and percents are
of these wards. Pages, documents, workbooks and pictures take both numbers from `CriterionCount`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet, Sum

from archiveportal.counting import Counted
from archiveportal.percent import Number, mean, percent_of
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.leaves import answered_of, leaves_of
from criteria.models import CriteriaSet, Criterion
from criteria.outcomes import MET, NOT_APPLICABLE, NOT_MET, OPEN, OUTCOMES, USUAL, Outcome, offered_in
from reports.results.rows import visible_enrolments


class CountedAnswers:
    """Units by the code of their answer to a criterion, without the open ones."""

    answers: Mapping[str, int]

    @property
    def met(self) -> int:
        return self.answers.get(MET, 0)

    @property
    def not_met(self) -> int:
        return self.answers.get(NOT_MET, 0)


@dataclass(frozen=True)
class CriterionCount(CountedAnswers):
    """Counts of the answers of the wards in scope to one criterion. Enrolled = the answers of every
    kind + open."""

    criterion: Criterion
    enrolled: int
    #: wards by the code of their answer, without the open ones
    answers: Mapping[str, int] = field(default_factory=dict)
    #: for a column that is a fact: how many wards gave it, and the sum of its numbers
    facts: int = 0
    fact_sum: Number | None = None
    #: points of the answers that have more than all or none; None where no answer has
    earned_sum: Decimal | None = None

    @property
    def assessed(self) -> int:
        """Wards with an answer of any kind; of a fact, the wards that gave it."""
        return sum(self.answers.values()) if self.criterion.has_outcome else self.facts

    @property
    def not_applicable(self) -> int:
        return self.answers.get(NOT_APPLICABLE, 0)

    @property
    def open(self) -> int:
        return self.enrolled - self.assessed

    @property
    def total(self) -> Number | None:
        """Return the cell of the totals row: wards that meet it, their points where an answer
        earns some of them, or the sum of the fact; None if unanswered."""
        if self.criterion.is_graded:
            return drop_zero_decimals(self.earned_sum)
        if self.criterion.has_outcome:
            return self.met if self.assessed else None
        return self.fact_sum

    @property
    def percent(self) -> Decimal | None:
        """Wards that meet it, of those it applies to; by the rule of pages."""
        return percent_of(self.met, self.applicable)

    @property
    def total_is_of_units(self) -> bool:
        """Tell whether `total` counts wards that meet it."""
        return self.criterion.has_outcome and not self.criterion.is_graded

    @property
    def average_points(self) -> Decimal | None:
        """Points of the wards it applies to on average, where an answer earns some of them; else None."""
        return mean(self.earned_sum, self.applicable) if self.criterion.is_graded else None

    @property
    def applicable(self) -> int:
        """Wards that meet it or do not: the denominator of every percent."""
        return applicable_answers(self.answers)

    @property
    def by_outcome(self) -> list[tuple[Outcome, int]]:
        """Return each kind of answer with its wards, what is open too, in the order of the form."""
        return [(each, self.count_of(each)) for each in OUTCOMES.values() if each.code in USUAL or self.count_of(each)]

    def count_of(self, outcome: Outcome) -> int:
        return self.open if outcome.is_open else self.answers.get(outcome.code, 0)


def applicable_answers(answers: Mapping[str, int]) -> int:
    """Count the answers, given by code, that count in the maximum of their ward."""
    return sum(count for code, count in answers.items() if OUTCOMES[code].applies)


def has_graded(counts: Iterable[CriterionCount]) -> bool:
    """Tell whether a table over `counts` has a column of average points."""
    return any(count.criterion.is_graded for count in counts)


def kinds_of_answers(criteria_set: CriteriaSet, counts: Iterable[CriterionCount]) -> list[Outcome]:
    """Return the kinds of answers that a table over `counts` has a column for, in the order of the
    form: those that the set offers, and any other that was given."""
    offered = offered_in(criteria_set)
    given = set(chain.from_iterable(count.answers for count in counts))
    return [each for each in OUTCOMES.values() if each in offered or each.code in given]


def drop_zero_decimals(number: Decimal | None) -> Number | None:
    """Return a number without the zeros that the database adds: 2.00 persons are 2, 25.50 m² are 25.5."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else number.normalize()


def criterion_counts(
    user: Viewer,
    inspection_round: Round,
    chosen: QuerySet[Enrolment] | None = None,
    *,
    enrolled: int | None = None,
    columns: list[Criterion] | None = None,
) -> list[CriterionCount]:
    """Count the answers of each column over the wards in scope, or those `chosen` of them.

    `enrolled` is the number of these wards and `columns` are the criteria of the round, for
    callers that have read them already.
    """
    if enrolled is None:
        counted = visible_enrolments(user, inspection_round) if chosen is None else chosen
        enrolled = counted.count()
    if columns is None:
        columns = answered_of(leaves_of(inspection_round.criteria_set))
    answers = approved_answers(user, inspection_round, chosen)
    if len(columns) == 1:
        answers = answers.filter(criterion=columns[0])
    by_criterion = count_by_criterion(answers)
    return [criterion_count(criterion, enrolled, by_criterion.get(criterion.pk, {})) for criterion in columns]


def count_by_criterion(answers: QuerySet) -> dict[int, dict[str, Any]]:
    """Return the counts of answers by the key of the criterion and the code of the answer, in one query."""
    by_criterion: dict[int, dict[str, Any]] = {}
    for row in answers.values("criterion", "outcome").annotate(**COUNTED):
        by_criterion.setdefault(row["criterion"], {})[row["outcome"]] = row
    return by_criterion


def answer_counts(
    user: Viewer, inspection_round: Round, chosen: QuerySet[Enrolment] | None = None
) -> dict[int, Counter[str]]:
    """Count the answers by the key of the criterion and the code of the answer, without the facts:
    half the work for the database."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    answers = approved_answers(user, inspection_round, chosen).exclude(outcome=OPEN)
    for criterion, outcome, wards in answers.values_list("criterion", "outcome").annotate(wards=Counted("pk")):
        counts[criterion][outcome] = wards
    return counts


#: what is counted of the answers to a criterion, by outcome
COUNTED = {
    "count": Counted("pk"),
    "sum": Sum("number"),
    "facts": Counted("pk", filter=Q(number__isnull=False) | ~Q(text="")),
    "earned": Sum("earned"),
}


def approved_answers(user: Viewer, inspection_round: Round, chosen: QuerySet[Enrolment] | None) -> QuerySet[Result]:
    """Drafts show as marks to those who work on them; what is counted is approved, for everyone alike."""
    results = Result.objects.visible_to(user).filter(
        inspection__enrolment__round=inspection_round, inspection__status=Inspection.Status.APPROVED
    )
    if chosen is not None:
        results = results.filter(inspection__enrolment__in=chosen.order_by().values("pk"))
    return results.order_by()


def criterion_count(criterion: Criterion, enrolled: int, rows: dict[str, Any]) -> CriterionCount:
    if not criterion.has_outcome:
        fact = rows.get(OPEN, {})
        return CriterionCount(
            criterion, enrolled, facts=fact.get("facts", 0), fact_sum=drop_zero_decimals(fact.get("sum"))
        )
    answers = {code: row["count"] for code, row in rows.items() if code != OPEN}
    # Who counts wards alone gives no points.
    earned = [row["earned"] for row in rows.values() if row.get("earned") is not None]
    return CriterionCount(criterion, enrolled, answers, earned_sum=sum(earned, Decimal(0)) if earned else None)
