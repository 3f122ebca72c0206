"""A backup of another release: an older one is checked, restored and brought forward, a newer one refused."""

import json
import lzma
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archiveportal.backup import facts, making, restoring, snapshots, store
from archiveportal.history.guards import drop, triggers_of
from criteria import guard
from tests.history.conftest import environment as environment  # a database of its own, empty at first
from tests.history.processes import run
from tests.history.test_stored_release import STORED
from tests.releases.reading import POSTGRESQL, SQLITE
from tests.run_all import programs_of_postgresql

#: a guard of this release, and one that only another release has
OURS, THEIRS = "set_guard_delete_criteria_criteriaset", "set_guard_of_another_release"
NAME = "20261101-013000"


def rewritten(backup: Path, **told) -> None:
    """Let a backup tell other facts; those without a value are left out, as an older release does."""
    manifest = store.manifest_of(backup)
    known = manifest["facts"] | told
    manifest["facts"] = {name: value for name, value in known.items() if value is not None}
    (backup / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def with_other_guards() -> None:
    """Leave the database with the guards of a release that had one more and one less."""
    with connection.cursor() as cursor:
        drop(cursor, OURS, triggers_of(cursor, OURS)[OURS])
        body = "SELECT RAISE(ABORT, 'no'); END"
        statement = f"CREATE TRIGGER {THEIRS} BEFORE DELETE ON criteria_section BEGIN {body}"
        if connection.vendor == "postgresql":
            statement = f"CREATE TRIGGER {THEIRS} BEFORE DELETE ON criteria_section EXECUTE FUNCTION row_guard('no')"
        cursor.execute(statement)


def put_up_ours() -> None:
    """Do to these two what the end of every migration does to all guards."""
    guard.put_up(connection)


def test_a_backup_with_other_guards_is_checked_by_its_own(place, monkeypatch):
    """A release changes guards without a migration: its first check finds the backup of the night before."""
    with_other_guards()
    monkeypatch.setattr(facts, "open_guards", list)  # the other release found its own in place
    backup = making.make_backup(place)
    put_up_ours()
    told = store.manifest_of(backup)["facts"]
    assert THEIRS in told["guards"] and OURS not in told["guards"]
    assert restoring.check(backup) == restoring.Checked([])
    # Backups of former releases name no guards.
    rewritten(backup, guards=None, open_guards=None)
    assert restoring.check(backup) == restoring.Checked([])


def test_guards_that_were_open_or_differ_are_named(place):
    with_other_guards()
    backup = making.make_backup(place)
    put_up_ours()
    told = store.manifest_of(backup)["facts"]
    assert told["open_guards"] == [OURS]
    rewritten(backup, guards=told["guards"] | {THEIRS: "0" * 16})
    faults = restoring.check(backup).faults
    assert f"The guard {OURS} was missing, switched off or altered." in faults
    assert [line for line in faults if line.startswith(f"guards, {THEIRS}: 0000000000000000 in the backup")]


def test_a_backup_of_a_newer_release_is_refused_before_anything_is_written(place, settings, tmp_path):
    backup = making.make_backup(place)
    rewritten(backup, migrations=store.manifest_of(backup)["facts"]["migrations"] | {"wards": "9999_later"})
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere")
    for name in ("check_backup", "restore"):
        with pytest.raises(CommandError, match=r"A newer release made this backup.*wards\.9999_later.*Install that"):
            call_command(name, str(place))
    assert not Path(settings.MEDIA_ROOT).exists()


def test_a_backup_of_the_other_database_is_refused_before_anything_is_written(place, settings, tmp_path):
    backup = making.make_backup(place)
    manifest = store.manifest_of(backup)
    manifest["vendor"] = "oracle"
    (backup / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere")
    for name in ("check_backup", "restore"):
        with pytest.raises(CommandError, match=r"is one of oracle.*Set DATABASE_URL to an empty database"):
            call_command(name, str(place))
    assert not Path(settings.MEDIA_ROOT).exists()


def test_a_backup_that_this_release_does_not_bring_forward_says_what_to_do(place, monkeypatch):
    backup = making.make_backup(place)
    manage = restoring._manage

    def fail_to_migrate(*command, environment):
        if command[0] == "migrate":
            raise CommandError("migrate: no such column")
        return manage(*command, environment=environment)

    monkeypatch.setattr(restoring, "_manage", fail_to_migrate)
    monkeypatch.setattr(facts, "is_older", lambda told: True)
    with pytest.raises(CommandError, match=r"(?s)Restore it with the release that made it.*no such column"):
        restoring.check(backup)


@pytest.mark.parametrize("folder", STORED, ids=lambda folder: folder.name)
def test_a_backup_of_a_stored_release_is_brought_forward_and_proven_and_restores(environment, tmp_path, folder):
    own = environment | {"FILES_DIR": str(tmp_path / "files"), "PG_BIN_DIR": str(programs_of_postgresql())}
    backups = _backup_of(folder, own, tmp_path)
    checked = run(own, "manage.py", "check_backup", str(backups))
    assert f"{NAME} restores as it was" in checked
    assert "An older release made it" in checked and "computes figures" in checked
    restored = run(own, "manage.py", "restore", str(backups))
    assert "An older release made it: run `manage.py migrate`" in restored


def _backup_of(folder: Path, own: dict[str, str], place: Path) -> Path:
    """Return a folder with a backup as the stored release made it: without guards, with figures of its own."""
    backup = place / "backups" / NAME
    backup.mkdir(parents=True)
    dump = backup / snapshots.DUMPS[connection.vendor]
    filled = own
    if connection.vendor == "sqlite":
        dump.write_bytes(lzma.decompress((folder / SQLITE).read_bytes()))
        shutil.copy(dump, place / "filled.sqlite3")
        filled = own | {"DATABASE_URL": f"sqlite:///{place / 'filled.sqlite3'}"}
    else:
        _psql(own, "psql", "--quiet", text=lzma.decompress((folder / POSTGRESQL).read_bytes()).decode())
        _psql(own, "pg_dump", "--format=custom", f"--file={dump}")
    told = json.loads(run(filled, "manage.py", "backup", "--stored-facts"))
    told["closings"] = json.loads(run(filled, "-c", CLOSINGS))
    if connection.vendor == "postgresql":
        _psql(own, "psql", "--quiet", text="DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
    del told["guards"]
    with dump.open("rb") as content:
        sha256 = store.sha256_of(content)
    manifest = {"format": 1, "made_at": "2026-11-01T01:30:00+07:00", "vendor": connection.vendor, "files": {}}
    manifest |= {"dump": {"name": dump.name, "sha256": sha256, "size": dump.stat().st_size}, "missing": []}
    manifest |= {"facts": told | {"figures": "0" * 64}, "seconds": {}}
    (backup / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return backup.parent


#: prints the digests of closings as a release of any time stores them
CLOSINGS = """
import json, django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT id, digest FROM reports_closing")
    print(json.dumps(dict(cursor.fetchall())))
"""


def _psql(own: dict[str, str], program: str, *arguments: str, text: str = "") -> None:
    database = own["DATABASE_URL"].rpartition("/")[2]
    command = [str(programs_of_postgresql() / program), *arguments, "--dbname", database]
    done = subprocess.run(command, env=os.environ | own, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
