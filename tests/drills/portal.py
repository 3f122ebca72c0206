"""A portal as on a server, in processes of its own, for the drills."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from tests.run_all import postgres, programs_of_postgresql

ROOT = Path(__file__).parent.parent.parent
#: seconds that a portal may take to start
START = 60
DATABASES = ("SQLite", "PostgreSQL")


class DoesNotHold(Exception):
    """What a drill was to show is not so."""


def hold(condition: object, words: str) -> None:
    """Raise unless the condition is so. Not `assert`: a drill also fails under `python -O`."""
    if not condition:
        raise DoesNotHold(words)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    seconds: float

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.text)

    @property
    def words(self) -> str:
        """Return what a person reads of it."""
        return self.json.get("message", "") if self.text.startswith("{") else self.text


def ask(address: str, *, longest: float = 60) -> Answer:
    """Return the answer, and how long it took; refusals are answers too."""
    started = time.monotonic()
    request = urllib.request.Request(address, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=longest) as response:
            status, text = response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    return Answer(status, text, time.monotonic() - started)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(database: str, files: Path) -> dict[str, str]:
    own = {
        "DATABASE_URL": database,
        "FILES_DIR": str(files),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOCAL": "1",
        "DJANGO_SETTINGS_MODULE": "archiveportal.settings",
        "PG_BIN_DIR": str(programs_of_postgresql()),
    }
    return os.environ | own


@dataclass(frozen=True)
class Place:
    """A database and a folder of files, filled with the reports' data, and their environment."""

    name: str
    folder: Path
    environment: dict[str, str]
    #: so many inspectors
    count: int = 50

    @property
    def files(self) -> Path:
        return Path(self.environment["FILES_DIR"])

    @cached_property
    def people(self) -> dict[str, Any]:
        """Return inspectors and an approver, signed in (tests/drills/inside.py)."""
        return json.loads(self.inside("people", str(self.count)))

    def state(self) -> dict[str, Any]:
        """Return what was received and recorded, and the faults between them."""
        return json.loads(self.inside("state"))

    def units(self) -> list[str]:
        """Return the codes of the units of today."""
        return json.loads(self.inside("units"))

    def imports(self) -> dict[str, Any]:
        """Return what became of sheets of groups, and what they wrote."""
        return json.loads(self.inside("imports"))

    def inside(self, *arguments: str) -> str:
        return run("-m", "tests.drills.inside", *arguments, environment=self.environment)

    def manage(self, *command: str) -> str:
        return manage(*command, environment=self.environment)


def collect_static(environment: dict[str, str]) -> None:
    """Gather style sheets and scripts: without them every page is an error."""
    manage("collectstatic", "--noinput", "--verbosity", "0", environment=environment)


@contextmanager
def place(name: str, folder: Path, *, people: int = 50) -> Iterator[Place]:
    """Yield a place of its own on one kind of database, with the reports' data."""
    with _database(name, folder) as address:
        found = Place(name, folder, environment(address, folder / "files"), people)
        found.manage("migrate", "--verbosity", "0")
        found.manage("load_baseline")
        yield found


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    with postgres() as address:
        yield address


@contextmanager
def places() -> Iterator[Iterator[Place]]:
    """Yield a place on each kind of database, one after the other."""

    def each() -> Iterator[Place]:
        for name in DATABASES:
            with tempfile.TemporaryDirectory(prefix="drill-") as folder, place(name, Path(folder)) as found:
                yield found

    yield each()


def run(*arguments: str, environment: dict[str, str]) -> str:
    """Run a program of the portal and return what it prints; its failure is that of the drill."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    hold(done.returncode == 0, f"{arguments}: {done.stderr[-2000:]}")
    return done.stdout


def manage(*command: str, environment: dict[str, str]) -> str:
    return run("manage.py", *command, environment=environment)


@dataclass(frozen=True)
class Portal:
    """A portal that serves."""

    address: str
    server: psutil.Process

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def workers(self) -> list[psutil.Process]:
        return self.server.children()


@contextmanager
def serving(environment: dict[str, str], *, workers: int = 1) -> Iterator[Portal]:
    """Yield a portal that serves until the block ends."""
    collect_static(environment)
    address = f"127.0.0.1:{free_port()}"
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [str(gunicorn), "archiveportal.wsgi", "--bind", address, "--workers", str(workers), "--threads", "4"]
    command.append("--no-control-socket")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_ready(f"http://{address}/readyz")
            yield Portal(f"http://{address}", psutil.Process(server.pid))
        finally:
            server.terminate()


def _wait_until_ready(address: str) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            if ask(address).status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise DoesNotHold(f"{address} did not become ready")
