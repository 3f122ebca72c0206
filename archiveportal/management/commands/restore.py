"""Restores a backup into an empty place."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from archiveportal.backup import store
from archiveportal.backup.facts import is_older, proven_facts
from archiveportal.backup.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup (the newest of a folder) into an empty database and an empty FILES_DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)
        parser.add_argument("--facts", action="store_true", help="print what a backup would say of the place, as JSON")
        parser.add_argument("--head", default="", help="with --facts: prove the history up to this head as well")

    def handle(self, *args: Any, **options: Any) -> None:
        backup = store.chosen(options["backup"].resolve())
        seconds = restore(backup)
        if options["facts"]:
            self.stdout.write(json.dumps(proven_facts(options["head"]), ensure_ascii=False))
            return
        self.stdout.write(
            f"{backup.name} is restored: files in {seconds['files']} s, the database in {seconds['database']} s. "
            f"{_next(backup)}, and `manage.py database_roles` where the portal serves by a role of its own: a backup "
            "has no grants. `manage.py check_files` and `manage.py check_history` then look at the whole."
        )
        destroyed = store.destroyed_in(backup.parent) & store.manifest_of(backup)["files"].keys()
        if destroyed:
            self.stdout.write(f"Without {len(destroyed)} files whose content was destroyed by a decision since.")


def _next(backup: Path) -> str:
    """Say what comes first; a release may have other guards than the backup without a further migration."""
    if is_older(store.manifest_of(backup)["facts"]):
        return "An older release made it: run `manage.py migrate` before the portal starts"
    return "Run `manage.py migrate`, which puts up the guards of this release"
