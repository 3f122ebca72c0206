"""A full disk: whatever has no room says so, leaves nothing behind, and is sent again later.

The files of the portal lie on a small file system in memory, which is mounted for this drill alone
(`unshare`, in a namespace of its own); so does the database on SQLite. That of PostgreSQL has its
own disk, as on a server: a server of PostgreSQL that cannot write its log stops.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills.people import Client, Closer, Inspector, Photographer, pdf
from tests.drills.portal import DATABASES, ROOT, Answer, Place, Portal, ask, hold, place, serving

MEGABYTES = 96
INSIDE = "PORTAL_DRILL_HAS_OWN_MOUNTS"
#: what a full disk is called in Vietnamese, at a form and as a page
WORDS = ("hết chỗ", "hết dung lượng")


def main() -> None:
    """Run the drill again where mounting is seen by nobody else."""
    own_user = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    command = ["unshare", *own_user, "--mount", sys.executable, "-m", "tests.drills.full_disk"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {INSIDE: "1"}, check=False)
    hold(done.returncode == 0, "see above; where nothing can be mounted, this drill cannot run")


@contextmanager
def _small_disk() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="drill-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "drill", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def _full(disk: Path, *, but: float = 0) -> Iterator[None]:
    """Fill the disk but for so many megabytes."""
    filler, free = disk / "filler", os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, int(free.f_bavail * free.f_frsize - but * 2**20))
    try:
        yield
    finally:
        filler.unlink()


def _inside() -> None:
    for name in DATABASES:
        with _small_disk() as disk, place(name, disk) as here:
            # The last connection to SQLite that is closed takes its log with it, which makes room.
            with serving(here.environment | {"CONN_MAX_AGE": "3600"}, workers=2) as portal:
                _drill(here, portal, disk)
            state = here.state()
            hold(not state["faults"], f"{name}: {state['faults'][:10]}")
            counts = (len(state["uploads"]), len(state["receipts"]), state["closings"])
            hold(counts == (1, 1, 1), f"{name}: uploads, answers and closings {counts}")
            print(f"  {name}: once there was room, upload, answer, closing and backup went through, each once")


def _drill(here: Place, portal: Portal, disk: Path) -> None:
    person, approver = here.people["inspectors"][0], here.people["approver"]
    client = Client(portal.port, person["session"])
    photographer, inspector = Photographer(client, person), Inspector(client, person)
    closer = Closer(Client(portal.port, approver["session"]))
    key, content, backups = str(uuid.uuid4()), pdf(4), disk / "backups"
    before = _files(here)
    with _full(disk, but=1):
        _is_told("upload by a device", photographer.upload(key, content), here)
        _is_told("upload from a page", photographer.upload(key, content, accept="text/html"), here)
    with _full(disk):
        _backup_is_told(here, backups)
        _is_told("closing", closer.close(), here)
        ready = ask(f"{portal.address}/readyz")
        hold((ready.status, ready.text) == (503, "storage: not ready"), f"/readyz {ready}")
        if here.name == "SQLite":
            _is_told("answer", inspector.send(key, "TC01"), here)
    hold(_files(here) == before, f"left behind: {_files(here) - before}")
    hold(
        not [path for path in backups.rglob("*") if path.is_file() and path.name != ".lock"],
        "a backup left something behind",
    )
    for answer in (photographer.upload(key, content), inspector.send(key, "TC01"), closer.close()):
        hold(answer.status == 200, f"once there is room: {answer.status} {answer.text[:300]}")
    here.manage("backup", str(backups))
    here.manage("check_backup", str(backups))


def _is_told(what: str, answer: Answer, here: Place) -> None:
    print(f"  {here.name}: {what}: {answer.status}")
    hold(any(words in answer.words for words in WORDS), f"{what}: {answer.status} {answer.text[:2000]}")
    hold(answer.status == 507, f"{what}: {answer.status}")


def _backup_is_told(here: Place, backups: Path) -> None:
    command = [sys.executable, "manage.py", "backup", str(backups)]
    done = subprocess.run(command, cwd=ROOT, env=here.environment, capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1:]
    print(f"  {here.name}: backup: ends with {done.returncode}, {last}")
    hold(done.returncode == 1, f"the backup ends with {done.returncode}")
    hold("Traceback" not in done.stderr, done.stderr)


def _files(here: Place) -> set[Path]:
    return {path for path in here.files.rglob("*") if path.is_file()}


if __name__ == "__main__":
    hold(INSIDE in os.environ, "run it by `python -m tests.drills full_disk`")
    _inside()
