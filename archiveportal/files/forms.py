"""Forms about withdrawn files."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day
from archiveportal.own_words import own_lazy


class WithdrawFileForm(forms.Form):
    reason = CleanText(
        label=_("Why the file is withdrawn"),
        limit=500,
        help_text=_("Everybody who saw the file reads this. Do not repeat what is secret or personal."),
        error_messages={"required": _("Say why the file is withdrawn.")},
    )


class DestructionForm(forms.Form):
    number = CleanText(
        label=_("Number of the decision"),
        limit=60,
        error_messages={"required": _("Give the number of the decision.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": own_lazy("12/QĐ-%(division_symbol)s")}),
    )
    decided_on = Day(label=_("Date of the decision"), error_messages={"required": _("This cannot be left empty.")})
