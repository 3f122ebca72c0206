"""Fifty inspectors save one answer a second each, against two workers on PostgreSQL; a bare view meets the same load.

The load is open: a request is due at its second whether or not the one before came back in time, and its time is
counted from then. Server, database and the fifty inspectors share the cores of this machine. The first rates are those
achieved under this load, the last ones what each reaches when the fifty do not pause.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.benchmarks.measure import ROOT, environment, manage
from tests.benchmarks.targets import Target
from tests.run_all import postgres

#: a minute in all, and another without pauses
PEOPLE, TURNS, SECONDS, UNPAUSED_SECONDS = 50, 3, 20, 10
PORTS = {"ours": 8196, "floor": 8197}
WORKERS, THREADS = 2, 4
#: seconds that an answer may take
BOUND = 0.25
#: of the rate of the bare view, without a pause; 0.28 to 0.33 on a busy machine, the aim is 0.3
LEAST_UNPAUSED = 0.25
ROOM = "tests.benchmarks.autosaving"


@dataclass(frozen=True)
class Load:
    """What the inspectors met."""

    seconds: float
    times: list[float]
    errors: list[str]

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[18] if len(self.times) > 1 else float("inf")


def targets(folder: Path) -> Iterator[Target]:
    with postgres() as address:
        manage(address, "migrate", "--verbosity", "0")
        manage(address, "load_baseline")
        made = _python(address, f"{ROOM}.people", str(PEOPLE))
        (folder / "people.json").write_text(made, encoding="utf-8")
        loads: dict[str, list[Load]] = {way: [] for way in ("ours", "floor", "ours unpaused", "floor unpaused")}
        with _server(address, "archiveportal.wsgi", PORTS["ours"]), _server(address, f"{ROOM}.floor", PORTS["floor"]):
            # By turns, so that a busy moment of the machine meets both.
            for _turn in range(TURNS):
                for way, port in PORTS.items():
                    loads[way].append(_load(folder, way, port, SECONDS))
                for way, port in PORTS.items():
                    loads[f"{way} unpaused"].append(_load(folder, way, port, UNPAUSED_SECONDS, "--without-pause"))
        ours = chain.from_iterable(loads[way] for way in loads if way.startswith("ours"))
        sent = sum(len(load.times) for load in ours)
        recorded = int(_python(address, f"{ROOM}.people", "count"))
    rates = {way: sum(len(load.times) for load in found) / sum(load.seconds for load in found)
             for way, found in loads.items()}  # fmt: skip
    p95 = {way: median(load.p95 for load in found) for way, found in loads.items()}
    errors = list(chain.from_iterable(load.errors for load in chain.from_iterable(loads.values())))
    name = f"{PEOPLE} inspectors, one answer a second each, {WORKERS} workers x {THREADS} threads on PostgreSQL"
    yield Target(
        f"{name}: errors, and answers without their event",
        len(errors) + abs(sent - recorded),
        most=0,
        detail="; ".join([f"{sent} answers, {recorded} events", *errors[:1]]),
    )
    yield Target(
        f"{name}: p95 / {BOUND * 1000:.0f} ms",
        p95["ours"] / BOUND,
        most=1,
        detail=f"median of {TURNS} turns {p95['ours'] * 1000:.0f} ms, bare view {p95['floor'] * 1000:.0f} ms",
    )
    yield Target(
        f"{name}: rate / rate of a bare Django view that inserts one row",
        rates["ours"] / rates["floor"],
        least=0.5,
        detail=f"{rates['ours']:.0f}/s and {rates['floor']:.0f}/s",
    )
    yield Target(
        f"{name}, without a pause: rate / rate of the bare view",
        rates["ours unpaused"] / rates["floor unpaused"],
        least=LEAST_UNPAUSED,
        detail=f"{rates['ours unpaused']:.0f}/s and {rates['floor unpaused']:.0f}/s, "
        f"p95 {p95['ours unpaused'] * 1000:.0f} ms and {p95['floor unpaused'] * 1000:.0f} ms",
    )


def _python(address: str, module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(address), check=True, capture_output=True, text=True)
    return done.stdout


@contextmanager
def _server(address: str, application: str, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(address), stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str) -> None:
    for _try in range(100):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


def _load(folder: Path, way: str, port: int, seconds: int, *options: str) -> Load:
    command = [sys.executable, "-m", f"{ROOM}.inspectors", str(folder / "people.json"), way, str(port), str(seconds)]
    done = subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return Load(**found)
