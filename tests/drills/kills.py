"""Workers and backups are killed at random moments: R4.

Meanwhile people answer, upload, close figures and make backups. Afterwards no row is half, no file
is without its row, nothing that was answered "saved" is missing, and the next backup restores.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from itertools import chain
from pathlib import Path

from tests.drills.people import Client, Closer, Inspector, Photographer, Worker, at_work
from tests.drills.portal import ROOT, Place, Portal, hold, places, serving

KILLS, KILLED_BACKUPS = 30, 8
#: requests that are answered between two kills, seconds that they may take, and seconds after them
BETWEEN, PATIENCE, PAUSE = 8, 120, (0.0, 1.0)
#: seconds that a backup works before it is killed: Django takes the first two
BACKUP_LASTS = (1.5, 4.0)
#: what is younger may be an upload under way
TWO_DAYS = 2 * 24 * 3600


def main() -> None:
    with places() as each:
        for place in each:
            _drill(place)


def _drill(place: Place) -> None:
    backups = place.folder / "backups"
    with serving(place.environment, workers=2) as portal:
        workers = _workers(portal, place)
        with at_work(workers):
            backing_up = threading.Thread(target=_kill_backups, args=(place, backups))
            backing_up.start()
            _kill_workers(portal, workers)
            backing_up.join()
    left = _age(place.files)
    swept = place.manage("sweep_files").strip()
    state = place.state()
    failures = sum(len(each.failed) for each in workers)
    print(f"  {place.name}: {KILLS} workers and {KILLED_BACKUPS} backups killed")
    print(f"  {failures} requests broke off and were sent again")
    counts = f"{len(state['receipts'])} answers, {len(state['uploads'])} uploads, {state['closings']} closings"
    print(f"  {counts}; {left} files; {swept}")
    hold(not state["faults"], f"{place.name}: {state['faults'][:10]}")
    _hold_that_nothing_is_lost(workers, state)
    _hold_that_backups_are_whole(place, backups)


def _workers(portal: Portal, place: Place) -> list[Worker]:
    inspectors, approver = place.people["inspectors"], place.people["approver"]
    clients = [Client(portal.port, person["session"]) for person in inspectors]
    found: list[Worker] = [Inspector(clients[number], inspectors[number]) for number in range(6)]
    found += [Photographer(clients[number], inspectors[number]) for number in range(6, 9)]
    return [*found, Closer(Client(portal.port, approver["session"]))]


def _kill_workers(portal: Portal, people: list[Worker]) -> None:
    for _ in range(KILLS):
        _wait_for_answers(people)
        time.sleep(random.uniform(*PAUSE))
        random.choice(portal.workers()).kill()
    _wait_for_answers(people)


def _wait_for_answers(people: list[Worker]) -> None:
    """Wait until the portal is at work again: new workers need a while."""
    wanted, end = sum(len(each.done) for each in people) + BETWEEN, time.monotonic() + PATIENCE
    while sum(len(each.done) for each in people) < wanted:
        hold(time.monotonic() < end, "the portal does not answer again")
        time.sleep(0.05)


def _kill_backups(place: Place, backups: Path) -> None:
    for _ in range(KILLED_BACKUPS):
        command = [sys.executable, "manage.py", "backup", str(backups)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, cwd=ROOT, env=place.environment, **quiet) as backup:
            time.sleep(random.uniform(*BACKUP_LASTS))
            backup.kill()


def _age(folder: Path) -> int:
    """Let all files be two days old; return how many there are."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        os.utime(path, (time.time() - TWO_DAYS,) * 2)
    return len(files)


def _hold_that_nothing_is_lost(workers: list[Worker], state: dict) -> None:
    received = {*state["receipts"], *state["uploads"]}
    saved = set(chain.from_iterable(worker.done for worker in workers)) - {"", None}
    hold(saved, "nothing was saved at all")
    hold(saved <= received, f"answered as saved and not there: {sorted(saved - received)[:5]}")
    hold(state["closings"], "nothing was closed")


def _hold_that_backups_are_whole(place: Place, backups: Path) -> None:
    print(f"  {place.manage('backup', str(backups)).strip()}")
    print(f"  {place.manage('check_backup', str(backups)).strip()}")
    unfinished = [path for path in backups.glob("2*") if not (path / "manifest.json").exists()]
    parts = [path for path in backups.rglob("*") if path.name.endswith(".part")]
    hold(not unfinished and not parts, f"left of killed backups: {unfinished} {parts}")
