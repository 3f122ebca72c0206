"""Querysets: who sees which rounds, scores, files and findings, who may change them now, and which score counts."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from archiveportal.model_fields import related_rows
from archiveportal.scope import Viewer
from archiveportal.workdays import Workdays
from criteria.outcomes import OPEN, OUTCOMES
from criteria.scoring import DEDUCTION, ZERO, Range, is_by_points, lower_bound, upper_bound

APPROVED = "approved"
#: SQLite compares decimals as binary fractions; products of two decimals with two places differ by more than this
HAIR = Decimal("0.00005")
#: statuses of rounds that are no drafts
BEGUN = ("open", "closed")


def _units(viewer: Viewer, path: str) -> Q | None:
    """Condition on the ward behind `path`; None for viewers who see no results at all."""
    scope = viewer.scope
    return scope.of_wards(path) if scope.sees_results else None


def _begun(viewer: Viewer, path: str = "") -> Q:
    """Condition on the round behind `path` ("round__"): a draft is seen by those who prepare rounds alone."""
    return Q() if viewer.scope.can_approve else Q(**{f"{path}status__in": BEGUN})


def counted_rounds(path: str = "") -> Q:
    """Condition on the round behind `path`: figures and comparisons leave out drafts and trials."""
    return Q(**{f"{path}status__in": BEGUN, f"{path}is_trial": False})


class ScopedQuerySet(models.QuerySet):
    """`ward_path` leads to the ward, `status_path` to the inspection's status (blank: visible in any status)."""

    ward_path = ""
    status_path = ""

    @property
    def round_path(self) -> str:
        """Return the way to the round: its enrolment has the ward."""
        return f"{self.ward_path.removesuffix('ward')}round__"

    def visible_to(self, viewer: Viewer) -> Self:
        condition = _units(viewer, self.ward_path)
        if condition is None:
            return self.none()
        condition &= _begun(viewer, self.round_path)
        if self.status_path and not viewer.scope.sees_unapproved_results:
            condition &= Q(**{self.status_path: APPROVED})
        return self.filter(condition)


class ReadByHeirs(ScopedQuerySet):
    """Rows that the officer of a unit reads of the units that it took over, once they are approved or published.

    Everything else of a former unit (evidence, drafts, replies, self-assessments) has no such way.
    """

    #: condition on the rows of former units
    read_by_heirs = Q()

    def readable_by(self, viewer: Viewer) -> Self:
        own = self.visible_to(viewer)
        former = viewer.scope.of_former_wards(self.ward_path) if viewer.scope.sees_results else None
        if former is None:
            return own
        former &= self.read_by_heirs & counted_rounds(self.round_path)
        return self.filter(Q(pk__in=own.order_by().values("pk")) | former)


class RoundQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Return all rounds for those who see every ward; else the rounds that own wards are
        enrolled in."""
        condition = _units(viewer, "enrolments__ward")
        if condition is None:
            return self.none()
        rows = self.filter(condition).distinct() if condition else self
        return rows.filter(_begun(viewer))

    def begun(self) -> Self:
        """Leave out drafts."""
        return self.filter(status__in=BEGUN)

    def counted(self) -> Self:
        """Leave out drafts and trials, which are in no figure and in no comparison."""
        return self.filter(counted_rounds())

    def editable_by(self, viewer: Viewer) -> Self:
        """Rounds are opened, changed and closed by approvers."""
        return self.visible_to(viewer) if viewer.scope.can_approve else self.none()


class SwappedDayQuerySet(models.QuerySet):
    """Swapped days are facts of the State: whoever plans reads all of them."""

    def workdays(self) -> Workdays:
        """Return what tells days that are worked, in one query."""
        rows = self.values_list("day", "is_off", "reason")
        return Workdays({day: reason if is_off else "" for day, is_off, reason in rows})


class RoundPartQuerySet(models.QuerySet):
    """Documents and teams: seen by whoever sees the round."""

    def visible_to(self, viewer: Viewer) -> Self:
        rounds = related_rows(self.model, "round").visible_to(viewer)
        return self.filter(round__in=rounds)


class DecisionQuerySet(models.QuerySet):
    """Decisions: units and readers see them once they are issued, and units those that name them."""

    def visible_to(self, viewer: Viewer) -> Self:
        units = _units(viewer, "enrolment__ward")
        if units is None:
            return self.none()
        rows = self.filter(_begun(viewer, "round__"))
        if viewer.scope.sees_unapproved_results:
            return rows
        rows = rows.filter(issued_on__isnull=False, voided_at__isnull=True)
        if not units:
            return rows
        named = related_rows(self.model, "units").filter(units).order_by()
        return rows.filter(pk__in=named.values("decision"))

    def standing(self) -> Self:
        """Leave out decisions that were voided."""
        return self.filter(voided_at__isnull=True)

    def issued(self) -> Self:
        """Return the standing decisions that have number and day."""
        return self.standing().filter(issued_on__isnull=False)


def points_earned() -> Case:
    """Expression on results: the points that an answer brings, below zero for a deduction, as `scoring.points_of`.

    Filter to criteria that count. The limits of a set on deductions and bonuses are those of a whole
    checklist (`Inspection.deducted`, `Inspection.bonus`).
    """
    points = models.DecimalField(max_digits=8, decimal_places=2)
    kinds = [outcome for outcome in OUTCOMES.values() if outcome.code]
    is_left_out = Q(outcome__in=[each.code for each in kinds if not each.applies])
    is_met = Q(outcome__in=[each.code for each in kinds if each.earns])
    is_deduction = Q(criterion__sign=DEDUCTION)
    counts_in_full = Q(criterion__sign="", criterion__criteria_set__not_applicable_counts="full")
    return Case(
        When(outcome=OPEN, then=Value(ZERO)),
        When(is_left_out & counts_in_full, then=F("criterion__points")),
        When(is_left_out, then=Value(ZERO)),
        When(earned__isnull=False, then=F("earned")),
        When(is_deduction & ~is_met, then=Value(ZERO) - F("criterion__points")),
        When(is_met & ~is_deduction, then=F("criterion__points")),
        default=Value(ZERO),
        output_field=points,
    )


def is_open_now() -> Q:
    """Condition on enrolments: the round is open, or open again for it today."""
    return Q(round__status="open") | Q(reopened_until__gte=timezone.localdate())


def is_visited(path: str = "") -> Q:
    """Condition on the enrolment behind `path`: a team inspects the ward, which neither only reports nor is left
    out."""
    return ~Q(**{f"{path}way": "report"}) & Q(**{f"{path}is_left_out": False})


def takes_answers() -> Q:
    """Condition on enrolments: a team fills in the checklist now."""
    return is_open_now() & is_visited()


def can_be_planned() -> Q:
    """Condition on enrolments: the round is open for the ward, or still a draft."""
    return is_open_now() | Q(round__status="in_draft")


class EnrolmentQuerySet(ReadByHeirs):
    ward_path = "ward"
    read_by_heirs = Q(inspection__status=APPROVED) | Q(published_score__isnull=False)

    def editable_by(self, viewer: Viewer) -> Self:
        """Return the checklists that a person may fill in now: open round, minutes not signed, not
        submitted, not approved."""
        if not viewer.scope.can_inspect:
            return self.none()
        unlocked = Q(inspection__status__in=["draft", "returned"], inspection__signed_at=None)
        return self.visible_to(viewer).filter(takes_answers(), unlocked)

    def counted(self) -> Self:
        """Leave out the wards of drafts and trials."""
        return self.filter(counted_rounds("round__"))

    def with_standing(self) -> Self:
        """Add the standing score: the computed one once approved, else the published one, else
        null.

        `standing_score`, `standing_maximum` in points; `standing_ratio` to sort by; `standing_bar`,
        the key of the highest band that the answers allow.
        """
        approved = Q(inspection__status=APPROVED)
        points = models.DecimalField(max_digits=8, decimal_places=2)
        return self.annotate(
            standing_score=Case(
                When(approved, then=F("inspection__score")), default=F("published_score"), output_field=points
            ),
            standing_maximum=Case(
                When(approved, then=F("inspection__maximum")),
                When(published_score__isnull=False, then=F("published_maximum")),
                default=Value(None),
                output_field=points,
            ),
            standing_bar=Case(
                When(approved, then=F("inspection__highest_band")),
                default=Value(None),
                output_field=models.BigIntegerField(),
            ),
        ).annotate(
            standing_ratio=models.ExpressionWrapper(
                F("standing_score") * Value(1.0) / F("standing_maximum"), output_field=models.FloatField()
            )
        )

    def in_band(self, band: Range) -> Self:
        """Return those whose standing score (see `with_standing`) is within the band, or held in it by a bar."""
        lower, upper = lower_bound(band), upper_bound(band)
        if is_by_points(band):
            rows, field = self.alias(reached=F("standing_score"), whole=Value(1)), "lower_points"
        else:
            # Products and no quotients: SQLite divides whole numbers without their remainder.
            rows, field = self.alias(reached=F("standing_score") * 100, whole=F("standing_maximum")), "lower_percent"
        rows = rows.filter(reached__gte=F("whole") * lower - HAIR)
        within = Q() if upper is None else Q(reached__lt=F("whole") * upper - HAIR)
        key = getattr(band, "pk", None)
        if key is None:
            return rows.filter(within)
        is_free = Q(standing_bar=None) | Q(**{f"inspection__highest_band__{field}__gte": lower})
        return rows.filter((within & is_free) | Q(standing_bar=key))


class DecisionUnitQuerySet(ScopedQuerySet):
    """The units of decisions: other units of the same decision are nobody's business."""

    ward_path = "enrolment__ward"

    def visible_to(self, viewer: Viewer) -> Self:
        rows = super().visible_to(viewer)
        if viewer.scope.sees_unapproved_results:
            return rows
        return rows.filter(decision__issued_on__isnull=False, decision__voided_at__isnull=True)


