"""A stand-in that was recorded stays as it was; it can be ended, once."""

from __future__ import annotations

from typing import Any

from archiveportal.history import guards

REFUSAL = "a stand-in that was recorded does not change"
PREFIX = "stand_in_guard_"
FROZEN = ("id", "person_id", "decision", "starts_on", "ends_on", "recorded_by_id", "recorded_at")
GUARDS = [guards.Guard("accounts_standin", REFUSAL, frozen=FROZEN)]


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
