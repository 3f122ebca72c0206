"""Self-assessment (tự kiểm tra): the same checklist, answered by the ward or its district before the team comes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from criteria.inspections.models.checklists import Answer
from criteria.inspections.models.rounds import Enrolment
from criteria.inspections.querysets import SelfAssessmentQuerySet
from criteria.models import Criterion

PERSON = settings.AUTH_USER_MODEL


class SelfAssessment(models.Model):
    """The answers of a ward about itself. The team sees them once handed in; they never score."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="self_assessment")
    version = models.PositiveIntegerField(default=0)
    handed_in_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    #: why the team handed it back, until it is handed in again
    return_reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        constraints = [
            models.CheckConstraint(
                name="self_assessment_handed_in",
                condition=Q(handed_in_at__isnull=True) | Q(handed_in_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.enrolment)


class SelfAnswer(Answer):
    """`note` is the explanation."""

    assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="answers")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")

    class Meta(Answer.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="self_answer_once"),
            *Answer.Meta.constraints,
        ]

    def __str__(self) -> str:
        return str(self.criterion)
