"""A new release is started under load: R6.

As deploy/systemd has it, the socket stays open while the portal behind it ends and starts again:
requests wait in it meanwhile. Eight people ask without a pause.
"""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from tests.drills.portal import ROOT, collect_static, environment, hold, manage

RESTARTS, PEOPLE = 6, 8
#: requests that are answered between two restarts, and seconds that they may take
BETWEEN, PATIENCE = 60, 120
PAGE = "/tai-khoan/dang-nhap/"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        own = environment(f"sqlite:///{folder}/portal.sqlite3", Path(folder) / "files")
        manage("migrate", "--verbosity", "0", environment=own)
        collect_static(own)
        with socket.create_server(("127.0.0.1", 0), backlog=512) as door:
            answers, slowest = _restart_under_load(door, own)
    print(f"  {RESTARTS} restarts, {sum(answers.values())} requests: {dict(answers)}; slowest {slowest:.1f} s")
    hold(set(answers) == {"200"}, str(answers))


def _restart_under_load(door: socket.socket, own: dict[str, str]) -> tuple[Counter[str], float]:
    """Return how often each answer came, and how long the slowest took."""
    answers: Counter[str] = Counter()
    times: list[float] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            started = time.monotonic()
            answers[_answer(door.getsockname()[1])] += 1
            times.append(time.monotonic() - started)

    portal = _start(door, own)
    people = [threading.Thread(target=ask) for _each in range(PEOPLE)]
    for person in people:
        person.start()
    try:
        for _each in range(RESTARTS):
            _wait_for_answers(times)
            portal.terminate()
            portal.wait()
            portal = _start(door, own)
        _wait_for_answers(times)
    finally:
        over.set()
        for person in people:
            person.join()
        portal.terminate()
        portal.wait()
    return answers, max(times)


def _wait_for_answers(times: list[float]) -> None:
    """Wait until so many more requests were answered."""
    wanted, end = len(times) + BETWEEN, time.monotonic() + PATIENCE
    while len(times) < wanted:
        hold(time.monotonic() < end, "the portal does not answer again")
        time.sleep(0.05)


def _answer(port: int) -> str:
    """Return the status, or the name of the fault."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", PAGE, headers={"Connection": "close"})
        return str(connection.getresponse().status)
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


def _start(door: socket.socket, own: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start gunicorn with the socket at the place where systemd hands one over."""
    gunicorn = Path(sys.executable).with_name("gunicorn")
    handed = f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&{door.fileno()}'
    command = ["sh", "-c", handed, "sh", str(gunicorn), "archiveportal.wsgi", "--workers", "2", "--threads", "4"]
    command.append("--no-control-socket")
    return subprocess.Popen(command, cwd=ROOT, env=own, pass_fds=[door.fileno()], stderr=subprocess.DEVNULL)
