"""The minutes of a visit (biên bản kiểm tra) and their supplements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.checklists import Inspection
from criteria.inspections.querysets import OfInspectionQuerySet, OfMinutesQuerySet

if TYPE_CHECKING:
    from criteria.inspections.services.minutes_merge import Difference

PERSON = settings.AUTH_USER_MODEL


class Minutes(models.Model):
    """The minutes (`sequence` 1), or a supplement (biên bản bổ sung) that gives its reason.

    Until they are signed they follow the record. Signing keeps `content`, what the paper says, and its `digest`;
    from then on the row does not change. `code` is printed in the foot and finds the record.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="minutes")
    sequence = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(_("code"), max_length=12, unique=True)
    reason = models.TextField(_("reason for the supplement"), blank=True)
    started_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    #: parts of the minutes by NĐ 217/2025/NĐ-CP, art. 15.3a; the answers stand beside the verified result
    inspected_content = models.TextField(_("what is inspected"), max_length=4000, blank=True)
    verified_result = models.TextField(_("verified result"), max_length=10_000, blank=True)
    ward_remarks = models.TextField(_("remarks of the ward"), blank=True)
    others_remarks = models.TextField(_("remarks of others concerned"), max_length=4000, blank=True)
    #: why the unit does not sign; blank where it signs
    refusal_reason = models.TextField(_("why the unit does not sign"), max_length=2000, blank=True)
    recommendations = models.TextField(_("general recommendations"), blank=True)
    copies = models.PositiveSmallIntegerField(_("number of copies"), default=2)
    version = models.PositiveIntegerField(default=1)
    signed_on = models.DateField(_("day of signing"), null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    #: what is printed; see services.minutes_content
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    #: set by services.save_minutes: what a colleague changed meanwhile
    taken: list[Difference]

    objects = OfInspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["inspection", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "sequence"], name="minutes_sequence"),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(signed_at__isnull=True), name="minutes_one_unsigned"
            ),
            models.CheckConstraint(
                name="minutes_supplement_with_reason",
                condition=Q(sequence=1) | ~Q(reason=""),
                violation_error_message=_("Say why the minutes are supplemented."),
            ),
            models.CheckConstraint(
                name="minutes_signed",
                condition=Q(signed_at__isnull=True)
                | (Q(signed_by__isnull=False, signed_on__isnull=False) & ~Q(digest="")),
            ),
            models.CheckConstraint(
                name="minutes_hours",
                condition=Q(started_at__isnull=True)
                | Q(ended_at__isnull=True)
                | Q(ended_at__gte=models.F("started_at")),
                violation_error_message=_("The end must not come before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection}: {self.code}"

    @property
    def is_supplement(self) -> bool:
        return self.sequence > 1


class Participant(models.Model):
    """A person present at the visit, as the minutes name them. Leader and head of the team sign."""

    class Side(models.TextChoices):
        TEAM = "team", _("inspection team")
        WARD = "ward", _("inspected unit")
        OTHER = "other", _("others concerned")
        WITNESS = "witness", _("witness of the refusal to sign")

    class Part(models.TextChoices):
        HEAD = "head", _("head of the team")
        DEPUTY = "deputy", _("deputy head of the team")
        SECRETARY = "secretary", _("secretary")
        LEADER = "leader", _("leader of the unit")
        OTHER = "other", _("present")
        WITNESS = "witness", _("witness")
        AUTHORITY = "authority", _("representative of the commune's authority")

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="participants")
    side = models.CharField(max_length=8, choices=Side)
    part = models.CharField(max_length=10, choices=Part, default=Part.OTHER)
    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["minutes", "order", "pk"]
        constraints = [
            models.CheckConstraint(name="participant_side", condition=Q(side__in=["team", "ward", "other", "witness"])),
            models.CheckConstraint(
                name="participant_part",
                condition=Q(part__in=["head", "deputy", "secretary", "leader", "other", "witness", "authority"]),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class ReceivedDocument(models.Model):
    """A document that the unit handed to the team, as the minutes list it."""

    class Form(models.TextChoices):
        ORIGINAL = "original", _("original")
        COPY = "copy", _("copy")

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="received_documents")
    title = models.CharField(_("title of the document"), max_length=300)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    dated_on = models.DateField(_("date of the document"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    form = models.CharField(_("original or copy"), max_length=10, choices=Form, default=Form.COPY)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("document received")
        ordering = ["minutes", "order", "pk"]
        constraints = [
            models.CheckConstraint(name="received_document_form", condition=Q(form__in=["original", "copy"]))
        ]

    def __str__(self) -> str:
        return self.title


class Scan(models.Model):
    """The signed paper as it was scanned or photographed, whole or one page of it. Replaced ones stay."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="scans")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    objects = OfMinutesQuerySet.as_manager()

    class Meta:
        verbose_name = _("scan of the signed minutes")
        ordering = ["minutes", "pk"]

    def __str__(self) -> str:
        return str(self.file)
