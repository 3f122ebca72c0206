"""Báo cáo tổng kết on a training scheme, in the structure of 2710/BC-SNV."""

from __future__ import annotations

from itertools import groupby

from archiveportal.percent import format_percent, percent_of
from archiveportal.vietnamese import at_least, document_date_in_words, number
from archiveportal.word.report import Caption, Noted
from archiveportal.word.writer import Block, Column, Grid, Heading, Text
from reports.documents.context import SchemeContext
from reports.documents.course_lines import courses_of_agencies, courses_of_city
from reports.documents.passages import EMPTY
from reports.documents.scheme_years import people_in_cell, years_tables
from training.attainment import Attainment
from training.models import CountingUnit
from training.queries import SummaryLine
from training.report_sentences import HEADINGS, funding_sentence, line_sentence, workforce_sentence

BLANK = "…" * 6
#: sentences with their numbers left blank, to be filled in by hand
NO_WORKFORCE = (
    f"Tổng số CB.CC.VC làm công tác quản lý và hoạt động VTLT là {BLANK} người, "
    f"trong đó trình độ chuyên ngành VTLT là {BLANK} người."
)
UNITS: dict[str, str] = {CountingUnit.PERSONS: "người", CountingUnit.ATTENDANCES: "lượt"}
#: codes of the ledger for the summary line of a category: result, target, percent
LINE_FIGURES = {
    "dai-hoc": ["2710-23", "2710-24", "2710-25"],
    "trung-cap": ["2710-26", "2710-27", "2710-28"],
    "so-cap-3-thang": ["2710-29", "2710-30", "2710-31"],
    "ngan-han": ["2710-32", "2710-33", "2710-34"],
    "cao-dang": ["2710-35"],
    "tap-huan": ["2710-36"],
    "hoc-tap-trong-nuoc": ["2710-37"],
}


def usual_subject(context: SchemeContext) -> str:
    return f"{'Tổng kết' if context.is_final else 'Sơ kết'} thực hiện {context.scheme.name}"


def subject(context: SchemeContext) -> str:
    return context.written.line("subject", usual_subject(context))


def addressee(context: SchemeContext) -> str:
    return context.written.line("addressee", usual_addressee(context))


def usual_addressee(context: SchemeContext) -> str:
    return f"Ủy ban nhân dân {context.office.area_noun}"


def receivers(context: SchemeContext) -> list[str]:
    return context.written.lines("receivers") or usual_receivers(context)


def usual_receivers(context: SchemeContext) -> list[str]:
    return context.issue.signing.receivers_for(context.communes_or_districts)


def parts(context: SchemeContext) -> dict[str, list[Block]]:
    """Write the report by the fields of its template."""
    written, notes, area = context.written, context.notes, context.office.area_noun
    return {
        "mo_dau": _opening(context),
        "phan_ket_qua": [
            Heading("I. KẾT QUẢ TRIỂN KHAI THỰC HIỆN"),
            Heading("1. Ban hành văn bản triển khai thực hiện", 2),
            *written.blocks("guidance", notes),
            Heading("2. Kết quả thực hiện", 2),
            Text("a) Công tác đào tạo, bồi dưỡng và tập huấn nghiệp vụ VTLT"),
            *(courses_of_city(context) + courses_of_agencies(context) or [Text(EMPTY)]),
            *_summary(context),
            *_workforce(context),
            *_funding(context),
        ],
        "phan_nhan_xet": [
            # The report counted III twice and left II out.
            Noted(["II. NHẬN XÉT, ĐÁNH GIÁ", *notes.discrepancy("E03")], is_bold=True),
            Heading("1. Mặt làm được", 2),
            *written.blocks("achieved", notes),
            Heading("2. Chưa làm được", 2),
            *written.blocks("limits", notes, "2710-42"),
            Heading("3. Đánh giá kết quả thực hiện", 2),
            *written.blocks("assessment", notes),
        ],
        "phan_kien_nghi": [
            Heading("III. ĐỀ XUẤT, KIẾN NGHỊ"),
            Heading(f"1. Đối với {usual_addressee(context)}", 2),
            *written.blocks("to_city", notes),
            Heading(f"2. Đối với Ủy ban nhân dân {context.communes_or_districts}, sở, ngành {area}", 2),
            *written.blocks("to_units", notes),
        ],
        "ket_thuc": [Text(f"Trên đây là Báo cáo {_within(subject(context))}./.")],
    }


