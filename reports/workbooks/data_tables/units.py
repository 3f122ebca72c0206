"""What every row about a ward begins and ends with: its round, its codes and names, its standing result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.queries.areas import Division
from criteria.measures import Measure
from reports.results.criteria import drop_zero_decimals
from reports.results.reported import ReportedUnit
from reports.results.table import Row
from reports.workbooks.data_tables.sheets import NUMBER, PERCENT, DataColumn
from reports.workbooks.form import percent_style, rounded_by

ROUND_COLUMN = DataColumn("Mã đợt", 14)


def area_columns(divided: Division) -> list[DataColumn]:
    """Return code and name of an area; nothing where nothing divides the round."""
    if not divided:
        return []
    return [DataColumn(f"Mã {divided.noun_in_sentence}", 11), DataColumn(divided.noun_on_paper, 22)]


def unit_columns(divided: Division) -> list[DataColumn]:
    units = [DataColumn("Mã đơn vị", 11), DataColumn(divided.units_on_paper, 28)]
    return [ROUND_COLUMN, *area_columns(divided), *units]


def score_columns(inspection_round: Round, measure: Measure) -> list[DataColumn]:
    return [
        DataColumn(measure.heading, 11, NUMBER),
        DataColumn(measure.maximum_heading, 11, NUMBER),
        DataColumn("Tỷ lệ đạt (%)", 11, percent_style(inspection_round.rounding, PERCENT)),
        DataColumn("Nguồn kết quả", 16),
    ]


APPROVED, PUBLISHED = "phiếu đã duyệt", "theo báo cáo"


def words_of_source(measure: Measure, *, has_published: bool) -> str:
    """Say what the column of sources means; of reports only where one printed a score."""
    approved = f"“{APPROVED}” là {measure.heading.lower()} của phiếu kiểm tra đã phê duyệt"
    published = f", “{PUBLISHED}” là số báo cáo đã công bố" if has_published else ""
    return f"Nguồn kết quả: {approved}{published}; để trống là chưa có kết quả."


@dataclass(frozen=True)
class Codes:
    """The codes of the wards of a round and of their areas."""

    of_ward: dict[int, str]
    of_area: dict[int | None, str]
    #: the place of each area, by its key; wards in none are last
    places: dict[int | None, int]
    #: whether rows have code and name of an area
    is_divided: bool


def codes_of(viewer: Viewer, *inspection_rounds: Round, divided: Iterable[Division]) -> Codes:
    """Read the codes of all wards that take part and are in scope, in one query. `divided` are the
    divisions of the rounds."""
    enrolled = Enrolment.objects.visible_to(viewer).filter(round__in=inspection_rounds).order_by()
    of_ward = dict(enrolled.values_list("ward", "ward__code"))
    areas = list(chain.from_iterable(each.areas for each in divided))
    of_area: dict[int | None, str] = {area.pk: area.code for area in areas}
    places: dict[int | None, int] = {area.pk: place for place, area in enumerate(areas)}
    return Codes(of_ward, of_area, places | {None: len(areas)}, is_divided=bool(areas))


def unit_cells(codes: Codes, inspection_round: Round, row: Row | ReportedUnit) -> list[Any]:
    area = [codes.of_area.get(row.area_id, ""), row.area] if codes.is_divided else []
    return [inspection_round.code, *area, codes.of_ward[row.ward_id], row.ward]


def score_cells(row: Row | None) -> list[Any]:
    if row is None or row.score is None:
        return [None, None, None, None]
    source = PUBLISHED if row.is_published else APPROVED
    return [drop_zero_decimals(row.score), drop_zero_decimals(row.maximum), row.percent, source]


def rule_of(inspection_round: Round) -> str:
    return f"Tỷ lệ đạt {rounded_by(inspection_round)}."
