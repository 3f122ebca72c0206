"""Proves that no sealed event was changed, removed or added."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.backup.facts import heads_of_closings
from archiveportal.backup.guards import open_guards
from archiveportal.backup.snapshots import snapshot
from archiveportal.history.agreeing import disagreements
from archiveportal.history.proving import heads_in, prove

#: rows that are named one by one
NAMED = 200


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
        proof = prove(_kept_elsewhere(options["heads"], options["head"]) | heads_of_closings())
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
    for name in open_guards():
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
