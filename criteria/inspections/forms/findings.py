"""Forms about findings."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, Day, Upload
from archiveportal.files.services import ACCEPTED_DOCUMENTS


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(Upload):
    """Any number of files; their content is judged when they are kept."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [file for file in (data if isinstance(data, list | tuple) else [data]) if file]

    accept = "image/*,application/pdf"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": self.accept, "multiple": True, "data-side": settings.PHOTO_LONG_SIDE}


class Documents(Files):
    """Any number of photographs and documents."""

    accept = f"image/*,{ACCEPTED_DOCUMENTS}"


class SeenVersionForm(forms.Form):
    """Carries the version of the row that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class FindingForm(SeenVersionForm):
    recommendation = CleanText(
        label=gettext_lazy("Recommendation"),
        limit=2000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write what the unit has to put right.")},
    )
    due_on = Day(
        label=gettext_lazy("To be put right by"),
        error_messages={"required": gettext_lazy("Give the day by which it has to be put right.")},
    )


class WithdrawForm(SeenVersionForm):
    reason = CleanText(label=gettext_lazy("Reason for the withdrawal"), limit=1000, required=False)


class AnswerForm(SeenVersionForm):
    submission_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = CleanText(
        label=gettext_lazy("What was done"),
        limit=4000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Say what was done.")},
    )
    files = Documents(
        label=gettext_lazy("Photographs or documents"),
        required=False,
        help_text=gettext_lazy("Ten files of 15 MB each at most, 75 MB together."),
    )


class JudgeForm(SeenVersionForm):
    """The answer is accepted, or it is not and the reason says what is missing."""

    reason = CleanText(label=gettext_lazy("Remark, or what is still missing"), limit=2000, lines=True, required=False)
    due_on = Day(label=gettext_lazy("New deadline if the answer is not accepted"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.data.get("decision") == "refuse" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say what is still missing."))
        return cleaned


class DeadlineForm(SeenVersionForm):
    due_on = Day(
        label=gettext_lazy("New deadline"),
        error_messages={"required": gettext_lazy("Give the day by which it has to be put right.")},
    )
    reason = CleanText(
        label=gettext_lazy("Reason"),
        limit=1000,
        error_messages={"required": gettext_lazy("Say why the deadline is moved.")},
    )


class CloseFindingForm(SeenVersionForm):
    reason = CleanText(
        label=gettext_lazy("How it was seen"),
        limit=1000,
        error_messages={"required": gettext_lazy("Say how it was seen that the matter is put right.")},
    )
