"""The few rows of the office, kept from one question to the next.

A paper asks for them many times: its head, its number, its place, the properties of its file. For
papers they are read anew with each request and after each change, and at most some seconds later in
jobs and commands. Every page names the office too: screens take what this process read in the last
seconds, so that another process shows a change at most so much later, and pages need no query of
their own for it.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.signals import request_started
from django.db import OperationalError, ProgrammingError
from django.db.models.signals import post_delete, post_save

from archiveportal.office.models import Office, Signatory

#: seconds that rows are taken for those of now: by papers outside of requests, and by screens
LONGEST = 2.0
SHOWN = 2.0


class _Kept:
    """Rows by their model, with the moment when they were read, and those of the office for screens."""

    def __init__(self) -> None:
        self.rows: dict[type, tuple[float, list[Any]]] = {}
        #: when the office was read last, and what was read; it outlives the request
        self.shown: tuple[float, list[Office]] | None = None

    def of(self, model: type[Office] | type[Signatory]) -> list[Any]:
        now = time.monotonic()
        read_at, rows = self.rows.get(model, (0.0, []))
        if model not in self.rows or now - read_at > LONGEST:
            rows = list(model.objects.all())
            self.rows[model] = now, rows
            if model is Office:
                self.shown = now, rows
        return rows

    def for_screens(self) -> list[Office]:
        if self.shown is None or time.monotonic() - self.shown[0] > SHOWN:
            self.rows.pop(Office, None)
            try:
                return self.of(Office)
            except (OperationalError, ProgrammingError):
                # Names are no reason to fail: checks of commands ask for them before there is a table.
                return self.known
        return self.known

    @property
    def known(self) -> list[Office]:
        return self.shown[1] if self.shown else []

    def end_request(self, **_signal: Any) -> None:
        self.rows.clear()

    def forget(self, **_signal: Any) -> None:
        self.rows.clear()
        self.shown = None


_kept = _Kept()


def offices() -> list[Office]:
    """Return the entered rows of the office, the first one first."""
    return _kept.of(Office)


def shown_offices() -> list[Office]:
    """Return the same for screens: as they were some seconds ago at most."""
    return _kept.for_screens()


def show_offices(rows: list[Office]) -> None:
    """Let screens name what is told, until it is read anew."""
    _kept.shown = time.monotonic(), rows


def known_offices() -> list[Office]:
    """Return what was read last, without a query: for pages that say that the database does not answer."""
    return _kept.known


def signatories() -> list[Signatory]:
    """Return the entered rows of who signs."""
    return _kept.of(Signatory)


def forget_rows() -> None:
    """Read them anew the next time."""
    _kept.forget()


request_started.connect(_kept.end_request)
for _model in (Office, Signatory):
    post_save.connect(_kept.forget, sender=_model)
    post_delete.connect(_kept.forget, sender=_model)
