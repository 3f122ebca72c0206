"""The data tables of the parts of a round: its criteria, its districts, its recommendations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from archiveportal.excel import Book
from archiveportal.percent import PAGES
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import Division, division
from criteria.models import Band
from reports.results.criteria import (
    CriterionCount,
    criterion_counts,
    drop_zero_decimals,
    has_graded,
    kinds_of_answers,
)
from reports.results.districts import DistrictScore, district_scores
from reports.results.reported import reported
from reports.results.reported_criteria import reported_counts
from reports.results.table import summary
from reports.workbooks import findings, rounds
from reports.workbooks.data_tables.sheets import COUNT, DATE, NUMBER, PERCENT, DataColumn, DataTable, data_workbook
from reports.workbooks.data_tables.units import ROUND_COLUMN, area_columns, unit_columns
from reports.workbooks.form import RULES_IN_WORDS, Form, Reader

OF_REPORTS = [
    *(DataColumn(f"Số đơn vị tự báo cáo {each.lower()}", 10, COUNT) for each in rounds.BY_REPORTS),
    DataColumn("Cộng số liệu đơn vị tự báo cáo", 10, NUMBER),
]


def criteria_data(reader: Reader, inspection_round: Round) -> Book:
    """Write a row for each criterion with its counts of wards."""
    counts = criterion_counts(reader.scope, inspection_round)
    kinds, graded = kinds_of_answers(inspection_round.criteria_set, counts), has_graded(counts)
    by_report = reported_counts(reported(reader.scope, inspection_round), [count.criterion for count in counts])
    columns = [
        ROUND_COLUMN,
        DataColumn("Mã tiêu chí", 11),
        DataColumn("Số tiêu chí", 8, COUNT),
        DataColumn("Nhóm", 34),
        DataColumn("Tiêu chí", 60),
        DataColumn("Số đơn vị trong đợt", 10, COUNT),
        *(DataColumn(f"Số đơn vị {kind.in_sentence}", 10, COUNT) for kind in kinds),
        DataColumn("Số đơn vị đã đánh giá", 10, COUNT),
        DataColumn("Số đơn vị áp dụng", 10, COUNT),
        DataColumn("Tỷ lệ đạt (%)", 10, PERCENT),
        *([DataColumn("Bình quân điểm", 10, PERCENT), DataColumn("Điểm tối đa", 10, NUMBER)] if graded else []),
        DataColumn("Số đơn vị có số liệu", 10, COUNT),
        DataColumn("Cộng số liệu", 10, NUMBER),
        *(OF_REPORTS if by_report else []),
    ]

    def cells(count: CriterionCount) -> list[Any]:
        criterion, has_outcome = count.criterion, count.criterion.has_outcome
        answers = [*map(count.count_of, kinds), count.assessed, count.applicable, count.percent]
        if graded:
            answers += [count.average_points, drop_zero_decimals(criterion.points)]
        return [
            *(inspection_round.code, criterion.code, criterion.number_in_tables, criterion.group, criterion.name),
            count.enrolled,
            *(answers if has_outcome else [None] * len(answers)),
            *((None, None) if has_outcome else (count.facts, count.fact_sum)),
            *([*by_report[criterion.pk].cells, by_report[criterion.pk].fact_sum] if by_report else []),
        ]

    derived = [
        "Đếm phiếu kiểm tra đã phê duyệt; đơn vị còn lại là chưa đánh giá, không tính là chưa đạt.",
        f"Tỷ lệ đạt = đạt / áp dụng (đạt + chưa đạt), {RULES_IN_WORDS[PAGES]}.",
        *([rounds.AVERAGE_POINTS] if graded else []),
        *([rounds.REPORTED_ANSWERS] if by_report else []),
    ]
    form = Form(reader, rounds.CRITERIA, round=inspection_round)
    return data_workbook(form, [DataTable(columns, map(cells, counts), derived=derived)])


def districts_data(reader: Reader, inspection_round: Round, *, ranked: bool = False) -> Book:
    """Write a row for each district with its counts of wards; a ranking is one more column."""
    bands: list[Band] = list(inspection_round.criteria_set.bands.all())
    divided = division(reader.scope, inspection_round)
    table = summary(reader.scope, inspection_round)
    columns = [
        ROUND_COLUMN,
        *area_columns(divided),
        *([DataColumn("Hạng", 7, COUNT)] if ranked else []),
        DataColumn("Tổng số đơn vị", 10, COUNT),
        DataColumn("Số đơn vị trong đợt", 10, COUNT),
        DataColumn("Số đơn vị có kết quả", 10, COUNT),
        DataColumn(f"Cộng {table.measure.heading.lower()}", 10, NUMBER),
        DataColumn(table.measure.average_heading, 10, PERCENT),
        *(DataColumn(f"Số đơn vị: {band.label}", 16, COUNT) for band in bands),
    ]

    def cells(place: int | None, score: DistrictScore) -> list[Any]:
        district = score.district
        names = [district.code, district.title] if district else [None, divided.rest_on_paper]
        return [
            inspection_round.code,
            *(names if divided else []),
            *([place] if ranked else []),
            *(score.ward_count, score.enrolled, score.scored, drop_zero_decimals(score.points), score.average),
            *(score.by_band[band.pk] for band in bands),
        ]

    scores = district_scores(reader.scope, inspection_round)
    placed = rounds.ranked_districts(scores) if ranked else [(None, score) for score in scores]
    rows = (cells(place, score) for place, score in placed)
    form = Form(reader, rounds.title_of_areas(divided, ranked=ranked), round=inspection_round)
    derived = [rounds.standing_in(table), rounds.NO_SCORE]
    return data_workbook(form, [DataTable(columns, rows, derived=derived)])


FINDING_COLUMNS = [
    DataColumn("Mã tiêu chí", 11),
    DataColumn("Số tiêu chí", 8, COUNT),
    DataColumn("Tiêu chí", 50),
    DataColumn("Kiến nghị", 76),
    DataColumn("Ngày công bố", 12, DATE),
    DataColumn("Thời hạn khắc phục", 12, DATE),
    DataColumn("Tình trạng", 26),
    DataColumn("Ngày khắc phục xong", 12, DATE),
    DataColumn("Số ngày quá hạn", 9, COUNT),
]
FIELDS = [*findings.FIELDS, "criterion__code", f"{findings.WARD}__code"]


def findings_data(reader: Reader, inspection_round: Round) -> Book:
    """Write a row for each recommendation. One query."""
    form = Form(reader, findings.TITLE, round=inspection_round)
    divided = division(reader.scope, inspection_round)
    rows = _findings(reader, inspection_round, divided)
    columns = [*unit_columns(divided), *FINDING_COLUMNS]
    return data_workbook(form, [DataTable(columns, rows, derived=list(findings.DERIVED))])


def _area_cells(divided: Division, key: int | None) -> list[Any]:
    """Return code and name of an area; nothing where nothing divides the round."""
    if not divided:
        return []
    return [divided.by_key[key].code if key else None, findings.area_title(divided, key)]


def _findings(reader: Reader, inspection_round: Round, divided: Division) -> Iterator[list[Any]]:
    today = timezone.localdate()
    rows = findings.listed_findings(reader, inspection_round, divided).values_list(*FIELDS).iterator(chunk_size=5000)
    for row in rows:
        key, kind, name, *finding, criterion_code, ward_code = row
        codes = _area_cells(divided, key)
        number, criterion, text, due_on, status, published_at, closed_at = finding
        yield [
            *(inspection_round.code, *codes),
            *(ward_code, f"{findings.KINDS[kind]} {name}"),
            *(criterion_code, number, criterion, text),
            timezone.localdate(published_at) if published_at else None,
            due_on,
            findings.WORDS[status] if published_at else findings.NOT_PUBLISHED,
            timezone.localdate(closed_at) if closed_at else None,
            findings.days_late(published_at=published_at, status=status, due_on=due_on, today=today),
        ]
