"""Every write to a round and its checklists. The rest of the portal takes the services from here."""

from criteria.inspections.services.answers import (
    BLANK,
    FIELDS,
    SCORE_FIELDS,
    Change,
    DateChange,
    Saved,
    save_results,
    update_score,
    values_of,
)
from criteria.inspections.services.enrolling import enrol_wards
from criteria.inspections.services.gate import Refused
from criteria.inspections.services.minutes import open_supplement, sign_minutes
from criteria.inspections.services.readiness import what_is_missing
from criteria.inspections.services.sending import save_answer, settle_kept
from criteria.inspections.services.workflow import (
    approve_inspection,
    reopen_inspection,
    return_inspection,
    submit_inspection,
)

__all__ = [
    "BLANK",
    "FIELDS",
    "SCORE_FIELDS",
    "Change",
    "DateChange",
    "Refused",
    "Saved",
    "approve_inspection",
    "enrol_wards",
    "open_supplement",
    "reopen_inspection",
    "return_inspection",
    "save_answer",
    "save_results",
    "settle_kept",
    "sign_minutes",
    "submit_inspection",
    "update_score",
    "values_of",
    "what_is_missing",
]
