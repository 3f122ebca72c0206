"""R11: a backup that is made while people write restores elsewhere as it was."""

import errno
import io
import json
import shutil
import threading
from contextlib import closing
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role, User
from archiveportal.backup import restoring, snapshots, store
from archiveportal.backup.facts import differences, facts
from archiveportal.backup.making import make_backup
from archiveportal.files.models import StoredFile
from archiveportal.files.services import keep_file
from archiveportal.files.withdrawing import carry_out, record_destruction, withdraw_file
from archiveportal.jobs.kinds import FILE_RIGHTS, JOB_KINDS
from archiveportal.jobs.services import order_job, run_at_once
from tests.support.factories import make_user
from tests.support.inspections import photograph


def command(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def kept_files(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "files").rglob("*") if path.is_file())


def test_a_backup_restores_as_it_was(place):
    assert "rows in" in command("backup", str(place))
    # The head is that of the copy too, and its seals prove its events.
    assert store.manifest_of(store.chosen(place))["facts"]["history"]["head"].startswith("1:")
    assert "restores as it was" in command("check_backup", str(place))
    # Reading it leaves nothing beside it: a folder of copies may be there to be read alone.
    made = store.chosen(place)
    assert {path.name for path in made.iterdir()} == {store.MANIFEST, store.manifest_of(made)["dump"]["name"]}
    assert place.stat().st_mode & 0o077 == 0


def test_what_is_written_meanwhile_is_in_the_next_one(place, monkeypatch):
    """The dump, the counts and the list of files are of one moment."""
    dump = snapshots.Snapshot.dump

    def write_and_dump(moment, folder):
        writer = threading.Thread(target=_write_meanwhile)
        writer.start()
        writer.join(20)
        return dump(moment, folder)

    monkeypatch.setattr(snapshots.Snapshot, "dump", write_and_dump)
    backup = make_backup(place)
    assert User.objects.filter(username="meanwhile").exists()
    stored = store.manifest_of(backup)["facts"]["rows"]["accounts_user"]
    assert stored == User.objects.count() - 1
    assert restoring.check(backup) == restoring.Checked([])


def _write_meanwhile() -> None:
    make_user(username="meanwhile")
    connection.close()


def test_files_are_kept_once_and_read_once(place, settings):
    """What a failing disk makes of a file does not take the place of the good copy."""
    first = make_backup(place)
    kept = kept_files(place)
    files = store.manifest_of(first)["files"]
    # Two photographs of the same content, and the copies that are shown.
    assert len(files) == 4
    assert len(kept) < 4
    for file in Path(settings.MEDIA_ROOT).rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged on disk")
    shutil.move(first, place / "20200101-000000")
    second = make_backup(place)
    manifest = store.manifest_of(second)
    assert manifest["files"] == files
    assert kept_files(place) == kept
    assert restoring.damaged_in(second, manifest) == []


def test_a_destroyed_file_is_in_no_backup_and_not_missing(place, settings):
    earlier = make_backup(place)
    file, same = StoredFile.objects.order_by("pk")
    other = keep_file(upload=photograph("khac.jpg", size=(50, 40)), by=file.stored_by)
    shutil.move(earlier, place / "20200101-000000")
    earlier = make_backup(place)
    shutil.move(earlier, place / "20200102-000000")
    first, second = (make_user(Role.APPROVER) for _ in range(2))
    for each in (file, other):
        withdraw_file(file=each, reason="Có thông tin cá nhân", by=first)
        decision = record_destruction(file=each, number="1/QĐ", decided_on=localdate(), by=first)
        carry_out(destruction=decision, by=second)
    backup = make_backup(place)
    manifest = store.manifest_of(backup)
    gone = {str(field.name) for field in (file.original, file.shown, other.original, other.shown)}
    assert manifest["missing"] == [] and not gone & manifest["files"].keys()
    # The same content under another row stays; what nobody else has is gone from the earlier backups too.
    assert store.place_of(place, same.sha256).exists()
    assert not store.place_of(place, other.sha256).exists()
    # Where a run was cut off after the list was written, the next one removes what it left.
    store.place_of(place, other.sha256).write_bytes(b"left")
    store.destroy(place, [], needed=[sha256 for sha256, _size in manifest["files"].values()])
    assert not store.place_of(place, other.sha256).exists()
    for each in (place / "20200101-000000", place / "20200102-000000", backup):
        assert restoring.damaged_in(each, store.manifest_of(each)) == []
    assert restoring.check(place / "20200102-000000") == restoring.Checked([])


