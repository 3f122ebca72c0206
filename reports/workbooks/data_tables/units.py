"""What every row about a ward begins and ends with: its round, its codes and names, its standing result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archiveportal.percent import Rounding
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from reports.results.criteria import drop_zero_decimals
from reports.results.table import Row
from reports.workbooks.data_tables.sheets import NUMBER, PERCENT, DataColumn
from reports.workbooks.form import RULES_OF_REPORTS, percent_style

UNIT_COLUMNS = [
    DataColumn("Mã đợt", 14),
    DataColumn("Mã quận, huyện", 11),
    DataColumn("Quận, huyện", 22),
    DataColumn("Mã đơn vị", 11),
    DataColumn("Xã, phường, thị trấn", 28),
]


def score_columns(inspection_round: Round) -> list[DataColumn]:
    return [
        DataColumn("Số tiêu chí đạt", 11, NUMBER),
        DataColumn("Tổng số tiêu chí", 11, NUMBER),
        DataColumn("Tỷ lệ đạt (%)", 11, percent_style(inspection_round.rounding, PERCENT)),
        DataColumn("Nguồn kết quả", 16),
    ]


APPROVED, PUBLISHED = "phiếu đã duyệt", "theo báo cáo"
WORDS_OF_SOURCE = (
    f"Nguồn kết quả: “{APPROVED}” là số tiêu chí đạt của phiếu kiểm tra đã phê duyệt, “{PUBLISHED}” là số báo cáo đã "
    "công bố; để trống là chưa có kết quả."
)


@dataclass(frozen=True)
class Codes:
    """The codes of the wards of a round and of their districts."""

    of_ward: dict[int, tuple[str, str]]
    #: the place of each district in natural order, by its key; wards without one are last
    places: dict[int | None, int]


def codes_of(viewer: Viewer, *inspection_rounds: Round) -> Codes:
    """Read the codes of all wards that take part and are in scope, in one query."""
    enrolled = Enrolment.objects.visible_to(viewer).filter(round__in=inspection_rounds).order_by()
    fields = ("ward", "ward__code", "ward__district", "ward__district__code", "ward__district__sort_key")
    of_ward: dict[int, tuple[str, str]] = {}
    keys: dict[int | None, str] = {}
    for ward, code, district, district_code, key in enrolled.values_list(*fields):
        of_ward[ward] = code, district_code or ""
        keys[district] = key or ""
    ordered = sorted(keys, key=lambda district: (district is None, keys[district]))
    return Codes(of_ward, {district: place for place, district in enumerate(ordered)})


def unit_cells(codes: Codes, inspection_round: Round, row: Row) -> list[Any]:
    code, district_code = codes.of_ward[row.ward_id]
    return [inspection_round.code, district_code, row.district, code, row.ward]


def score_cells(row: Row | None) -> list[Any]:
    if row is None or row.score is None:
        return [None, None, None, None]
    source = PUBLISHED if row.is_published else APPROVED
    return [drop_zero_decimals(row.score), drop_zero_decimals(row.maximum), row.percent, source]


def rule_of(inspection_round: Round) -> str:
    return f"Tỷ lệ đạt {RULES_OF_REPORTS[Rounding(inspection_round.rounding)]}."
