"""Proves that no sealed event was changed, removed or added."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from archiveportal.accounts import guard as stand_in_guard
from archiveportal.backup.snapshots import snapshot
from archiveportal.files import guard as file_guard
from archiveportal.history import guards, seal_guard, triggers
from archiveportal.history.agreeing import disagreements
from archiveportal.history.proving import heads_in, prove
from criteria import guard as set_guard
from criteria.inspections import guard as round_guard
from criteria.inspections import issued_guard
from reports.frozen import guard as closing_guard
from reports.models import Closing
from wards import guard as unit_guard

#: rows that are named one by one
NAMED = 200
#: modules with triggers that keep rows as they are
GUARDS = (seal_guard, stand_in_guard, file_guard, closing_guard, issued_guard)


class Command(BaseCommand):
    help = (
        "Prove the chain of seals over the history, and the heads that closings and other places keep. Exits 1 and "
        "names each event that was changed, removed or added, and triggers that are not in place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads", type=Path, metavar="FILE", help="a log, a manifest or a note with heads that were kept elsewhere"
        )
        parser.add_argument("--head", action="append", default=[], help="a head that was kept elsewhere: 12:9f86d0…")

        parser.add_argument(
            "--rows", action="store_true", help="compare answers, statuses, accounts and numbers with their last event"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        proof = prove(_kept_elsewhere(options["heads"], options["head"]) | _of_closings())
        faults = [*proof.faults, *_open_guards()]
        if options["rows"]:
            with snapshot():
                faults += islice(disagreements(), NAMED)
        if faults:
            raise CommandError("\n".join(["The history is not as it was left:", *faults]))
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{proof.events} events in {proof.seals} seals are as they were sealed, {proof.unsealed} have no seal yet "
            f"({seconds:.1f} s). Head: {proof.head or 'none yet'}"
        )


def _open_guards() -> Iterator[str]:
    """Name guards that somebody has taken down, and not put up again."""
    names = triggers.not_in_place(connection)
    for module in GUARDS:
        names += guards.not_in_place(connection, module.PREFIX, module.GUARDS)
    for of_app in (unit_guard, set_guard, round_guard):
        names += of_app.not_in_place(connection)
    for name in names:
        yield f"The guard {name} is missing, switched off or altered; `migrate` puts it up again."


def _kept_elsewhere(path: Path | None, pasted: list[str]) -> set[str]:
    heads = heads_in(pasted)
    if not all(heads_in([text]) for text in pasted):
        raise CommandError("A head is a number, a colon and 64 digits and letters: 12:9f86d0…")
    if path is None:
        return heads
    with path.open(encoding="utf-8", errors="replace") as lines:
        found = heads_in(lines)
    if not found:
        raise CommandError(f"There is no head in {path}.")
    return heads | found


def _of_closings() -> set[str]:
    """Return the heads that closings keep."""
    return set(Closing.objects.exclude(history_head="").order_by().values_list("history_head", flat=True))
