"""The criteria set of phase 1: 24 columns of which 23 count (a reading, hence "proposed"), and its three bands."""

from pathlib import Path

from archiveportal.baseline import add_once, rows_without_source
from archiveportal.history.models import Via
from archiveportal.history.services import record
from criteria.models import Band, CriteriaSet, Criterion, StockNote
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
    criteria_set, made = add_once(CriteriaSet, SET, **SET_KEY)
    _add_stock_notes(criteria_set)
    if not made:
        return criteria_set
    criteria = [_criterion(criteria_set, row) for row in rows_without_source(DATA / "criteria_23.csv")]
    Criterion.objects.bulk_create(criteria)
    bands = [{**row, "upper_percent": row["upper_percent"] or None} for row in rows_without_source(DATA / "bands.csv")]
    Band.objects.bulk_create(Band(criteria_set=criteria_set, **band) for band in bands)
    faults = gaps(list(criteria_set.bands.all()))
    if faults:
        raise ValueError(f"bands do not cover every score once: {faults}")
    return criteria_set


def _add_stock_notes(criteria_set: CriteriaSet) -> None:
    """Only where the set has none: those that people wrote or dropped stay as they are."""
    notes = StockNote.objects.filter(set_code=criteria_set.code)
    if not notes.exists():
        unsourced = rows_without_source(DATA / "stock_notes.csv")
        made = StockNote.objects.bulk_create(StockNote(set_code=criteria_set.code, **row) for row in unsourced)
        record(about=criteria_set, by=None, via=Via.COMMAND, changes={"stock_notes": (None, len(made))})


def _criterion(criteria_set: CriteriaSet, row: dict[str, str]) -> Criterion:
    """A column with a number is a criterion and counts; the one without is a fact."""
    number, minimum = row.pop("number") or None, row.pop("fact_minimum") or None
    return Criterion(
        criteria_set=criteria_set,
        number=number,
        fact_minimum=minimum,
        has_outcome=number is not None,
        is_counted=number is not None,
        **row,
    )
