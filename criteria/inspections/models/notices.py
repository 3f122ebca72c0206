"""What the portal tells a person: something happened that asks for a step, or a day comes near."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from criteria.inspections.models.findings import Finding
from criteria.inspections.models.questions import Question
from criteria.inspections.models.rounds import Enrolment, Round
from criteria.inspections.querysets import NoticeQuerySet


class Notice(models.Model):
    """One thing told to one person. It decides nothing: read, or settled by the step that it asked for, it is over.

    The words follow from the kind and from the rows as they are when it is read; no text is stored.
    """

    class Kind(models.TextChoices):
        ROUND_OPENED = "round_opened", _("round opened")
        VISIT_PLANNED = "visit_planned", _("visit planned")
        SELF_DUE = "self_due", _("self-assessment due")
        SELF_LATE = "self_late", _("self-assessment missing")
        SELF_RETURNED = "self_returned", _("self-assessment handed back")
        SUBMITTED = "submitted", _("waiting for approval")
        RETURNED = "returned", _("returned for additions")
        APPROVED = "approved", _("approved")
        FINDING_DUE = "finding_due", _("recommendation due")
        FINDING_LATE = "finding_late", _("recommendation overdue")
        FINDING_ANSWERED = "finding_answered", _("recommendation answered")
        FINDING_REFUSED = "finding_refused", _("answer not accepted")
        CLOCK_ENDS = "clock_ends", _("period of the inspection ends")
        CLOCK_LAPSED = "clock_lapsed", _("period of the inspection is over")
        QUESTION_ASKED = "question_asked", _("question asked")
        QUESTION_DUE = "question_due", _("question to answer")
        QUESTION_LATE = "question_late", _("question overdue")
        QUESTION_ANSWERED = "question_answered", _("question answered")
        SELF_TO_CONFIRM = "self_to_confirm", _("self-assessment to confirm")
        SELF_ACCEPTED = "self_accepted", _("self-assessment accepted")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    #: blank where it is about the round as a whole
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, null=True, related_name="+")
    finding = models.ForeignKey(Finding, models.CASCADE, null=True, related_name="+")
    question = models.ForeignKey(Question, models.CASCADE, null=True, related_name="+")
    #: of the visit, or the last one for what is asked
    day = models.DateField(null=True)
    posted_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["-posted_at", "-pk"]
        indexes = [models.Index(fields=["person", "read_at"], name="notice_unread")]
        constraints = [
            models.CheckConstraint(
                name="notice_about",
                condition=models.Q(finding__isnull=True) | models.Q(enrolment__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """Return the sentence in the language of the screen."""
        unit = self.enrolment.ward.title if self.enrolment else ""
        day = f"{self.day:%d/%m/%Y}" if self.day else ""
        number = self._number
        told = {"unit": unit, "round": self.round.marked_name, "day": day, "number": number}
        return str(TEXTS.get((self.kind, bool(self.day))) or TEXTS[self.kind, False]) % told

    @property
    def _number(self) -> str:
        """Return the number of the criterion that it is about, its name where numbers may begin anew below each
        heading; blank where there is none."""
        concerned = self.finding or self.question
        if concerned is None:
            return ""
        criterion = concerned.criterion
        return f"“{criterion.local_name}”" if criterion.printed_number else str(criterion.number or criterion.code)

    @property
    def address(self) -> str:
        """Return the page on which the person takes the step, or reads more."""
        kind = self.Kind(self.kind)
        if kind in (self.Kind.CLOCK_ENDS, self.Kind.CLOCK_LAPSED):
            return reverse("inspections:decisions", args=[self.round.code])
        if self.finding_id:
            return reverse("inspections:finding", args=[self.finding_id])
        if self.question:
            return reverse("inspections:question", args=[self.enrolment_id, self.question.criterion.code])
        if self.enrolment_id is None or kind == self.Kind.VISIT_PLANNED:
            return reverse("home")
        if kind in ABOUT_SELF:
            return reverse("inspections:self-assessment", args=[self.enrolment_id])
        if kind == self.Kind.APPROVED:
            return reverse("wards:detail", args=[self.enrolment.ward_id])  # type: ignore[union-attr]
        return reverse("inspections:checklist", args=[self.enrolment_id])


KIND = Notice.Kind
#: of the self-assessment of a unit: only the newest step still asks for something
ABOUT_SELF = (KIND.SELF_DUE, KIND.SELF_LATE, KIND.SELF_RETURNED, KIND.SELF_TO_CONFIRM, KIND.SELF_ACCEPTED)
#: by kind, and by whether a day is known
TEXTS: dict[tuple[str, bool], Promise] = {
    (KIND.ROUND_OPENED, False): _("The round “%(round)s” is open."),
    (KIND.ROUND_OPENED, True): _("The round “%(round)s” is open. Self-assessments are handed in until %(day)s."),
    (KIND.VISIT_PLANNED, False): _("%(unit)s: the team is named."),
    (KIND.VISIT_PLANNED, True): _("%(unit)s: the team comes on %(day)s."),
    (KIND.SELF_DUE, False): _("%(unit)s: the self-assessment has to be handed in."),
    (KIND.SELF_DUE, True): _("%(unit)s: the self-assessment has to be handed in until %(day)s."),
    (KIND.SELF_LATE, False): _("%(unit)s: the self-assessment is missing."),
    (KIND.SELF_LATE, True): _("%(unit)s: the self-assessment was due on %(day)s and is missing."),
    (KIND.SELF_RETURNED, False): _("%(unit)s: the self-assessment was handed back for additions."),
    (KIND.SELF_TO_CONFIRM, False): _("%(unit)s: the self-assessment waits for your confirmation."),
    (KIND.SELF_ACCEPTED, False): _("%(unit)s: the self-assessment is accepted."),
    (KIND.SUBMITTED, False): _("%(unit)s: the checklist waits for approval."),
    (KIND.RETURNED, False): _("%(unit)s: the checklist was returned for additions."),
    (KIND.APPROVED, False): _("%(unit)s: the result is approved."),
    (KIND.FINDING_DUE, False): _("%(unit)s: the recommendation on criterion %(number)s has to be put right."),
    (KIND.FINDING_DUE, True): _("%(unit)s: the recommendation on criterion %(number)s has to be put right by %(day)s."),
    (KIND.FINDING_LATE, False): _("%(unit)s: the recommendation on criterion %(number)s is overdue."),
    (KIND.FINDING_LATE, True): _("%(unit)s: the recommendation on criterion %(number)s was due on %(day)s."),
    (KIND.FINDING_ANSWERED, False): _("%(unit)s: the recommendation on criterion %(number)s was answered."),
    (KIND.QUESTION_ASKED, False): _("%(unit)s: a question on criterion %(number)s."),
    (KIND.QUESTION_ASKED, True): _("%(unit)s: a question on criterion %(number)s, to be answered until %(day)s."),
    (KIND.QUESTION_DUE, False): _("%(unit)s: the question on criterion %(number)s has to be answered."),
    (KIND.QUESTION_DUE, True): _("%(unit)s: the question on criterion %(number)s has to be answered until %(day)s."),
    (KIND.QUESTION_LATE, False): _("%(unit)s: the question on criterion %(number)s is overdue."),
    (KIND.QUESTION_LATE, True): _("%(unit)s: the question on criterion %(number)s was due on %(day)s."),
    (KIND.QUESTION_ANSWERED, False): _("%(unit)s: the question on criterion %(number)s was answered."),
    (KIND.FINDING_REFUSED, False): _("%(unit)s: the answer on criterion %(number)s lacks something."),
    (KIND.CLOCK_ENDS, False): _("%(unit)s: the period of the inspection ends soon."),
    (KIND.CLOCK_ENDS, True): _("%(unit)s: the period of the inspection ends on %(day)s."),
    (KIND.CLOCK_LAPSED, False): _("%(unit)s: the period of the inspection is over."),
    (KIND.CLOCK_LAPSED, True): _("%(unit)s: the period of the inspection ended on %(day)s."),
}
