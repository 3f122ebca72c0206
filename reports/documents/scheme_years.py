"""Results of a scheme by year in the report on it, and the decisions behind the targets of years."""

from __future__ import annotations

from itertools import chain, pairwise

from archiveportal.percent import format_percent
from archiveportal.vietnamese import at_least, document_date, number
from archiveportal.word.report import UPRIGHT, Caption, Cell, WideTable
from archiveportal.word.writer import Block, Text
from reports.documents.context import SchemeContext
from training.models import YearTarget
from training.queries import YearLine
from training.yearly import Reached, reached_by_now

#: widths in cm: the last column, and the most that a year gets
LAST, WIDEST = 1.9, 1.6
UNKNOWN_YEAR, SUM, UP_TO = "Không rõ năm", "Cộng", "Đến nay"


def years_tables(context: SchemeContext) -> list[Block]:
    """Write results by year, and held against the targets of years where there are some.

    Years without a result are columns too, so that nobody has to wonder; courses without a day are
    last. Without any day there is no such table.
    """
    return [*_results(context), *_against_targets(context)]


def people_in_cell(people: int, *, is_lower_bound: bool) -> str:
    """In a table: "1.341", "hơn 400"."""
    return at_least(number(people), is_lower_bound=is_lower_bound)


def _results(context: SchemeContext) -> list[Block]:
    years = context.years
    if not any(years) or not any(any(context.in_years(line)) for line in context.told_lines):
        return []
    rows = []
    for line in context.told_lines:
        found = context.in_years(line)
        counts = [found.get(year) for year in years]
        cells = [people_in_cell(count.people, is_lower_bound=count.is_lower_bound) if count else "" for count in counts]
        done = line.attainment
        rows.append([line.category.name, *cells, people_in_cell(done.actual, is_lower_bound=done.is_lower_bound)])
    return _table("Kết quả theo năm", [str(year) if year else UNKNOWN_YEAR for year in years], rows, last=SUM)


def _against_targets(context: SchemeContext) -> list[Block]:
    """Write target, result and percent of each year, and what all years together reached."""
    lines = [line for line in context.year_lines if line.target_of_years is not None]
    if not lines:
        return []
    years = [str(result.year) for result in lines[0].years if result.year]
    rows = list(chain.from_iterable(map(_rows, lines)))
    blocks = _table("Kết quả so với chỉ tiêu theo năm", years, rows, last=UP_TO)
    return [*blocks, *map(Text, chain.from_iterable(map(_decisions, lines))), *_stops(context)]


def _rows(line: YearLine) -> list[list[str]]:
    held = [*(result.own for result in line.years if result.year), reached_by_now(line.years)]
    return [
        [f"{line.line.category.name}: chỉ tiêu", *(number(each.target) if each else "—" for each in held)],
        ["Kết quả", *(_result(each) for each in held)],
        ["Tỷ lệ đạt (%)", *(_percent(each) for each in held)],
    ]


def _result(reached: Reached | None) -> str:
    """A year that has not come has no result yet."""
    if reached is None or not reached.has_come:
        return "—"
    return people_in_cell(reached.people, is_lower_bound=reached.is_lower_bound)


def _percent(reached: Reached | None) -> str:
    if reached is None:
        return "—"
    has_word = reached.is_lower_bound and reached.percent is not None
    return at_least(format_percent(reached.percent, sign=""), is_lower_bound=has_word)


def _decisions(line: YearLine) -> list[str]:
    """Name what was adjusted: "chỉ tiêu năm 2027 được điều chỉnh từ 40 thành 55 người theo ..."."""
    sentences = []
    for year, targets in sorted(line.decided.items()):
        for earlier, later in pairwise(targets):
            change = f"từ {number(earlier.target)} thành {number(later.target)} theo {_named(later)}"
            sentences.append(f"- {line.line.category.name}: chỉ tiêu năm {year} được điều chỉnh {change}.")
    return sentences


def _named(target: YearTarget) -> str:
    day = f" ngày {document_date(target.decided_on)}" if target.decided_on else ""
    return f"{target.decision}{day}"


def _stops(context: SchemeContext) -> list[Block]:
    return [
        Text(f"- {category.name}: dừng từ sau ngày {document_date(day)} ({category.stop_reason}).")
        for category in (line.category for line in context.lines)
        if (day := category.stopped_on)
    ]


def _table(caption: str, years: list[str], rows: list[list[str]], *, last: str) -> list[Block]:
    share = min((UPRIGHT - 3.3 - LAST) / len(years), WIDEST)
    widths = [UPRIGHT - LAST - share * len(years), *[share] * len(years), LAST]
    head = [[Cell(text, is_bold=True) for text in ("Nội dung", *years, last)]]
    return [Caption(caption), WideTable(widths, head, rows, size=11 if share > 1.2 else 9, left={0})]
