"""Reads every stored file and names those that are not what was kept.

One that was destroyed by a decision is not missing; it is named if the store still has it.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.files.checking import State, has_bytes, state_of
from archiveportal.files.models import StoredFile
from archiveportal.logs import log_event
from reports.closing.kept_files import places_of


class Command(BaseCommand):
    help = "Take the SHA-256 of every stored file again. Exits 1 where one was altered or lost, and names them."

    def handle(self, *args: Any, **options: Any) -> None:
        damaged = checked = 0
        for file in StoredFile.objects.present().order_by("pk").iterator():
            checked += 1
            state = state_of(file)
            if state != State.SAME:
                damaged += 1
                self.stdout.write(_in_words(file, state))
        destroyed = list(StoredFile.objects.destroyed().order_by("pk"))
        for file in filter(has_bytes, destroyed):
            damaged += 1
            self.stdout.write(f"destroyed by a decision, still in the store: {file.name}, SHA-256 {file.sha256}")
        log_event("files checked", checked=checked, damaged=damaged, destroyed=len(destroyed))
        if damaged:
            raise CommandError(f"{damaged} of {checked} files are not as they were kept.", returncode=1)
        self.stdout.write(f"{checked} files are as they were kept.")
        if destroyed:
            self.stdout.write(f"{len(destroyed)} were destroyed by a decision.")


def _in_words(file: StoredFile, state: State) -> str:
    closings = "".join(f", closing {closing.pk} of {closing.subject.code}" for closing in places_of(file))
    return f"{state.value}: {file.name} ({file.original.name}), SHA-256 {file.sha256}{closings}"
