"""Findings across wards and rounds: what is due, what fails again, what a page of one shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from archiveportal.accounts.models import User
from archiveportal.history.models import Event
from criteria.inspections.models import Finding, FindingReply, Inspection, Result, Round
from criteria.inspections.queries.units import LastTime, last_time
from criteria.inspections.querysets import OF_FINDING, counted_rounds, due_soon, overdue
from criteria.models import Criterion
from criteria.outcomes import failures, outcome_of
from criteria.recommendations import own_sentence
from criteria.scoring import BONUS

STATUS = Finding.Status
SHOWN = 8


def listed(user: User) -> QuerySet[Finding]:
    """Return the findings that a person may see, with `last_outcome` and all that a line of the
    list needs."""
    return _as_listed(Finding.objects.visible_to(user))


def readable(user: User) -> QuerySet[Finding]:
    """Return the findings that a person may see, and those of the units that the own ward took over."""
    return _as_listed(Finding.objects.readable_by(user))


def _as_listed(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    found = findings.annotate(last_outcome=_last_outcome())
    return found.select_related("criterion", "inspection__enrolment__ward__district", "inspection__enrolment__round")


def _last_outcome() -> Subquery:
    """Return the outcome of the same criterion in the ward's newest approved checklist before the
    row's round."""
    earlier = Result.objects.filter(
        counted_rounds(OF_FINDING),
        inspection__status=Inspection.Status.APPROVED,
        inspection__enrolment__ward=OuterRef("inspection__enrolment__ward"),
        inspection__enrolment__round__starts_on__lt=OuterRef("inspection__enrolment__round__starts_on"),
        criterion__criteria_set__code=OuterRef("criterion__criteria_set__code"),
        criterion__code=OuterRef("criterion__code"),
    ).order_by("-inspection__enrolment__round__starts_on", "-inspection__enrolment__round")
    return Subquery(earlier.values("outcome")[:1])


def failing_again(user: User, inspection_round: Round) -> QuerySet[Result]:
    """Return the criteria of the round that a ward fails now and failed the last time;
    `has_finding` says whether a recommendation was written."""
    written = Finding.objects.visible_to(user).exclude(status=STATUS.WITHDRAWN)
    written = written.filter(inspection=OuterRef("inspection"), criterion=OuterRef("criterion"))
    return (
        Result.objects.visible_to(user)
        .filter(inspection__enrolment__round=inspection_round, outcome__in=failures())
        .annotate(last_outcome=_last_outcome(), has_finding=Exists(written))
        .filter(last_outcome__in=failures())
        .exclude(criterion__sign=BONUS)
        .select_related("criterion", "inspection__enrolment__ward__district")
        .order_by("inspection__enrolment__ward__district__sort_key", "inspection__enrolment__ward__sort_key", "pk")
    )


@dataclass(frozen=True)
class Due:
    """Findings that wait: for an inspector the answers to look at, for a unit those to answer."""

    findings: list[Finding]
    waiting: int
    overdue: int
    soon: int

    @property
    def more(self) -> int:
        return max(self.waiting - len(self.findings), 0)


def due(user: User, **within: Any) -> Due:
    """`within` narrows to a ward or district (`inspection__enrolment__ward=...`). Two queries.

    Each finding has `refused_why`, what is still missing, if the newest answer was not accepted.
    """
    findings = Finding.objects.visible_to(user).filter(counted_rounds(OF_FINDING), **within)
    findings = findings.filter(published_at__isnull=False)
    status = STATUS.ANSWERED if user.can_inspect else STATUS.OPEN
    counts = findings.aggregate(
        waiting=Count("pk", filter=Q(status=status)),
        overdue=Count("pk", filter=overdue()),
        soon=Count("pk", filter=due_soon()),
    )
    rows = findings.filter(status=status).select_related("criterion", "inspection__enrolment__ward__district")
    newest = FindingReply.objects.filter(finding=OuterRef("pk")).order_by("-answered_at", "-pk")
    rows = rows.annotate(refused_why=Subquery(newest.values("verdict_reason")[:1]))
    return Due(list(rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:SHOWN]), **counts)


def story_of(finding: Finding, user: User) -> QuerySet[Event]:
    """Return the timeline of a finding; units read it from the day on which it was shown to
    them."""
    events = Event.objects.about(finding)
    return events if user.sees_unapproved_results else events.filter(occurred_at__gte=finding.published_at)


@dataclass(frozen=True)
class RecommendationProposal:
    """A text to begin a recommendation with; the address of the page names it by its `key`."""

    key: str
    text: str
    is_from_last_time: bool = False


def failures_without_recommendation(inspection: Inspection) -> list[Criterion]:
    """Return the criteria that are not met and have no recommendation, in printed order."""
    recommended = inspection.findings.exclude(status=STATUS.WITHDRAWN).values("criterion")
    failed = inspection.results.filter(outcome__in=failures()).exclude(criterion__in=recommended)
    failed = failed.exclude(criterion__sign=BONUS)
    return [result.criterion for result in failed.select_related("criterion").order_by("criterion__position")]


def proposals(
    inspection: Inspection, criterion: Criterion, result: Result | None
) -> tuple[list[RecommendationProposal], LastTime | None]:
    """Return the last recommendation if the criterion fails again, then sentences made of the note
    and of the criterion; and what was found last time. Recommendations are in Vietnamese, like the
    minutes that have them."""
    last = last_time(inspection.enrolment).get(criterion.pk)
    basis = f" theo {criterion.legal_basis}" if criterion.legal_basis else ""
    unit = inspection.enrolment.ward.body_in_full
    named = f"Đề nghị {unit} thực hiện tiêu chí “{criterion.name}”{basis}."
    plain = own_sentence(criterion) or named
    proposed = [RecommendationProposal("tieu-chi", plain)]
    if result and result.note:
        note = " ".join(result.note.split()).rstrip(".")
        proposed.insert(0, RecommendationProposal("ghi-chu", f"{note}. {plain}"))
    if last and outcome_of(last.outcome).is_failure and last.finding:
        proposed.insert(0, RecommendationProposal("lan-truoc", last.finding.recommendation, is_from_last_time=True))
    return proposed, last
