"""Prove the chain of seals: which event was changed, removed or added, which seal, which head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from django.db import connection
from django.utils import timezone

from archiveportal.history.canonical import EventDigest, event_digests
from archiveportal.history.models import Event, Seal
from archiveportal.history.sealing import LAST_KEY, MARK, digest_of

# ruff: noqa: S608 (the statements are put together from names in the code)

#: a head as logs, closings and manifests have it
HEAD = re.compile(r"\b\d{1,9}:[0-9a-f]{64}\b")
#: events that are named one by one, of one seal
NAMED = 20
#: seals that are read at once
PAGE = 20


@dataclass
class Proof:
    """Hold how much is proven, and every fault in words."""

    seals: int = 0
    events: int = 0
    head: str = ""
    unsealed: int = 0
    faults: list[str] = field(default_factory=list)


class _Unlike:
    """Count keys and keep the first of them, however many they are."""

    def __init__(self) -> None:
        self.first: list[int] = []
        self.count = 0

    def add(self, key: int) -> None:
        self.count += 1
        if self.count <= NAMED:
            self.first.append(key)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(map(str, self.first)) + (f" and {more} more" if more else "")


class _Events:
    """Hand out the events in order of their keys, to one seal after the other."""

    def __init__(self) -> None:
        self._digests = event_digests()
        self._waiting = next(self._digests, None)
        self.count = 0

    def up_to(self, key: int) -> Iterator[EventDigest]:
        while self._waiting is not None and self._waiting.key <= key:
            self.count += 1
            yield self._waiting
            self._waiting = next(self._digests, None)


def heads_in(lines: Iterable[str]) -> set[str]:
    """Return the heads in a text: lines of a log, a manifest, a slip of paper."""
    found: set[str] = set()
    for line in lines:
        found.update(HEAD.findall(line))
    return found


def prove(heads: Iterable[str] = ()) -> Proof:
    """Compare all sealed events with their seals, and the seals with heads that are kept elsewhere.

    Events and seals are read side by side, a page at a time.
    """
    proof = Proof()
    not_found = set(heads)
    events = _Events()
    before: Seal | None = None
    for seal in _seals():
        not_found.discard(seal.head)
        proof.faults += _faults_of_seal(seal, before)
        if before is None or seal.number != before.number + 1:
            # Events of seals that are gone are not events of this one.
            proof.faults += _without_seal(seal, before, events)
        proof.faults += _faults_of_events(seal, events)
        proof.seals += 1
        before = seal
    proof.events = events.count
    proof.head = before.head if before else ""
    unsealed = Event.objects.filter(pk__gt=before.last_event) if before else Event.objects.all()
    proof.unsealed = unsealed.count()
    if proof.unsealed and not before:
        proof.faults.append(f"Nothing is sealed: {proof.unsealed} events and no seal.")
    proof.faults += [
        f"Head {head} is not in the chain: the chain was written anew, or seals were removed."
        for head in sorted(not_found, key=_number)
    ]
    proof.faults += _faults_of_keys()
    return proof


def _seals() -> Iterator[Seal]:
    number = -1
    while page := list(Seal.objects.filter(number__gt=number).order_by("number")[:PAGE]):
        yield from page
        number = page[-1].number


def _number(head: str) -> int:
    return int(head.partition(":")[0])


def _faults_of_seal(seal: Seal, before: Seal | None) -> Iterator[str]:
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        yield f"Seals {expected} to {seal.number - 1} are missing."
    elif seal.previous != (before.digest if before else ""):
        yield f"Seal {seal.number} does not follow seal {expected - 1}: one of them was replaced."
    if digest_of(seal) != seal.digest:
        yield f"Seal {seal.number} was altered: it does not agree with its digest."


def _without_seal(seal: Seal, before: Seal | None, events: _Events) -> Iterator[str]:
    if before is None and seal.number == 1:
        return
    found = sum(1 for _each in events.up_to(seal.first_event - 1))
    yield f"{found} events before event {seal.first_event} have no seal."


def _faults_of_events(seal: Seal, events: _Events) -> Iterator[str]:
    marks = _marks_of(seal)
    whole = sha256()
    changed, removed, added = _Unlike(), _Unlike(), _Unlike()
    for each in events.up_to(seal.last_event):
        whole.update(each.digest)
        mark = marks.pop(each.key, None)
        if mark is None:
            added.add(each.key)
        elif mark != each.digest.hex()[:MARK]:
            changed.add(each.key)
    if whole.hexdigest() == seal.content:
        return
    for key in marks:
        removed.add(key)
    kinds = {"changed": changed, "removed": removed, "added": added}
    told = [f"{kind} {unlike}" for kind, unlike in kinds.items() if unlike.count]
    moment = timezone.localtime(seal.sealed_at).strftime("%d/%m/%Y %H:%M")
    where = f"Seal {seal.number} of {moment}, events {seal.first_event} to {seal.last_event}"
    yield f"{where}: {'; '.join(told) or 'not as they were sealed'}."


def _marks_of(seal: Seal) -> dict[int, str]:
    """Return {key of an event: beginning of its digest}; what is no mark was altered."""
    marks = {}
    for token in seal.marks.split():
        key, _, mark = token.partition(":")
        if key.removeprefix("-").isdecimal():
            marks[int(key)] = mark
    return marks


def _faults_of_keys() -> Iterator[str]:
    """Name an event whose key is above those that the database has given: no seal would come to it."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), min(id) FROM history_event WHERE id > coalesce((SELECT {LAST_KEY}), 0)")
        count, key = cursor.fetchone()
    if count:
        yield f"{count} events from key {key} on have keys that the database did not give."
