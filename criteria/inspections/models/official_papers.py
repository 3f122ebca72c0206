"""The papers of inspections: a draft from the records, the copy to sign, and the issued one with its number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile
from archiveportal.office.kinds import PaperKind
from criteria.inspections.models.decisions import Decision
from criteria.inspections.models.rounds import Enrolment, Round
from criteria.inspections.paper_querysets import OfficialPaperQuerySet

PERSON = settings.AUTH_USER_MODEL
#: what a paper is about, by its kind
OF_ROUND = (PaperKind.PLAN,)
OF_DECISION = (
    *(PaperKind.DECISION, PaperKind.CONDUCT_PLAN, PaperKind.RESULT_REPORT, PaperKind.EXTENSION),
    *(PaperKind.PAUSE, PaperKind.STOP, PaperKind.TEAM_CHANGE),
)
#: about all units of the decision, never about one of them
OF_WHOLE_DECISION = tuple(kind for kind in OF_DECISION if kind != PaperKind.RESULT_REPORT)
OF_UNIT = (PaperKind.VISIT_NOTICE, PaperKind.ANNOUNCEMENT, PaperKind.REMEDY_LETTER)


#: parts of a paper that people may write themselves
PARTS = ("subject", "addressee", "grounds", "body", "receivers", "titles", "name")
_NAME_OF_PART = re.compile(rf"^\[({'|'.join(PARTS)})\]$", re.MULTILINE)


def in_one_text(words: Mapping[str, str]) -> str:
    """Return the parts as they are stored. A line of a text that reads as the name of a part is set off."""
    parts = []
    for name in PARTS:
        if text := words.get(name):
            parts.append(f"[{name}]\n" + _NAME_OF_PART.sub(r" [\1]", text))
    return "\n".join(parts)


class OfficialPaper(models.Model):
    """A paper on a round, on a decision or on one unit. Voided with a reason, never deleted.

    `words` are those parts of its text that people wrote in the place of what follows from the
    records, each below a line with its name ("[subject]"). The copy to sign is kept as it was made,
    with all its words as `content`; the file that bears the number is made from these once the
    number is recorded. The signed PDF is what counts.
    """

    class State(models.TextChoices):
        DRAFT = "in_draft", _("in draft")
        TO_SIGN = "to_sign", _("to be signed")
        ISSUED = "issued", _("issued")

    round = models.ForeignKey(Round, models.PROTECT, related_name="papers")
    kind = models.CharField(_("kind of paper"), max_length=20, choices=PaperKind)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="papers")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="papers")
    words = models.TextField(_("words that people wrote"), blank=True)
    content = models.JSONField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    to_sign = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("copy to sign")
    )
    numbered = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file with the number")
    )
    signed = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed copy")
    )
    #: what differs between the signed copy and the file with the number, as it was when the former was handed in
    #: (services/signed_papers.py); None where they were not compared
    signed_comparison = models.JSONField(_("comparison with the signed copy"), null=True, blank=True, editable=False)
    made_by = models.ForeignKey(PERSON, models.PROTECT, editable=False, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.TextField(_("reason"), max_length=2000, blank=True, editable=False)

    objects = OfficialPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of an inspection")
        ordering = ["round", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(name="paper_state", condition=Q(state__in=["in_draft", "to_sign", "issued"])),
            models.CheckConstraint(
                name="paper_about",
                condition=Q(kind__in=OF_ROUND, decision__isnull=True, enrolment__isnull=True)
                | Q(kind__in=OF_DECISION, decision__isnull=False)
                | Q(kind__in=[*OF_UNIT, PaperKind.RESULT_REPORT], enrolment__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_issued",
                condition=Q(state="issued", issued_on__isnull=False) & ~Q(number="")
                | ~Q(state="issued") & Q(number="", issued_on__isnull=True),
                violation_error_message=_("A number and a date of issue belong together."),
            ),
            models.CheckConstraint(name="paper_to_sign", condition=Q(state="in_draft") | Q(to_sign__isnull=False)),
            models.CheckConstraint(
                name="paper_voided_with_reason", condition=Q(voided_at__isnull=True) | ~Q(void_reason="")
            ),
            models.UniqueConstraint(
                fields=["number", "issued_on"],
                condition=Q(voided_at__isnull=True) & ~Q(number=""),
                name="paper_number_once",
                violation_error_message=_("Another paper has this number and day."),
            ),
        ]

    def __str__(self) -> str:
        name = str(self.get_kind_display())
        return f"{name} {self.number}" if self.number else name

    @property
    def paper_kind(self) -> PaperKind:
        return PaperKind(self.kind)

    @property
    def own_words(self) -> dict[str, str]:
        """Return the parts that people wrote, by their names."""
        pieces = _NAME_OF_PART.split(self.words)
        return {name: text.strip("\n") for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == self.State.ISSUED
