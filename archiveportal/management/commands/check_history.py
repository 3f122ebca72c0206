"""Proves that no sealed event was changed, removed or added."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.history.proving import heads_in, prove
from reports.models import Closing


class Command(BaseCommand):
    help = (
        "Prove the chain of seals over the history, and the heads that closings and other places keep. Exits 1 and "
        "names each event that was changed, removed or added."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--heads", type=Path, metavar="FILE", help="a log, a manifest or a note with heads that were kept elsewhere"
        )
        parser.add_argument("--head", action="append", default=[], help="a head that was kept elsewhere: 12:9f86d0…")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        proof = prove(_kept_elsewhere(options["heads"], options["head"]) | _of_closings())
        if proof.faults:
            raise CommandError("\n".join(["The history is not as it was sealed:", *proof.faults]))
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{proof.events} events in {proof.seals} seals are as they were sealed, {proof.unsealed} have no seal yet "
            f"({seconds:.1f} s). Head: {proof.head or 'none yet'}"
        )


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
