"""Read events in a form that is equal on both databases: the same event, the same digest.

The form is that of the values, not of their storage: moments in UTC to the microsecond, changes as
JSON with sorted keys. Rows are read by SQL, so that even what no model can read has a digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

# ruff: noqa: S608 (the statements are put together from names in the code)

#: events that are read at once
PAGE = 2_000
#: of an event, in the order of its canonical form
TEXTS = ("actor_name", "via", "action", "object_type", "object_name", "reason")
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=repr).encode


@dataclass(frozen=True)
class EventDigest:
    """Hold the key of an event and the SHA-256 of its canonical form."""

    key: int
    digest: bytes


def event_digests(
    after: int | None = None, up_to: int | None = None, *, database: Any = connection
) -> Iterator[EventDigest]:
    """Yield the digests of the events with keys from `after` (exclusive) to `up_to`, by key."""
    while page := _page(database, {"id > %s": after, "id <= %s": up_to}):
        for key, moment, changes, *others in page:
            form = _encode([key, _whole_moment(moment), _read_json(_text(changes)), *map(_text, others)])
            yield EventDigest(key, hashlib.sha256(form.encode()).digest())
        after = page[-1][0]


def _page(database: Any, bounds: dict[str, int | None]) -> list[tuple[Any, ...]]:
    present = {condition: key for condition, key in bounds.items() if key is not None}
    where = f"WHERE {' AND '.join(present)}" if present else ""
    with database.cursor() as cursor:
        columns = _columns(is_postgresql=database.vendor == "postgresql")
        cursor.execute(f"SELECT {columns} FROM history_event {where} ORDER BY id LIMIT {PAGE}", list(present.values()))
        return cursor.fetchall()


def _columns(*, is_postgresql: bool) -> str:
    """Return what is read of each event. SQLite gives bytes: what it stores as text may be none."""
    if is_postgresql:
        moment = "to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        return ", ".join(["id", moment, "changes::text", "actor_id", "object_id", *TEXTS])
    texts = [f"CAST({name} AS BLOB)" for name in ("occurred_at", "changes", *TEXTS)]
    return ", ".join(["id", *texts[:2], "actor_id", "object_id", *texts[2:]])


def _text(value: Any) -> Any:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _whole_moment(value: Any) -> Any:
    """Return a moment with all six digits of the microsecond; SQLite stores as many as there are."""
    text = _text(value)
    if not isinstance(text, str):
        return text
    second, _, fraction = text.partition(".")
    return f"{second}.{fraction:0<6}"


def _read_json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {"": text}
