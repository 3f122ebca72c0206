"""Rounds of inspection, the wards enrolled in them, and what was found there."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archiveportal.history.models import FromReport
from criteria.inspections.querysets import EnrolmentQuerySet, InspectionQuerySet, ResultQuerySet, RoundQuerySet
from criteria.models import CriteriaSet, Criterion
from wards.models import Ward

PERSON = settings.AUTH_USER_MODEL


class Round(FromReport):
    """A phase of inspection with one criteria set. The period assessed and the day of the report are two things."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="rounds")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    #: number and date of the report that published its scores
    report_number = models.CharField(_("report"), max_length=40, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    #: đồng, for the round as a whole; no report breaks it down (discrepancy D21)
    funding = models.DecimalField(max_digits=15, decimal_places=0, null=True, blank=True)
    is_simulated = models.BooleanField(default=False, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection round")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="round_status", condition=Q(status__in=["open", "closed"])),
            models.CheckConstraint(
                name="round_funding",
                condition=Q(funding__isnull=True) | Q(funding__gte=0),
                violation_error_message=_("An amount of money cannot be negative."),
            ),
            models.CheckConstraint(
                name="round_period",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not come before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class Enrolment(FromReport):
    """A ward in a round, at its place in the table, with the score that a signed report published for it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="enrolments")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="enrolments")
    position = models.PositiveIntegerField(_("No."))
    published_score = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    published_maximum = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    #: the personnel cells as scanned; order and spelling are unreliable (discrepancies D12, D13, D25)
    published_personnel = models.CharField(max_length=300, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "ward"],
                name="enrolment_once",
                violation_error_message=_("This ward is in the round already."),
            ),
            models.UniqueConstraint(fields=["round", "position"], name="enrolment_position"),
            models.CheckConstraint(
                name="enrolment_published_score",
                condition=Q(published_score__isnull=True)
                | Q(
                    published_score__gte=0,
                    published_maximum__isnull=False,
                    published_maximum__gt=0,
                    published_maximum__gte=F("published_score"),
                ),
                violation_error_message=_("A published score needs its maximum and cannot exceed it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ward} – {self.round}"


class Inspection(models.Model):
    """The checklist of one ward in one round, and where it stands on its way to approval.

    `score` (points), `maximum`, `met_criteria` and `open_criteria` follow from the results; the saving service
    keeps them true.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for approval")
        RETURNED = "returned", _("returned for additions")
        APPROVED = "approved", _("approved")

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="inspection")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    inspected_on = models.DateField(_("inspected on"), null=True, blank=True)
    score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    maximum = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    met_criteria = models.PositiveSmallIntegerField(default=0)
    open_criteria = models.PositiveSmallIntegerField(default=0)
    #: grows with every save; 0 says that nobody has filled anything in yet
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(blank=True)
    approved_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        constraints = [
            models.CheckConstraint(
                name="inspection_status", condition=Q(status__in=["draft", "submitted", "returned", "approved"])
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
        """The status in words; a draft that nobody has filled in yet says so."""
        is_untouched = self.status == self.Status.DRAFT and not self.version
        return gettext("not started") if is_untouched else self.get_status_display()

    @property
    def is_locked(self) -> bool:
        return self.status in (self.Status.SUBMITTED, self.Status.APPROVED)

    @property
    def is_started(self) -> bool:
        return self.version > 0 or self.status == self.Status.APPROVED


class Result(models.Model):
    """One answer. Never deleted: an outcome can become blank again, its note and its fact stand on their own."""

    class Outcome(models.TextChoices):
        MET = "met", _("Met")
        NOT_MET = "not_met", _("Not met")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="results")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="results")
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    objects = ResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "criterion"], name="result_once"),
            models.CheckConstraint(
                name="result_outcome",
                condition=Q(outcome__in=["", "met", "not_met", "not_applicable"]),
                violation_error_message=_("Choose one of the answers offered."),
            ),
            models.CheckConstraint(
                name="result_reason",
                condition=~Q(outcome="not_applicable") | ~Q(note=""),
                violation_error_message=_("Say in the note why the criterion does not apply."),
            ),
            models.CheckConstraint(
                name="result_number",
                condition=Q(number__isnull=True) | Q(number__gte=0),
                violation_error_message=_("A number here cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)


class Submission(models.Model):
    """A save that was received once; the same one again gets the same answer and changes nothing."""

    submission_id = models.UUIDField(unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="submissions")
    sent_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)
    #: digest of what it asked for
    content = models.CharField(max_length=16)
    answer = models.JSONField()
