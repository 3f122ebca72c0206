"""What an issued decision or paper says does not change and is not deleted, also not by SQL.

Number, day and signer of a decision and of the approval of a plan can be corrected, and the period
of a decision goes on; a paper gets a better signed copy. Each is voided with a reason. Only rounds
that never counted are deleted with theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archiveportal.history import guards

PREFIX = "issued_guard_"
REFUSAL = "an issued decision does not change"
PAPER_REFUSAL = "an issued paper does not change"
APPROVAL_REFUSAL = "the approval of a plan is corrected or voided, not deleted"
NEVER_COUNTED = (
    "EXISTS (SELECT 1 FROM inspections_round r WHERE r.id = {row}.round_id AND (r.is_trial OR r.status = 'in_draft'))"
)
NUMBER_ONCE: Mapping[tuple[str, ...], str] = {("number", "issued_on"): "{row}.voided_at IS NULL AND {row}.number <> ''"}
GUARDS = [
    guards.Guard(
        "inspections_decision",
        REFUSAL,
        frozen=(
            "id", "round_id", "team_id", "title", "ground", "grounds", "contents", "period_from", "period_to",
            "days_allowed", "made_by_id",
        ),
        partly_unique=NUMBER_ONCE,
        kept_when="{row}.issued_on IS NOT NULL",
        may_go_when=NEVER_COUNTED,
    ),
    guards.Guard(
        "inspections_officialpaper",
        PAPER_REFUSAL,
        frozen=(
            "id", "round_id", "kind", "decision_id", "enrolment_id", "words", "content", "number", "issued_on",
            "to_sign_id", "numbered_id", "made_by_id", "made_at",
        ),
        unique=(("to_sign_id",), ("numbered_id",), ("signed_id",)),
        partly_unique=NUMBER_ONCE,
        kept_when="{row}.state = 'issued'",
        may_go_when=NEVER_COUNTED,
    ),
    guards.Guard(
        "inspections_planapproval",
        APPROVAL_REFUSAL,
        frozen=("id", "round_id", "recorded_by_id", "recorded_at"),
        unique=(("file_id",),),
        partly_unique={("round_id",): "{row}.voided_at IS NULL"},
        kept_when="{row}.number <> ''",
        may_go_when=NEVER_COUNTED,
    ),
]  # fmt: skip


def put_up(connection: Any) -> None:
    guards.put_up(connection, PREFIX, GUARDS)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)