class InspectionQuerySet(ScopedQuerySet):
    ward_path = "enrolment__ward"
    status_path = "status"


class OfInspectionQuerySet(ScopedQuerySet):
    """Rows that belong to a checklist: visible like its answers."""

    ward_path = "inspection__enrolment__ward"
    status_path = "inspection__status"


class ResultQuerySet(ReadByHeirs):
    """Answers: visible in the same way as other rows of a checklist."""

    ward_path = OfInspectionQuerySet.ward_path
    status_path = OfInspectionQuerySet.status_path
    read_by_heirs = Q(inspection__status=APPROVED)


class EvidenceQuerySet(OfInspectionQuerySet):
    def counting(self) -> Self:
        """Return the evidence that shows something: not taken back, its file not withdrawn."""
        return self.filter(voided_at__isnull=True, file__withdrawal__isnull=True)


class OfMinutesQuerySet(ScopedQuerySet):
    """Scans of the minutes: seen like the answers of their checklist."""

    ward_path = "minutes__inspection__enrolment__ward"
    status_path = "minutes__inspection__status"

    def visible_to(self, viewer: Viewer) -> Self:
        """A scan that was replaced is for those who work on checklists: it may be the paper of another ward."""
        rows = super().visible_to(viewer)
        return rows if viewer.scope.sees_unapproved_results else rows.filter(replaced_at__isnull=True)


#: a deadline within so many days is near
SOON = datetime.timedelta(days=14)


def overdue() -> Q:
    """Condition on findings: open past their deadline."""
    return Q(status="open", due_on__lt=timezone.localdate())


def due_soon() -> Q:
    """Condition on findings: open, with a deadline that is near."""
    today = timezone.localdate()
    return Q(status="open", due_on__gte=today, due_on__lte=today + SOON)


#: the way from a finding or an answer to its round
OF_FINDING = "inspection__enrolment__round__"


class FindingQuerySet(ReadByHeirs):
    ward_path = "inspection__enrolment__ward"
    read_by_heirs = Q(inspection__status=APPROVED, published_at__isnull=False) & ~Q(status="withdrawn")

    def visible_to(self, viewer: Viewer) -> Self:
        """Return all for those who work on checklists; what is published, and was not withdrawn,
        for others."""
        rows = super().visible_to(viewer)
        if viewer.scope.sees_unapproved_results:
            return rows
        return rows.filter(published_at__isnull=False).exclude(status="withdrawn")

    def answerable_by(self, viewer: Viewer) -> Self:
        """Return the published findings on own wards that wait for an answer."""
        if not viewer.scope.answers_for_units:
            return self.none()
        return self.visible_to(viewer).filter(status="open")

    def to_remind(self) -> FindingQuerySet:
        """Open, published, overdue or nearly due: never what is answered, closed or withdrawn."""
        return (
            self.filter(overdue() | due_soon(), counted_rounds(OF_FINDING), published_at__isnull=False)
            .select_related("criterion", "inspection__enrolment__ward__district")
            .order_by("due_on", "inspection__enrolment__ward__sort_key", "criterion__position", "pk")
        )


class NoticeQuerySet(models.QuerySet):
    """What is told to somebody: that person's alone, and no more of units that the person does not see any more."""

    def visible_to(self, viewer: Viewer) -> Self:
        units = _units(viewer, "enrolment__ward")
        if units is None:
            return self.none()
        rows = self.filter(_begun(viewer, "round__"), person=getattr(viewer, "pk", None))
        return rows.filter(Q(enrolment__isnull=True) | units) if units else rows

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def with_words(self) -> Self:
        """Read along what the sentence names."""
        rows = self.select_related("round", "enrolment__ward__district", "enrolment__round")
        return rows.select_related("finding__criterion", "question__criterion")
