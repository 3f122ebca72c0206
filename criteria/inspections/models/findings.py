"""Findings: what has to be put right, until somebody has seen that it is."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.checklists import Inspection
from criteria.inspections.querysets import FindingQuerySet
from criteria.models import Criterion

PERSON = settings.AUTH_USER_MODEL


class Finding(models.Model):
    """The recommendation for one criterion that is not met, with its deadline.

    District and ward see it once it is published, which the approval of the checklist does. New
    words from a checklist that was opened again are kept apart (`next_...`) until that is approved
    too.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("to be put right")
        ANSWERED = "answered", _("answered, to be looked at")
        CLOSED = "closed", _("put right")
        WITHDRAWN = "withdrawn", _("withdrawn")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    recommendation = models.TextField(_("recommendation"), max_length=2000)
    due_on = models.DateField(_("to be put right by"), null=True, blank=True)
    next_recommendation = models.TextField(_("recommendation, not sent yet"), max_length=2000, blank=True)
    next_due_on = models.DateField(_("to be put right by, not sent yet"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)
    #: the day of the last mail about it
    reminded_on = models.DateField(_("reminded by mail"), null=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "criterion"],
                condition=~Q(status="withdrawn"),
                name="finding_once",
                violation_error_message=_("This criterion has a recommendation already."),
            ),
            models.CheckConstraint(
                name="finding_status", condition=Q(status__in=["open", "answered", "closed", "withdrawn"])
            ),
            models.CheckConstraint(
                name="finding_closed",
                condition=~Q(status="closed") | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection.enrolment.ward}: {self.criterion}"

    @property
    def draft_recommendation(self) -> str:
        """Return the present words in the checklist, whether or not the unit sees them yet."""
        return self.next_recommendation or self.recommendation

    @property
    def draft_due_on(self) -> datetime.date | None:
        return self.next_due_on if self.next_recommendation else self.due_on

    @property
    def is_overdue(self) -> bool:
        """Still to be put right after its day. What is answered waits for the inspector, not for the unit."""
        return self.status == self.Status.OPEN and self.due_on is not None and self.due_on < timezone.localdate()


class FindingReply(models.Model):
    """The answer of the district or ward, and what the inspector says of it. Never changed afterwards."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not accepted yet")

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="replies")
    submission_id = models.UUIDField(unique=True)
    text = models.TextField(_("what was done"), max_length=4000)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now_add=True)
    files = models.ManyToManyField(StoredFile, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    verdict_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    judged_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_reply_verdict",
                condition=Q(verdict="", judged_by__isnull=True)
                | Q(verdict="accepted", judged_by__isnull=False)
                | (Q(verdict="refused", judged_by__isnull=False) & ~Q(verdict_reason="")),
                violation_error_message=_("Say what is still missing."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]
