"""Self-assessment (tự kiểm tra): the same checklist, answered by the ward or its district before the team comes."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from criteria.inspections.models.checklists import Answer
from criteria.inspections.models.rounds import Enrolment
from criteria.inspections.self_querysets import SelfAnswerQuerySet, SelfAssessmentQuerySet
from criteria.models import Band, Criterion

PERSON = settings.AUTH_USER_MODEL


class SelfAssessment(models.Model):
    """The answers of a ward about itself.

    The way is draft -> handed in -> confirmed by the unit's leader. The team sees them once handed in.
    Beside a checklist they never score. Of a unit that only reports they are the result once the
    sub-department has read and accepted them: `score` and its like are those of that moment.
    """

    class Reading(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned for additions")

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="self_assessment")
    version = models.PositiveIntegerField(default=0)
    handed_in_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    #: why the team handed it back, until it is handed in again
    return_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    #: the leader of the unit, or who recorded the paper that the leader signed
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    is_confirmed_on_paper = models.BooleanField(default=False)
    #: what the sub-department decided when it read it, until it is handed in again
    reading = models.CharField(_("reading"), max_length=10, choices=Reading, blank=True)
    read_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)
    score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    maximum = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    deducted = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    bonus = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    highest_band = models.ForeignKey(Band, models.PROTECT, null=True, blank=True, related_name="+")
    met_criteria = models.PositiveSmallIntegerField(default=0)
    open_criteria = models.PositiveSmallIntegerField(default=0)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        constraints = [
            models.CheckConstraint(
                name="self_assessment_handed_in",
                condition=Q(handed_in_at__isnull=True) | Q(handed_in_by__isnull=False),
            ),
            models.CheckConstraint(
                name="self_assessment_confirmed",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, handed_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="self_assessment_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True)
                | Q(is_confirmed_on_paper=True)
                | ~Q(confirmed_by=F("handed_in_by")),
                violation_error_message=_("Nobody confirms what the same person handed in."),
            ),
            models.CheckConstraint(
                name="self_assessment_reading",
                condition=Q(reading="", read_by__isnull=True, read_at__isnull=True)
                | Q(reading__in=["accepted", "returned"], read_by__isnull=False, read_at__isnull=False),
            ),
            models.CheckConstraint(
                name="self_assessment_accepted_complete",
                condition=~Q(reading="accepted") | Q(confirmed_at__isnull=False, open_criteria=0, maximum__gt=0),
            ),
            models.CheckConstraint(name="self_assessment_score", condition=Q(score__gte=0, score__lte=F("maximum"))),
            models.CheckConstraint(name="self_assessment_apart", condition=Q(deducted__gte=0, bonus__gte=0)),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)

    @property
    def is_accepted(self) -> bool:
        """Tell whether the sub-department read and accepted it."""
        return self.reading == self.Reading.ACCEPTED


class SelfAnswer(Answer):
    """`note` is the explanation."""

    assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="answers")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")

    objects = SelfAnswerQuerySet.as_manager()

    class Meta(Answer.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="self_answer_once"),
            *Answer.Meta.constraints,
        ]

    def __str__(self) -> str:
        return str(self.criterion)
