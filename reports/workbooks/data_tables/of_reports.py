"""Accepted reports of units that no team visited, as tables of their own beside those of verified results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from criteria.inspections.models import Round, SelfAnswer, SelfAssessment
from reports.results.criteria import drop_zero_decimals
from reports.results.reported import APART, MARK, Reported, ReportedUnit, reported
from reports.results.table import CHUNK, Summary
from reports.workbooks.data_tables.answers import ANSWER_COLUMNS, names_of, words_of
from reports.workbooks.data_tables.sheets import COUNT, NUMBER, PERCENT, DataColumn, DataTable
from reports.workbooks.data_tables.units import codes_of, unit_cells, unit_columns
from reports.workbooks.form import Reader, percent_style

UNITS, ANSWERS = "Đơn vị tự báo cáo", "Tiêu chí tự báo cáo"
SOURCE = DataColumn("Nguồn kết quả", 18)


def units_that_report(reader: Reader, table: Summary) -> list[DataTable]:
    """Return a table of the units with the score of their own report; none where no report was accepted."""
    own = _reported(reader, table)
    if not own:
        return []
    codes = codes_of(reader.scope, table.round, divided=[table.divided])
    columns = [
        *unit_columns(table.divided),
        DataColumn("STT trong đợt", 9, COUNT),
        DataColumn(table.measure.heading, 11, NUMBER),
        DataColumn(table.measure.maximum_heading, 11, NUMBER),
        DataColumn("Tỷ lệ (%)", 11, percent_style(table.round.rounding, PERCENT)),
        DataColumn("Mức", 24),
        SOURCE,
    ]
    rows = ([*unit_cells(codes, table.round, unit), *_score_cells(unit)] for unit in own.rows())
    return [DataTable(columns, rows, sheet=UNITS, derived=[APART])]


def _score_cells(unit: ReportedUnit) -> list[Any]:
    score, maximum = drop_zero_decimals(unit.score), drop_zero_decimals(unit.maximum)
    return [unit.position, score, maximum, unit.percent, unit.band.label if unit.band else None, MARK]


def answers_of_reports(reader: Reader, table: Summary) -> list[DataTable]:
    """Return a table of their answers, of the reports that the person may read one by one; none where there are none.

    Who reads only results of units finds the sums in the tables by criterion.
    """
    read = SelfAssessment.objects.visible_to(reader.scope).filter(pk__in=_accepted(reader, table.round))
    if not read.exists():
        return []
    codes = codes_of(reader.scope, table.round, divided=[table.divided])
    units = {unit.pk: unit_cells(codes, table.round, unit) for unit in _reported(reader, table).rows()}
    columns = [*unit_columns(table.divided), *ANSWER_COLUMNS, SOURCE]
    return [DataTable(columns, _answers(table, read, units), sheet=ANSWERS, derived=[APART])]


def _reported(reader: Reader, table: Summary) -> Reported:
    return reported(reader.scope, table.round, divided=table.divided, is_listed=True)


def _accepted(reader: Reader, inspection_round: Round) -> Any:
    return SelfAssessment.objects.accepted_for(reader.scope).filter(enrolment__round=inspection_round).values("pk")


def _answers(table: Summary, read: Any, units: dict[int, list[Any]]) -> Iterator[list[Any]]:
    criteria = {each.pk: each for each in table.columns}
    rows = SelfAnswer.objects.filter(assessment__in=read.order_by().values("pk"), criterion__in=criteria)
    fields = ("assessment__enrolment", "criterion", "outcome", "number", "text")
    rows = rows.order_by("assessment__enrolment__position", "criterion__position")
    for unit, key, outcome, number, text in rows.values_list(*fields).iterator(chunk_size=CHUNK):
        criterion = criteria[key]
        given = [*names_of(criterion), *words_of(criterion, outcome), drop_zero_decimals(number), text or None]
        yield [*units[unit], *given, MARK]
