"""A backup that is made while fifty inspectors write, without a pause, restores elsewhere: R11."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.drills.people import Client, Photographer
from tests.drills.portal import ROOT, Place, hold, places, serving
from tests.run_all import postgres

SECONDS, BEFORE, UPLOADS = 60, 5, 12


def main() -> None:
    with places() as each:
        for place in each:
            _drill(place)


def _drill(place: Place) -> None:
    backups, people = place.folder / "backups", place.folder / "people.json"
    with serving(place.environment, workers=2) as portal:
        inspectors = place.people["inspectors"]
        people.write_text(json.dumps(inspectors), encoding="utf-8")
        photographer = Photographer(Client(portal.port, inspectors[0]["session"]), inspectors[0], megabytes=1)
        for _ in range(UPLOADS):
            photographer.turn()
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.autosaving.inspectors",
            str(people),
            "ours",
            str(portal.port),
        ]
        command += [str(SECONDS), "--without-pause"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as load:
            time.sleep(BEFORE)
            started = time.monotonic()
            made = place.manage("backup", str(backups))
            seconds = time.monotonic() - started
            hold(load.poll() is None, "the inspectors stopped before the backup was made")
            found = json.loads(load.communicate()[0])
    print(
        f"  {place.name}: {len(found['times'])} answers in {SECONDS} s, {len(found['errors'])} errors; "
        f"backup in {seconds:.1f} s"
    )
    print(f"  {made.strip()}")
    hold(not found["errors"], f"errors: {found['errors'][:3]}")
    _restore_elsewhere(place, backups)


def _restore_elsewhere(place: Place, backups: Path) -> None:
    manifest = json.loads(next(backups.glob("*/manifest.json")).read_text(encoding="utf-8"))
    with _another_place(place) as other:
        started = time.monotonic()
        restored = other.manage("restore", str(backups)).strip()
        print(f"  {restored} In all {time.monotonic() - started:.1f} s.")
        facts = json.loads(other.manage("backup", "--facts"))
        hold(facts == manifest["facts"], f"{place.name}: other facts: {_differing(facts, manifest['facts'])}")
        print(f"  {sum(facts['rows'].values())} rows, figures {facts['figures'][:12]}, {facts['history']}: equal")
        print(f"  {other.manage('check_files').strip()}")
        state = other.state()
        hold(not state["faults"], f"{place.name}: {state['faults'][:10]}")
        hold(len(state["uploads"]) == UPLOADS, f"{len(state['uploads'])} uploads")
        with serving(other.environment) as portal:
            session = place.people["inspectors"][0]["session"]
            page = Client(portal.port, session).get("/")
            hold(page.status == 200, f"the restored portal answers {page.status}")
    print(f"  {place.manage('check_backup', str(backups)).strip()}")


def _differing(one: dict, other: dict) -> list[str]:
    return [f"{name}: {one.get(name)} {value}" for name, value in other.items() if one.get(name) != value]


@contextmanager
def _another_place(place: Place) -> Iterator[Place]:
    """Yield an empty place of the same kind; on PostgreSQL on another server."""
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        own = {"FILES_DIR": f"{folder}/files"}
        if place.name == "SQLite":
            yield Place(
                place.name,
                Path(folder),
                place.environment | own | {"DATABASE_URL": f"sqlite:///{folder}/other.sqlite3"},
            )
            return
        with postgres() as address:
            yield Place(place.name, Path(folder), place.environment | own | {"DATABASE_URL": address})
