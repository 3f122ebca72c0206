"""Báo cáo sơ kết on a round, in the structure of 5355/BC-SNV."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from archiveportal.percent import format_percent, percent_of
from archiveportal.vietnamese import (
    count_in_text,
    document_date,
    document_date_in_words,
    in_one_line,
    number,
)
from archiveportal.word.report import UPRIGHT, Caption, Cell, Noted, WideTable
from archiveportal.word.writer import Block, Column, Grid, Heading, Text
from criteria.inspections.models import RoundDocument
from criteria.models import Band
from criteria.outcomes import NOT_APPLICABLE, OUTCOMES, Outcome
from reports.documents.appendix import appendix
from reports.documents.context import NAMED, SEE_APPENDIX, RoundContext, names_by_district
from reports.documents.holdings import holdings_by_unit, holdings_section
from reports.documents.notes import Parts
from reports.documents.passages import EMPTY
from reports.documents.reported import by_their_reports
from reports.results.bands import BandCount
from reports.results.cost import cost_sentence
from reports.results.criteria import kinds_of_answers
from reports.results.districts import DistrictScore
from reports.results.standings import StandingRow

INSPECTED = "đã tổ chức kiểm tra tiến độ thực hiện và tổng hợp kết quả hoàn thành các tiêu chí"
#: whom a report goes to among the units
WITH_DISTRICTS, WITHOUT_DISTRICTS = "quận, huyện", "phường, xã, đặc khu"
#: the headings of section I and of its first part where nobody wrote others
ROLLOUT = "TÌNH HÌNH TRIỂN KHAI, HƯỚNG DẪN THỰC HIỆN"
GUIDANCE = "Triển khai, hướng dẫn"
#: codes of the ledger for the wards of a band, by its place
BAND_FIGURES = {1: ["5355-15"], 2: ["5355-16", "5355-17", "5355-18"], 3: ["5355-19"]}
NAMED_DISTRICTS = ["5355-06", "5355-07", "5355-08", "5355-09", "5355-10", "5355-11"]

#: columns before those of bands; narrower where more than four bands need room for a word each
BEFORE_BANDS, BEFORE_MANY_BANDS = (4, 1.5, 1.8, 2.2), (3, 1.3, 1.5, 1.8)
MOST_BANDS = 4
#: kinds of answers that have room in the table by criterion in letters of the text
MOST_KINDS = 3


def usual_subject(context: RoundContext) -> str:
    name = context.round.name
    return (
        f"Sơ kết {name[:1].lower()}{name[1:]} về công tác quản lý và hoạt động văn thư, lưu trữ "
        f"tại Ủy ban nhân dân {context.units} trên địa bàn {context.office.area_noun}"
    )


def subject(context: RoundContext) -> str:
    return context.written.line("subject", usual_subject(context))


def usual_receivers(context: RoundContext) -> list[str]:
    has_districts = bool(context.by_district) or not context.enrolments
    return context.issue.signing.receivers_for(WITH_DISTRICTS if has_districts else WITHOUT_DISTRICTS)


def receivers(context: RoundContext) -> list[str]:
    return context.written.lines("receivers") or usual_receivers(context)


def parts(context: RoundContext) -> dict[str, list[Block]]:
    """Write the report by the fields of its template."""
    return {
        "mo_dau": _opening(context),
        "phan_trien_khai": _rollout(context),
        "phan_ket_qua": _results(context),
        "hien_trang": holdings_section(context),
        "phan_nhan_xet": _judgement(context),
        "ket_thuc": [Text(f"Trên đây là báo cáo {_within(subject(context))} của {context.office.name}./.")],
        "phu_luc": appendix(context),
        "bang_hien_trang": holdings_by_unit(context),
    }


def _within(text: str) -> str:
    return text[:1].lower() + text[1:]


def usual_opening(context: RoundContext) -> str:
    basis = in_one_line(context.round.legal_basis).rstrip(".")
    return f"{f'Thực hiện {basis}, ' if basis else ''}{context.office.name} báo cáo kết quả như sau:"


def _opening(context: RoundContext) -> list[Block]:
    (parts,) = context.notes.placed([context.written.line("opening", usual_opening(context))])
    return [Noted([*parts, *context.notes.on_report()])]


def _rollout(context: RoundContext) -> list[Block]:
    written, notes = context.written, context.notes
    blocks: list[Block] = [
        Heading(f"I. {written.line('rollout_title', ROLLOUT)}"),
        Heading(f"1. {written.line('guidance_title', GUIDANCE)}", 2),
        Text("a) Ban hành kế hoạch và văn bản hướng dẫn"),
        *_documents(context),
        *written.blocks("guidance", notes),
        Text("b) Tổ chức hội nghị triển khai"),
        *written.blocks("conference", notes, "5355-02"),
        Heading("2. Các đơn vị trong đợt kiểm tra", 2),
        *(written.blocks("districts", notes) if written["districts"] else []),
    ]
    if not context.enrolments:
        blocks.append(Text(EMPTY))
    else:
        blocks += _units(context)
    first, last = context.round.starts_on, context.round.ends_on
    period = f"Từ tháng {_month(first)} đến tháng {_month(last)}"
    return [*blocks, Heading("3. Thời gian thực hiện", 2), Noted([period, *notes.of("5355-12"), "."])]


def _month(day: datetime.date) -> str:
    """ "11 năm 2018"; January and February keep their zero."""
    return document_date(day).split("/", 1)[1].replace("/", " năm ")


def _documents(context: RoundContext) -> list[Block]:
    """Write the documents that are listed with the round."""
    documents = RoundDocument.objects.visible_to(context.user).filter(round=context.round, voided_at__isnull=True)
    return [
        Text(
            f"- Văn bản số {row.number} {document_date_in_words(row.issued_on)}{f' về {row.title}' * bool(row.title)};"
        )
        for row in documents
    ]


def _units(context: RoundContext) -> list[Block]:
    notes, count = context.notes, len(context.enrolments)
    names = f", bao gồm: {names_by_district(context.enrolments)}" if count <= NAMED else f" {SEE_APPENDIX}"
    if not context.by_district:
        return [Text(f"Có {count_in_text(count)} UBND {context.units} được kiểm tra{names}.")]
    districts = count_in_text(len(context.by_district))
    blocks: list[Block] = [
        Noted(
            [
                f"Trong {count_in_text(context.districts_in_force)} quận, huyện", *notes.of("5355-01"),
                f" có {districts} quận, huyện", *notes.of("5355-03"),
                f" chọn {count_in_text(count)} UBND {context.units} thực hiện", *notes.of("5355-04"), f"{names}.",
            ]
        )
    ]  # fmt: skip
    several = [(district, len(rows)) for district, rows in context.by_district if len(rows) > 1]
    if several:
        counts = [count for _district, count in several]
        ends = f"từ {min(counts)} đến {max(counts)}" if min(counts) != max(counts) else f"{counts[0]}"
        listed = "; ".join(
            f"UBND {district.in_sentence} chọn {count_in_text(count)} đơn vị" for district, count in several
        )
        blocks.append(
            Noted(
                [
                    f"Trong đó, có {count_in_text(len(several))} UBND quận, huyện chọn {ends} đơn vị",
                    *notes.of("5355-05"),
                    f", cụ thể: {listed}",
                    *notes.of(*NAMED_DISTRICTS),
                    ".",
                ]
            )
        )
    if context.without_ward:
        names = ", ".join(district.in_sentence for district in context.without_ward)
        missing = count_in_text(len(context.without_ward))
        blocks.append(Noted([f"Còn {missing} quận, huyện chưa có đơn vị trong đợt kiểm tra: {names}."]))
    return blocks


def _results(context: RoundContext) -> list[Block]:
    notes, blocks = context.notes, []
    blocks += [
        Heading(f"II. KẾT QUẢ THỰC HIỆN TẠI UBND {context.units.upper()}"),
        Heading("1. Mục tiêu và tiêu chí đặt ra", 2),
        *context.written.blocks("aims", notes, "5355-13"),
        *_least_facts(context),
        Heading("2. Kết quả thực hiện", 2),
        Noted(
            [
                f"a) {context.office.working_division} {INSPECTED} ({context.extent_of_set})",
                *notes.of("5355-14"),
                f" tại {count_in_text(len(context.enrolments))} UBND {context.units} như sau:",
            ]
        ),
        *_bands(context),
    ]
    unscored = context.bands.unscored
    if unscored:
        names = names_by_district(unscored) if len(unscored) <= NAMED else SEE_APPENDIX
        blocks.append(Text(f"- Chưa có kết quả: {count_in_text(len(unscored))} đơn vị: {names}."))
    blocks.append(Text("(Kết quả đạt các tiêu chí theo Bảng tổng hợp đính kèm.)", is_italic=True))
    blocks += [*_by_district(context), *_by_criterion(context), *by_their_reports(context), *_funding(context)]
    return [*blocks, Text("b) Biện pháp đã thực hiện"), *context.written.blocks("measures", notes)]


def _least_facts(context: RoundContext) -> list[Block]:
    """ "Diện tích kho tối thiểu là 20 m²": what the set says about a fact (5355/BC-SNV, II.1.a), where people wrote the
    aims and left it out. Below dots it would be there alone."""
    blocks: list[Block] = []
    written = "".join(context.written["aims"].split())
    if not written:
        return blocks
    for criterion in context.table.columns:
        if criterion.fact_minimum is not None:
            least = f"{number(criterion.fact_minimum)} {criterion.fact_unit}".strip()
            label = criterion.fact_label or criterion.name
            if f"tốithiểulà{''.join(least.split())}" not in written:
                blocks.append(Text(f"- {label} tối thiểu là {least}."))
    return blocks


def _bands(context: RoundContext) -> list[Block]:
    """Write the bands once a ward has a result: "Không có" of each would pass for one."""
    if not context.bands.scored:
        return [] if context.bands.unscored else [Text(EMPTY)]
    return [*(_band(context, band) for band in context.bands.bands), *_held_down(context)]


def _held_down(context: RoundContext) -> list[Block]:
    """Name the units that an answer holds down in a lower band, each with the reason."""
    held = [row for row in context.enrolments if row.pk in context.bar_reasons]
    return [
        Text(f"- {row.ward.full_title} (đạt {_result(context, row)}): {context.bar_reasons[row.pk]}.") for row in held
    ]


def _result(context: RoundContext, row: StandingRow) -> str:
    # A bar holds down an approved result alone.
    return context.table.measure.out_of(row.standing_score or Decimal(0), row.standing_maximum)


def _band(context: RoundContext, band: BandCount) -> Noted:
    """Write one band with its wards; what the report printed over it is in the notes."""
    number_of = f"Có {count_in_text(band.count)}" if band.count else "Không có"
    line: Parts = [f"- {band.band.label}", f": {number_of} UBND {context.units}"]
    line += context.notes.of(*BAND_FIGURES.get(band.band.position, []))
    if band.count:
        reached = context.reached(band)
        line.append(f" (đạt {reached})" if reached and not _says(band.band.label, reached) else "")
        names = names_by_district(band.enrolments) if band.count <= NAMED else ""
        line.append(f", gồm: {names}" if names else f" {SEE_APPENDIX}")
    return Noted([*line, "."])


def _says(label: str, reached: str) -> bool:
    """Tell whether a label has all numbers already: "Hoàn thành 23/23 (100%)" of "23/23 tiêu chí, 100%"."""
    return set(_FIGURE.findall(reached)) <= set(_FIGURE.findall(label))


_FIGURE = re.compile(r"[\d.,]*\d(?:/\d+|%)")


def _by_district(context: RoundContext) -> list[Block]:
    divided = context.table.divided
    if not divided or not context.bands.scored:
        return []
    noun = divided.noun_in_sentence
    rest = f"Không thuộc {noun}" if divided.has_districts else divided.rest_on_paper
    bands = [band.band for band in context.bands.bands]
    widths = BEFORE_BANDS if len(bands) <= MOST_BANDS else BEFORE_MANY_BANDS
    columns = [
        Column(divided.noun_on_paper, widths[0]),
        Column("Số đơn vị", widths[1], "centre"),
        Column("Đã có kết quả", widths[2], "centre"),
        Column(f"Bình quân {context.table.measure.noun} đạt", widths[3], "centre"),
        *(Column(band.label, (UPRIGHT - sum(widths)) / len(bands), "centre") for band in bands),
    ]
    rows = [
        [
            score.district.title if score.district else rest,
            number(score.enrolled),
            number(score.scored),
            *(_cells(score, bands) if score.scored else [""] * (1 + len(bands))),
        ]
        for score in context.district_scores
    ]
    return [Caption(f"Kết quả theo {noun}"), Grid(columns, rows)]


def _cells(score: DistrictScore, bands: list[Band]) -> list[str]:
    return [number(score.average, 2), *(number(score.by_band[band.pk]) for band in bands)]


def _by_criterion(context: RoundContext) -> list[Block]:
    """Write about approved checklists only: a published score says nothing about its criteria.

    While fewer than half of the wards have one, "1/1, 100%" would pass for a result of the round: the table is left
    out, and so is a criterion that nobody assessed. The check before closing says which.
    """
    assessed = [count for count in context.criteria if count.assessed]
    if not context.tells_of_criteria or not assessed:
        return []
    kinds = [each for each in kinds_of_answers(context.round.criteria_set, context.criteria) if not each.is_open]
    rows = [
        [
            count.criterion.listed_number,
            count.criterion.name_on_paper,
            number(count.assessed),
            *(number(count.count_of(outcome)) for outcome in kinds),
            format_percent(percent_of(count.met, count.applicable, context.round.rounding)),
        ]
        for count in assessed
    ]
    return [
        Caption(f"Kết quả theo từng tiêu chí, tính trên {context.coverage} có phiếu kiểm tra đã được phê duyệt"),
        _table_by_criterion(kinds, rows),
        Text(_explanation(kinds), is_italic=True),
    ]


def _table_by_criterion(kinds: list[Outcome], rows: list[list[str]]) -> Block:
    """Return the table by criterion; more than three kinds of answers in smaller letters, to stay within the page."""
    counts = ["Đã đánh giá", *(outcome.word for outcome in kinds)]
    if len(kinds) > MOST_KINDS:
        head = [[Cell(text, is_bold=True) for text in ("Số", "Tiêu chí", *counts, "Tỷ lệ đạt")]]
        beside = [*[1.5] * len(counts), 1.6]
        return WideTable([1.4, UPRIGHT - 1.4 - sum(beside), *beside], head, rows, size=11, left={1})
    columns = [
        Column("Số", 1.5, "centre"),
        Column("Tiêu chí", 6.6 if len(kinds) > 2 else 7.6),
        *(Column(heading, 1.7, "centre") for heading in counts),
        Column("Tỷ lệ đạt", 1.9, "centre"),
    ]
    return Grid(columns, rows)


def _explanation(kinds: list[Outcome]) -> str:
    """Say what the percents of the table by criterion are of."""
    not_applicable = OUTCOMES[NOT_APPLICABLE]
    if not_applicable not in kinds:
        return "Ghi chú: Chưa đánh giá không tính là chưa đạt."
    counted = "số đơn vị đạt và chưa đạt" if len(kinds) <= MOST_KINDS else "số đơn vị áp dụng"
    return (
        f"Ghi chú: Đã đánh giá gồm cả {not_applicable.in_sentence}; tỷ lệ đạt tính trên {counted}. "
        "Chưa đánh giá không tính là chưa đạt."
    )


def _funding(context: RoundContext) -> list[Block]:
    sentence = cost_sentence(context.round, f"{count_in_text(len(context.enrolments))} UBND {context.units}")
    return [Noted([f"- {sentence}", *context.notes.of("5355-20"), "."])] if sentence else []


def _judgement(context: RoundContext) -> list[Block]:
    written, notes = context.written, context.notes
    blocks: list[Block] = [
        Heading("III. NHẬN XÉT, ĐÁNH GIÁ"),
        *_heading_over(context, "achieved", "1. Mặt làm được"),
        *written.blocks("achieved", notes),
        *_heading_over(context, "limits", "2. Hạn chế, khó khăn"),
        *written.blocks("limits", notes, "5355-21", "5355-22"),
    ]
    if written["directions"]:
        blocks += [Heading("IV. PHƯƠNG HƯỚNG, KIẾN NGHỊ"), *written.blocks("directions", notes)]
    return blocks


def _heading_over(context: RoundContext, key: str, heading: str) -> list[Block]:
    """Return the heading of a passage; none where it counts on its own, as III.1 to 4 of 5355/BC-SNV."""
    return [] if context.written.has_own_numbers(key) else [Heading(heading, 2)]