def test_a_file_that_is_gone_is_named(place, settings):
    gone = next(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
    gone.unlink()
    with pytest.raises(CommandError, match="1 files have a row"):
        command("backup", str(place))
    assert store.manifest_of(store.chosen(place))["missing"] == [f"{gone.parent.name}/{gone.name}"]


def test_the_file_of_a_job_is_in_no_backup_and_not_missing_after_it(place, client, monkeypatch):
    """It can be made anew: restored, its job stays and its address says so."""
    person = make_user(Role.INSPECTOR)
    monkeypatch.setitem(JOB_KINDS, "test", _make_a_file)
    monkeypatch.setitem(FILE_RIGHTS, "test", "can_inspect")
    job = run_at_once(order_job(kind="test", title="Việc thử", arguments={}, by=person))
    address = reverse("jobs:file", args=[job.pk])
    client.force_login(person, backend="archiveportal.accounts.backends.PortalBackend")
    with closing(client.get(address)) as answer:
        assert answer.status_code == 200
    backup = make_backup(place)
    manifest = store.manifest_of(backup)
    assert job.result_file.name not in manifest["files"] and manifest["missing"] == []
    assert restoring.check(backup) == restoring.Checked([])
    # As after a restore: the row is there and its file is not.
    job.result_file.storage.delete(job.result_file.name)
    page = client.get(address, follow=True)
    assert page.redirect_chain == [(reverse("jobs:detail", args=[job.pk]), 302)]
    assert "chỉ được giữ trong 7 ngày" in page.content.decode()


def _make_a_file(handle):
    handle.finish_with_file("xong", name="van-ban.zip", content=io.BytesIO(b"PK"))


@pytest.mark.parametrize("part", ["dump", "file", "gone"])
def test_a_damaged_backup_is_not_restored(place, part):
    backup = make_backup(place)
    manifest = store.manifest_of(backup)
    sha256, _size = next(iter(manifest["files"].values()))
    damaged = backup / manifest["dump"]["name"] if part == "dump" else store.place_of(place, sha256)
    if part == "gone":
        damaged.unlink()
    else:
        damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    with pytest.raises(CommandError, match="missing" if part == "gone" else "altered"):
        command("check_backup", str(place))


def test_a_backup_that_says_something_else_is_told(place):
    backup = make_backup(place)
    manifest = store.manifest_of(backup)
    manifest["facts"]["rows"]["accounts_user"] += 1
    manifest["facts"]["figures"] = "0" * 64
    manifest["facts"]["history"]["head"] = f"1:{'0' * 64}"
    (backup / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        command("check_backup", str(place))
    assert "rows, accounts_user" in str(refusal.value)
    assert "figures: 000" in str(refusal.value)
    assert "Head 1:000" in str(refusal.value) and "is not in the chain" in str(refusal.value)


def test_only_an_empty_place_is_filled(place, monkeypatch):
    make_backup(place)
    with pytest.raises(CommandError, match="The database is not empty"):
        command("restore", str(place))
    monkeypatch.setattr(snapshots, "refuse_unless_empty", lambda: None)
    with pytest.raises(CommandError, match="FILES_DIR"):
        command("restore", str(place))


def test_an_unfinished_backup_is_none(tmp_path):
    (tmp_path / "20261129-120000").mkdir()
    with pytest.raises(CommandError, match="no finished backup"):
        store.chosen(tmp_path)


def test_what_a_killed_backup_left_goes_with_the_next_one(place):
    (place / "20261129-120000").mkdir(parents=True)
    part = store.place_of(place, "a" * 64).with_suffix(".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    made = make_backup(place)
    assert [path.name for path in place.glob("2*")] == [made.name]
    assert not part.exists()


def test_two_backups_at_once_do_not_meet(place):
    with store.alone(place), pytest.raises(CommandError, match="under way"):
        make_backup(place)


def test_a_backup_that_finds_no_room_leaves_nothing(place, monkeypatch):
    write_once = store.write_once

    def fill_the_disk(path, content):
        write_once(path, content)
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(store, "write_once", fill_the_disk)
    with pytest.raises(CommandError, match="The disk is full"):
        make_backup(place)
    assert [path.name for path in place.rglob("*") if path.is_file()] == [store.LOCK]
    assert not store.finished(place)


@pytest.mark.django_db
def test_the_wrong_kind_of_database_is_told(tmp_path):
    other = {"postgresql": "database.sqlite3", "sqlite": "database.dump"}[connection.vendor]
    with pytest.raises(CommandError, match="right kind"):
        snapshots.load(tmp_path / other)


def test_a_missing_program_is_told(settings, tmp_path):
    settings.PG_BIN_DIR = str(tmp_path)
    with pytest.raises(CommandError, match="PG_BIN_DIR"):
        snapshots._run(["pg_dump"])


def test_two_weeks_and_twelve_months_are_kept(tmp_path):
    today = date(2026, 11, 29)
    days = [today - timedelta(days=number) for number in range(800)]
    kept = sorted(store.to_keep([tmp_path / f"{day:%Y%m%d}-020000" for day in days], today))
    daily = [path for path in kept if path.name >= "20261116"]
    assert len(daily) == 14
    monthly = [path.name[:8] for path in kept if path not in daily]
    assert monthly == [f"{2025 if month == 12 else 2026}{month:02d}01" for month in (12, *range(1, 12))]


def test_the_files_of_old_backups_go_with_them(place):
    shutil.move(make_backup(place), place / "20200101-000000")
    shutil.move(make_backup(place), place / "20200102-000000")
    store.write_bytes(store.place_of(place, "f" * 64), b"of nobody")
    kept = kept_files(place)
    assert store.sweep(place, date(2026, 11, 29)) == (1, 1)
    assert [path.name for path in store.finished(place)] == ["20200101-000000"]
    assert kept_files(place) == [name for name in kept if name != "f" * 64]


def test_facts_that_differ_are_told_one_by_one():
    stored = {"rows": {"a": 1, "b": 2}, "figures": "x"}
    restored = {"rows": {"a": 1, "b": 3}, "figures": "y"}
    assert differences(stored, restored) == [
        "rows, b: 2 in the backup, 3 restored",
        "figures: x in the backup, y restored",
    ]


@pytest.mark.django_db
def test_facts_without_the_reports_data():
    assert len(facts()["figures"]) in (0, 64)
