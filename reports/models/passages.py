"""Texts of people in a report: passages of judgement, version by version, and the Word
templates."""

from __future__ import annotations

from typing import Any, Protocol, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models import Round
from reports.querysets import OfReportQuerySet
from training.models import Scheme

PERSON = settings.AUTH_USER_MODEL


class ReportKind(models.TextChoices):
    """The two forms of reports: of a round as 5355/BC-SNV, of a training scheme as 2710/BC-SNV."""

    ROUND = "round", _("report on a round of inspection")
    SCHEME = "scheme", _("report on a training scheme")


class Subject(Protocol):
    """A round or a training scheme: what a report is on."""

    pk: Any
    code: str
    is_baseline: bool
    #: the code of a rule of archiveportal.percent
    rounding: str


class OfReport(models.Model):
    """Belongs to the report on one round or on one scheme."""

    kind = models.CharField(max_length=10, choices=ReportKind)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+")
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_of_one",
                condition=Q(kind="round", round__isnull=False, scheme__isnull=True)
                | Q(kind="scheme", round__isnull=True, scheme__isnull=False),
            )
        ]

    @property
    def subject(self) -> Subject:
        return cast(Subject, self.round or self.scheme)


class Passage(OfReport):
    """A place in a report for text of the department; `key` names the place ("remarks", "recommendations")."""

    key = models.SlugField(max_length=40)

    class Meta(OfReport.Meta):
        verbose_name = _("passage of a report")
        constraints = [
            models.UniqueConstraint(fields=["round", "key"], condition=Q(kind="round"), name="passage_of_round"),
            models.UniqueConstraint(fields=["scheme", "key"], condition=Q(kind="scheme"), name="passage_of_scheme"),
            *OfReport.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.key}"


class PassageVersion(models.Model):
    """One version of the text of a passage; the newest one counts. Never changed."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    #: empty where the text was taken from the report that was issued
    written_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["passage", "-number"]
        constraints = [models.UniqueConstraint(fields=["passage", "number"], name="passage_version")]

    def __str__(self) -> str:
        return f"{self.passage} ({self.number})"

    @property
    def author(self) -> str:
        """Return the name of the person who wrote it, as the page shows it."""
        return str(self.written_by or _("as reported"))


class ProposalDecision(models.Model):
    """A proposal drawn from the data that a person took into a passage, or not."""

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="decisions")
    #: digest of the proposed text: once the data change, the proposal is another one
    proposal = models.CharField(max_length=32)
    text = models.TextField()
    is_accepted = models.BooleanField()
    decided_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["passage", "proposal"], name="proposal_decided_once")]

    def __str__(self) -> str:
        return self.text[:80]


class KeptError(OfReport):
    """A known error whose words a person keeps in a report, with the reason. Never changed."""

    #: digest of the error and its words (`KnownError.digest`): once the words change, it is another one
    error = models.CharField(max_length=32)
    #: contradiction of the list, or the rule that found it
    code = models.CharField(max_length=40)
    printed = models.TextField(_("words that are kept"))
    reason = models.TextField(_("reason"), blank=True)
    kept_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta(OfReport.Meta):
        verbose_name = _("error that is kept in a report")
        ordering = ["kept_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "error"], condition=Q(kind="round"), name="kept_error_of_round"),
            models.UniqueConstraint(
                fields=["scheme", "error"], condition=Q(kind="scheme"), name="kept_error_of_scheme"
            ),
            *OfReport.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.subject}: “{self.printed[:80]}”"


class DocumentTemplate(models.Model):
    """A Word template of the department in place of the portal's own; the newest that is not withdrawn is used."""

    kind = models.CharField(max_length=10, choices=ReportKind)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Word template")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return str(self.file)
