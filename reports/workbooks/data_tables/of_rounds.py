"""The data tables of a round by ward: its answers, its band, its result in two rounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from archiveportal.excel import Book
from criteria.given import given_in_documents
from criteria.inspections.models import Result, Round
from criteria.models import Criterion
from criteria.outcomes import OPEN, OUTCOMES, kinds_of
from criteria.scoring import Rules, points_of, rules_of
from reports.results.apart import RULE
from reports.results.comparison import ComparedCriterion, ComparedWard, compare
from reports.results.criteria import drop_zero_decimals
from reports.results.headings import leaf_heading
from reports.results.table import CHUNK, Row, Summary, summary
from reports.workbooks import comparison, rounds
from reports.workbooks import summary as summary_form
from reports.workbooks.data_tables.answers import ANSWER_COLUMNS, names_of, words_of
from reports.workbooks.data_tables.of_reports import answers_of_reports, units_that_report
from reports.workbooks.data_tables.sheets import (
    COUNT,
    NUMBER,
    PERCENT,
    TEXT,
    DataColumn,
    DataTable,
    data_workbook,
    yes_or_no,
)
from reports.workbooks.data_tables.units import (
    Codes,
    codes_of,
    rule_of,
    score_cells,
    score_columns,
    unit_cells,
    unit_columns,
    words_of_source,
)
from reports.workbooks.form import Form, Reader

IS_APPROVED = DataColumn("Phiếu đã phê duyệt", 11)
DRAFTS = "Câu trả lời của phiếu chưa phê duyệt không tính vào số liệu nào của báo cáo."
MARKS = {code: outcome.mark for code, outcome in OUTCOMES.items()}


def _words_of_marks(table: Summary) -> str:
    kinds = kinds_of(table.round.criteria_set, table.columns)
    return "; ".join(f"{each.mark}: {each.in_sentence}" for each in kinds if each.mark is not None)


def summary_data(reader: Reader, inspection_round: Round, *, by_district: bool = False) -> Book:
    """Write a row for each ward with its answers, district by district if asked for."""
    table = summary(reader.scope, inspection_round)
    codes = codes_of(reader.scope, inspection_round, divided=[table.divided])
    personnel = [DataColumn(summary_form.PERSONNEL_HEADING, 34)] if table.has_personnel else []
    columns = [
        *unit_columns(table.divided),
        DataColumn("STT trong đợt", 9, COUNT),
        *map(_answer_column, table.columns),
        *(DataColumn(each.heading, 11, NUMBER) for each in table.apart),
        *score_columns(inspection_round, table.measure),
        DataColumn("Số báo cáo đã công bố", 11, NUMBER),
        IS_APPROVED,
        *personnel,
    ]
    rows: Iterable[Row] = table.rows()
    if by_district:
        rows = sorted(rows, key=lambda row: (codes.places[row.area_id], row.position))
    written = (
        [
            *unit_cells(codes, inspection_round, row),
            row.position,
            *_answers(table, row),
            *(drop_zero_decimals(each.value_of(row)) for each in table.apart),
            *score_cells(row),
            drop_zero_decimals(row.published_score),
            yes_or_no(row.is_approved),
            *([row.personnel] if personnel else []),
        ]
        for row in rows
    )
    derived = [
        f"{_words_of_marks(table)}; ô trống: chưa đánh giá.",
        *([summary_form.POINTS_IN_CELLS] if table.has_graded else []),
        *([RULE] if table.apart else []),
        source_in(table),
        DRAFTS,
        rule_of(inspection_round),
    ]
    form = Form(reader, summary_form.title_of(table.divided), round=inspection_round)
    return data_workbook(form, [DataTable(columns, written, derived=derived), *units_that_report(reader, table)])


def source_in(table: Summary) -> str:
    return words_of_source(table.measure, has_published=table.scores.with_published > 0)


def _answer_column(criterion: Criterion) -> DataColumn:
    unit = "" if criterion.has_outcome or not criterion.fact_unit else f" ({criterion.fact_unit})"
    return DataColumn(f"{criterion.code} {leaf_heading(criterion)}{unit}", 9, NUMBER)


def _answers(table: Summary, row: Row) -> Iterator[Any]:
    for place, (criterion, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        if place in row.earned:
            yield row.earned[place]
        else:
            yield MARKS[cell] if criterion.has_outcome else cell


#: where a set has choices, parts, ratios, measures or days
GIVEN_COLUMNS = [DataColumn("Giá trị đã ghi", 30), DataColumn("Điểm", 8, NUMBER)]
RESULTS = "KẾT QUẢ TỪNG TIÊU CHÍ CỦA TỪNG ĐƠN VỊ"
FROM_CHECKLISTS = (
    "Mỗi dòng là một tiêu chí của một đơn vị, theo phiếu kiểm tra; kết quả chỉ do báo cáo công bố không có câu trả lời."
)


def results_long(reader: Reader, inspection_round: Round) -> Book:
    """Write a row for each ward and criterion, blank where it is not assessed: for pivot tables."""
    form = Form(reader, RESULTS, round=inspection_round)
    table = summary(reader.scope, inspection_round)
    further = GIVEN_COLUMNS if _has_values(table) else []
    columns = [*unit_columns(table.divided), *ANSWER_COLUMNS, *further, IS_APPROVED]
    rows = _results(reader, table)
    verified = DataTable(columns, rows, derived=[FROM_CHECKLISTS, DRAFTS])
    return data_workbook(form, [verified, *answers_of_reports(reader, table)])


def _has_values(table: Summary) -> bool:
    """Whether answers to some criterion are more than met or not."""
    return any(criterion.is_derived for criterion in table.columns)


def _results(reader: Reader, table: Summary) -> Iterator[list[Any]]:
    """Yield ward after ward; both queries come by position and are read side by side."""
    inspection_round = table.round
    codes = codes_of(reader.scope, inspection_round, divided=[table.divided])
    criteria = [(each, names_of(each)) for each in table.columns]
    has_values, rules = _has_values(table), rules_of(inspection_round.criteria_set)
    answers = groupby(_answers_by_position(reader, inspection_round), key=itemgetter(0))
    position, found = next(answers, NO_MORE)
    for row in table.standings():
        while position < row.position:
            position, found = next(answers, NO_MORE)
        given = {answer[1]: answer[2:] for answer in found} if position == row.position else {}
        unit, approved = unit_cells(codes, inspection_round, row), yes_or_no(row.is_approved)
        for criterion, names in criteria:
            answer = given.get(criterion.pk, NO_ANSWER)
            outcome, number, text, *_values = answer
            words = words_of(criterion, outcome)
            further = _given(criterion, answer, rules) if has_values else []
            yield [*unit, *names, *words, drop_zero_decimals(number), text or None, *further, approved]


def _given(criterion: Criterion, answer: Sequence[Any], rules: Rules) -> list[Any]:
    """Return what was given in words, blank where a criterion is met or not, and the points of the answer."""
    outcome, number, _text, *values = answer
    named = dict(zip(VALUES, values, strict=True))
    is_scored = criterion.is_counted and outcome != OPEN
    points = points_of(criterion, OUTCOMES[outcome], named["earned"], rules=rules) if is_scored else None
    # The points have a column of their own.
    words = given_in_documents(criterion, named | {"number": number, "earned": None})
    return [words or None, points]


VALUES = ("option", "of_number", "day", "earned")
NO_ANSWER = (OPEN, None, "", *[None] * len(VALUES))
NO_MORE: tuple[float, Iterable[tuple]] = (float("inf"), ())


def _answers_by_position(reader: Reader, inspection_round: Round) -> Iterator[tuple]:
    of_round = Result.objects.visible_to(reader.scope).filter(inspection__enrolment__round=inspection_round)
    fields = ("inspection__enrolment__position", "criterion_id", "outcome", "number", "text", *VALUES)
    return of_round.order_by("inspection__enrolment__position").values_list(*fields).iterator(chunk_size=CHUNK)


def bands_data(reader: Reader, inspection_round: Round) -> Book:
    """Write a row for each ward with its band; blank where it has no result."""
    table = summary(reader.scope, inspection_round)
    codes = codes_of(reader.scope, inspection_round, divided=[table.divided])
    places = {band.pk: place for place, band in enumerate(table.bands, start=1)}
    columns = [
        *unit_columns(table.divided),
        *score_columns(inspection_round, table.measure),
        DataColumn("Thứ tự mức", 8, COUNT),
        DataColumn("Mức hoàn thành", 40),
    ]
    rows = (
        [
            *unit_cells(codes, inspection_round, row),
            *score_cells(row),
            *([places[row.band.pk], row.band.label] if row.band else [None, None]),
        ]
        for row in table.standings()
    )
    derived = [source_in(table), rounds.NO_SCORE, rule_of(inspection_round)]
    form = Form(reader, rounds.BANDS, round=inspection_round)
    return data_workbook(form, [DataTable(columns, rows, derived=derived)])


def _of(side: str, columns: list[DataColumn]) -> list[DataColumn]:
    return [DataColumn(f"{side}: {each.heading}", each.width, each.style) for each in columns]


CODES_OF_ROUNDS = [DataColumn("Mã đợt trước", 14), DataColumn("Mã đợt sau", 14)]
ONE_COUNT = [
    DataColumn("số đơn vị đạt", 10, COUNT),
    DataColumn("số đơn vị áp dụng", 10, COUNT),
    DataColumn("tỷ lệ đạt (%)", 10, PERCENT),
]
COMPARED_CRITERION_COLUMNS = [
    *CODES_OF_ROUNDS,
    DataColumn("Mã tiêu chí", 11),
    DataColumn("Tiêu chí", 60, TEXT),
    *_of("Đợt trước", ONE_COUNT),
    *_of("Đợt sau", ONE_COUNT),
    DataColumn("Số đơn vị áp dụng ở cả hai đợt", 12, COUNT),
    DataColumn("Trong đó đạt ở đợt trước", 10, COUNT),
    DataColumn("Trong đó đạt ở đợt sau", 10, COUNT),
    DataColumn("Tăng, giảm (điểm %)", 10, PERCENT),
]
AVERAGES_OF_BOTH = [
    DataColumn("Đợt trước: bình quân điểm", 10, PERCENT),
    DataColumn("Đợt sau: bình quân điểm", 10, PERCENT),
    DataColumn("Tăng, giảm bình quân điểm", 10, PERCENT),
]


def comparison_data(reader: Reader, inspection_round: Round, other: Round) -> Book:
    """Write a row for each ward of either round, and on a second sheet one for each criterion of both."""
    found = compare(reader.scope, inspection_round, other)
    codes = codes_of(reader.scope, found.earlier, found.later, divided=found.divisions)
    rounds_in_order = [found.earlier.code, found.later.code]
    wards = ([*rounds_in_order, *_compared_ward(codes, found.later, ward)] for ward in found.wards)
    graded = found.has_graded
    criteria = ([*rounds_in_order, *_compared_criterion(each, graded=graded)] for each in found.criteria)
    change = f"Tăng, giảm số {found.measure.noun}" if found.measure else "Tăng, giảm kết quả"
    sources = [words_of_source(each, has_published=found.has_published) for each in found.measures]
    columns = [
        *CODES_OF_ROUNDS,
        *unit_columns(found.divided)[1:],
        *_of("Đợt trước", score_columns(found.earlier, found.measures[0])),
        *_of("Đợt sau", score_columns(found.later, found.measures[1])),
        DataColumn(change, 11, NUMBER),
    ]
    tables = [DataTable(columns, wards, derived=[*dict.fromkeys(sources), rule_of(found.later)])]
    if found.criteria:
        of_criteria = [*COMPARED_CRITERION_COLUMNS, *(AVERAGES_OF_BOTH if graded else [])]
        tables.append(DataTable(of_criteria, criteria, sheet="Bảng dữ liệu tiêu chí"))
    return data_workbook(Form(reader, comparison.TITLE, round=found.later), tables)


def _compared_ward(codes: Codes, later: Round, ward: ComparedWard) -> list[Any]:
    unit = unit_cells(codes, later, ward.row)[1:]
    return [*unit, *score_cells(ward.before), *score_cells(ward.after), drop_zero_decimals(ward.difference)]


def _compared_criterion(compared: ComparedCriterion, *, graded: bool) -> list[Any]:
    before, after = compared.before, compared.after
    averages = [before.average_points, after.average_points, compared.points_difference] if graded else []
    return [
        after.criterion.code,
        after.criterion.name,
        *(before.met, before.applicable, before.percent),
        *(after.met, after.applicable, after.percent),
        *(compared.both, compared.met_before, compared.met_after, compared.difference),
        *averages,
    ]