def _within(text: str) -> str:
    return text[:1].lower() + text[1:]


def usual_opening(context: SchemeContext) -> str:
    scheme = context.scheme
    day = f" {document_date_in_words(scheme.decided_on)}" if scheme.decided_on else ""
    basis = scheme.legal_basis.rstrip(".")
    return (
        f"{f'Thực hiện {basis}{day} về việc phê duyệt {scheme.name}, ' if basis else ''}"
        f"{context.office.name} đã triển khai thực hiện và đạt kết quả như sau:"
    )


def _opening(context: SchemeContext) -> list[Block]:
    (parts,) = context.notes.placed([context.written.line("opening", usual_opening(context))])
    return [Noted([*parts, *context.notes.on_report()])]


def _summary(context: SchemeContext) -> list[Block]:
    # In its first year a scheme has not been carried out for a year yet.
    time = f"sau {context.length} năm thực hiện" if context.length > 1 else f"thực hiện năm {context.last_year}"
    blocks: list[Block] = [Text(f"b) Tổng hợp kết quả {time}")]
    if not context.told_lines:
        return [*blocks, Text(EMPTY)]
    for kind, group in groupby(context.told_lines, key=lambda line: line.category.kind):
        if kind in HEADINGS:
            blocks.append(Text(f"- {HEADINGS[kind]}:"))
        blocks += [_line(context, line, is_own=kind not in HEADINGS) for line in group]
    return [*blocks, *_attainment_table(context), *years_tables(context)]


def _line(context: SchemeContext, line: SummaryLine, *, is_own: bool) -> Noted:
    sentence = line_sentence(line)
    if is_own:
        sentence = f"- Số lượng {_within(sentence)}"
    return Noted([sentence, *context.notes.of(*LINE_FIGURES.get(line.category.code, []))])


def _attainment_table(context: SchemeContext) -> list[Block]:
    columns = [
        Column("STT", 1.2, "centre"),
        Column("Nội dung đào tạo, bồi dưỡng", 6.3),
        Column("Đơn vị tính", 1.8, "centre"),
        Column("Kết quả", 2.4, "right"),
        Column("Chỉ tiêu", 2.2, "right"),
        Column("Tỷ lệ đạt (%)", 2.6, "right"),
    ]
    rows = [
        [
            str(place),
            line.category.name,
            UNITS[line.category.unit],
            _people_in_cell(line.attainment),
            number(line.attainment.target),
            _percent_in_cell(line.attainment),
        ]
        for place, line in enumerate(context.told_lines, 1)
    ]
    return [Caption("Kết quả đào tạo, bồi dưỡng so với chỉ tiêu"), Grid(columns, rows)]


def _people_in_cell(result: Attainment) -> str:
    return people_in_cell(result.actual, is_lower_bound=result.is_lower_bound)


def _percent_in_cell(result: Attainment) -> str:
    percent = format_percent(result.percent, sign="")
    return at_least(percent, is_lower_bound=result.is_lower_bound and result.percent is not None)


def _workforce(context: SchemeContext) -> list[Block]:
    blocks: list[Block] = [Text("c) Số lượng, chất lượng đội ngũ CB.CC.VC ngành VTLT")]
    blocks += context.written.blocks("workforce", context.notes)
    count = context.workforce
    if count is None:
        return [*blocks, Text(NO_WORKFORCE)]
    notes = context.notes.of("2710-40", "2710-41")
    blocks.append(Noted([workforce_sentence(count), *notes]))
    share = percent_of(count.qualified, count.total, context.scheme.rounding)
    if share is not None:
        sentence = f"Tỷ lệ CB.CC.VC có trình độ chuyên ngành VTLT là {format_percent(share)}"
        blocks.append(Noted([f"{sentence} ({number(count.qualified)}/{number(count.total)})."]))
    return blocks


def _funding(context: SchemeContext) -> list[Block]:
    if not context.fundings:
        area = context.office.area_noun
        return [Text(f"d) Kinh phí đào tạo từ nguồn ngân sách của {area} là {BLANK} đồng.")]
    sentences = [funding_sentence(funding, context.office.area_noun) for funding in context.fundings]
    notes = context.notes.of("2710-38", "2710-39")
    return [
        Noted([f"d) {sentences[0]}", *notes]),
        *(Text(f"- {sentence}") for sentence in sentences[1:]),
    ]
