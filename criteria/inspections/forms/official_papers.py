"""The forms of a paper: its words, its number, the reason for taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, Upload

REQUIRED = {"required": _("This cannot be left empty.")}


class WordsForm(forms.Form):
    """The parts of a paper as they are now; what is left as it was follows from the records."""

    subject = CleanText(label=_("Subject"), limit=500)
    addressee = CleanText(label=_("Addressee"), limit=300, required=False)
    grounds = CleanText(label=_("Grounds, a line each"), limit=6000, lines=True, required=False)
    body = CleanText(label=_("Text, a paragraph each line"), limit=20_000, lines=True)
    receivers = CleanText(label=_("Receivers, a line each"), limit=2000, lines=True, required=False)
    titles = CleanText(label=_("Title over the signature, a line each"), limit=300, lines=True, required=False)
    name = CleanText(label=_("Name of who signs"), limit=120, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, data: Any = None, *, usual: dict[str, str], **options: Any) -> None:
        super().__init__(data, **options)
        self.usual = usual
        self.fields["body"].widget.attrs["rows"] = 16
        self.fields["grounds"].widget.attrs["rows"] = 4

    @property
    def own_words(self) -> dict[str, str]:
        """Return the parts that differ from those of the records."""
        typed = {name: self.cleaned_data[name] for name in self.usual}
        return {name: text for name, text in typed.items() if text.split() != self.usual[name].split()}


class NumberForm(forms.Form):
    number = CleanText(label=_("Number of the document"), limit=60, error_messages=REQUIRED)
    issued_on = Day(label=_("Date of the document"), error_messages=REQUIRED)
    upload = Upload(
        label=_("Signed copy"),
        required=False,
        help_text=_("PDF, 15 MB at most."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        allow_empty_file=True,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
