"""Every write to a round and its checklists. The rest of the portal takes the services from here."""

from criteria.inspections.services.answers import DateChange, SavedAnswers, save_results
from criteria.inspections.services.copying import copy_round
from criteria.inspections.services.deleting import delete_round
from criteria.inspections.services.documents import add_document, correct_document, void_document
from criteria.inspections.services.enrolling import add_wards, enrol_wards, remove_ward
from criteria.inspections.services.minutes import keep_scans, open_supplement, save_minutes, sign_minutes
from criteria.inspections.services.preparing import start_round
from criteria.inspections.services.readiness import what_is_missing
from criteria.inspections.services.round_funding import set_round_funding
from criteria.inspections.services.rounds import (
    close_round,
    end_ward_reopening,
    open_round,
    reopen_round,
    reopen_ward,
    update_round,
)
from criteria.inspections.services.scores import SCORE_FIELDS, score_of, update_score
from criteria.inspections.services.sending import save_answer, settle_kept
from criteria.inspections.services.special_cases import extend_deadline, note_overlap
from criteria.inspections.services.teams import assign_wards, remove_team, save_team
from criteria.inspections.services.values import BLANK, FIELDS, Change, values_of
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
    "SavedAnswers",
    "add_document",
    "add_wards",
    "approve_inspection",
    "assign_wards",
    "close_round",
    "copy_round",
    "correct_document",
    "delete_round",
    "end_ward_reopening",
    "enrol_wards",
    "extend_deadline",
    "keep_scans",
    "note_overlap",
    "open_round",
    "open_supplement",
    "remove_team",
    "remove_ward",
    "reopen_inspection",
    "reopen_round",
    "reopen_ward",
    "return_inspection",
    "save_answer",
    "save_minutes",
    "save_results",
    "save_team",
    "score_of",
    "set_round_funding",
    "settle_kept",
    "sign_minutes",
    "start_round",
    "submit_inspection",
    "update_round",
    "update_score",
    "values_of",
    "void_document",
    "what_is_missing",
]
