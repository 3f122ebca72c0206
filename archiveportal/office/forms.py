"""The forms of the office and of who signs its papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, validate_telephone
from archiveportal.history.services import digest
from archiveportal.office.models import Office, OfOffice, Signatory, lines_of
from archiveportal.office.services import fields_of
from archiveportal.own_words import in_own_words, own_lazy
from archiveportal.vietnamese import document_number

REQUIRED = {"required": _("This cannot be left empty.")}
LINES = forms.Textarea(attrs={"rows": 3})


def validate_symbol(value: str) -> None:
    """Refuse what cannot stand behind the number of a document."""
    if value != value.upper() or not document_number(f"1/VB-{value}"):
        message = _("Write the symbol in capitals with hyphens, for example %(symbol)s or QĐ-%(symbol)s.")
        raise ValidationError(in_own_words(message), code="symbol")


class _OverDays(forms.ModelForm):
    """`made_on` says what the form was made on; a form for a new row has none."""

    made_on = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        row: OfOffice = self.instance
        if row.pk:
            self.fields["made_on"].initial = digest(row, fields_of(row))
        for field in self.fields.values():
            field.error_messages |= REQUIRED

    def _post_clean(self) -> None:
        """Leave rules over several rows to the services, which say them in words of their own."""
        self._validate_unique = False
        super()._post_clean()


def _words(model: type[OfOffice], name: str, **options: Any) -> CleanText:
    field = model._meta.get_field(name)
    return CleanText(label=capfirst(field.verbose_name), limit=field.max_length, required=not field.blank, **options)


class OfficeForm(_OverDays):
    first_day = Day(label=_("Holds from"))
    last_day = Day(label=_("Holds until"), required=False)
    basis = _words(Office, "basis", help_text=_("Number, day and issuer of the paper that says so."))
    name = _words(Office, "name")
    superior_head = _words(Office, "superior_head", lines=True, help_text=_("In capitals, a line each."))
    superior = _words(Office, "superior", help_text=_("For example UBND Thành phố Hồ Chí Minh."))
    area = _words(Office, "area", help_text=_("For example Thành phố Hồ Chí Minh, tỉnh Lâm Đồng."))
    area_noun = _words(Office, "area_noun", help_text=_("“Thành phố” or “tỉnh”, as in “trên địa bàn tỉnh”."))
    place = _words(Office, "place", help_text=_("For example Thành phố Hồ Chí Minh, Lâm Đồng."))
    symbol = _words(Office, "symbol", validators=[validate_symbol])
    head_title = _words(Office, "head_title")
    deputy_title = _words(Office, "deputy_title")
    division = _words(Office, "division", help_text=_("Leave it empty where the office has none."))
    division_short = _words(Office, "division_short")
    division_symbol = _words(Office, "division_symbol", validators=[validate_symbol])
    division_head_title = _words(Office, "division_head_title")
    address = _words(Office, "address")
    telephone = _words(Office, "telephone", validators=[validate_telephone])
    name_in_english = _words(Office, "name_in_english", help_text=_("For screens in English."))
    division_in_english = _words(Office, "division_in_english")

    class Meta:
        model = Office
        fields = [
            *("first_day", "last_day", "basis", "name", "superior_head", "superior", "area", "area_noun", "place"),
            *("symbol", "head_title", "deputy_title", "division", "division_short", "division_symbol"),
            *("division_head_title", "address", "telephone", "email", "name_in_english", "division_in_english"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("division"):
            for name in ("division_symbol", "division_head_title"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, ValidationError(REQUIRED["required"]))
        return cleaned


class SignatoryForm(_OverDays):
    first_day = Day(label=_("Holds from"))
    last_day = Day(label=_("Holds until"), required=False)
    basis = _words(Signatory, "basis", help_text=_("For example the decision that delegates it: number, day, issuer."))
    titles = _words(
        Signatory,
        "titles",
        lines=True,
        help_text=_("In capitals, for example CHI CỤC TRƯỞNG; or TUQ. GIÁM ĐỐC and CHI CỤC TRƯỞNG in two lines."),
    )
    name = _words(Signatory, "name")
    symbol = _words(
        Signatory, "symbol", validators=[validate_symbol], help_text=own_lazy(_("For example QĐ-%(symbol)s."))
    )
    receivers = _words(
        Signatory,
        "receivers",
        lines=True,
        help_text=_("A line each, as the paper has them. Write {units} where the units of the paper belong."),
    )

    class Meta:
        model = Signatory
        fields = ["kind", "level", "titles", "name", "symbol", "receivers", "first_day", "last_day", "basis"]

    def clean_receivers(self) -> str:
        return "\n".join(lines_of(self.cleaned_data["receivers"]))
