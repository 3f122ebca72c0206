"""Once a day: tells of what is due, and mails what is unread to those who want it."""

from __future__ import annotations

from argparse import ArgumentParser
from smtplib import SMTPException

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from criteria.inspections.services.digest import digests, mail_digest, sweep, tell_what_is_due


class Command(BaseCommand):
    help = "Tell people of what is due, and mail them what is unread, once a day (NOTICES_BY_MAIL=1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be mailed, change nothing")

    def handle(self, *args, **options) -> None:
        if not options["dry_run"]:
            self.stdout.write(_("New notices: %(count)d.") % {"count": tell_what_is_due()})
            sweep()
        if settings.NOTICES_BY_MAIL or options["dry_run"]:
            self._mail(dry_run=options["dry_run"])

    def _mail(self, *, dry_run: bool) -> None:
        failed = 0
        for digest in digests():
            try:
                if not dry_run:
                    mail_digest(digest)
            except (SMTPException, OSError) as error:
                failed += 1
                self.stderr.write(f"{digest.person}: {error}")
                continue
            self.stdout.write(f"{digest.person} <{digest.person.email}>: {len(digest.notices)}")
        if failed:
            raise CommandError(_("Some mails could not be sent; the next run tries them again."))
