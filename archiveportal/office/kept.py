"""The few rows of the office, kept from one question to the next within a request.

A paper asks for them many times: its head, its number, its place, the properties of its file. They
are read anew with each request and after each change, and at most some seconds later in jobs and
commands.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.signals import request_started
from django.db.models.signals import post_delete, post_save

from archiveportal.office.models import Office, Signatory

#: seconds
LONGEST = 2.0


class _Kept:
    """Rows by their model, with the moment when they were read."""

    def __init__(self) -> None:
        self.rows: dict[type, tuple[float, list[Any]]] = {}

    def of(self, model: type[Office] | type[Signatory]) -> list[Any]:
        now = time.monotonic()
        read_at, rows = self.rows.get(model, (0.0, []))
        if model not in self.rows or now - read_at > LONGEST:
            rows = list(model.objects.all())
            self.rows[model] = now, rows
        return rows

    def forget(self, **_signal: Any) -> None:
        self.rows.clear()


_kept = _Kept()


def offices() -> list[Office]:
    """Return the entered rows of the office, the first one first."""
    return _kept.of(Office)


def signatories() -> list[Signatory]:
    """Return the entered rows of who signs."""
    return _kept.of(Signatory)


def forget_rows() -> None:
    """Read them anew the next time."""
    _kept.forget()


request_started.connect(_kept.forget)
for _model in (Office, Signatory):
    post_save.connect(_kept.forget, sender=_model)
    post_delete.connect(_kept.forget, sender=_model)
