"""The checklist of a ward in a round: its answers, saves that were received, and what could not be applied."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from criteria import outcomes
from criteria.inspections.models.rounds import Enrolment
from criteria.inspections.querysets import InspectionQuerySet, OfInspectionQuerySet, ResultQuerySet
from criteria.models import Band, CriteriaSet, Criterion, Option

PERSON = settings.AUTH_USER_MODEL


class Inspection(models.Model):
    """The checklist of one ward in one round, and its state on the way to approval.

    The way is draft -> minutes signed -> submitted -> returned or approved. While `signed_at` is
    set the answers are those of the signed minutes; a supplement opens them again and clears it.
    `score` (points), `maximum`, `met_criteria` and `open_criteria` follow from the results, and so
    do `deducted`, `bonus` and `highest_band`; the saving service keeps them true.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("minutes signed")
        SUBMITTED = "submitted", _("waiting for approval")
        RETURNED = "returned", _("returned for additions")
        APPROVED = "approved", _("approved")

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="inspection")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    inspected_on = models.DateField(_("inspected on"), null=True, blank=True)
    score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    maximum = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    #: points taken off and added within their limits; the score has them in it
    deducted = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    bonus = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    #: the lowest band that the bars of the set allow; blank: no bar holds
    highest_band = models.ForeignKey(Band, models.PROTECT, null=True, blank=True, related_name="+")
    met_criteria = models.PositiveSmallIntegerField(default=0)
    open_criteria = models.PositiveSmallIntegerField(default=0)
    #: grows with every save; 0 says that nobody has filled anything in yet
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = InspectionQuerySet.as_manager()

    #: known where the minutes and the history are read too (next_step); for `state`
    open_supplement = None
    is_reopened = False

    class Meta:
        verbose_name = _("checklist")
        constraints = [
            models.CheckConstraint(
                name="inspection_status",
                condition=Q(status__in=["draft", "signed", "submitted", "returned", "approved"]),
            ),
            models.CheckConstraint(
                name="inspection_signed", condition=~Q(status="signed") | Q(signed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="inspection_returned_with_reason",
                condition=~Q(status="returned") | (Q(returned_by__isnull=False) & ~Q(return_reason="")),
                violation_error_message=_("Say what has to be added or corrected."),
            ),
            models.CheckConstraint(
                name="inspection_submitted_by_somebody",
                condition=~Q(status__in=["submitted", "returned"]) | Q(submitted_by__isnull=False),
            ),
            models.CheckConstraint(name="inspection_score", condition=Q(score__gte=0, score__lte=F("maximum"))),
            models.CheckConstraint(name="inspection_apart", condition=Q(deducted__gte=0, bonus__gte=0)),
            models.CheckConstraint(
                name="inspection_approved_complete",
                condition=~Q(status="approved") | Q(open_criteria=0, maximum__gt=0),
                violation_error_message=_("A checklist with open criteria cannot be approved."),
            ),
            models.CheckConstraint(
                name="inspection_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(approved_by=F("submitted_by")),
                violation_error_message=_("Nobody approves an own submission."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)

    @property
    def state(self) -> str:
        """Return the status in words; a draft that nobody has filled in yet says so, and a ward that
        no team inspects says why."""
        if not self.enrolment.is_visited:
            return self.enrolment.unvisited_state
        if self.open_supplement or (self.status == self.Status.RETURNED and self.signed_at is None):
            return gettext("a supplement is being written")
        if self.is_reopened:
            return gettext("opened again")
        is_untouched = self.status == self.Status.DRAFT and not self.version
        return gettext("not started") if is_untouched else self.get_status_display()

    @property
    def is_locked(self) -> bool:
        """No answer changes now: decided or waiting, or the minutes are signed and no supplement is open."""
        return self.status not in (self.Status.DRAFT, self.Status.RETURNED) or self.signed_at is not None

    @property
    def is_started(self) -> bool:
        return self.version > 0 or self.status == self.Status.APPROVED


class Answer(models.Model):
    """What is answered to one criterion. An outcome can become blank again; note and fact are kept
    without it.

    Where the outcome follows from values (`Criterion.is_derived`), the saving service derives it, and
    `earned` from the same values.
    """

    outcome = models.CharField(_("answer"), max_length=15, choices=outcomes.choices(), blank=True)
    number = models.DecimalField(_("number"), max_digits=9, decimal_places=2, null=True, blank=True)
    text = models.CharField(_("text"), max_length=300, blank=True)
    #: of a choice
    option = models.ForeignKey(
        Option, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("option")
    )
    #: of a ratio: what `number` is a part of
    of_number = models.DecimalField(_("out of"), max_digits=9, decimal_places=2, null=True, blank=True)
    #: of a date
    day = models.DateField(_("day"), null=True, blank=True)
    #: points of an answer that has more than all or none, below zero for a deduction; blank for
    #: criteria that are met or not, and while nothing is answered
    earned = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_outcome",
                condition=Q(outcome__in=[outcomes.OPEN, *(code for code, _label in outcomes.choices())]),
                violation_error_message=_("Choose one of the answers offered."),
            ),
            models.CheckConstraint(
                name="%(class)s_reason",
                condition=~Q(outcome__in=[outcomes.NOT_APPLICABLE, outcomes.EXCUSED]) | ~Q(note=""),
                violation_error_message=_("Say the reason in the note."),
            ),
            models.CheckConstraint(
                name="%(class)s_number",
                condition=Q(number__isnull=True) | Q(number__gte=0),
                violation_error_message=_("A number here cannot be negative."),
            ),
            models.CheckConstraint(
                name="%(class)s_of_number",
                condition=Q(of_number__isnull=True) | Q(of_number__gt=0),
                violation_error_message=_("A ratio needs a number above zero to be a part of."),
            ),
        ]

    @property
    def is_failure(self) -> bool:
        return outcomes.outcome_of(self.outcome).is_failure


class Result(Answer):
    """The verified answer to one criterion: the one that scores. Never deleted."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="results")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="results")

    objects = ResultQuerySet.as_manager()

    class Meta(Answer.Meta):
        constraints = [
            models.UniqueConstraint(fields=["inspection", "criterion"], name="result_once"),
            *Answer.Meta.constraints,
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class Submission(models.Model):
    """A save that was received once; the same one again gets the same answer and changes nothing."""

    submission_id = models.UUIDField(unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="submissions")
    sent_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)
    #: digest of its content
    content = models.CharField(max_length=16)
    answer = models.JSONField()


class KeptAnswer(models.Model):
    """An answer that was received but not applied: kept with its values until somebody decides on it."""

    class Reason(models.TextChoices):
        CONFLICT = "conflict", _("a colleague answered differently")
        LOCKED = "locked", _("the checklist did not take answers any more")
        REPLACED = "replaced", _("it answers another criteria set")

    class Decision(models.TextChoices):
        TAKEN = "taken", _("taken into the checklist")
        DROPPED = "dropped", _("not taken")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="kept_answers")
    #: blank for the day of the inspection
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, related_name="+")
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="+")
    #: {outcome, number, text, note} or {inspected_on}, as text
    values = models.JSONField()
    base_version = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    submission_id = models.UUIDField(unique=True)
    via = models.CharField(max_length=10)
    sent_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    #: when it was typed, by the portal's clock: a wrong clock of the device is set right
    made_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="kept_answer_reason", condition=Q(reason__in=["conflict", "locked", "replaced"])
            ),
            models.CheckConstraint(
                name="kept_answer_decision",
                condition=Q(decision="", decided_by__isnull=True)
                | Q(decision__in=["taken", "dropped"], decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion or gettext("Inspected on"))
