"""Asking the limited process: how much it may take, how many run at once, what becomes of failures."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiveportal.logs import log_event
from archiveportal.opening.reasons import CannotOpen, Reason

PROGRAM = Path(__file__).parent / "program.py"
#: one file that is locked for each process of the whole server that may run at the same moment; any
#: file does that is there and that nobody writes
PLACES = (PROGRAM, PROGRAM.with_name("reasons.py"))
#: seconds to wait for one of them, and between two looks
LONGEST_QUEUE, PAUSE = 45.0, 0.02
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may take: bytes of memory, seconds of the processor."""

    memory: int = 512 * MEGABYTE
    seconds: int = 20

    @property
    def longest_wait(self) -> float:
        """Return the seconds on the clock: a busy machine gives the process half of its time."""
        return self.seconds * 2.0


def open_limited(reader: str, content: bytes, *arguments: int | str, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """Return what `readers/<reader>.py` tells of a file: facts and bytes. Raise `CannotOpen`."""
    command = [sys.executable, "-I", str(PROGRAM), str(limits.memory), str(limits.seconds), reader]
    with _one_of_few():
        try:
            # Isolated: neither the settings nor the environment of the portal are in that process.
            done = subprocess.run(  # noqa: S603
                [*command, *map(str, arguments)],
                input=content,
                capture_output=True,
                timeout=limits.longest_wait,
                env={"PATH": os.environ.get("PATH", "")},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed(reader, Reason.TOO_LARGE, "timeout") from None
    if done.returncode:
        # Ended by a limit (a signal), or by a library that fell over.
        reason = Reason.TOO_LARGE if done.returncode < 0 else Reason.BROKEN
        raise _failed(reader, reason, str(done.returncode))
    head, _line, body = done.stdout.partition(b"\n")
    facts = json.loads(head)
    if "refused" in facts:
        reason = Reason(facts.pop("refused"))
        error = facts.pop("error", "")
        log_event("file not opened", reader=reader, reason=reason.value, error=error)
        raise CannotOpen(reason, **facts)
    return facts, body


def _failed(reader: str, reason: Reason, error: str) -> CannotOpen:
    log_event("file not opened", reader=reader, reason=reason.value, error=error)
    return CannotOpen(reason)


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Hold one of `PLACES`, which all processes of the server share.

    Locks of files: the system lets go of them when a process dies.
    """
    end = time.monotonic() + LONGEST_QUEUE
    places = [place.open("rb") for place in PLACES]
    try:
        while not any(map(_is_free, places)):
            if time.monotonic() > end:
                raise _failed("", Reason.BUSY, "queue")
            time.sleep(PAUSE)
        yield
    finally:
        for place in places:
            place.close()


def _is_free(place: Any) -> bool:
    """Take a place if nobody has it."""
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
