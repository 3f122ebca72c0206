"""Web server and worker of jobs are run together, and end together."""

import sys
import threading
import time

import pytest

from archiveportal.management import serving

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDS = [sys.executable, "-c", "raise SystemExit(3)"]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(serving, "PAUSE", 0.02)
    monkeypatch.setattr(serving, "PAUSE_OF_WORKER", 0.02)


def test_when_the_server_ends_the_worker_ends_too():
    processes = serving.Processes(server=ENDS, worker=SLEEPS)
    assert processes.watch() == 3
    assert processes.worker.poll() is not None


def test_being_told_to_end_ends_both_in_order():
    processes = serving.Processes(server=SLEEPS, worker=SLEEPS)
    threading.Timer(0.1, processes.stop, (15, None)).start()
    assert processes.watch() == 0
    assert None not in (processes.server.poll(), processes.worker.poll())


def test_a_worker_that_dies_is_started_anew():
    processes = serving.Processes(server=SLEEPS, worker=ENDS)
    first = processes.worker.pid
    thread = threading.Thread(target=processes.watch)
    thread.start()
    end = time.monotonic() + 20
    while processes.worker.pid == first and time.monotonic() < end:
        time.sleep(0.02)
    processes.stop(15, None)
    thread.join()
    assert processes.worker.pid != first
