"""Proves a backup by restoring it to a scratch place."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.backup import store
from archiveportal.backup.restoring import check


class Command(BaseCommand):
    help = "Restore a backup to a scratch place and compare counts, hashes and figures. Exits 1 when it differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        backup = store.chosen(options["backup"].resolve())
        checked = check(backup)
        if checked.faults:
            raise CommandError("\n".join([f"{backup.name} does not restore as it was:", *checked.faults]))
        self.stdout.write(f"{backup.name} restores as it was, in {time.monotonic() - started:.1f} s.")
        for remark in checked.remarks:
            self.stdout.write(remark)
