"""Documents of rounds: plans, decisions on teams, notices, as they were issued."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.rounds import Round
from criteria.inspections.querysets import RoundPartQuerySet


class RoundDocument(models.Model):
    """A document of the round by number and date, with its file if there is one. Voided, never deleted."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan of the inspection")
        DECISION = "decision", _("decision on the inspection teams")
        SCHEDULE = "schedule", _("notice of the schedule")
        CONCLUSION = "conclusion", _("notice of conclusions")
        OTHER = "other", _("other document")

    round = models.ForeignKey(Round, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind of document"), max_length=10, choices=Kind)
    number = models.CharField(_("document number"), max_length=60)
    issued_on = models.DateField(_("date of the document"))
    title = models.CharField(_("subject"), max_length=300, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, editable=False)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of the round")
        ordering = ["issued_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="round_document_kind",
                condition=Q(kind__in=["plan", "decision", "schedule", "conclusion", "other"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
