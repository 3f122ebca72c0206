"""The sentences that go into the report, as section I.2 of 2710/BC-SNV has them. Always in Vietnamese."""

from __future__ import annotations

from itertools import groupby

from archiveportal.own_words import own_words
from archiveportal.percent import format_percent
from archiveportal.vietnamese import at_least, count_in_text, document_date, money, money_in_words
from training.models import Category, CountingUnit, Funding, WorkforceCount
from training.queries import SummaryLine

PEOPLE = "CB.CC.VC"
UNITS: dict[str, str] = {CountingUnit.PERSONS: "người", CountingUnit.ATTENDANCES: "lượt"}
HEADINGS = {Category.Kind.DEGREE: "Số lượng đào tạo", Category.Kind.PROFESSIONAL: "Số lượng bồi dưỡng"}


def line_sentence(line: SummaryLine) -> str:
    """ "Đại học: 41 CB.CC.VC đạt 47,67% so với chỉ tiêu là 86 người." """
    return f"{line.category.name}: {_result(line)}."


def _result(line: SummaryLine) -> str:
    done = line.attainment
    people = PEOPLE if line.category.unit == CountingUnit.PERSONS else f"{UNITS[CountingUnit.ATTENDANCES]} {PEOPLE}"
    result = at_least(f"{count_in_text(done.actual)} {people}", is_lower_bound=done.is_lower_bound)
    if done.percent is None or done.target is None:
        return result
    target = f"{count_in_text(done.target)} {UNITS[line.target_unit]}"
    share = at_least(format_percent(done.percent), is_lower_bound=done.is_lower_bound)
    return f"{result} đạt {share} so với chỉ tiêu là {target}"


def summary_text(lines: list[SummaryLine]) -> str:
    """Write the lines under the headings of section I.2.b, one per row."""
    rows = []
    for kind, group in groupby(lines, key=lambda line: line.category.kind):
        if kind in HEADINGS:
            rows += [f"- {HEADINGS[kind]}:", *(line_sentence(line) for line in group)]
        else:
            rows += [f"- Số lượng {_within(line.category.name)}: {_result(line)}." for line in group]
    return "\n".join(rows)


def _within(name: str) -> str:
    """Return a name as it is written within a sentence."""
    return name[:1].lower() + name[1:]


def funding_sentence(funding: Funding, area: str = "") -> str:
    """Write section I.2.d; `area` is the word for the province or city, else that of today."""
    sources: dict[str, str] = {
        Funding.Source.CITY: f"ngân sách của {area or own_words('vi').area_word}",
        Funding.Source.DISTRICT: "ngân sách quận, huyện",
        Funding.Source.AGENCY: "kinh phí của các cơ quan, tổ chức",
        Funding.Source.COMMUNE: "ngân sách phường, xã, đặc khu",
    }
    source = sources[funding.source]
    return f"Kinh phí đào tạo từ nguồn {source} là {money(funding.amount)} ({money_in_words(funding.amount)})."


def workforce_sentence(count: WorkforceCount) -> str:
    """Write section I.2.c. The share is named as what it is; the report calls it "so với chỉ tiêu"
    (E01)."""
    return (
        f"Tổng số {PEOPLE} làm công tác quản lý và hoạt động VTLT là {count_in_text(count.total)} người, "
        f"trong đó trình độ chuyên ngành VTLT là {count_in_text(count.qualified)} người."
    )


def counted_on(count: WorkforceCount) -> str:
    """ "ngày 03/7/2020", or "theo báo cáo ngày 03/7/2020", which names no day of counting."""
    day = f"ngày {document_date(count.counted_on)}"
    return f"theo báo cáo {day}" if count.is_day_inferred else day
