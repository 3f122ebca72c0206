"""Forms of evidence."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, Upload
from archiveportal.files.services import ACCEPTED_DOCUMENTS
from archiveportal.history.models import Via

#: what file dialogues and cameras offer
ACCEPT = f"image/jpeg,image/png,image/webp,{ACCEPTED_DOCUMENTS}"


class EvidenceForm(forms.Form):
    """A file, or a document by its number, for one criterion."""

    file = Upload(
        label=_("Photograph or document"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "A photograph (JPEG, PNG, WebP), PDF, Word (.docx, .doc) or Excel (.xlsx, .xls), 15 MB at most. On a phone "
            "you can take it now."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPT, "data-side": settings.PHOTO_LONG_SIDE}),
    )
    caption = CleanText(label=_("What it shows"), limit=300, required=False)
    number = CleanText(
        label=_("Document number"),
        limit=60,
        required=False,
        help_text=_("For a document: its number, for example 12/QĐ-UBND; the file can be left out then."),
    )
    issued_on = Day(
        label=_("Date of the document"),
        required=False,
        error_messages={"invalid": _("Write the date as day/month/year, for example 14/10/2019.")},
    )
    issuer = CleanText(label=_("Issued by"), limit=200, required=False)
    user = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    upload_id = forms.UUIDField(widget=forms.HiddenInput)
    criterion = CleanText(limit=20, widget=forms.HiddenInput)
    #: when the leader had confirmed the self-assessment that the form shows; the device sends what it has of the form
    confirmed = CleanText(limit=40, required=False, widget=forms.HiddenInput)
    via = forms.ChoiceField(
        required=False,
        choices=[(way, way) for way in (Via.PAGE, Via.AUTOSAVE, Via.OFFLINE)],
        widget=forms.HiddenInput,
    )

    #: faults of these are the device's, not the person's
    AROUND = frozenset({"user", "upload_id", "criterion", "via"})
    #: what has to be known of a document that has a number
    DESCRIBES = {"issued_on": _("Enter the date of the document."), "issuer": _("Enter who issued the document.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["issued_on"].widget.attrs |= {"placeholder": _("day/month/year"), "inputmode": "numeric"}

    def clean(self) -> dict[str, Any]:
        """A document is found again by number, date and issuer together."""
        cleaned = super().clean()
        if cleaned.get("number"):
            for name, message in self.DESCRIBES.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, message)
        return cleaned

    @classmethod
    def blank(cls, *, user: User, criterion: Any = None, confirmed: str = "") -> EvidenceForm:
        """Return the form for one criterion, or for the one that the page of a self-assessment will name."""
        around = {"user": user.pk, "upload_id": uuid.uuid4(), "via": Via.PAGE, "confirmed": confirmed}
        form = cls(initial=around | {"criterion": criterion.code if criterion else ""})
        if criterion is None:
            # That page says itself, once, what must not be handed in.
            form.fields["file"].help_text = ""
        return form

    @property
    def is_readable(self) -> bool:
        return not self.AROUND & set(self.errors)

    @property
    def values(self) -> dict[str, Any]:
        """Return the arguments of `add_evidence` that come from the form."""
        cleaned = self.cleaned_data
        named = {name: cleaned[name] for name in ("upload_id", "number", "issued_on", "issuer", "caption")}
        return named | {"upload": cleaned["file"], "via": cleaned["via"] or Via.PAGE}


class CaptionForm(forms.Form):
    caption = CleanText(label=_("What it shows"), limit=300, required=False)
    made_on = forms.CharField(widget=forms.HiddenInput, max_length=40)


class VoidEvidenceForm(forms.Form):
    reason = CleanText(
        label=_("Why it is taken back"),
        limit=300,
        error_messages={"required": _("Say why this evidence is taken back.")},
    )
