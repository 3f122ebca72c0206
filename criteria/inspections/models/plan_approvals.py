"""The approval of the plan of a specialised round by the chairperson of the People's Committee (art. 7.2a)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from criteria.inspections.models.rounds import Round
from criteria.inspections.paper_querysets import PlanApprovalQuerySet

PERSON = settings.AUTH_USER_MODEL


class PlanApproval(models.Model):
    """The paper by which the plan was approved, with its scan if there is one.

    A round has one that stands. It is corrected, or voided with a reason, never deleted.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="plan_approvals")
    number = models.CharField(_("document number"), max_length=60)
    issued_on = models.DateField(_("date of the document"))
    signer_title = models.CharField(_("title of who approved"), max_length=200)
    signer_name = models.CharField(_("name of who approved"), max_length=120)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, editable=False, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.TextField(_("reason"), max_length=2000, blank=True, editable=False)

    objects = PlanApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval of the plan")
        ordering = ["round", "pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_approval_whole", condition=~Q(number="") & ~Q(signer_title="") & ~Q(signer_name="")
            ),
            models.CheckConstraint(
                name="plan_approval_voided_with_reason", condition=Q(voided_at__isnull=True) | ~Q(void_reason="")
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(voided_at__isnull=True),
                name="plan_approval_once",
                violation_error_message=_("The approval of this plan is recorded already."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
