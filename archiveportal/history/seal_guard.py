"""Triggers that keep seals from being changed, deleted or replaced, also by SQL."""

from __future__ import annotations

from typing import Any

from archiveportal.history import guards

REFUSAL = "a seal of the history does not change"
PREFIX = "seal_guard_"
GUARDS = [guards.Guard("history_seal", REFUSAL, unique=(("number",),))]


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
