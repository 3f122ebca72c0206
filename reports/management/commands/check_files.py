"""Reads every stored file and names those that are not what was kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archiveportal.files.checking import State, state_of
from archiveportal.files.models import StoredFile
from archiveportal.logs import log_event
from reports.closing.kept_files import places_of


class Command(BaseCommand):
    help = "Take the SHA-256 of every stored file again. Exits 1 where one was altered or lost, and names them."

    def handle(self, *args: Any, **options: Any) -> None:
        damaged = checked = 0
        for file in StoredFile.objects.order_by("pk").iterator():
            checked += 1
            state = state_of(file)
            if state != State.SAME:
                damaged += 1
                self.stdout.write(_in_words(file, state))
        log_event("files checked", checked=checked, damaged=damaged)
        if damaged:
            raise CommandError(f"{damaged} of {checked} files are not as they were kept.", returncode=1)
        self.stdout.write(f"{checked} files are as they were kept.")


def _in_words(file: StoredFile, state: State) -> str:
    closings = "".join(f", closing {closing.pk} of {closing.subject.code}" for closing in places_of(file))
    return f"{state.value}: {file.name} ({file.original.name}), SHA-256 {file.sha256}{closings}"
