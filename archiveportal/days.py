"""The one rule for days that people give: fields of forms apply it, and services for ways in without a form."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.refusal import Refused

#: a year outside is a slip of the keys; PostgreSQL also gives days before our era back in no form that is read
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


def sensible_day(day: datetime.date) -> None:
    """Validate the year of a day; raises `ValidationError`."""
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValidationError(_("Please check the year: %(year)d.") % {"year": day.year}, code="year")


def refuse_far_days(*days: datetime.date | None) -> None:
    """Refuse the first day (or moment) with a year far off, in the words of the form; None is no day."""
    for day in days:
        if day is None:
            continue
        try:
            sensible_day(day)
        except ValidationError as error:
            raise Refused(error.message, code=error.code) from error
