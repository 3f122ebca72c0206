"""Sheets come in by the pages while web workers and the worker of jobs are killed (kill -9): R4.

Thirty moments on each database. Each sheet is there whole or not at all, each row is told by one
event, and no job is left.
"""

from __future__ import annotations

import http.client
import io
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random

from openpyxl import Workbook

from tests.drills.people import Client
from tests.drills.portal import ROOT, Place, Portal, hold, places, serving

MOMENTS, SEED = 30, 17
#: seconds in which a sheet is handed in and confirmed, and in which jobs end after a kill
LONGEST, PATIENCE = 30, 180
START = "/nhom-don-vi/nhap-tu-bang/"
HEADINGS = ("Mã đơn vị", "Nhóm", "Cách chia nhóm")
VICTIMS = ("web", "jobs", "both")


def main() -> None:
    with places() as each:
        for place in each:
            _drill(place)


def _drill(place: Place) -> None:
    codes, random = place.units(), Random(SEED)
    with serving(place.environment, workers=2) as portal, JobWorker(place) as jobs:
        client = Client(portal.port, place.people["approver"]["session"])
        whole = _whole_time(client, codes)
        for number in range(1, MOMENTS + 1):
            handing_in = threading.Thread(target=_hand_in, args=(client, number, codes))
            handing_in.start()
            time.sleep(random.uniform(0, whole * 1.1))
            _kill(portal, jobs, VICTIMS[number % len(VICTIMS)])
            handing_in.join()
            _wait_for_jobs(client)
    _hold_all_or_nothing(place, len(codes))


class JobWorker:
    """The process that works on jobs, started anew whenever it is killed."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __enter__(self) -> JobWorker:
        self.process = self._start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "run_jobs"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, cwd=ROOT, env=self.place.environment, **quiet)


def _whole_time(client: Client, codes: list[str]) -> float:
    """Take in one sheet undisturbed, by the worker of jobs; return how long it took."""
    started = time.monotonic()
    _hand_in(client, 0, codes)
    _wait_for_jobs(client)
    return time.monotonic() - started


def _hand_in(client: Client, number: int, codes: list[str]) -> None:
    """Hand in a sheet, wait for its preview, confirm it; a connection that breaks ends it.

    Sheets of an even number have so many rows that they wait for the worker of jobs.
    """
    with suppress(OSError, http.client.HTTPException):
        client.post(START, {}, file=(f"lan-{number}.xlsx", _sheet(number, codes)), accept="text/html")
        found = re.search(rf'href="([^"]+)"[^>]*>lan-{number}\.xlsx<', client.get(START).text)
        end = time.monotonic() + LONGEST
        while found and time.monotonic() < end:
            shown = re.search(r'name="shown" value="(\w+)"', client.get(found[1]).text)
            if shown:
                client.post(f"{found[1]}xac-nhan/", {"shown": shown[1]}, accept="text/html")
                return
            time.sleep(0.2)


def _sheet(number: int, codes: list[str]) -> bytes:
    ways = 1 if number % 2 else 2
    book, made = Workbook(), io.BytesIO()
    book.active.append(HEADINGS)
    for way in range(ways):
        for code in codes:
            book.active.append((code, f"Nhóm {code[-1]}", f"Lần {number}.{way}"))
    book.save(made)
    return made.getvalue()


def _kill(portal: Portal, jobs: JobWorker, victims: str) -> None:
    if victims in ("web", "both"):
        for worker in portal.workers():
            worker.kill()
    if victims in ("jobs", "both"):
        jobs.kill()


def _wait_for_jobs(client: Client) -> None:
    """Wait until every job of the person has ended: new workers need a while."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(OSError, http.client.HTTPException):
            answer = client.get("/viec-nen/")
            if answer.status == 200 and not re.search(r">(?:đang chờ|đang thực hiện)<", answer.text):
                return
        time.sleep(0.3)
    hold(False, "a job does not end")


def _hold_all_or_nothing(place: Place, units: int) -> None:
    found = place.imports()
    stages: Counter[str] = Counter()
    for number in range(MOMENTS + 1):
        status = found["status"].get(f"lan-{number}.xlsx", "never kept")
        ways = 1 if number % 2 else 2
        wanted = {f"Lần {number}.{way}": units for way in range(ways)} if status == "applied" else {}
        members = {name: count for name, count in found["members"].items() if name.startswith(f"Lần {number}.")}
        hold(members == wanted, f"{place.name}, sheet {number}, {status}: {members}")
        stages[status] += 1
    hold(found["rows"] == found["events"], f"{found['rows']} rows and {found['events']} events")
    hold(not found["busy"], f"{found['busy']} jobs are left")
    hold(len(stages) > 1, f"all were killed at one stage: {stages}")
    counts = ", ".join(f"{count} {stage}" for stage, count in stages.items())
    print(f"  {place.name}: {MOMENTS} kills; sheets: {counts}; {found['rows']} rows, each told once")
