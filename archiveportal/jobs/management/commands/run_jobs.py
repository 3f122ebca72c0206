"""Works on jobs until it is told to end: beside the web server, in a process of its own."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone, translation

from archiveportal.jobs import services
from archiveportal.logs import log_event

#: seconds between two looks for a job: a SELECT of an index, without a lock
PAUSE = 1.0


class Command(BaseCommand):
    help = "Work on jobs (large sheets, all papers of a round) until told to end. --once: those that wait, then end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when no job waits")
        parser.add_argument("--with-parent", action="store_true", help="end when the parent process has ended")

    def handle(self, *, once: bool, with_parent: bool, **options: Any) -> None:
        self.is_stopping = False
        parent = os.getppid() if with_parent else None
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._stop)
        worker, self.started_at = services.new_worker_name(), timezone.now()
        self.beaten_at = 0.0
        # What a job says is read on the screen.
        with translation.override("vi"):
            while not self.is_stopping and parent in (None, os.getppid()):
                is_idle = not self._turn(worker)
                if once:
                    if is_idle:
                        break
                    continue
                close_old_connections()
                if is_idle:
                    time.sleep(PAUSE)
        with suppress(InterfaceError, OperationalError):
            services.leave(worker)

    def _turn(self, worker: str) -> bool:
        """Say that this worker lives, and run the next job; False where none waits.

        A database that is away, or whose disk is full, comes back: the worker waits for it.
        """
        try:
            if time.monotonic() - self.beaten_at > services.BEAT.total_seconds():
                services.beat(worker, self.started_at)
                self.beaten_at = time.monotonic()
                services.take_up_abandoned()
            return self._work(worker)
        except (InterfaceError, OperationalError) as error:
            log_event("worker waits for the database", error=repr(error)[:200])
            return False

    def _work(self, worker: str) -> bool:
        """Run the next job; False where none waits."""
        job = services.next_job(worker)
        if job is None:
            return False
        # A fault is in the log and the job has ended with words: the worker goes on to the next one.
        with suppress(Exception):
            services.run_claimed(job, lambda: self.is_stopping)
        return True

    def _stop(self, *_signal: Any) -> None:
        self.is_stopping = True
