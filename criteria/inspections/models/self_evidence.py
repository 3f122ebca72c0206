"""Evidence of a self-assessment, and the signed paper by which a unit's leader stands by it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.self_assessment import SelfAssessment
from criteria.inspections.self_querysets import OfSelfAssessmentQuerySet, SelfEvidenceQuerySet
from criteria.models import Criterion

PERSON = settings.AUTH_USER_MODEL


class SelfEvidence(models.Model):
    """A photograph, a file, or a document by number, date and issuer, as the unit shows it.

    Another piece takes the place of an earlier one (`replaces`), which stays as a version, or it is
    taken back with a reason. Neither is ever deleted.
    """

    assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="evidence")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    #: the same upload sent twice is one
    upload_id = models.UUIDField(unique=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    caption = models.CharField(_("what it shows"), max_length=300, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    #: by the portal's clock, whatever the clock of the device says
    added_at = models.DateTimeField(auto_now_add=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    replaced_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = SelfEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence of the self-assessment")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="self_evidence_file_or_document",
                condition=Q(file__isnull=False) | ~Q(number=""),
                violation_error_message=_("Attach a file, or give the number of the document."),
            ),
            models.CheckConstraint(
                name="self_evidence_voided_with_reason",
                condition=Q(voided_at__isnull=True) | (Q(voided_by__isnull=False) & ~Q(void_reason="")),
                violation_error_message=_("Say why this evidence is taken back."),
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.number or str(self.file)

    @property
    def of_document(self) -> str:
        """Return number, day and issuer of the document, the number where the name does not say it."""
        day = f"{self.issued_on:%d/%m/%Y}" if self.issued_on else ""
        return ", ".join(filter(None, [self.number if self.caption else "", day, self.issuer]))


class SelfPaper(models.Model):
    """The self-assessment as it was printed and signed, with who signed it and when.

    It confirms until something changes (`ended_at`); the paper stays.
    """

    assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="papers")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    signatory = models.CharField(_("signed by"), max_length=200)
    signed_on = models.DateField(_("day of signing"))
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = OfSelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed self-assessment")
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(ended_at__isnull=True), name="self_paper_one_valid"
            ),
            models.CheckConstraint(
                name="self_paper_signatory",
                condition=~Q(signatory=""),
                violation_error_message=_("Say who signed the self-assessment."),
            ),
        ]

    def __str__(self) -> str:
        return self.signatory
