"""Reminders by mail: to the accounts of the unit that answers, at most one mail per finding and week."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import Role, User
from archiveportal.history.models import Via
from archiveportal.history.services import event, record_all
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding
from criteria.inspections.services.letters import Reminder
from wards.models import District

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Mailed:
    """The result for one unit: the `addresses` that got the reminder, or `why_not` in words."""

    reminder: Reminder
    addresses: list[str]
    why_not: str = ""


def addresses_of(reminder: Reminder) -> list[str]:
    """Return the addresses of the unit's people who can sign in."""
    unit = reminder.unit
    of_district = Q(role=Role.DISTRICT, district=unit.pk)
    of_ward = Q(role=Role.WARD, ward=unit.pk)
    people = User.objects.able_to_sign_in().filter(of_district if isinstance(unit, District) else of_ward)
    return list(people.exclude(email="").order_by("pk").values_list("email", flat=True))


def mail_reminder(*, reminder: Reminder, by: User | None, via: str = Via.PAGE, dry_run: bool = False) -> Mailed:
    """Mails what is still open now and was not mailed within the last week, and puts it on record.

    The record is stored before the mail leaves: nobody waits for the mail server, and no reminder
    leaves twice. If it cannot be sent, that is on record too, and the next run tries again.
    """
    if not settings.REMINDERS_BY_MAIL and not dry_run:
        raise Refused(_("Reminders by mail are switched off."))
    addresses, today = addresses_of(reminder), timezone.localdate()
    if not addresses:
        return Mailed(reminder, [], _("no account with an e-mail address"))
    # The addresses are nobody's business but the log's: ward and district read this story.
    note = _("reminder by mail, %(count)d addresses") % {"count": len(addresses)}
    with transaction.atomic():
        rows = Finding.objects.filter(pk__in=[each.pk for each in reminder.findings]).to_remind()
        rows = rows.exclude(reminded_on__gt=today - WEEK).select_for_update(of=("self",))
        findings = list(rows)
        reminder = replace(reminder, findings=findings, today=today)
        if not findings:
            return Mailed(reminder, [], _("reminded within the last seven days"))
        if dry_run:
            return Mailed(reminder, addresses)
        _record([(each, each.reminded_on, today) for each in findings], note, by=by, via=via)
    try:
        EmailMessage(reminder.subject, reminder.text, to=addresses).send()
    except (SMTPException, OSError):
        _take_back(findings, today, by=by, via=via)
        raise
    log_event("reminder mailed", user=getattr(by, "pk", None), unit=reminder.key, findings=len(findings), to=addresses)
    return Mailed(reminder, addresses)


@transaction.atomic
def _take_back(findings: list[Finding], today: datetime.date, *, by: User | None, via: str) -> None:
    """Give findings whose mail could not be sent the day of the reminder before."""
    before = {each.pk: each.reminded_on for each in findings}
    rows = Finding.objects.filter(pk__in=before, reminded_on=today).select_for_update(of=("self",))
    changes = [(each, today, before[each.pk]) for each in rows]
    _record(changes, _("the reminder could not be sent"), by=by, via=via)


#: a finding, and the day of its last reminder before and after
Change = tuple[Finding, datetime.date | None, datetime.date | None]


def _record(changes: Sequence[Change], reason: str, *, by: User | None, via: str) -> None:
    events = []
    for finding, before, after in changes:
        Finding.objects.filter(pk=finding.pk).update(reminded_on=after)
        events.append(event(about=finding, by=by, via=via, changes={"reminded_on": (before, after)}, reason=reason))
    record_all(events)
