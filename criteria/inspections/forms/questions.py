"""Forms of the thread on one criterion: a question, an answer, a note for colleagues."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, Day
from criteria.inspections.forms.findings import Documents

FILES_HELP = gettext_lazy("Ten files of 15 MB each at most, 75 MB together.")


class OnceForm(forms.Form):
    """Carries a number of its own, so that sending twice is sending once."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class QuestionForm(OnceForm):
    text = CleanText(
        label=gettext_lazy("Question to the unit"),
        limit=4000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what you want to know.")},
    )
    due_on = Day(
        label=gettext_lazy("Answer until"),
        error_messages={"required": gettext_lazy("Give the day until which the unit answers.")},
    )
    files = Documents(label=gettext_lazy("Photographs or documents"), required=False, help_text=FILES_HELP)


class QuestionAnswerForm(OnceForm):
    text = CleanText(
        label=gettext_lazy("Answer of the unit"),
        limit=4000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write your answer.")},
    )
    files = Documents(label=gettext_lazy("Photographs or documents"), required=False, help_text=FILES_HELP)


class NoteForm(OnceForm):
    text = CleanText(
        label=gettext_lazy("Internal note"),
        limit=4000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the note.")},
    )
