"""Makes a backup of the database and the files, while people work."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from archiveportal.backup import store
from archiveportal.backup.facts import proven_facts, stored_facts
from archiveportal.backup.making import make_backup


class Command(BaseCommand):
    help = "Make a backup in FOLDER: a dump, the files by their content, and a manifest. Old ones are removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="where the backups lie; not within FILES_DIR")
        parser.add_argument("--facts", action="store_true", help="print what a backup would say of the place, as JSON")
        parser.add_argument(
            "--stored-facts", action="store_true", help="print those that a database of an older release has too"
        )
        parser.add_argument("--head", default="", help="with --facts: prove the history up to this head as well")
        parser.add_argument("--keep-all", action="store_true", help="remove no old backups")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["facts"] or options["stored_facts"]:
            self.stdout.write(json.dumps(_asked(options), ensure_ascii=False))
            return
        folder = options["folder"]
        if folder is None:
            raise CommandError("Name the folder of the backups: manage.py backup FOLDER")
        made = make_backup(folder.resolve())
        manifest = store.manifest_of(made)
        seconds = manifest["seconds"]
        self.stdout.write(
            f"{made}: {sum(manifest['facts']['rows'].values())} rows in {seconds['database']} s, "
            f"{len(manifest['files'])} files in {seconds['files']} s."
        )
        if not options["keep_all"]:
            backups, files = store.sweep(folder.resolve(), timezone.localdate())
            self.stdout.write(f"{backups} old backups and {files} files that only they had removed.")
        if manifest["missing"]:
            raise CommandError(
                f"{len(manifest['missing'])} files have a row and are not there: see `missing` in {made}."
            )


def _asked(options: dict[str, Any]) -> dict[str, Any]:
    return proven_facts(options["head"]) if options["facts"] else stored_facts()
