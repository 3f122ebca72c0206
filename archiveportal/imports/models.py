"""Sheets that were handed in: the file until it is decided on, what it would do, who confirmed it."""

from __future__ import annotations

import zlib
from json import loads
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import random_name
from archiveportal.imports.querysets import ImportQuerySet, KeptChoiceQuerySet
from archiveportal.jobs.models import Job
from archiveportal.sheets.kinds import KINDS, SheetKind
from archiveportal.sheets.rows import TablePlan


class SheetImport(models.Model):
    """A sheet that a person handed in. Its file is kept until it is confirmed or dropped."""

    class Status(models.TextChoices):
        OPEN = "open", _("not decided yet")
        APPLIED = "applied", _("confirmed")
        DROPPED = "dropped", _("dropped")

    kind = models.CharField(max_length=40)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    #: the file in the store, blank once it is gone
    kept_as = models.FileField(upload_to=random_name, max_length=100, blank=True)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(_("read for the day"))
    #: the portal's own address, for links in mails
    address = models.CharField(max_length=200, blank=True)
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    #: {question: chosen value}
    answers = models.JSONField(default=dict)
    #: why the file cannot be read, or that records changed since the last check
    message = models.TextField(blank=True)
    #: lines by what becomes of them, and after it was applied what the kind says of it
    counts = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    #: the job that checks or applies it
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_status",
                condition=Q(status__in=["open", "applied", "dropped"]),
            ),
            models.CheckConstraint(
                name="import_decided",
                condition=Q(status__in=["applied", "dropped"], decided_at__isnull=False)
                | Q(status="open", decided_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sheet_kind(self) -> SheetKind:
        return KINDS[self.kind]

    @property
    def state(self) -> str:
        """Return the status, and for what is not decided yet how far the check is."""
        if self.is_decided:
            return self.status
        if self.counts:
            return "ready"
        return "refused" if self.message else "checking"

    @property
    def state_label(self) -> str:
        labels = {"ready": _("checked"), "refused": _("cannot be read"), "checking": _("being checked")}
        return str(labels.get(self.state, self.get_status_display()))

    @property
    def tag(self) -> str:
        """Return the style of the tag that shows the state."""
        styles = {"applied": "approved", "ready": "submitted", "refused": "returned"}
        return styles.get(self.state, "draft")

    @property
    def is_decided(self) -> bool:
        return self.status in (self.Status.APPLIED, self.Status.DROPPED)

    @property
    def is_busy(self) -> bool:
        """Tell whether a job works on it now."""
        return self.job is not None and not self.job.is_over


class ImportPlan(models.Model):
    """What an import would do, as the last check found it."""

    import_of = models.OneToOneField(SheetImport, models.CASCADE, related_name="stored_plan")
    #: JSON of a plan, compressed
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest

    @property
    def plan(self) -> TablePlan:
        return TablePlan.from_json(self._parts)

    @property
    def language(self) -> str:
        """Return the language of its words; "" for one that an earlier release made."""
        return self._parts.get("language") or ""

    @property
    def _parts(self) -> dict[str, Any]:
        parts: dict[str, Any] = loads(zlib.decompress(bytes(self.content)))
        return parts


class KeptChoice(models.Model):
    """What an ambiguous text in sheets of a kind means, as a person decided for later imports too."""

    kind = models.CharField(max_length=40)
    #: column and text: "unit:tan an"
    question = models.CharField(_("text in the sheet"), max_length=300)
    value = models.CharField(max_length=100)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(auto_now=True)

    objects = KeptChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept meaning")
        constraints = [models.UniqueConstraint(fields=["kind", "question"], name="kept_choice_once")]

    def __str__(self) -> str:
        return self.question
