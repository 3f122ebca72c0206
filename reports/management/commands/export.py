"""The workbooks without a browser: `manage.py export summary --round gd1-2019 --output FILE [--as USER]`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.accounts.models import User
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.excel import Book, whole_file
from archiveportal.logs import log_event
from criteria.inspections.models import Round
from reports.queries import summary
from reports.workbooks import attainment_workbook, summary_workbook
from training.models import Scheme


class Command(BaseCommand):
    help = "Writes a workbook into a file: the summary table of a round, or the attainment of a training scheme."

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="{summary,attainment}")
        table = kinds.add_parser("summary", help="the summary table of a round")
        table.add_argument("--round", required=True, help="code of the round, for example gd1-2019")
        attainment = kinds.add_parser("attainment", help="results of a training scheme against its targets")
        attainment.add_argument("--scheme", required=True, help="code of the scheme, for example 02-2014")
        for part in (table, attainment):
            part.add_argument("--output", required=True, type=Path, help="file to write (.xlsx)")
            part.add_argument("--as", dest="username", help="what this account may see; without it, everything")

    def handle(self, *, kind: str, output: Path, username: str | None, **options: Any) -> None:
        user = EVERYTHING if username is None else self._user(username)
        make = self._summary(user, options["round"]) if kind == "summary" else self._attainment(user, options["scheme"])
        try:
            with whole_file(output) as file:
                make().save(file)
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror or error}") from error
        log_event("workbook exported", kind=kind, user=user.pk, output=output.name)
        self.stdout.write(f"Written: {output}")

    def _user(self, username: str) -> User:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        return user

    def _summary(self, user: Any, code: str) -> Callable[[], Book]:
        round = Round.objects.visible_to(user).filter(code=code).select_related("criteria_set").first()
        if round is None:
            known = ", ".join(Round.objects.visible_to(user).values_list("code", flat=True))
            raise CommandError(f"There is no round {code}. Rounds: {known or 'none'}.")
        return lambda: summary_workbook(summary(user, round))

    def _attainment(self, user: Any, code: str) -> Callable[[], Book]:
        schemes = Scheme.objects.visible_to(user)
        scheme = schemes.filter(code=code).first()
        if scheme is None:
            known = ", ".join(schemes.values_list("code", flat=True))
            raise CommandError(f"There is no scheme {code}. Schemes: {known or 'none'}.")
        return lambda: attainment_workbook(user, scheme)
