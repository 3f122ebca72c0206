"""Work that takes longer than a page may: one row a job, and a sign of life of each worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import random_name
from archiveportal.jobs.querysets import JobQuerySet


class Job(models.Model):
    """A piece of work that a person ordered. `kind` names its function (archiveportal/jobs/kinds.py)."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("ended without result")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(max_length=40)
    title = models.CharField(_("job"), max_length=200)
    #: what the function needs, keys of rows alone: never a password, never a value of a person
    arguments = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    #: who works on it: host/process/random; a worker that lost the job finds another name here
    worker = models.CharField(max_length=120, blank=True)
    #: last sign of life of that worker
    beat_at = models.DateTimeField(null=True)
    #: how often it was begun
    attempts = models.PositiveSmallIntegerField(default=0)
    #: what is being done, and how much of it
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    #: the result, or why there is none, in words
    message = models.TextField(blank=True)
    #: a file that it made, in the store; blank where it makes none, and once it is no longer kept
    result_file = models.FileField(upload_to=random_name, max_length=100, blank=True)
    #: its name for the person
    result_name = models.CharField(max_length=120, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="job_status",
                condition=Q(status__in=["waiting", "running", "done", "failed", "cancelled"]),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="job_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.status not in (self.Status.WAITING, self.Status.RUNNING)

    @property
    def tag(self) -> str:
        """Return the style of the tag that shows the status."""
        styles = {self.Status.DONE: "approved", self.Status.FAILED: "returned"}
        return styles.get(self.Status(self.status), "draft")

    @property
    def percent(self) -> int | None:
        """Return how much is done, None where the total is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None


class WorkerBeat(models.Model):
    """A worker process and its last sign of life."""

    worker = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
