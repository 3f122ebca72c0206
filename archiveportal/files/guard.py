"""The row of a stored file never changes: name, size, place and SHA-256 prove what was handed in.

No service changes or deletes a row. Evidence that is taken back is voided; a signed copy that is
replaced by another one is in the history, by its SHA-256.
"""

from __future__ import annotations

from typing import Any

from archiveportal.history import guards

REFUSAL = "what is known of a stored file does not change"
PREFIX = "file_guard_"
GUARDS = [guards.Guard("files_storedfile", REFUSAL)]


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
