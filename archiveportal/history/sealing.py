"""Seal events: who changes, removes or adds one later is seen (`manage.py check_history`).

Only events below a watermark are sealed: the highest key under which no transaction is open. A key
is taken from a sequence before its event is committed, so an event with a low key may appear after
one with a higher key. SQLite has one writer, whose keys are higher than all that are committed. On
PostgreSQL a transaction that adds an event holds a lock of its table from before it takes the key
until it has ended: once those that held one when the key was read are gone, nothing comes below.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import time
from collections.abc import Callable
from itertools import islice
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from archiveportal.history.canonical import EventDigest, event_digests
from archiveportal.history.models import Event, Seal
from archiveportal.logs import log_event

P = ParamSpec("P")
R = TypeVar("R")

#: events of one seal at most; more of them make several seals
LARGEST = 10_000
#: an event is sealed by then; the timer runs every hour
OVERDUE = datetime.timedelta(hours=2)
#: seconds that a service waits for open transactions before it goes on without a new seal
SHORT_WAIT = 2.0
#: seconds between two looks at open transactions
BETWEEN = 0.1
#: characters of an event's digest that the marks of its seal keep
MARK = 12
#: version of the form that a seal's digest is taken of
FORM = "1"

LAST_KEY = "pg_sequence_last_value(pg_get_serial_sequence('history_event', 'id')::regclass)"
WRITERS = """
SELECT virtualtransaction, pid FROM pg_locks
WHERE locktype = 'relation' AND relation = 'history_event'::regclass AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    AND pid IS DISTINCT FROM pg_backend_pid()
"""


class StillOpen(Exception):
    """Say that a transaction is open that may still add an event below the watermark."""


def newest_seal() -> Seal | None:
    """Return the newest seal without its marks."""
    return Seal.objects.defer("marks").order_by("-number").first()


def newest_head() -> str:
    """Return the head of the chain, blank before the first seal."""
    newest = newest_seal()
    return newest.head if newest else ""


def seal_history(*, patience: float = 0) -> list[Seal]:
    """Seal the events that are not sealed yet, as far as no transaction is open below them.

    `patience` is how many seconds to wait for open ones; then `StillOpen` is raised. Digests are
    computed outside of a write transaction: nobody waits for them.
    """
    up_to = _watermark(patience)
    made: list[Seal] = []
    newest = newest_seal()
    while up_to is not None and (seal := _next_seal(newest, up_to)):
        try:
            with transaction.atomic():
                seal.save(force_insert=True)
        except IntegrityError:
            # Somebody else has just sealed the same events.
            break
        # Only once it is stored: a head in the log that no seal has would look like a chain written anew.
        facts = {"head": seal.head, "events": seal.events, "last_event": seal.last_event}
        transaction.on_commit(functools.partial(log_event, "history sealed", **facts))
        made.append(seal)
        newest = seal
    return made


def seal_if_possible(*, patience: float = SHORT_WAIT) -> None:
    """Seal what can be sealed soon; the timer does the rest."""
    try:
        seal_history(patience=patience)
    except StillOpen as error:
        log_event("history not sealed", why=str(error))


def sealed_first(service: Callable[P, R]) -> Callable[P, R]:
    """Seal the history before the transaction of a service begins."""

    @functools.wraps(service)
    def seal_and_serve(*args: P.args, **kwargs: P.kwargs) -> R:
        seal_if_possible()
        return service(*args, **kwargs)

    return seal_and_serve


def unsealed_since() -> datetime.datetime | None:
    """Return the moment of the first event without a seal that should have one by now."""
    newest = newest_seal()
    unsealed = Event.objects.filter(pk__gt=newest.last_event) if newest else Event.objects.all()
    late = unsealed.filter(occurred_at__lt=timezone.now() - OVERDUE)
    return late.order_by("pk").values_list("occurred_at", flat=True).first()


def content_of(digests: list[EventDigest]) -> str:
    """Return the digest of the events of a seal."""
    whole = hashlib.sha256()
    for each in digests:
        whole.update(each.digest)
    return whole.hexdigest()


def marks_of(digests: list[EventDigest]) -> str:
    return " ".join(f"{each.key}:{each.digest.hex()[:MARK]}" for each in digests)


def digest_of(seal: Seal) -> str:
    """Return the digest of all that a seal says."""
    moment = seal.sealed_at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    numbers = (seal.number, seal.first_event, seal.last_event, seal.events)
    lines = [FORM, *map(str, numbers), moment, seal.previous, seal.content, seal.marks]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _next_seal(newest: Seal | None, up_to: int) -> Seal | None:
    after = newest.last_event if newest else None
    digests = list(islice(event_digests(after, up_to), LARGEST))
    if not digests:
        return None
    seal = Seal(
        number=newest.number + 1 if newest else 1,
        first_event=digests[0].key,
        last_event=digests[-1].key,
        events=len(digests),
        sealed_at=timezone.now(),
        previous=newest.digest if newest else "",
        content=content_of(digests),
        marks=marks_of(digests),
    )
    seal.digest = digest_of(seal)
    return seal


def _watermark(patience: float) -> int | None:
    """Return the highest key under which no transaction is open; None where no event is."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT max(id) FROM history_event")
            return cursor.fetchone()[0]
        # Not the highest key that is seen: anybody could add an event with a key of his own far above.
        cursor.execute(f"SELECT {LAST_KEY}, current_setting('transaction_isolation')")
        last_key, isolation = cursor.fetchone()
        if isolation != "read committed":
            raise StillOpen("this transaction sees one moment alone")
        _wait_for_writers(cursor, patience)
        return last_key


def _wait_for_writers(cursor: Any, patience: float) -> None:
    """Wait until those who may hold a key below the one that was read have ended."""
    end = time.monotonic() + patience
    first = _writers(cursor)
    while open_still := first & _writers(cursor):
        if time.monotonic() > end:
            raise StillOpen(f"transactions that write history are open: {_names(cursor, open_still)}")
        time.sleep(BETWEEN)


def _writers(cursor: Any) -> set[tuple[str, int]]:
    cursor.execute(WRITERS)
    return set(cursor.fetchall())


def _names(cursor: Any, writers: set[tuple[str, int]]) -> str:
    """Return the processes and roles of transactions, for whoever has to end them."""
    processes = [process for _transaction, process in writers]
    cursor.execute("SELECT pid, usename FROM pg_stat_activity WHERE pid = ANY(%s) ORDER BY pid", [processes])
    return ", ".join(f"process {process} of {role}" for process, role in cursor.fetchall())
