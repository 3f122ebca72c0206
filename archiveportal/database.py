"""A limit for every wait on PostgreSQL, kept by the portal itself.

A statement that runs too long is ended by the server (`statement_timeout`). A server that is frozen,
or a network that goes on acknowledging and brings nothing, ends nothing: without a limit here a page
would wait for ever, and with it the thread that serves it.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from psycopg2 import OperationalError, extensions  # type: ignore[import-untyped]

#: seconds; a little longer than the server's own limit of a statement, so that its message comes first
LONGEST_WAIT = 10.5
#: when the present request stops waiting, by the clock `monotonic`; a later wait has no time of its own
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class NoAnswer(OperationalError):
    """The database did not answer in time."""


def limit_waits() -> None:
    """Let every wait of this process end; called by the door of the web server.

    Not by commands: psycopg2 copies no tables in and out under such a limit, and a dump takes long.
    """
    extensions.set_wait_callback(wait)


def wait(connection: Any) -> None:
    """Wait for the answer of the server, until the request or this wait is out of time."""
    end = _deadline.get() or time.monotonic() + LONGEST_WAIT
    while (state := connection.poll()) != extensions.POLL_OK:
        left = end - time.monotonic()
        reading = [connection] if state == extensions.POLL_READ else []
        writing = [connection] if state == extensions.POLL_WRITE else []
        if left <= 0 or not any(select.select(reading, writing, [], left)):
            raise NoAnswer("the database does not answer")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all waits in here together take no longer."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)
