"""Uploaded files, and what became of those that were withdrawn.

Who may see a file is decided by the row that it belongs to, never here.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def random_name(_row: Any, _name: str) -> str:
    """A place that nobody can guess; the person's name of the file is only in the row."""
    name = secrets.token_hex(24)
    return f"{name[:2]}/{name}"


class StoredFileQuerySet(models.QuerySet):
    def destroyed(self) -> StoredFileQuerySet:
        """Return those whose bytes were destroyed by a decision."""
        return self.filter(withdrawal__destructions__carried_out_at__isnull=False)

    def present(self) -> StoredFileQuerySet:
        """Return those whose bytes the store has to have."""
        return self.exclude(pk__in=StoredFile.objects.destroyed().values("pk"))


class StoredFile(models.Model):
    """A file as it was handed in, and for a picture the copy that is shown: scaled, turned upright, without
    position data. `sha256` is of the file as handed in."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("photograph")
        PDF = "pdf", _("PDF")
        WORD = "word", _("Word document")
        EXCEL = "excel", _("Excel workbook")

    kind = models.CharField(max_length=10, choices=Kind)
    original = models.FileField(upload_to=random_name, max_length=100)
    shown = models.FileField(upload_to=random_name, max_length=100, blank=True)
    name = models.CharField(_("file name"), max_length=200)
    #: bytes
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    #: pixels of the shown copy
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(auto_now_add=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stored_file_kind", condition=models.Q(kind__in=["picture", "pdf", "word", "excel"])
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def withdrawn(self) -> Withdrawal | None:
        """Return the row that says who withdrew the file and why, None while it is in view."""
        return getattr(self, "withdrawal", None)


class Withdrawal(models.Model):
    """A file that nobody opens any more: who withdrew it, when and why. The row never changes."""

    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=500)
    #: as in the row of the file, so that the database can hold the rule of two people
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("withdrawn file")
        ordering = ["-withdrawn_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="withdrawal_with_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="withdrawal_by_another",
                condition=~Q(withdrawn_by=F("uploaded_by")),
                violation_error_message=_("Whoever uploaded a file does not withdraw it alone."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)

    @property
    def destruction(self) -> Destruction | None:
        """Return the decision to destroy the bytes that was not dropped, carried out or not."""
        return next((each for each in self.destructions.all() if each.dropped_at is None), None)

    @property
    def state(self) -> str:
        """Return in words what becomes of the bytes."""
        rows = self.destruction
        if rows is None:
            return gettext("content kept")
        return gettext("destroyed") if rows.carried_out_at else gettext("waits for a second person")


class Destruction(models.Model):
    """A decision on paper to destroy the bytes of a withdrawn file.

    One person records it, another carries it out. What was recorded never changes; until it is
    carried out it can be dropped.
    """

    withdrawal = models.ForeignKey(Withdrawal, models.PROTECT, related_name="destructions")
    number = models.CharField(_("number of the decision"), max_length=60)
    decided_on = models.DateField(_("date of the decision"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    carried_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    carried_out_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("decision to destroy a file")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["withdrawal"], condition=Q(dropped_at__isnull=True), name="destruction_decided_once"
            ),
            models.CheckConstraint(name="destruction_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="destruction_by_another",
                condition=Q(carried_out_by__isnull=True)
                | (~Q(carried_out_by=F("recorded_by")) & ~Q(carried_out_by=F("uploaded_by"))),
                violation_error_message=_(
                    "A second person destroys a file, who neither uploaded it nor recorded the decision."
                ),
            ),
            models.CheckConstraint(
                name="destruction_carried_out_or_dropped",
                condition=(
                    Q(carried_out_by__isnull=True, carried_out_at__isnull=True)
                    | Q(carried_out_by__isnull=False, carried_out_at__isnull=False, dropped_at__isnull=True)
                )
                & (
                    Q(dropped_by__isnull=True, dropped_at__isnull=True)
                    | Q(dropped_by__isnull=False, dropped_at__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number
