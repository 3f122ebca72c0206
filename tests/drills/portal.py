"""A portal as on a server, in a process of its own, for the drills."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: seconds that a portal may take to start
START = 60


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    seconds: float


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
    }
    return os.environ | own


def manage(*command: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command}: {done.stderr[-2000:]}")
    return done.stdout


def collect_static(environment: dict[str, str]) -> None:
    """Gather style sheets and scripts: without them every page is an error."""
    manage("collectstatic", "--noinput", "--verbosity", "0", environment=environment)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """Yield the address of a portal that serves until the block ends."""
    collect_static(environment)
    address = f"127.0.0.1:{free_port()}"
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [str(gunicorn), "archiveportal.wsgi", "--bind", address, "--workers", "1", "--threads", "4"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_ready(f"http://{address}/readyz")
            yield f"http://{address}"
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
    raise SystemExit(f"{address} did not become ready")
