"""The workbooks of one round beside the summary table: bands, criteria, districts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import chain, groupby
from typing import Any

from archiveportal import excel
from archiveportal.excel import Book, Sheet
from archiveportal.percent import PAGES, mean, percent_of
from archiveportal.roman import roman
from archiveportal.vietnamese import number
from criteria.inspections.models import Round
from criteria.inspections.queries.areas import Division, division
from criteria.leaves import number_of_group
from criteria.measures import Measure
from criteria.models import Band
from criteria.outcomes import MET, NOT_MET, OUTCOMES, Outcome, answered_first, kinds_of
from reports.results.bars import bar_reasons
from reports.results.criteria import criterion_counts, drop_zero_decimals, has_graded
from reports.results.districts import DistrictScore, district_scores
from reports.results.reported import APART, MARK, Reported, ReportedUnit, heading, reported
from reports.results.reported_criteria import reported_counts
from reports.results.rows import approved_count
from reports.results.table import Row, Summary, summary
from reports.workbooks.form import (
    RULES_IN_WORDS,
    SECTION,
    WHOLE_PERCENT,
    Form,
    Reader,
    SheetColumn,
    decimal_style,
    percent_style,
    rounded_by,
    write_section,
)

NO_SCORE = "Đơn vị chưa có kết quả không thuộc mức nào và không tính vào tỷ lệ, bình quân."
ROUNDED = "Tỷ lệ {} nên tổng các tỷ lệ có thể khác 100."

BANDS = "TỔNG HỢP THEO MỨC HOÀN THÀNH TIÊU CHÍ"
BAND_COLUMNS = [
    SheetColumn("STT", 6, excel.CENTRED),
    SheetColumn("Mức hoàn thành", 40),
    SheetColumn("Số đơn vị", 21, excel.COUNT),
    SheetColumn("Tỷ lệ (%)", 20, WHOLE_PERCENT),
]


def words_of_standing(measure: Measure, *, has_published: bool) -> str:
    """Say what the results of a table are; of reports only where one printed a score."""
    published = "; nếu chưa có thì là số báo cáo đã công bố (ghi “theo báo cáo”)" if has_published else ""
    return f"Kết quả là {measure.heading.lower()} đã phê duyệt{published}."


def standing_in(table: Summary) -> str:
    return words_of_standing(table.measure, has_published=table.scores.with_published > 0)


def ward_columns(divided: Division, measure: Measure) -> list[SheetColumn]:
    return [
        SheetColumn("STT", 6, excel.CENTRED),
        SheetColumn(divided.units_heading, 24),
        *([SheetColumn(divided.column_heading, 18)] if divided else []),
        SheetColumn(measure.heading, 10, excel.COUNT),
        SheetColumn(measure.maximum_heading, 10, excel.COUNT),
        SheetColumn("Tỷ lệ (%)", 8, WHOLE_PERCENT),
        SheetColumn("Ghi chú", 14),
    ]


def bands_workbook(reader: Reader, inspection_round: Round) -> Book:
    """Write how many wards are in each band, and which, a section for each band."""
    rounded = ROUNDED.format(rounded_by(inspection_round))
    table = summary(reader.scope, inspection_round)
    derived = [standing_in(table), NO_SCORE, rounded]
    form = Form(reader, BANDS, round=inspection_round, derived=derived)
    by_band: dict[int | None, list[Row]] = {}
    for row in table.standings():
        by_band.setdefault(row.band.pk if row.band else None, []).append(row)
        form.records += 1
    counts = [(band, len(by_band.get(band.pk, []))) for band in table.bands]
    own = reported(reader.scope, inspection_round, divided=table.divided, is_listed=True)
    _band_counts(form, counts, len(by_band.get(None, [])), own=own)
    sheet = form.table(
        "Danh sách", ward_columns(table.divided, table.measure), form.heading(inspection_round.name.upper())
    )
    sections = [(band.label, by_band.get(band.pk, [])) for band in table.bands]
    for place, (label, rows) in enumerate([*sections, ("Chưa có kết quả", by_band.get(None, []))], start=1):
        if rows:
            write_section(sheet, place, f"{label}: {number(len(rows))} đơn vị")
            style = percent_style(inspection_round.rounding, WHOLE_PERCENT)
            _ward_rows(sheet, rows, style, is_divided=bool(table.divided))
    _reported_rows(form, sheet, own)
    reasons = bar_reasons(reader.scope, inspection_round)
    if reasons:
        form.derived.append("Có tiêu chí điểm liệt: mức của đơn vị không cao hơn mức mà câu trả lời đó cho phép.")
        _held_down(sheet, chain.from_iterable(by_band.values()), reasons)
    if not form.records:
        form.nothing(sheet)
    form.sign(sheet)
    bars = [(band.label, count) for band, count in counts]
    form.chart("Số đơn vị theo mức hoàn thành", bars, label="Mức hoàn thành", unit="Số đơn vị")
    return form.finish()


def _reported_rows(form: Form, sheet: Sheet, own: Reported) -> None:
    """List the units by their own reports, by band, under a heading of their own."""
    if not own:
        return
    form.derived.append(APART)
    across, is_divided = len(sheet.widths), bool(own.divided)
    sheet.blocks((f"{heading()}: {number(own.total.units)} đơn vị", SECTION, 1, across))
    sheet.keep_with_next()
    style = percent_style(own.round.rounding, WHOLE_PERCENT)
    by_band: dict[int | None, list[ReportedUnit]] = {}
    for row in own.rows():
        by_band.setdefault(row.band.pk if row.band else None, []).append(row)
    sections = [(place, band.label, by_band.get(band.pk, [])) for place, band in enumerate(own.bands, start=1)]
    for place, label, rows in sections:
        if rows:
            write_section(sheet, place, f"{label}: {number(len(rows))} {MARK}")
        for place_in_list, row in enumerate(rows, start=1):
            area = [row.area] if is_divided else []
            values = [place_in_list, row.ward, *area, row.score, row.maximum, row.percent, MARK]
            own_styles = [decimal_style(row.score), decimal_style(row.maximum), style, excel.TEXT_ITALIC]
            styles = [excel.CENTRED, *[excel.TEXT] * (1 + is_divided), *own_styles]
            sheet.fit([sheet.cell(value, of_cell) for value, of_cell in zip(values, styles, strict=True)])


def _band_counts(form: Form, counts: list[tuple[Band, int]], unscored: int, *, own: Reported) -> None:
    inspection_round = form.required_round
    sheet = form.table("Mức hoàn thành", BAND_COLUMNS, form.heading(inspection_round.name.upper()))
    scored, rounding = sum(count for _, count in counts), inspection_round.rounding
    for place, (band, count) in enumerate(counts, start=1):
        share = percent_of(count, scored, rounding)
        styles = [column.style for column in BAND_COLUMNS[:-1]]
        values = [roman(place), band.label, count]
        cells = [sheet.cell(*cell) for cell in zip(values, styles, strict=True)]
        sheet.fit([*cells, sheet.cell(share, percent_style(rounding, WHOLE_PERCENT))])
    _total(sheet, "Cộng (đơn vị có kết quả)", scored)
    _row(sheet, BAND_COLUMNS, [None, "Chưa có kết quả", unscored, None])
    _total(sheet, "Tổng số đơn vị", scored + unscored)
    if own:
        sheet.blocks((f"{heading()}, không tính vào các dòng trên", SECTION, 1, len(BAND_COLUMNS)))
        for place, (band, count) in enumerate(own.by_band, start=1):
            share = percent_of(count, own.total.units, rounding)
            styles = [*[column.style for column in BAND_COLUMNS[:-1]], percent_style(rounding, WHOLE_PERCENT)]
            values = [roman(place), band.label, count, share]
            sheet.fit([sheet.cell(*cell) for cell in zip(values, styles, strict=True)])
        _total(sheet, "Cộng (đơn vị tự báo cáo đã chấp nhận)", own.total.units)
    form.sign(sheet)


def _total(sheet: Sheet, label: str, count: int) -> None:
    values = [(None, SECTION), (label, SECTION), (count, excel.TOTAL_COUNT), (None, SECTION)]
    sheet.fit([sheet.cell(value, style) for value, style in values])


def _row(sheet: Sheet, columns: Iterable[SheetColumn], values: Iterable[Any]) -> None:
    sheet.fit([sheet.cell(value, column.style) for value, column in zip(values, columns, strict=True)])


def _ward_rows(sheet: Sheet, rows: list[Row], of_maximum: excel.Style, *, is_divided: bool) -> None:
    cell, shared = sheet.cell, sheet.shared
    for place, row in enumerate(rows, start=1):
        line = [
            shared(place, excel.CENTRED),
            cell(row.ward),
            *([shared(row.area)] if is_divided else []),
            shared(row.score, decimal_style(row.score)),
            shared(row.maximum, decimal_style(row.maximum)),
            shared(row.percent, of_maximum),
            shared("theo báo cáo" if row.is_published else None, excel.TEXT_ITALIC),
        ]
        sheet.fit(line) if len(row.ward) > 25 or len(row.area) > 19 else sheet.append(line)


def _held_down(sheet: Sheet, rows: Iterable[Row], reasons: dict[int, str]) -> None:
    """List the units that a bar holds down, each with the reason."""
    held = sorted((row for row in rows if row.pk in reasons), key=lambda row: row.position)
    for row in held:
        name = ", ".join(filter(None, [row.ward, row.area]))
        sheet.blocks((f"{name}. {reasons[row.pk]}.", excel.TEXT_ITALIC, 1, len(sheet.widths)))


CRITERIA = "TỔNG HỢP KẾT QUẢ THEO TỪNG TIÊU CHÍ"


#: of sets with answers that earn some of the points
AVERAGE_POINTS = (
    "Tiêu chí chấm theo mức, theo tỷ lệ hoặc theo thành phần: “đạt” là đủ điểm; "
    "bình quân điểm = tổng số điểm đạt được / số đơn vị áp dụng."
)


REPORTED_COUNT = replace(excel.COUNT, italic=True)
#: answers by the accepted reports of units, as columns beside verified ones
BY_REPORTS = (OUTCOMES[MET].word, OUTCOMES[NOT_MET].word, "Khác")
REPORTED_ANSWERS = "Cột “theo báo cáo của đơn vị” (chữ nghiêng): báo cáo đã chấp nhận, chưa kiểm tra; tính riêng."


def _criterion_columns(kinds: Iterable[Outcome], *, graded: bool, longest: int, has_reports: bool) -> list[SheetColumn]:
    return [
        SheetColumn("STT", max(6, longest + 2), excel.CENTRED),
        SheetColumn("Tiêu chí", 60),
        *(SheetColumn(outcome.word, 10 if outcome.is_open else 9, excel.COUNT) for outcome in kinds),
        SheetColumn("Đã đánh giá", 10, excel.COUNT),
        SheetColumn("Tỷ lệ đạt trên số đơn vị áp dụng (%)", 14, excel.PERCENT),
        *(
            [SheetColumn("Bình quân điểm", 9, excel.PERCENT), SheetColumn("Điểm tối đa", 9, excel.COUNT)]
            if graded
            else []
        ),
        SheetColumn("Số liệu", 10, excel.COUNT),
        *([SheetColumn(f"{words}, theo báo cáo của đơn vị", 11, REPORTED_COUNT) for words in BY_REPORTS] * has_reports),
    ]


def _counted_in_words(kinds: Iterable[Outcome]) -> list[str]:
    """Return what is assessed and what the percentage is of, with every kind of answer that has a column."""
    answered = [outcome for outcome in kinds if not outcome.is_open]
    every = " + ".join(outcome.in_sentence for outcome in answered)
    applying = " + ".join(outcome.in_sentence for outcome in answered if outcome.applies)
    return [
        f"Đã đánh giá = {every}; áp dụng = {applying}.",
        f"Tỷ lệ đạt = đạt / ({applying}), {RULES_IN_WORDS[PAGES]}.",
    ]


def criteria_workbook(reader: Reader, inspection_round: Round) -> Book:
    """Write the answers to each criterion by their kind, in the sections of the checklist."""
    form = Form(reader, CRITERIA, round=inspection_round)
    form.derived = [
        "Đếm phiếu kiểm tra đã phê duyệt; đơn vị còn lại là chưa đánh giá, không tính là chưa đạt.",
        "Cột “Số liệu”: cộng của số ghi trong phiếu; có chữ thì là số đơn vị đã ghi.",
    ]
    counts = criterion_counts(reader.scope, inspection_round)
    form.records = counts[0].enrolled if counts else 0
    kinds = answered_first(kinds_of(inspection_round.criteria_set, [count.criterion for count in counts]))
    form.derived[1:1] = _counted_in_words(kinds)
    graded = has_graded(counts)
    if graded:
        form.derived.append(AVERAGE_POINTS)
    by_report = reported_counts(reported(reader.scope, inspection_round), [count.criterion for count in counts])
    if by_report:
        form.derived.append(REPORTED_ANSWERS)
    longest = max((len(count.criterion.listed_number) for count in counts), default=0)
    columns = _criterion_columns(kinds, graded=graded, longest=longest, has_reports=bool(by_report))
    approved = number(approved_count(reader.scope, inspection_round))
    heading = form.heading(
        inspection_round.name.upper(),
        f"Tính trên {approved}/{number(form.records)} đơn vị trong đợt có phiếu kiểm tra đã phê duyệt",
    )
    sheet = form.table("Theo tiêu chí", columns, heading)
    for place, (group, members) in enumerate(groupby(counts, key=lambda count: count.criterion.group), start=1):
        first, *others = members
        write_section(sheet, place, group, number=number_of_group(first.criterion))
        for count in (first, *others):
            criterion = count.criterion
            if criterion.has_outcome:
                points = [count.average_points, drop_zero_decimals(criterion.points)] if graded else []
                values = [*map(count.count_of, kinds), count.assessed, count.percent, *points, None]
            else:
                fact = count.facts if count.fact_sum is None else count.fact_sum
                blanks = [count.open if outcome.is_open else None for outcome in kinds]
                values = [*blanks, count.assessed, None, *[None, None] * graded, fact or None]
            own = by_report[criterion.pk].cells if by_report else []
            _row(sheet, columns, [criterion.number_in_tables, criterion.name_on_paper, *values, *own])
    if not counts:
        form.nothing(sheet)
    form.sign(sheet)
    return form.finish()


KINDS = {"quan": "Quận", "thanh_pho": "Thành phố", "huyen": "Huyện"}


def title_of_areas(divided: Division, *, ranked: bool) -> str:
    """Return the title of the workbook that sets the areas side by side."""
    beginning = "XẾP HẠNG KẾT QUẢ THEO" if ranked else "TỔNG HỢP KẾT QUẢ THEO"
    return f"{beginning} {(divided.noun_on_paper or 'đơn vị').upper()}"


def districts_workbook(reader: Reader, inspection_round: Round, *, ranked: bool = False) -> Book:
    """Write the districts side by side: by kind in natural order, or by their average where a
    ranking is switched on."""
    divided = division(reader.scope, inspection_round)
    title = title_of_areas(divided, ranked=ranked)
    table = summary(reader.scope, inspection_round)
    form = Form(reader, title, round=inspection_round, derived=[standing_in(table), NO_SCORE])
    bands = list(inspection_round.criteria_set.bands.all())
    scores = district_scores(reader.scope, inspection_round)
    form.records = sum(score.enrolled for score in scores)
    average = table.measure.average_heading
    columns = [
        SheetColumn("Hạng" if ranked else "STT", 7, excel.CENTRED),
        SheetColumn(divided.noun_on_paper or "Đơn vị", 28),
        SheetColumn("Tổng số đơn vị", 10, excel.COUNT),
        SheetColumn("Số đơn vị trong đợt", 11, excel.COUNT),
        SheetColumn("Số đơn vị có kết quả", 11, excel.COUNT),
        SheetColumn(average, 12, excel.PERCENT),
        *[SheetColumn(band.label, 14, excel.COUNT) for band in bands],
    ]
    sheet = form.table(
        f"Theo {divided.noun_in_sentence or 'đơn vị'}", columns, form.heading(inspection_round.name.upper())
    )
    if ranked:
        form.derived.append(f"Xếp theo {average.lower()}; bằng nhau thì đồng hạng; chưa có kết quả thì không xếp.")
        for place, score in ranked_districts(scores):
            _row(sheet, columns, _district_values(place, score, bands, rest=divided.rest_on_paper))
    else:
        rest = divided.rest_on_paper
        for place, (kind, members) in enumerate(groupby(scores, key=_kind), start=1):
            rows = list(members)
            if kind or divided.has_districts:
                _district_total(sheet, rows, bands, place=roman(place), label=KINDS.get(kind, rest))
                sheet.keep_with_next()
            for number_in_list, score in enumerate(rows, start=1):
                _row(sheet, columns, _district_values(number_in_list, score, bands, rest=rest))
    if not scores:
        form.nothing(sheet)
    _district_total(sheet, scores, bands, place=None, label="Cộng")
    _reported_areas(form, sheet, reported(reader.scope, inspection_round, divided=divided))
    form.sign(sheet)
    ordered = [score for _, score in ranked_districts(scores)] if ranked else scores
    bars = [(_name(score, divided.rest_on_paper), score.average) for score in ordered if score.average is not None]
    form.chart(
        average,
        bars,
        label=divided.noun_on_paper or "Đơn vị",
        unit="Bình quân",
        lying=True,
        number_format="0.00",
    )
    return form.finish()


def _reported_areas(form: Form, sheet: Sheet, own: Reported) -> None:
    """Write the areas by the own reports of their units, beneath the sums of verified results."""
    if not own:
        return
    form.derived.append(APART)
    sheet.blocks((f"{heading()}, không tính vào các dòng trên", SECTION, 1, len(sheet.widths)))
    sheet.keep_with_next()
    for place, of_area in enumerate([*own.sums, own.total], start=1):
        is_total = place > len(own.sums)
        name = of_area.area.title if of_area.area else own.divided.rest_on_paper
        head = [None, "Cộng theo báo cáo của đơn vị"] if is_total else [place, name]
        counts = [count for _band, count in own.counts_of(of_area)]
        values = [*head, None, of_area.units, of_area.units, of_area.average, *counts]
        usual = [excel.CENTRED, excel.TEXT, *[excel.COUNT] * 3, excel.PERCENT, *[excel.COUNT] * len(counts)]
        total = [SECTION, SECTION, *[excel.TOTAL_COUNT] * 3, TOTAL_AVERAGE, *[excel.TOTAL_COUNT] * len(counts)]
        styles = total if is_total else usual
        sheet.fit([sheet.cell(value, style) for value, style in zip(values, styles, strict=True)])


def _kind(score: DistrictScore) -> str:
    """Return the kind under which a district is added up; groups have none."""
    return getattr(score.district, "kind", "") if score.district else ""


def _name(score: DistrictScore, rest: str) -> str:
    return score.district.title if score.district else rest


def ranked_districts(scores: list[DistrictScore]) -> list[tuple[int | None, DistrictScore]]:
    """Best average first; equal ones share a place; those without a score follow without one."""
    known = [(average, score) for score in scores if (average := score.average) is not None]
    known.sort(key=lambda pair: -pair[0])
    averages = [average for average, _score in known]
    unknown = [(None, score) for score in scores if score.average is None]
    return [*((averages.index(average) + 1, score) for average, score in known), *unknown]


def _district_values(place: int | None, score: DistrictScore, bands: list[Band], *, rest: str) -> list[Any]:
    counts = [score.by_band[band.pk] for band in bands]
    return [place, _name(score, rest), score.ward_count, score.enrolled, score.scored, score.average, *counts]


def _district_total(
    sheet: Sheet, rows: list[DistrictScore], bands: list[Band], *, place: str | None, label: str
) -> None:
    """Write a sum over several districts; their average is that of the wards, not of the districts."""
    scored, points = sum(row.scored for row in rows), sum((row.points for row in rows), Decimal(0))
    known = [row.ward_count for row in rows if row.ward_count is not None]
    total = sum(known) if known and len(known) == len(rows) else None
    counts = [sum(row.by_band[band.pk] for row in rows) for band in bands]
    head = [sheet.cell(place, excel.TOTAL_CENTRED), sheet.cell(label, SECTION)]
    values = [total, sum(row.enrolled for row in rows), scored]
    cells = [sheet.cell(value, excel.TOTAL_COUNT) for value in values]
    average = sheet.cell(mean(points, scored), TOTAL_AVERAGE)
    sheet.fit([*head, *cells, average, *[sheet.cell(count, excel.TOTAL_COUNT) for count in counts]])


TOTAL_AVERAGE = excel.Style(bold=True, shade=True, number_format="0.00")
