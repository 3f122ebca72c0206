"""Cells with mailboxes and telephone numbers: the rules of the forms, in the words of a sheet."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from archiveportal.fields import validate_telephone

# Lazy: of thousands of cells hardly one is told.
_MAILBOX = gettext_lazy("an e-mail address, for example ten@tphcm.gov.vn")
_TELEPHONE = gettext_lazy("a telephone number, for example 028 3829 1234")


def parse_mailbox(text: str) -> str:
    """Return an e-mail address. Raise ValidationError with what is expected."""
    check_cell(validate_email, text, expected=_MAILBOX)
    return text


def parse_telephone(text: str) -> str:
    """Return a number; a spreadsheet that took it for a sum has lost the zero in front."""
    check_cell(validate_telephone, text, expected=_TELEPHONE)
    is_cut = text.isdecimal() and len(text) in (9, 10) and not text.startswith("0")
    return f"0{text}" if is_cut else text


def check_cell(rule: Callable[[str], None], text: str, *, expected: str | Promise) -> None:
    """Apply a rule of the pages, and say in the words of a sheet what is expected."""
    try:
        rule(text)
    except ValidationError:
        raise ValidationError(str(expected)) from None
