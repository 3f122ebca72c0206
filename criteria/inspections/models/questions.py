"""What is asked from a distance: questions to a unit, notes of the sub-department, criteria verified by evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.checklists import Inspection
from criteria.inspections.question_querysets import InternalQuerySet, QuestionQuerySet
from criteria.models import Criterion

PERSON = settings.AUTH_USER_MODEL


class Question(models.Model):
    """The thread on one criterion between those who inspect and the unit: asked, answered, asked again, settled."""

    class Status(models.TextChoices):
        ASKED = "asked", _("waits for the unit")
        ANSWERED = "answered", _("answered, to be looked at")
        CLOSED = "closed", _("settled")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="questions")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ASKED)
    due_on = models.DateField(_("answer until"))
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to the unit")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "criterion"], name="question_thread"),
            models.CheckConstraint(name="question_status", condition=Q(status__in=["asked", "answered", "closed"])),
            models.CheckConstraint(
                name="question_closed",
                condition=~Q(status="closed") | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection.enrolment.ward}: {self.criterion}"

    @property
    def is_late(self) -> bool:
        """The unit still has to answer, and its day has passed."""
        return self.status == self.Status.ASKED and self.due_on < timezone.localdate()


class QuestionMessage(models.Model):
    """One message of a thread. Never changed afterwards: what is wrong is set right by the next one."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="messages")
    #: the same message sent twice is one
    submission_id = models.UUIDField(unique=True)
    #: the unit wrote it, else those who inspect
    is_of_unit = models.BooleanField(default=False)
    text = models.TextField(_("message"), max_length=4000)
    #: the day that a question asks for; blank for an answer
    due_on = models.DateField(_("answer until"), null=True)
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    files = models.ManyToManyField(StoredFile, related_name="+")

    class Meta:
        verbose_name = _("message")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class InternalNote(models.Model):
    """What inspector and approver note for each other on one criterion. In no paper, and never seen by the unit."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="internal_notes")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    submission_id = models.UUIDField(unique=True)
    text = models.TextField(_("internal note"), max_length=4000)
    written_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class DistantCheck(models.Model):
    """Says that one criterion of a unit that a team visits was verified from a distance, by the evidence."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="distant_checks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    #: taken back where the criterion was looked at on the spot after all
    is_distant = models.BooleanField(_("verified from a distance"), default=True)
    marked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion verified from a distance")
        ordering = ["inspection", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "criterion"], name="distant_check_once"),
        ]

    def __str__(self) -> str:
        return str(self.criterion)
