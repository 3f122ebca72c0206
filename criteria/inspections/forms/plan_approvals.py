"""The form of the approval of a plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, Upload
from archiveportal.history.forms import MadeOn
from archiveportal.history.services import digest
from criteria.inspections.models import PlanApproval
from criteria.inspections.services.plan_approvals import APPROVAL_FIELDS, APPROVAL_STATE

REQUIRED = {"required": _("This cannot be left empty.")}
#: the title that a new record begins with; a deputy signs with "KT. CHỦ TỊCH"
USUAL_TITLE = "Chủ tịch"


class PlanApprovalForm(MadeOn, forms.ModelForm):
    number = CleanText(
        label=_("Number of the document"),
        limit=60,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "512/QĐ-UBND"}),
    )
    issued_on = Day(label=_("Date of the document"), error_messages=REQUIRED)
    signer_title = CleanText(
        label=_("Title of who approved"),
        limit=200,
        error_messages=REQUIRED,
        help_text=_("As the document has it, for example “KT. Chủ tịch, Phó Chủ tịch”."),
    )
    signer_name = CleanText(label=_("Name of who approved"), limit=120, error_messages=REQUIRED)
    upload = Upload(
        label=_("Scan of the document"),
        required=False,
        help_text=_("PDF, 15 MB at most."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        # What is wrong with an empty file is said where it is taken in.
        allow_empty_file=True,
    )

    class Meta:
        model = PlanApproval
        fields = APPROVAL_FIELDS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["made_on"].initial = digest(self.instance, APPROVAL_STATE)
        else:
            self.initial["signer_title"] = self.initial.get("signer_title") or USUAL_TITLE

    def show_again(self, refusal: Any) -> None:
        super().show_again(refusal)
        self.data["made_on"] = digest(PlanApproval.objects.get(pk=self.instance.pk), APPROVAL_STATE)
