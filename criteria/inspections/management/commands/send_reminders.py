"""Mails reminders of what is overdue or nearly due to the units that have to answer."""

from __future__ import annotations

from argparse import ArgumentParser
from smtplib import SMTPException

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from archiveportal.history.models import Via
from archiveportal.refusal import Refused
from criteria.inspections.models import Finding
from criteria.inspections.queries.reminders import reminders
from criteria.inspections.services.reminders import mail_reminder


class Command(BaseCommand):
    help = "Mail reminders of open findings (REMINDERS_BY_MAIL=1), at most one mail per finding and week."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, send nothing")

    def handle(self, *args, **options) -> None:
        failed = 0
        for reminder in reminders(Finding.objects.all()):
            try:
                mailed = mail_reminder(reminder=reminder, by=None, via=Via.COMMAND, dry_run=options["dry_run"])
            except Refused as refusal:
                raise CommandError(refusal.message) from None
            except (SMTPException, OSError) as error:
                failed += 1
                self.stderr.write(f"{reminder.unit}: {error}")
                continue
            to = ", ".join(mailed.addresses) or mailed.why_not
            self.stdout.write(f"{reminder.unit}: {len(mailed.reminder.findings)} → {to}")
        if failed:
            raise CommandError(_("Some reminders could not be sent; the next run tries them again."))
