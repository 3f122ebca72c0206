"""The round of phase 1 with its 26 published scores, and the cells of phường Tân Quý, which 23/23 implies."""

import datetime
from typing import Any

from django.utils import timezone

from archiveportal.baseline import add_once, rows
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record, record_all
from archiveportal.percent import Rounding
from criteria import baseline as criteria_baseline
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.inspections.services import SCORE_FIELDS, enrol_wards, update_score
from criteria.models import CriteriaSet
from criteria.outcomes import MET
from wards.models import Ward

ROUND_CODE = "gd1-2019"
TAN_QUY = "27019"

ROUND = {
    "name": "Giai đoạn 1 (11/2018 - 10/2019)",
    "starts_on": datetime.date(2018, 11, 1),
    "ends_on": datetime.date(2019, 10, 31),
    "legal_basis": "Quyết định số 3731/QĐ-UBND ngày 31 tháng 8 năm 2018 của Ủy ban nhân dân Thành phố",
    "report_number": "5355/BC-SNV",
    "reported_on": datetime.date(2019, 12, 30),
    "funding": 19_200_000_000,
    "rounding": Rounding.WHOLE,
    # Opened by one button for whoever enters the paper checklists.
    "status": Round.Status.CLOSED,
    "is_baseline": True,
}


def load() -> None:
    criteria_set: CriteriaSet = criteria_baseline.load()
    inspection_round, _ = add_once(Round, {**ROUND, "criteria_set": criteria_set}, code=ROUND_CODE)
    published = {row["ward_code"]: row for row in rows(criteria_baseline.DATA / "published_scores.csv")}
    wards = {ward.reported("code"): ward for ward in Ward.objects.filter(is_baseline=True)}
    enrolled = set(inspection_round.enrolments.values_list("ward", flat=True))
    missing = {wards[code].pk: row for code, row in published.items() if wards[code].pk not in enrolled}
    in_order = [wards[row["ward_code"]] for row in missing.values()]
    values = {pk: _published(row) for pk, row in missing.items()}
    for enrolment in enrol_wards(
        inspection_round=inspection_round, wards=in_order, by=None, via=Via.COMMAND, published=values
    ):
        if enrolment.ward.reported("code") == TAN_QUY:
            _approve_all_met(enrolment)


def _published(row: dict[str, str]) -> dict[str, Any]:
    return {
        "position": int(row["position"]),
        "published_score": row["score"],
        "published_maximum": 23,
        "published_personnel": row["personnel_as_scanned"],
        "is_baseline": True,
    }


def _approve_all_met(enrolment: Enrolment) -> None:
    """23 of 23 leaves no choice for a cell; the report itself is the approval."""
    inspection, now = enrolment.inspection, timezone.now()
    criteria = enrolment.round.criteria_set.criteria.filter(is_counted=True)
    results = {
        criterion.pk: Result(inspection=inspection, criterion=criterion, outcome=MET, changed_at=now)
        for criterion in criteria
    }
    Result.objects.bulk_create(results.values())
    update_score(inspection, results, criteria)
    inspection.status, inspection.version, inspection.approved_at = Inspection.Status.APPROVED, 1, now
    inspection.save(update_fields=[*SCORE_FIELDS, "status", "version", "approved_at"])
    source = {"by": None, "via": Via.COMMAND, "reason": "Báo cáo số 5355/BC-SNV: hoàn thành 23/23 tiêu chí"}
    record_all(
        event(about=inspection, name=str(result.criterion), changes={"outcome": ("", result.outcome)}, **source)
        for result in results.values()
    )
    changes = {"status": (Inspection.Status.DRAFT, inspection.status)}
    record(about=inspection, action=Action.APPROVED, changes=changes, **source)
