"""The forms of the pages that keep a report: a passage, a decision on a proposal, a Word template."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Upload
from archiveportal.vietnamese import number
from reports.documents.passages import PassagePlace
from reports.passages.pasted import is_same_but_for_spaces, left_over, without_word_marks
from reports.passages.services import LONGEST


class PastedText(CleanText):
    """Text that may come out of a word processor. `was_cleaned` tells the page that marks of that
    program were taken out; what cannot be taken out is refused."""

    default_error_messages = {
        "word": _(
            "The text has mark-up of a word processor (“%(found)s”). Copy it once more and paste it as plain text "
            "(Ctrl + Shift + V), or delete the mark-up."
        ),
    }
    was_cleaned = False

    def to_python(self, value: Any) -> str:
        typed = "" if value in self.empty_values else str(value)
        text = without_word_marks(typed)
        rest = left_over(text)
        if rest:
            raise forms.ValidationError(self.error_messages["word"], code="word", params={"found": rest})
        self.was_cleaned = not is_same_but_for_spaces(text, typed)
        return super().to_python(text)


class PassageForm(forms.Form):
    text = PastedText(
        limit=LONGEST,
        lines=True,
        required=False,
        label=_("Text"),
    )
    #: number of the version that the form was made on
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, place: PassagePlace, **options) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs |= {"rows": 6 if place.has_default else 16, "lang": "vi"}
        limit = _("At most %(limit)s characters.") % {"limit": number(LONGEST)}
        self.fields["text"].help_text = f"{_('One paragraph per line.')} {limit} {_left_empty(place)}"

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0


def _left_empty(place: PassagePlace) -> str:
    if place.has_default:
        return _("Left empty or unchanged, the document uses its usual words.")
    if place.is_optional:
        return _("Left empty, the section is left out of the document.")
    return _("Left empty, the document shows the place as not written yet.")


class DecisionForm(forms.Form):
    proposal = forms.CharField(max_length=32)
    decision = forms.ChoiceField(choices=[("accept", ""), ("drop", "")])
    seen = forms.IntegerField(min_value=0, required=False)

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0


class CorrectionForm(forms.Form):
    """What to do about a known error: take the corrected wording (`accept`), or keep the words."""

    error = forms.CharField(max_length=32)
    key = forms.SlugField(max_length=40, required=False)
    decision = forms.ChoiceField(choices=[("accept", ""), ("keep", "")])
    reason = CleanText(limit=1000, required=False)
    seen = forms.IntegerField(min_value=0, required=False)

    def clean_seen(self) -> int:
        return self.cleaned_data["seen"] or 0


class TemplateForm(forms.Form):
    upload = Upload(
        label=_("Word file (.docx)"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty. Choose another one."),
        },
    )
