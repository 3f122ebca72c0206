"""Restoring a backup into an empty place, and checking one by restoring it elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connection

from archiveportal.backup import facts, snapshots, store

#: uploads under way are no files yet
INCOMING = Path(settings.INCOMING_DIR).name


def restore(backup: Path) -> dict[str, float]:
    """Fill an empty database and an empty folder of files; return the seconds that each took.

    The files first and the database last: a portal over a half restored place has no tables.
    """
    manifest = store.manifest_of(backup)
    snapshots.refuse_unless_empty()
    _refuse_unless_without_files()
    _refuse_damaged(backup, manifest)
    started = time.monotonic()
    for name, sha256 in _to_restore(backup, manifest).items():
        with store.place_of(backup.parent, sha256).open("rb") as content:
            stored = default_storage.save(name, File(content))
        if stored != name:
            raise CommandError(f"{name} could not be restored under its own name.")
    filled = time.monotonic()
    snapshots.load(backup / manifest["dump"]["name"])
    return {"files": round(filled - started, 2), "database": round(time.monotonic() - filled, 2)}


def _to_restore(backup: Path, manifest: dict[str, Any]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name; without those whose content was destroyed since."""
    destroyed = store.destroyed_in(backup.parent)
    return {name: sha256 for name, (sha256, _size) in manifest["files"].items() if name not in destroyed}


def _refuse_unless_without_files() -> None:
    folder = Path(settings.MEDIA_ROOT)
    if folder.exists() and any(path.name != INCOMING for path in folder.iterdir()):
        raise CommandError(f"{folder} is not empty. A backup is restored into an empty folder: set FILES_DIR to one.")


def _refuse_damaged(backup: Path, manifest: dict[str, Any]) -> None:
    damaged = damaged_in(backup, manifest)
    if damaged:
        raise CommandError("\n".join(["This backup is damaged; nothing was restored.", *damaged[:20]]))


def damaged_in(backup: Path, manifest: dict[str, Any]) -> list[str]:
    """Return a line for the dump and each file whose content is not what the manifest says."""
    expected = {backup / manifest["dump"]["name"]: manifest["dump"]["sha256"]}
    expected |= {store.place_of(backup.parent, sha256): sha256 for sha256 in _to_restore(backup, manifest).values()}
    return [f"{path}: {why}" for path, sha256 in expected.items() if (why := _damage(path, sha256))]


def _damage(path: Path, sha256: str) -> str:
    if not path.exists():
        return "missing"
    with path.open("rb") as content:
        return "" if store.sha256_of(content) == sha256 else "altered"


def check(backup: Path) -> list[str]:
    """Restore a backup to a scratch place and return what differs from what it says of itself."""
    manifest = store.manifest_of(backup)
    damaged = damaged_in(backup, manifest)
    if damaged:
        return damaged
    with tempfile.TemporaryDirectory(prefix="vtlt-check-") as folder, _scratch(Path(folder)) as environment:
        _manage("restore", str(backup), environment=environment)
        restored = json.loads(_manage("backup", "--facts", environment=environment))
        unproven = _unproven(manifest["facts"]["history"].get("head", ""), environment)
        files = [path for path in Path(environment["FILES_DIR"]).rglob("*") if path.is_file()]
    lines = facts.differences(manifest["facts"], restored) + unproven
    expected = len(_to_restore(backup, manifest))
    if len(files) != expected:
        lines.append(f"files: {expected} in the backup, {len(files)} restored")
    return lines + [f"missing when the backup was made: {name}" for name in manifest["missing"]]


def _unproven(head: str, environment: dict[str, str]) -> list[str]:
    """Return what the seals of the restored copy do not prove. Older backups have no head."""
    if not head:
        return []
    try:
        _manage("check_history", "--head", head, environment=environment)
    except CommandError as error:
        return str(error).splitlines()
    return []


@contextmanager
def _scratch(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of an empty place of the same kind, gone afterwards."""
    # The owner's own address would lead back to the real tables.
    own = {"FILES_DIR": str(folder / "files"), "DATABASE_OWNER_URL": ""}
    if connection.vendor == "sqlite":
        yield own | {"DATABASE_URL": f"sqlite:///{folder / 'scratch.sqlite3'}"}
        return
    name = f"vtlt_check_{os.getpid()}"
    with connection.cursor() as cursor:
        # Both write everything to disk first, which a busy server takes longer for than for a page.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield own | {"DATABASE_URL": _address_of(name)}
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            cursor.execute("RESET statement_timeout")


def _address_of(name: str) -> str:
    """Return the address of another database on the same server."""
    parts = snapshots.address_parts() | {"dbname": name}
    who = f"{quote(parts.pop('user', ''))}:{quote(str(connection.settings_dict['PASSWORD'] or ''))}"
    database = parts.pop("dbname")
    return f"postgres://{who}@/{database}?{urlencode(parts)}"


def _manage(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 (this portal's own commands)
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{' '.join(command)}: {done.stderr.strip()[-1000:]}")
    return done.stdout
