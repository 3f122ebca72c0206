"""The moment that figures are closed for: it has to be one whose figures can be known."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.days import refuse_far_days
from archiveportal.templatetags.portal import day
from reports.frozen.events import was_changed_by_people, was_changed_since
from reports.models import Closing, Subject
from reports.subjects import report_of


def refuse_moment(subject: Subject, moment: datetime.datetime, newest: Closing | None, *, is_now: bool) -> None:
    """Refuse a moment whose figures cannot be known.

    The records know no past: figures of an earlier moment are those of today only if nothing was
    changed since.
    """
    refuse_far_days(moment)
    message, values = "", {}
    chosen, first = timezone.localtime(moment), report_of(subject).first_day
    if chosen > timezone.now():
        message = _("This moment is still to come. Choose an earlier day, or leave it empty.")
    elif chosen.date() < first:
        message = _("There are no figures of this report before %(day)s. Choose this day or a later one.")
        values = {"day": day(first)}
    elif newest and chosen < newest.as_of:
        message = _(
            "The figures were closed as of %(moment)s already, and 17:00 of this day lies before that. Choose a later "
            "day, or leave it empty."
        )
        values = {"moment": moment_in_words(newest.as_of)}
    elif not is_now and _was_changed(subject, moment, newest):
        message = _(
            "Records were changed after 17:00 of this day, so the figures of that moment cannot be told any more. "
            "Leave the day empty to close the figures as they are now."
        )
    if message:
        raise ValidationError({"day": message % values})


def moment_in_words(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M, %d/%m/%Y")


def _was_changed(subject: Subject, as_of: datetime.datetime, newest: Closing | None) -> bool:
    """Tell whether records changed since a moment. Loaded ones are as old as their signed report,
    unless its figures had been closed by then."""
    if not subject.is_baseline:
        return was_changed_since(subject, as_of)
    is_loaded_later = newest is not None and was_changed_since(subject, max(as_of, newest.closed_at))
    return is_loaded_later or was_changed_by_people(subject, as_of)
