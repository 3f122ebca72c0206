"""The forms about closed figures: closing them, and recording how the report was issued."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, ReportNumber, Upload
from archiveportal.office.models import Office
from archiveportal.office.queries import office_on, report_symbols
from reports.closing.services import CLOSING_HOUR, IssueDetails, Signer
from reports.closing.signed import OTHER_NUMBER
from reports.frozen.issue import titles_of
from reports.models import Closing

REQUIRED = {"required": _("This cannot be left empty.")}


def _signatories(office: Office) -> list[tuple[str, Any]]:
    """Return who may sign, by the titles of the office."""
    return [("", _("choose")), *((each.value, " / ".join(titles_of(each, office))) for each in Closing.Signatory)]


class CloseForm(forms.Form):
    """`seen` is the number of the newest closing when the page was opened."""

    day = Day(
        label=_("Figures as of 17:00 of the day"),
        required=False,
        help_text=_("Leave it empty to close the figures as they are now."),
    )
    signatory = forms.ChoiceField(
        label=_("To be signed by"),
        choices=[("", _("choose")), *Closing.Signatory.choices],
        error_messages=REQUIRED | {"invalid_choice": _("Choose who is to sign.")},
    )
    signatory_name = CleanText(label=_("Full name"), limit=120, error_messages=REQUIRED)
    note = CleanText(label=_("Note"), limit=2000, lines=True, required=False)
    agreed = forms.BooleanField(
        label=_("I have looked at the points above and close the figures as they are."),
        error_messages={"required": _("Look at the points above, then tick this box.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=30_000)

    def __init__(self, data: Any = None, *, has_findings: bool, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["signatory"].choices = _signatories(office_on())
        if not has_findings:
            del self.fields["agreed"]

    @property
    def signer(self) -> Signer:
        return Signer(self.cleaned_data["signatory"], self.cleaned_data["signatory_name"])

    @property
    def as_of(self) -> datetime.datetime | None:
        day = self.cleaned_data["day"]
        return timezone.make_aware(datetime.datetime.combine(day, CLOSING_HOUR)) if day else None


class IssueForm(forms.Form):
    number = ReportNumber(
        symbols=report_symbols,
        label=_("Number of the document"),
        limit=60,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    issued_on = Day(label=_("Date of the document"), error_messages=REQUIRED)
    signatory = forms.ChoiceField(
        label=_("Signed by"),
        choices=[("", _("choose")), *Closing.Signatory.choices],
        error_messages=REQUIRED | {"invalid_choice": _("Choose who signed.")},
    )
    signatory_name = CleanText(label=_("Full name"), limit=120, error_messages=REQUIRED)
    upload = Upload(
        label=_("Signed copy"),
        required=False,
        help_text=_("PDF, 15 MB at most."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        # What is wrong with an empty file is said where it is taken in.
        allow_empty_file=True,
    )
    #: offered after the refusal of a PDF that bears another number
    is_confirmed = forms.BooleanField(
        label=_("I have looked: the file is the signed copy of this report."), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["signatory"].choices = _signatories(office_on())
        self.fields["number"].widget.attrs["placeholder"] = f"1234/{report_symbols()[0]}"

    @property
    def asks_to_confirm(self) -> bool:
        return self.has_error("upload", OTHER_NUMBER) or bool(self["is_confirmed"].value())

    @property
    def details(self) -> IssueDetails:
        names = ("number", "issued_on", "signatory", "signatory_name")
        return IssueDetails(**{name: self.cleaned_data[name] for name in names})

    def show_again(self, refusal: Any, closing: Closing) -> None:
        """Shows the refusal; what was typed stays, based on the row as it is now."""
        self.add_error(None, refusal)
        self.data = self.data.copy()
        self.data["version"] = str(closing.version)
