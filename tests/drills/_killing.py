"""The process that forks, kills and looks: `python -m tests.drills._killing`, with a migrated database."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from io import StringIO
from pathlib import Path
from random import Random

import django

from tests.drills.portal import hold

MOMENTS, ROWS, SEED = 30, 120, 11


def main() -> None:
    from archiveportal.accounts.models import Role, User

    administrator = User.objects.create(username="quan-tri", full_name="Quản Trị", role=Role.ADMINISTRATOR)
    _child(0, administrator.pk, wait=None)
    started = time.monotonic()
    _child(1, administrator.pk, wait=None)
    whole = time.monotonic() - started
    random, found = Random(SEED), Counter()
    for number in range(2, MOMENTS + 2):
        # A little beyond the end, so that some are killed after all is done.
        _child(number, administrator.pk, wait=random.uniform(0, whole * 1.1))
        found[_look(number)] += 1
    hold(len(found) > 1, f"all were killed at one stage: {found}")
    print(f"{MOMENTS} kills within {whole:.2f} s: " + ", ".join(f"{count} {stage}" for stage, count in found.items()))


def _child(number: int, administrator: int, *, wait: float | None) -> None:
    """Take in a sheet in a child; kill it after `wait` seconds, or let it end."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if not child:
        _take_in(number, administrator)
        os._exit(0)
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _take_in(number: int, administrator: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from archiveportal.accounts.models import User
    from archiveportal.imports import services
    from archiveportal.sheets.kinds import KINDS
    from tests.support.sheets import accounts_sheet

    by = User.objects.get(pk=administrator)
    rows = [(f"Đợt {number} Người {place}", "Lãnh đạo Sở", "", "", "Chuyên viên") for place in range(ROWS)]
    upload = SimpleUploadedFile(f"dot-{number}.xlsx", accounts_sheet(*rows))
    made = services.begin_import(kind=KINDS["accounts"], upload=upload, by=by)
    services.confirm_import(made=made, shown=made.stored_plan.digest, by=by)


def _look(number: int) -> str:
    """Check what is there, let a worker come, check again; return the stage that the kill met."""
    from django.core.management import call_command

    from archiveportal.imports.models import SheetImport
    from archiveportal.jobs.models import Job

    before = _accounts(number)
    hold(before in (0, ROWS), f"{before} of {ROWS} rows after the kill")
    made = SheetImport.objects.filter(name=f"dot-{number}.xlsx").first()
    ordered = bool(made) and Job.objects.filter(kind="imports.apply", arguments__import=made.pk).exists()
    call_command("run_jobs", once=True)
    after = _accounts(number)
    wanted = ROWS if ordered else 0
    hold(after == wanted, f"{after} of {ROWS} rows after a worker came; ordered: {ordered}")
    hold(not Job.objects.filter(status__in=["waiting", "running"]).exists(), "a job is left")
    hold(_orphans() == 0, "files are left that no import knows")
    if before:
        return "when all was written"
    if ordered:
        return "while it was applied, and taken up"
    return "while it was checked" if made else "before it was kept"


def _accounts(number: int) -> int:
    """Count the accounts of a sheet; each was told by one event."""
    from archiveportal.accounts.models import User
    from archiveportal.history.models import Event

    keys = list(User.objects.filter(full_name__startswith=f"Đợt {number} Người").values_list("pk", flat=True))
    told = Event.objects.filter(object_type="accounts.user", action="created", object_id__in=keys).count()
    hold(told == len(keys), f"{told} events for {len(keys)} accounts")
    return len(keys)


def _orphans() -> int:
    """Sweep what a day-old kill left, and count the files that no import knows."""
    from django.conf import settings
    from django.core.management import call_command

    from archiveportal.imports.models import SheetImport

    folder = Path(settings.MEDIA_ROOT)
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (two_days_ago, two_days_ago))
    call_command("sweep_files", stdout=StringIO())
    known = set(SheetImport.objects.exclude(kept_as="").values_list("kept_as", flat=True))
    stored = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return len(stored ^ known)


if __name__ == "__main__":
    django.setup()
    main()
