"""The criteria set of phase 1: 24 columns of which 23 count (a reading, hence "proposed"), and its three bands."""

from pathlib import Path

from django.apps import apps

from archiveportal.baseline import add_missing, add_once, rows_without_source
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record, record_all
from criteria.draft_2026 import add_draft
from criteria.models import Band, Citation, CriteriaSet, Criterion, LegalAct, Recommendation, StockNote
from criteria.scoring import gaps

DATA = Path(__file__).parent / "data"

#: identifies the set of phase 1
SET_KEY = {"code": "gd1", "version": 1}
SET = {
    "name": "Bộ tiêu chí giai đoạn 1 (23 tiêu chí)",
    "legal_basis": ("Quyết định số 3731/QĐ-UBND ngày 31 tháng 8 năm 2018 của Ủy ban nhân dân Thành phố."),
    "note": (
        "Phụ lục của Báo cáo số 5355/BC-SNV có 24 cột và không nêu danh sách 23 tiêu chí. Bộ này đề xuất đọc cột "
        "“Số lượng” (nhân sự) là số liệu, không tính điểm. Cách đọc khác (tính cột “Số lượng”, còn “Trình độ CM” "
        "là nội dung mô tả) cũng có khả năng; nếu đổi thì lập phiên bản mới của bộ tiêu chí. Báo cáo chỉ ghi tên cột: "
        "tên đầy đủ, nhóm, căn cứ pháp lý, hướng dẫn và câu mẫu của từng tiêu chí là cách diễn giải của hệ thống."
    ),
}


def load() -> CriteriaSet:
    """Load the set of phase 1, and the draft that follows it."""
    acts = _add_acts()
    criteria_set, made = add_once(CriteriaSet, SET, **SET_KEY)
    _add_stock_notes(criteria_set)
    if made:
        _fill(criteria_set, acts)
    add_draft(apps)
    return criteria_set


def _fill(criteria_set: CriteriaSet, acts: dict[str, LegalAct]) -> None:
    criteria = [_criterion(criteria_set, row) for row in rows_without_source(DATA / "criteria_23.csv")]
    Criterion.objects.bulk_create(criteria)
    _cite(criteria_set, acts)
    _add_recommendations(criteria_set)
    bands = [{**row, "upper_percent": row["upper_percent"] or None} for row in rows_without_source(DATA / "bands.csv")]
    Band.objects.bulk_create(Band(criteria_set=criteria_set, **band) for band in bands)
    faults = gaps(list(criteria_set.bands.all()))
    if faults:
        raise ValueError(f"bands do not cover every score once: {faults}")


def _add_acts() -> dict[str, LegalAct]:
    """Add the acts that are missing, and what replaced those that are new."""
    listed = list(rows_without_source(DATA / "acts.csv"))
    following = {row["number"]: row.pop("replaced_by") for row in listed}
    for row in listed:
        row |= {name: row[name] or None for name in ("in_force_from", "in_force_to")}
    acts, made = add_missing(LegalAct, listed, key="number")
    for number in made:
        if following[number]:
            LegalAct.objects.filter(pk=acts[number].pk).update(replaced_by=acts[following[number]])
    return acts


def _cite(criteria_set: CriteriaSet, acts: dict[str, LegalAct]) -> None:
    criteria = {criterion.code: criterion for criterion in criteria_set.criteria.all()}
    citations = Citation.objects.bulk_create(
        Citation(criteria_set=criteria_set, criterion=criteria[row["criterion_code"]], act=acts[row["act"]])
        for row in rows_without_source(DATA / "citations.csv")
    )
    record_all(event(about=row, by=None, via=Via.COMMAND, action=Action.CREATED) for row in citations)


def _add_stock_notes(criteria_set: CriteriaSet) -> None:
    """Only where the set has none: those that people wrote or dropped stay as they are."""
    notes = StockNote.objects.filter(set_code=criteria_set.code)
    if not notes.exists():
        unsourced = rows_without_source(DATA / "stock_notes.csv")
        made = StockNote.objects.bulk_create(StockNote(set_code=criteria_set.code, **row) for row in unsourced)
        record(about=criteria_set, by=None, via=Via.COMMAND, changes={"stock_notes": (None, len(made))})


def _add_recommendations(criteria_set: CriteriaSet) -> None:
    unsourced = rows_without_source(DATA / "recommendations.csv")
    made = Recommendation.objects.bulk_create(Recommendation(set_code=criteria_set.code, **row) for row in unsourced)
    record_all(event(about=row, by=None, via=Via.COMMAND, action=Action.CREATED) for row in made)


def _criterion(criteria_set: CriteriaSet, row: dict[str, str]) -> Criterion:
    """A column with a number is a criterion and counts; the one without is a fact."""
    number, minimum = row.pop("number") or None, row.pop("fact_minimum") or None
    return Criterion(
        kind=Criterion.Kind.MET if number else Criterion.Kind.FACT,
        criteria_set=criteria_set,
        number=number,
        fact_minimum=minimum,
        has_outcome=number is not None,
        is_counted=number is not None,
        **row,
    )
