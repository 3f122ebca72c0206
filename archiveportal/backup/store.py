"""The folder of the backups: one folder each, and beside them all files by their content.

    FOLDER/files/ab/abcdef…        each file once, under its SHA-256
    FOLDER/20261129-121500/        a dump and manifest.json, which is written last
    FOLDER/destroyed.json          names of files whose content was destroyed by a decision

A folder without its manifest is a backup that was not finished.
"""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import io
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError

MANIFEST, FILES, DESTROYED, LOCK = "manifest.json", "files", "destroyed.json", ".lock"
NAME = "%Y%m%d-%H%M%S"
#: of the backups, the days and months that are kept
DAYS, MONTHS = 14, 12
PIECE = 1024 * 1024


def sha256_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in iter(lambda: file.read(PIECE), b""):
        digest.update(piece)
    return digest.hexdigest()


def place_of(folder: Path, sha256: str) -> Path:
    """Return where the file of this content lies."""
    return folder / FILES / sha256[:2] / sha256


def write_once(path: Path, content: IO[bytes]) -> None:
    """Write a file that is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as target:
        shutil.copyfileobj(content, target, PIECE)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)


def write_bytes(path: Path, content: bytes) -> None:
    write_once(path, io.BytesIO(content))


def finished(folder: Path) -> list[Path]:
    """Return the finished backups of a folder, oldest first."""
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))


def chosen(folder: Path) -> Path:
    """Return the backup that a path names: itself, or the newest in it."""
    if (folder / MANIFEST).exists():
        return folder
    backups = finished(folder)
    if not backups:
        raise CommandError(f"There is no finished backup in {folder}.")
    return backups[-1]


def manifest_of(backup: Path) -> dict[str, Any]:
    return json.loads((backup / MANIFEST).read_text(encoding="utf-8"))


def destroyed_in(folder: Path) -> set[str]:
    """Return the names of files whose content was destroyed: no backup of the folder has it any more."""
    path = folder / DESTROYED
    return set(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else set()


def destroy(folder: Path, names: Collection[str], *, needed: Collection[str]) -> None:
    """Remove the content of destroyed files from all backups, where no other file has the same (`needed`)."""
    known = destroyed_in(folder)
    every = known | set(names)
    if every != known:
        # The list goes first: a backup that lacks what it names is not damaged.
        write_bytes(folder / DESTROYED, json.dumps(sorted(every), indent=1).encode())
    # All of them each time: a run may have been cut off here, or another file had the same then.
    for backup in finished(folder) if every else []:
        kept = manifest_of(backup)["files"]
        for name in every & kept.keys():
            sha256 = kept[name][0]
            if sha256 not in needed:
                place_of(folder, sha256).unlink(missing_ok=True)


def to_keep(backups: Iterable[Path], today: datetime.date) -> set[Path]:
    """Return the backups of the last days, and the first one of each of the last months."""
    kept: set[Path] = set()
    months: dict[str, Path] = {}
    for backup in sorted(backups):
        day = datetime.datetime.strptime(backup.name, NAME).date()
        if (today - day).days < DAYS:
            kept.add(backup)
        months.setdefault(f"{day:%Y-%m}", backup)
    return kept | {months[month] for month in sorted(months)[-MONTHS:]}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for one backup. Raise CommandError while another is under way.

    A process that dies lets go of the lock.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(f"Another backup is under way in {folder}.") from None
        yield


def remove_unfinished(folder: Path) -> None:
    """Remove what a backup left that was not finished; call it within `alone`."""
    for path in folder.iterdir():
        if _is_backup(path) and not (path / MANIFEST).exists():
            shutil.rmtree(path)
    for part in (folder / FILES).glob("*/*.part"):
        part.unlink()


def _is_backup(path: Path) -> bool:
    try:
        return path.is_dir() and bool(datetime.datetime.strptime(path.name, NAME))
    except ValueError:
        return False


def remove_unneeded(folder: Path) -> int:
    """Remove the files that no finished backup has; return how many."""
    needed: set[str] = set()
    for backup in finished(folder):
        needed |= {sha256 for sha256, _size in manifest_of(backup)["files"].values()}
    unneeded = [path for path in (folder / FILES).glob("*/*") if path.name not in needed]
    for path in unneeded:
        path.unlink()
    return len(unneeded)


def sweep(folder: Path, today: datetime.date) -> tuple[int, int]:
    """Remove old backups and files that none of the others has; return how many of each."""
    backups = finished(folder)
    kept = to_keep(backups, today)
    old = [backup for backup in backups if backup not in kept]
    for backup in old:
        # The manifest goes first: without it the folder is no backup any more.
        (backup / MANIFEST).unlink()
        shutil.rmtree(backup)
    return len(old), remove_unneeded(folder)
