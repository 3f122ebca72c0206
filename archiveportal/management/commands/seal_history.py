"""Seals the events of the history, for a timer every hour."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.history.sealing import StillOpen, newest_head, seal_history

#: seconds that open transactions have to end
PATIENCE = 60


class Command(BaseCommand):
    help = "Seal the events that have no seal yet. Exits 1 while a transaction is open that may still add one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", type=float, default=PATIENCE, help="seconds to wait for open transactions")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = seal_history(patience=options["wait"])
        except StillOpen as error:
            raise CommandError(f"Nothing was sealed: {error}. The next run seals these events too.") from error
        events = sum(seal.events for seal in made)
        self.stdout.write(f"{events} events in {len(made)} new seals. Head: {newest_head() or 'none yet'}")
