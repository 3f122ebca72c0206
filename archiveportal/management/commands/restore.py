"""Restores a backup into an empty place."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from archiveportal.backup import store
from archiveportal.backup.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup (the newest of a folder) into an empty database and an empty FILES_DIR."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        backup = store.chosen(options["backup"].resolve())
        seconds = restore(backup)
        self.stdout.write(
            f"{backup.name} is restored: files in {seconds['files']} s, the database in {seconds['database']} s. "
            "Run `manage.py migrate` if this release is newer than the backup, and `manage.py database_roles` "
            "where the portal serves by a role of its own: a backup has no grants."
        )
        destroyed = store.destroyed_in(backup.parent) & store.manifest_of(backup)["files"].keys()
        if destroyed:
            self.stdout.write(f"Without {len(destroyed)} files whose content was destroyed by a decision since.")
