"""Triggers that keep closed figures and kept errors from being changed or deleted, also by SQL.

Number, day, signatory, name, signed PDF and version of a closing are recorded later; every other
column, and the list of its files, stays. Rows of the files themselves are guarded in
archiveportal/files/guard.py.
"""

from __future__ import annotations

from typing import Any

from archiveportal.history import guards

REFUSAL = "figures that were closed do not change"
PREFIX = "closing_guard_"
GUARDS = [
    guards.Guard(
        "reports_closing",
        REFUSAL,
        frozen=(
            "id", "kind", "round_id", "scheme_id", "sequence", "as_of", "figures", "digest", "edition",
            "content", "content_digest", "history_head", "note", "closed_by_id", "closed_at",
        ),
        unique=(("round_id", "sequence"), ("scheme_id", "sequence"), ("signed_copy_id",)),
    ),
    guards.Guard("reports_closedfile", REFUSAL, unique=(("file_id",),)),
    guards.Guard(
        "reports_kepterror",
        "a decision to keep an error does not change",
        unique=(("round_id", "error"), ("scheme_id", "error")),
    ),
]  # fmt: skip


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
