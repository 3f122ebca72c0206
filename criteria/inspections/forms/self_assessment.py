"""Forms around a self-assessment: the signed paper, and more time for one unit."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, Upload


class SignedPaperForm(forms.Form):
    """The printed self-assessment as its leader signed it. `version` is what the page showed."""

    upload = Upload(
        label=_("Signed self-assessment"),
        help_text=_("PDF or a photograph, 15 MB at most. On a phone you can take it now."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose the signed paper.")},
    )
    signatory = CleanText(
        label=_("Signed by"),
        limit=200,
        help_text=_("Position and name, as on the paper."),
        error_messages={"required": _("Say who signed the self-assessment.")},
    )
    signed_on = Day(label=_("Day of signing"))
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class MoreTimeForm(forms.Form):
    until = Day(label=_("Self-assessment of this unit until"))
    ground = CleanText(
        label=_("Ground of the later day"),
        limit=2000,
        lines=True,
        error_messages={"required": _("Say on what ground the unit gets a later day.")},
    )


class SeenForm(forms.Form):
    """The version of a self-assessment that the page of a button showed."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class TakeForm(forms.Form):
    """One tap on the page of both sides: an answer with the versions that were shown, or a piece of evidence."""

    answer = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    evidence = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    shown = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
