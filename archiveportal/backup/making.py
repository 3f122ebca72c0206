"""Making a backup while people write."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from archiveportal.backup import store
from archiveportal.backup.facts import facts
from archiveportal.backup.snapshots import snapshot
from archiveportal.errors import says_full
from archiveportal.files.models import StoredFile
from archiveportal.history.sealing import seal_if_possible
from archiveportal.imports.models import SheetImport
from archiveportal.logs import log_event

FORMAT = 1
#: seconds that open transactions have to end, so that what they wrote is sealed too
PATIENCE = 10
NO_ROOM_LEFT = "The disk is full; nothing was kept of this backup. Make room, then make it once more:"


def make_backup(folder: Path) -> Path:
    """Make a backup in a folder and return its own folder. One that fails leaves nothing behind."""
    with store.alone(folder):
        store.remove_unfinished(folder)
        try:
            return _make_backup(folder)
        except BaseException as error:
            store.remove_unfinished(folder)
            store.remove_unneeded(folder)
            if says_full(error):
                raise CommandError(f"{NO_ROOM_LEFT} {folder}.") from None
            raise


def _make_backup(folder: Path) -> Path:
    """Make a backup: the database first, then the files.

    A file that its rows name is written before the row is, and files never change, so that they are
    all there afterwards.
    """
    earlier = store.finished(folder)
    known = store.manifest_of(earlier[-1])["files"] if earlier else {}
    made_at = timezone.now()
    own = folder / timezone.localtime(made_at).strftime(store.NAME)
    own.mkdir(mode=0o700)
    started = time.monotonic()
    # Before the moment of the backup: its manifest keeps the head that the restored copy must have.
    seal_if_possible(patience=PATIENCE)
    with snapshot() as moment:
        dump = moment.dump(own)
        known_facts = facts()
        sheets = _names_of_sheets()
        names = [*_names_in(StoredFile.objects.present()), *sorted(sheets)]
        destroyed = set(_names_in(StoredFile.objects.destroyed()))
    dumped = time.monotonic()
    files, missing = _keep_files(folder, names, known)
    if missing:
        # One that was destroyed meanwhile is not missing.
        destroyed |= set(_names_in(StoredFile.objects.destroyed()))
        # Nor is a sheet that was confirmed or dropped.
        gone = destroyed | (sheets - _names_of_sheets())
        missing = [name for name in missing if name not in gone]
    store.destroy(folder, destroyed, needed={sha256 for sha256, _size in files.values()})
    with dump.open("rb") as content:
        digest = store.sha256_of(content)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "vendor": connection.vendor,
        "dump": {"name": dump.name, "sha256": digest, "size": dump.stat().st_size},
        "facts": known_facts,
        "files": files,
        "missing": missing,
        "seconds": {"database": round(dumped - started, 2), "files": round(time.monotonic() - dumped, 2)},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    store.write_bytes(own / store.MANIFEST, text)
    log_event("backup made", name=own.name, sha256=digest, files=len(files), history=known_facts["history"])
    return own


def _names_in(files: QuerySet[StoredFile]) -> Iterator[str]:
    """Yield the names of stored files and of the copies that are shown."""
    rows = files.order_by("pk").values_list("original", "shown")
    return filter(None, chain.from_iterable(rows.iterator(chunk_size=2000)))


def _names_of_sheets() -> set[str]:
    """Return the names of sheets that were handed in and are not decided on."""
    return set(SheetImport.objects.undecided().exclude(kept_as="").values_list("kept_as", flat=True))


def _keep_files(folder: Path, names: list[str], known: dict[str, list[Any]]) -> tuple[dict[str, list[Any]], list[str]]:
    """Keep each file once, by its content; return them with SHA-256 and size, and those missing.

    A file that an earlier backup has is not read again: it never changes, and what a failing disk
    makes of it does not take the place of the good copy.
    """
    kept: dict[str, list[Any]] = {}
    missing = []
    for name in names:
        if name in known and store.place_of(folder, known[name][0]).exists():
            kept[name] = known[name]
            continue
        try:
            with default_storage.open(name, "rb") as content:
                sha256 = store.sha256_of(content)
                place = store.place_of(folder, sha256)
                if not place.exists():
                    content.seek(0)
                    store.write_once(place, content)
                kept[name] = [sha256, content.size]
        except FileNotFoundError:
            missing.append(name)
    return kept, missing
