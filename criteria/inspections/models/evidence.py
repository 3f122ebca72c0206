"""Evidence: what shows that an answer is right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.checklists import Inspection
from criteria.inspections.models.self_evidence import SelfEvidence
from criteria.inspections.querysets import EvidenceQuerySet
from criteria.models import Criterion

PERSON = settings.AUTH_USER_MODEL


class Evidence(models.Model):
    """A photograph, a PDF, or a document by number, date and issuer. Voided with a reason, never deleted."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    #: the same upload sent twice is one
    upload_id = models.UUIDField(unique=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    caption = models.CharField(_("what it shows"), max_length=300, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    voided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: what the unit showed in its self-assessment and the team took over; both have the same file
    taken_from = models.OneToOneField(SelfEvidence, models.PROTECT, null=True, related_name="taken_over")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_file_or_document",
                condition=Q(file__isnull=False) | ~Q(number=""),
                violation_error_message=_("Attach a file, or give the number of the document."),
            ),
            models.CheckConstraint(
                name="evidence_voided_with_reason",
                condition=Q(voided_at__isnull=True) | (Q(voided_by__isnull=False) & ~Q(void_reason="")),
                violation_error_message=_("Say why this evidence is taken back."),
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.number or str(self.file)
