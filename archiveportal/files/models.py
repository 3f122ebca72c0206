"""Uploaded files. Who may see one is decided by the row that it belongs to, never here."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def random_name(_row: Any, _name: str) -> str:
    """A place that nobody can guess; the person's name of the file is only in the row."""
    name = secrets.token_hex(24)
    return f"{name[:2]}/{name}"


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

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stored_file_kind", condition=models.Q(kind__in=["picture", "pdf", "word", "excel"])
            )
        ]

    def __str__(self) -> str:
        return self.name
