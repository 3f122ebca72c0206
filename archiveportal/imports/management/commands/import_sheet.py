"""Takes in a sheet from the command line: the same check, the same services, the same history."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.imports.models import KeptChoice
from archiveportal.imports.words import counted
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.kinds import KINDS, Order, SheetKind
from archiveportal.sheets.rows import CellQuestion, Deed, Fault, TablePlan


class Command(BaseCommand):
    help = "Take in a sheet. Ends with 1 if a row cannot be taken; nothing is written then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_kind(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check only")
        parser.add_argument("--json", action="store_true", help="every line as JSON")
        parser.add_argument("--as-of", type=date.fromisoformat, help="read for this day (YYYY-MM-DD; today)")
        parser.add_argument("--as", dest="user", default="", help="sign-in name of the person who answers for it")
        parser.add_argument(
            "--answer", action="append", default=[], metavar="KEY=VALUE", help="what an ambiguous text means"
        )
        parser.add_argument("--address", default="", help="the portal's own address, for links in mails")

    def add_kind(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))

    def handle(self, *, kind: str, file: Path, **options: Any) -> None:
        sheet_kind = KINDS[kind]
        order = Order(
            _person(options["user"], sheet_kind),
            options["as_of"] or timezone.localdate(),
            options["address"].rstrip("/"),
        )
        with translation.override("vi"):
            plan = _plan(file, sheet_kind, order, given=options["answer"])
            self._tell(plan, is_json=options["json"])
            if not plan.is_clean:
                raise CommandError(_("Some rows cannot be taken; nothing was written."))
            if options["dry_run"] or not plan.changes_something:
                return
            _apply(plan, sheet_kind, order)

    def _tell(self, plan: TablePlan, *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(plan.to_json() | {"counts": plan.counts}, ensure_ascii=False, indent=1))
            return
        for text in _problems(plan):
            self.stdout.write(text)
        for note in plan.notes:
            self.stdout.write(note)
        self.stdout.write(counted(plan.counts))


def _person(username: str, kind: SheetKind) -> User | None:
    if not username:
        return None
    person = User.objects.able_to_sign_in().filter(username=username).first()
    if person is None or kind.right not in person.rights:
        raise CommandError(f"No account {username} that may hand in this sheet.")
    return person


def _plan(file: Path, kind: SheetKind, order: Order, *, given: list[str]) -> TablePlan:
    answers = dict(KeptChoice.objects.filter(kind=kind.code).values_list("question", "value"))
    for each in given:
        key, sign, value = each.rpartition("=")
        if not sign or not key:
            raise CommandError(f"--answer {each}: write the key of the question, “=”, then the value.")
        answers[key] = value
    try:
        return make_plan(file.read_bytes(), file.name, kind=kind, order=order, answers=answers)
    except OSError as error:
        raise CommandError(str(error)) from error
    except Refused as refusal:
        raise CommandError(" ".join(refusal.messages)) from refusal


def _apply(plan: TablePlan, kind: SheetKind, order: Order) -> None:
    """Write all of it in one transaction, then send what comes after."""
    lines = [line for line in plan.lines if line.deed in (Deed.BEGIN, Deed.CHANGE)]
    try:
        with transaction.atomic():
            result = kind.apply(lines, order, batch=None)
    except ValidationError as refusal:
        raise CommandError(" ".join(refusal.messages)) from refusal
    log_event("sheet taken in", user=getattr(order.by, "pk", None), kind=kind.code, **plan.counts)
    kind.after(result, order)


def _problems(plan: TablePlan) -> Iterator[str]:
    """Yield what is wrong with each row and what was read into it, and each question once, at the first row that
    asks it: one answer is for all."""
    questions = chain.from_iterable(line.questions for line in plan.lines)
    asking = Counter(question.key for question in questions)
    for line in plan.lines:
        found = [_fault_in_words(fault) for fault in line.faults]
        for question in line.questions:
            if rows := asking.pop(question.key, 0):
                found.append(_question_in_words(question, rows))
        for text in found + line.notes:
            yield f"{line.place}: {text}"


def _fault_in_words(fault: Fault) -> str:
    about = _about(fault.column, fault.heading, fault.value)
    return f"{about}: {fault.expected}" if about else fault.expected


def _question_in_words(question: CellQuestion, rows: int) -> str:
    about = _about(question.column, question.heading.removesuffix("?"), question.value)
    more = f" ({rows} dòng)" if rows > 1 else ""
    options = "; ".join(f"{value} = {label}" for value, label in question.options)
    return f"{about}?{more} --answer '{question.key}=…': {options}"


def _about(column: str, heading: str, value: str) -> str:
    quoted = f"“{value}”" if value else ""
    return " ".join(filter(None, [column, heading, quoted]))
