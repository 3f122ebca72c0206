"""The form for days that the State swaps for others."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, Day

REQUIRED = {"required": gettext_lazy("This cannot be left empty.")}


class SwappedDayForm(forms.Form):
    """A day off and the day that is worked for it; one of the two may be left empty."""

    day_off = Day(label=gettext_lazy("Day off"), required=False)
    day_worked = Day(label=gettext_lazy("Worked in its place"), required=False)
    reason = CleanText(label=gettext_lazy("Reason"), limit=200, error_messages=REQUIRED)
    source = CleanText(
        label=gettext_lazy("Announced by"),
        limit=300,
        help_text=gettext_lazy("Number, day and issuer of the paper that announces it."),
        error_messages=REQUIRED,
    )
