"""What an approver looks at first in a submitted checklist, and the checklist that waits after it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Result, SelfAnswer
from criteria.inspections.queries.work import waiting_for
from criteria.models import Criterion
from criteria.outcomes import failures
from criteria.scoring import BONUS


@dataclass(frozen=True)
class Noteworthy:
    """The criteria of a checklist that are not met, and those that the unit answered differently."""

    failed: list[Criterion]
    differing: list[Criterion]

    def __bool__(self) -> bool:
        return bool(self.failed or self.differing)


def noteworthy(enrolment: Enrolment) -> Noteworthy:
    """Return the criteria of a checklist to look at first, in its order. Two queries."""
    results = Result.objects.filter(inspection__enrolment=enrolment).exclude(outcome="").select_related("criterion")
    answers = SelfAnswer.objects.filter(assessment__enrolment=enrolment, assessment__handed_in_at__isnull=False)
    own = dict(answers.exclude(outcome="").values_list("criterion", "outcome"))
    in_order = list(results.order_by("criterion__position"))
    return Noteworthy(
        [each.criterion for each in in_order if each.outcome in failures() and each.criterion.sign != BONUS],
        [each.criterion for each in in_order if own.get(each.criterion_id, each.outcome) != each.outcome],
    )


def with_noteworthy(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Add `failed` and `differing`: how many criteria of each checklist to look at first."""
    lost = Result.objects.filter(inspection__enrolment=OuterRef("pk"), outcome__in=failures())
    lost = lost.exclude(criterion__sign=BONUS)
    verified = Result.objects.filter(
        inspection__enrolment=OuterRef("assessment__enrolment"), criterion=OuterRef("criterion")
    )
    other = verified.exclude(outcome="").exclude(outcome=OuterRef("outcome"))
    answers = SelfAnswer.objects.filter(assessment__enrolment=OuterRef("pk"), assessment__handed_in_at__isnull=False)
    differing = answers.exclude(outcome="").filter(Exists(other))
    return enrolments.annotate(
        failed=_count_by(lost, "inspection__enrolment"), differing=_count_by(differing, "assessment__enrolment")
    )


def _count_by(rows: QuerySet, path: str) -> Coalesce:
    total = rows.order_by().values(path).annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total), 0, output_field=IntegerField())


def next_waiting(user: User, enrolment: Enrolment) -> Enrolment | None:
    """Return the checklist that waits after this one for the person's decision, the oldest one at
    the end; None if no other waits."""
    others = waiting_for(user).exclude(pk=enrolment.pk)
    submitted_at = enrolment.inspection.submitted_at
    later = Q(inspection__submitted_at__gt=submitted_at) if submitted_at else Q()
    return others.filter(later).first() or others.first()
