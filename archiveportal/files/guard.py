"""The row of a stored file never changes: name, size, place and SHA-256 prove what was handed in.

No service changes or deletes a row, not even that of a file whose bytes were destroyed. Evidence
that is taken back is voided; a signed copy that is replaced by another one is in the history, by
its SHA-256. A withdrawal stays, and so does what was recorded of a decision to destroy.
"""

from __future__ import annotations

from typing import Any

from archiveportal.history import guards

REFUSAL = "what is known of a stored file does not change"
PREFIX = "file_guard_"
DECIDED = ("id", "withdrawal_id", "number", "decided_on", "uploaded_by_id", "recorded_by_id", "recorded_at")
GUARDS = [
    guards.Guard("files_storedfile", REFUSAL),
    guards.Guard("files_withdrawal", "a withdrawal does not change", unique=(("file_id",),)),
    guards.Guard("files_destruction", "a decision to destroy a file does not change", frozen=DECIDED),
]


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
