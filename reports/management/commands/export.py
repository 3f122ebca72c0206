"""What the portal writes, without a browser: `manage.py export bands --round gd1-2019 --output FILE [--as USER]`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from archiveportal.accounts.models import User
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.excel import whole_file
from archiveportal.logs import log_event
from archiveportal.scope import Viewer
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import units_of_group
from reports.documents import TooManyWards, report_file
from reports.models import Subject
from reports.subjects import REPORT_TYPES, Report, RoundReport, SchemeReport
from reports.workbooks import Reader
from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS, Choices, WorkbookKind
from wards.models import District, UnitGroup

#: the reports as documents
REPORT_KINDS = {f"report-{report.ledger}": report for report in REPORT_TYPES}


class Command(BaseCommand):
    help = (
        f"Writes a workbook, or a report in Word ({', '.join(REPORT_KINDS)}), into a file. "
        f"Of a round: {', '.join(ROUND_KINDS)}. Of a training scheme: {', '.join(SCHEME_KINDS)}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        for name, kind in ROUND_KINDS.items():
            part = self._part(kinds, name)
            part.add_argument("--round", required=True, help="code of the round, for example gd1-2019")
            part.add_argument("--district", help="code of the district that the workbook is narrowed to")
            part.add_argument("--group", help="code of the group of units that the workbook is narrowed to")
            if kind.needs_other:
                part.add_argument("--with", required=True, dest="other", help="code of the round to compare with")
            if name == "districts":
                part.add_argument("--ranked", action="store_true", help="by average, with places")
            self._add_data(part, kind)
        for name, kind in SCHEME_KINDS.items():
            part = self._part(kinds, name)
            part.add_argument("--scheme", required=True, help="code, for example 02-2014")
            self._add_data(part, kind)

        for name, report in REPORT_KINDS.items():
            subject = report.kind.value
            part = self._part(kinds, name, "the report in Word")
            part.add_argument(f"--{subject}", required=True, help=f"code of the {subject}")
            part.add_argument(
                "--without-notes",
                action="store_true",
                help="the draft of a new paper: without footnotes, known errors corrected",
            )
            part.add_argument(
                "--as-printed", action="store_true", help="the words as the report printed them, without footnotes"
            )

    def _add_data(self, part: ArgumentParser, kind: WorkbookKind) -> None:
        if kind.write_data is not None:
            part.add_argument(
                "--data", action="store_true", help="a table to compute with: one header row, one row a record"
            )

    def _part(self, kinds: Any, name: str, what: str = "") -> ArgumentParser:
        part = kinds.add_parser(name, help=what or f"the workbook “{name}”")
        part.add_argument("--output", required=True, type=Path, help="file to write (.xlsx, of a report .docx)")
        part.add_argument("--as", dest="username", help="what this account may see; without it, everything")
        return part

    def handle(self, *, kind: str, output: Path, username: str | None, **options: Any) -> None:
        account = None if username is None else self._user(username)
        user = account or EVERYTHING
        if kind in REPORT_KINDS:
            write = self._report(user, kind, options)
        else:
            write = self._of_round(user, kind, options) if kind in ROUND_KINDS else self._of_scheme(user, kind, options)
        try:
            with whole_file(output) as file, override("vi"):
                write(file)
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror or error}") from error
        log_event("file exported", kind=kind, user=account and account.pk, output=output.name)
        self.stdout.write(f"Written: {output}")

    def _user(self, username: str) -> User:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        return user

    def _of_round(self, user: Viewer, kind: str, options: dict[str, Any]) -> Callable:
        inspection_round = self._subject(user, RoundReport, options["round"])
        other = None
        if options.get("other"):
            other = self._subject(user, RoundReport, options["other"])
            if other == inspection_round:
                raise CommandError("A round is not compared with itself; name another one after --with.")
        choices = Choices(other=other, ranked=options.get("ranked", False))
        group = self._group(user, options["group"], inspection_round)
        units = units_of_group(group, inspection_round) if group else frozenset()
        district = self._district(user, options["district"], inspection_round)
        reader = Reader(user, district, group=group, units=units)
        write = ROUND_KINDS[kind].writer(is_data=options.get("data", False))
        return lambda file: write(reader, inspection_round, choices).save(file)

    def _subject(self, user: Viewer, report: type[Report], code: str) -> Subject:
        subjects = report.subjects(user)
        subject = subjects.filter(code=code).first()
        if subject is None:
            name, known = report.kind.value, ", ".join(subjects.values_list("code", flat=True))
            message = f"There is no {name} {code}. {name.capitalize()}s: {known or 'none'}."
            raise CommandError(message)
        return subject

    def _district(self, user: Viewer, code: str | None, inspection_round: Round) -> District | None:
        if code is None:
            return None
        # Codes are given again: of several units that had it, the one of the round; else the last one in force.
        districts = District.objects.visible_to(user).filter(code=code).order_by("valid_to", "pk")
        district = districts.in_force_on(inspection_round.starts_on).last() or districts.last()
        if district is None:
            raise CommandError(f"There is no district {code}.")
        return district

    def _group(self, user: Viewer, code: str | None, inspection_round: Round) -> UnitGroup | None:
        if code is None:
            return None
        groups = UnitGroup.objects.visible_to(user).filter(grouping=inspection_round.grouping_id)
        group = groups.filter(code=code).first()
        if group is None:
            known = ", ".join(groups.order_by("position").values_list("code", flat=True))
            raise CommandError(f"There is no group {code} in this round. Groups: {known or 'none'}.")
        return group

    def _of_scheme(self, user: Viewer, kind: str, options: dict[str, Any]) -> Callable:
        scheme = self._subject(user, SchemeReport, options["scheme"])
        write = SCHEME_KINDS[kind].writer(is_data=options.get("data", False))
        return lambda file: write(Reader(user), scheme).save(file)

    def _report(self, user: Viewer, kind: str, options: dict[str, Any]) -> Callable:
        if not user.scope.sees_reports:
            raise CommandError("The reports are of the whole city; this account sees a part of it.")
        report = REPORT_KINDS[kind]
        subject = self._subject(user, report, options[report.kind.value])
        # Footnotes quote the list of contradictions.
        copy = {
            "has_notes": not options["without_notes"] and user.scope.sees_ledger,
            "is_as_printed": options["as_printed"],
        }
        try:
            content = report_file(user=user, subject=subject, **copy)
        except TooManyWards as refusal:
            raise CommandError(refusal.message) from refusal
        return lambda file: file.write(content)
