"""Removes stored files that belong to no row: what a process left behind that died in the middle of an upload.

And what is left of files that were destroyed by a decision.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from archiveportal.files.checking import has_bytes
from archiveportal.files.models import StoredFile
from archiveportal.files.withdrawing import remove_bytes
from archiveportal.imports.models import SheetImport
from archiveportal.imports.services import sweep_imports
from archiveportal.jobs.models import Job
from archiveportal.jobs.services import sweep_results
from archiveportal.logs import log_event

#: a younger one may belong to an upload that is still under way
AGE = datetime.timedelta(days=1)
#: the names that the portal gives; anything else in the folder is not its own
FOLDER, NAME = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{48}(_\w+)?")


class Command(BaseCommand):
    help = "Remove files older than a day that belong to no row, sheets nobody decided on, and old files of jobs."

    def handle(self, *args: Any, **options: Any) -> None:
        removed = sweep_imports() + sweep_results()
        known = set(chain.from_iterable(StoredFile.objects.values_list("original", "shown")))
        known |= set(SheetImport.objects.values_list("kept_as", flat=True))
        known |= set(Job.objects.values_list("result_file", flat=True))
        oldest = timezone.now() - AGE
        for name in _stored():
            if name not in known and default_storage.get_modified_time(name) < oldest:
                default_storage.delete(name)
                removed += 1
        removed += _sweep_incoming(oldest.timestamp())
        left = list(filter(has_bytes, StoredFile.objects.destroyed()))
        for file in left:
            remove_bytes(file)
        removed += len(left)
        log_event("files swept", removed=removed)
        self.stdout.write(f"{removed} files without a row removed.")


def _stored() -> Iterator[str]:
    if not default_storage.exists(""):
        return
    folders, _files = default_storage.listdir("")
    for folder in filter(FOLDER.fullmatch, folders):
        for name in filter(NAME.fullmatch, default_storage.listdir(folder)[1]):
            yield f"{folder}/{name}"


def _sweep_incoming(oldest: float) -> int:
    """Remove what uploads left that broke off with their process; return how many."""
    left = [path for path in Path(settings.INCOMING_DIR).glob("*") if path.stat().st_mtime < oldest]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
