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
from dataclasses import dataclass, field
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
    _refuse_unfit(manifest)
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


def _refuse_unfit(manifest: dict[str, Any]) -> None:
    """Refuse, before anything is written, what this kind of database or this release cannot take."""
    if manifest["vendor"] != connection.vendor:
        raise CommandError(
            f"This backup is one of {manifest['vendor']}, and DATABASE_URL names a database of {connection.vendor}. "
            "Set DATABASE_URL to an empty database of the same kind."
        )
    if unknown := facts.unknown_migrations(manifest["facts"]):
        raise CommandError(
            f"A newer release made this backup: this one does not have {', '.join(unknown)}. Install that release "
            "(docs/admin.md, “Upgrade, and the way back”), then do the same again."
        )


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


@dataclass
class Checked:
    """What differs from what the backup says of itself, and what is only to be known of it."""

    faults: list[str]
    remarks: list[str] = field(default_factory=list)


def check(backup: Path) -> Checked:
    """Restore a backup to a scratch place and compare it with what it says of itself.

    It may be of an older release: what its tables say is compared as they were stored. Only then is
    the copy brought forward, since figures and closings are computed by models of this release.
    """
    manifest = store.manifest_of(backup)
    _refuse_unfit(manifest)
    damaged = damaged_in(backup, manifest)
    if damaged:
        return Checked(damaged)
    told = manifest["facts"]
    with tempfile.TemporaryDirectory(prefix="vtlt-check-") as folder, _scratch(Path(folder)) as environment:
        stored, restored = _restored(backup, told, environment)
        files = [path for path in Path(environment["FILES_DIR"]).rglob("*") if path.is_file()]
    checked = Checked(_differing(told, stored, restored) + restored["unproven"])
    if facts.is_older(told):
        checked.remarks = list(_remarks(told, restored))
    expected = len(_to_restore(backup, manifest))
    if len(files) != expected:
        checked.faults.append(f"files: {expected} in the backup, {len(files)} restored")
    checked.faults += [f"missing when the backup was made: {name}" for name in manifest["missing"]]
    return checked


def _restored(backup: Path, told: dict[str, Any], environment: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Restore a backup to the scratch place; return the facts as they were stored, and in this release."""
    proven = ("--facts", "--head", told["history"].get("head", ""))
    if facts.is_older(told):
        _manage("restore", str(backup), environment=environment)
        stored = json.loads(_manage("backup", "--stored-facts", environment=environment))
        _bring_forward(environment)
        return stored, json.loads(_manage("backup", *proven, environment=environment))
    # In one process, which takes longer to start than to do this.
    restored = json.loads(_manage("restore", str(backup), *proven, environment=environment))
    return restored, restored


def _bring_forward(environment: dict[str, str]) -> None:
    try:
        _manage("migrate", "--verbosity", "0", environment=environment)
    except CommandError as error:
        raise CommandError(
            f"The backup restores, but this release does not bring it forward. Restore it with the release that made "
            f"it, and do not upgrade before this is mended.\n{error}"
        ) from None


def _differing(told: dict[str, Any], stored: dict[str, Any], restored: dict[str, Any]) -> list[str]:
    """Return a line for each fact of the backup that differs, and for each guard that was open."""
    # A backup counts the tables that the release that made it has models for.
    rows = {table: stored["rows"].get(table) for table in told["rows"]}
    found = {name: stored[name] for name in facts.STORED} | {"rows": rows}
    found |= {name: restored[name] for name in ("figures", "closings")}
    if facts.is_older(told):
        found["figures"] = told["figures"]
    compared = {name: value for name, value in told.items() if name in found}
    open_then = [f"The guard {name} was missing, switched off or altered." for name in told.get("open_guards", ())]
    return facts.differences(compared, found) + open_then


def _remarks(told: dict[str, Any], restored: dict[str, Any]) -> Iterator[str]:
    """Say what an operator has to know of a backup that an older release made."""
    yield "An older release made it; this one brings it forward: run `migrate` after `restore`."
    if told["figures"] != restored["figures"]:
        yield "This release computes figures of the reports in another way; compare `manage.py figures` of both."


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
