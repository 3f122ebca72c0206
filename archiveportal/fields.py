"""Form fields that say what is wrong in plain words and read numbers as people here type them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from archiveportal.days import parse_day, sensible_day
from archiveportal.letters import clean_letters, is_of_old_font
from archiveportal.vietnamese import control_characters, normalise, parse_number, report_number
from archiveportal.vietnamese import number as number_in_words


class CleanText(forms.CharField):
    """Text as it reads (`clean_letters`). Control characters are refused, not dropped, and so is text
    of fonts before Unicode: nothing that somebody sees changes unnoticed.

    With `lines=True` line breaks are kept; otherwise white space is folded to single spaces.
    """

    default_error_messages = {
        "control": _(
            "The text has characters that cannot be shown (often from copying out of another program). "
            "Delete them or type the text again."
        ),
        "old_font": _(
            "The text was written for an old font (TCVN3 or VNI), so it cannot be read here. Convert it to Unicode, or "
            "type it again."
        ),
        "too_long": _("The text has %(length)s characters; %(limit)s at most fit. Please shorten it."),
    }

    def __init__(self, *, limit: int, lines: bool = False, **options: Any) -> None:
        self.limit, self.lines = limit, lines
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        # The raw value is judged, not a stripped one: stripping would hide a control character at an end.
        text = "" if value in self.empty_values else str(value).replace("\r\n", "\n")
        if control_characters(text):
            raise ValidationError(self.error_messages["control"], code="control")
        if is_of_old_font(text):
            raise ValidationError(self.error_messages["old_font"], code="old_font")
        text = normalise(text) if not self.lines else "\n".join(_lines(text))
        if len(text) > self.limit:
            raise ValidationError(
                self.error_messages["too_long"],
                code="too_long",
                params={"length": number_in_words(len(text)), "limit": number_in_words(self.limit)},
            )
        return text


def validate_telephone(text: str) -> None:
    """Refuse what is no telephone number; signs between the digits are no matter."""
    if not re.fullmatch(r"\+?[0-9]{8,14}", re.sub(r"[\s.()-]", "", text)):
        raise ValidationError(_("Please type a telephone number, for example 028 3829 1234."), code="telephone")


def no_report_number(symbols: Collection[str]) -> ValidationError:
    """Return the refusal of a number whose symbol is none of the office's reports."""
    message = _("Write the number of the report like 1234/%(symbol)s: digits, a slash, the symbol of the report.")
    return ValidationError(message, code="form", params={"symbol": next(iter(symbols))})


class ReportNumber(CleanText):
    """Number and symbol of a report that the office issues, in the one form that `report_number` gives.

    `symbols` returns those of its reports, the first one as an example.
    """

    def __init__(self, *, symbols: Callable[[], Collection[str]], **options: Any) -> None:
        super().__init__(**options)
        self.symbols = symbols

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return text
        symbols = self.symbols()
        number = report_number(text, symbols)
        if not number:
            raise no_report_number(symbols)
        return number


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in clean_letters(text).strip().split("\n")]


#: units that people type or paste behind a number
_UNIT = re.compile(r"\s*(?:m²|m2|mét vuông|người|đồng|vnđ|vnd)\s*$", re.IGNORECASE)


class NumberField(forms.Field):
    """A number as typed here: "1.341", "1341", "20,5" or "20,5 m²". `digits` before and `places` after
    the comma at most."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("“%(value)s” is not a number. Write digits only, for example 1341 or 20,5."),
        "whole": _("A whole number is needed here."),
        "negative": _("A number here cannot be negative."),
        "too_big": _("The number has more than %(digits)d digits. Please check it."),
        "places": _("At most %(places)d digits may stand behind the comma."),
    }

    def __init__(self, *, digits: int = 7, places: int = 0, **options: Any) -> None:
        self.digits, self.places = digits, places
        super().__init__(**options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal" if self.places else "numeric", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """Grouped as it is read, "2.257"; `to_python` reads it back as the same number."""
        if isinstance(value, int | Decimal):
            return number_in_words(Decimal(f"{Decimal(value).normalize():f}"))
        return value

    def to_python(self, value: Any) -> int | Decimal | None:
        if value in self.empty_values:
            return None
        parsed = value if isinstance(value, Decimal) else parse_number(_UNIT.sub("", str(value)))
        if parsed is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": str(value)[:40]})
        if parsed < 0:
            raise ValidationError(self.error_messages["negative"], code="negative")
        if parsed >= 10**self.digits:
            raise ValidationError(self.error_messages["too_big"], code="too_big", params={"digits": self.digits})
        if parsed != round(parsed, self.places):
            if not self.places:
                raise ValidationError(self.error_messages["whole"], code="whole")
            raise ValidationError(self.error_messages["places"], code="places", params={"places": self.places})
        return int(parsed) if not self.places else parsed

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class WholeNumber(forms.Field):
    """A number as scripts write one: digits alone, from `least` to `most`.

    Django's own takes signs, spaces and the dots of a language, and three times as long.
    """

    default_error_messages = {"invalid": _("A whole number is needed here.")}

    def __init__(self, *, least: int = 0, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        text = "" if value is None else str(value)
        if not text:
            return None
        is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(self.most))
        if not is_number or not self.least <= int(text) <= self.most:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)


#: said wherever a file is taken
NO_SECRETS = _(
    "Do not upload documents that contain state secrets. Photograph the storeroom, the covers and the lists of "
    "contents of the files; cover the personal data of citizens."
)


class Upload(forms.FileField):
    """A file from the device of a person. Its help ends with what must not be handed in."""

    def __init__(self, *, help_text: Any = "", **options: Any) -> None:
        help_text = format_lazy("{}<br>{}", help_text, NO_SECRETS) if help_text else NO_SECRETS
        super().__init__(help_text=help_text, **options)


#: what an empty field for a day says
DAY_FORM = _("day/month/year")


class Day(forms.DateField):
    """A date as it is written here: 15/10/2019. Every form that takes a date takes it by this field."""

    default_validators = [sensible_day]
    default_error_messages = {"invalid": _("This is not a date. Write day/month/year, for example 15/10/2019.")}

    def __init__(self, **options: Any) -> None:
        attributes = {"placeholder": DAY_FORM, "inputmode": "numeric", "autocomplete": "off", "data-day": True}
        super().__init__(**{"widget": forms.DateInput(format="%d/%m/%Y", attrs=attributes)} | options)

    def to_python(self, value: Any) -> datetime.date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        day = parse_day(value)
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def clean_each(fields: Mapping[str, forms.Field], data: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return what the fields read, and the names of those that refuse what was sent.

    For what scripts send: a form copies its fields for each request, which takes longer than to
    read them, and shows messages that no script needs.
    """
    cleaned, faults = {}, []
    for name, field in fields.items():
        try:
            cleaned[name] = field.clean(data.get(name))
        except ValidationError:
            faults.append(name)
    return cleaned, faults


def show_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Show the refusal of a service beside the fields that it is about, else above the form."""
    for name, messages in getattr(refusal, "message_dict", {None: refusal.messages}).items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
