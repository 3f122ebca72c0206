"""The form that takes a sheet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import Day, Upload


class SheetForm(forms.Form):
    file = Upload(
        label=_("File"),
        help_text=_(
            ".xlsx, .xls, .ods or .csv, 15 MB at most. Nothing changes before you have seen what would change."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("The file is empty."),
            "missing": _("Choose the file."),
        },
    )
    as_of = Day(
        label=_("Read for the day"),
        required=False,
        help_text=_("Units are looked up as they are on this day. Blank: today."),
    )
