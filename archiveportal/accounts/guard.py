"""What was recorded stays: stand-ins and links for first use, but for their end; lines of handing over whole."""

from __future__ import annotations

from typing import Any

from archiveportal.history import guards

REFUSAL = "a stand-in that was recorded does not change"
PREFIX = "stand_in_guard_"
FROZEN = ("id", "person_id", "decision", "starts_on", "ends_on", "recorded_by_id", "recorded_at")
LINK_REFUSAL = "a link for first use that was made does not change"
LINK_FROZEN = ("id", "account_id", "sent_to", "made_by_id", "made_at", "batch")
LINE_REFUSAL = "a line of handing over does not change"
GUARDS = [
    guards.Guard("accounts_standin", REFUSAL, frozen=FROZEN),
    guards.Guard("accounts_firstlink", LINK_REFUSAL, frozen=LINK_FROZEN),
    guards.Guard("accounts_handingover", LINE_REFUSAL),
]


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
