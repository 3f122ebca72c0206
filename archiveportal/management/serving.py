"""Runs the web server and the worker of jobs beside it, under one Ctrl+C.

    python -m archiveportal.management.serving HOST:PORT

The worker is started anew when it dies; when the web server ends, everything ends.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
#: seconds between two looks at the processes, and before a worker that died is started anew
PAUSE, PAUSE_OF_WORKER = 0.5, 2.0
#: seconds that a process has to end in good order
PATIENCE = 30


class Processes:
    """The two processes, and how they are ended."""

    def __init__(self, *, server: list[str], worker: list[str]) -> None:
        self.worker_command = worker
        self.is_stopping = False
        self.server = self._start(server)
        self.worker = self._start(worker)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # A group of their own: Ctrl+C reaches this process alone, which ends both in order.
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def watch(self) -> int:
        """Wait until the web server ends or this process is told to; return what it ends with."""
        while not self.is_stopping and self.server.poll() is None:
            if self.worker.poll() is not None:
                time.sleep(PAUSE_OF_WORKER)
                self.worker = self._start(self.worker_command)
            time.sleep(PAUSE)
        ended_by_itself = self.server.poll()
        self._end()
        return ended_by_itself or 0

    def _end(self) -> None:
        running = [process for process in (self.worker, self.server) if process.poll() is None]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def main(address: str) -> int:
    """Run both until the end."""
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    server = [gunicorn, "archiveportal.wsgi", "--umask", "0o077", "--bind", address, "--log-level", "warning"]
    # It would lie in the home of whoever starts the portal, one for all portals of the machine.
    server.append("--no-control-socket")
    processes = Processes(
        server=[*server, "--workers", "2", "--threads", "4"],
        worker=[sys.executable, "manage.py", "run_jobs", "--with-parent"],
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, processes.stop)
    return processes.watch()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
