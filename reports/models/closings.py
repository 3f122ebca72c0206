"""Figures that were closed (chốt số liệu): the files as they were, and the figures behind them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from reports.models.passages import OfReport

PERSON = settings.AUTH_USER_MODEL


class Closing(OfReport):
    """The report of a round or scheme as it was at one moment. Only number, day, signatory and the
    signed PDF are added or corrected later."""

    class Signatory(models.TextChoices):
        DIRECTOR = "director", "GIÁM ĐỐC"
        DEPUTY = "deputy", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"

    sequence = models.PositiveSmallIntegerField(default=1)
    as_of = models.DateTimeField(_("figures as of"))
    #: [{"key", "label", "value", ...}]: what the report had
    figures = models.JSONField()
    #: SHA-256 of the figures in a canonical form
    digest = models.CharField(_("SHA-256 of the figures"), max_length=64)
    #: every text and part of the document, or the words of people where it would be too long
    #: (reports/documents/content.py); None in closings of earlier releases
    content = models.JSONField(null=True, blank=True)
    #: SHA-256 of the content in a canonical form
    content_digest = models.CharField(_("SHA-256 of the content"), max_length=64, blank=True)
    #: the edition of the figures, by which they are compared with those of today (`EDITION` in
    #: reports/frozen/figures.py)
    edition = models.PositiveSmallIntegerField(default=1)
    #: the newest seal of the history before the closing (archiveportal/history/sealing.py); blank in
    #: closings of earlier releases
    history_head = models.CharField(_("seal of the history"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)
    closed_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(auto_now_add=True)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=10, choices=Signatory, blank=True)
    signatory_name = models.CharField(_("full name"), max_length=120, blank=True)
    signed_copy = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed copy")
    )
    #: what differs between the signed PDF and the file that bears the number
    #: (reports/closing/signed.py); None where they were not compared
    signed_comparison = models.JSONField(_("comparison with the signed copy"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(OfReport.Meta):
        verbose_name = _("closed figures")
        ordering = ["-closed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "sequence"], condition=Q(kind="round"), name="closing_of_round"),
            models.UniqueConstraint(
                fields=["scheme", "sequence"], condition=Q(kind="scheme"), name="closing_of_scheme"
            ),
            models.CheckConstraint(
                name="closing_issued",
                condition=Q(number="", issued_on__isnull=True) | (~Q(number="") & Q(issued_on__isnull=False)),
                violation_error_message=_("A number and a date of issue belong together."),
            ),
            *OfReport.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.sequence})"


class ClosedFile(models.Model):
    """A file of the report, kept as it was; its SHA-256 is in the row of the file.

    Number, day and signature are those that it bears: only a numbered file has some.
    """

    class Role(models.TextChoices):
        # Closings of earlier releases do not say more.
        KEPT = "kept", _("file as it was")
        CLEAN = "clean", _("copy to sign")
        NOTED = "noted", _("copy with footnotes")
        TABLE = "table", _("table of the figures")
        TEMPLATE = "template", _("template that was used")
        NUMBERED = "numbered", _("copy with number, day and name")

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role, default=Role.KEPT)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=10, choices=Closing.Signatory, blank=True)
    signatory_name = models.CharField(_("full name"), max_length=120, blank=True)

    class Meta:
        ordering = ["closing", "order"]
        constraints = [
            models.CheckConstraint(
                name="closed_file_numbered",
                condition=Q(role="numbered", issued_on__isnull=False) & ~Q(number="")
                | ~Q(role="numbered") & Q(number="", issued_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.file)
