"""The appendix table of a round: the columns of its criteria set across a landscape page, a line per ward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archiveportal.vietnamese import number
from archiveportal.word.report import ACROSS, AppendixHead, Caption, Cell, WideTable
from archiveportal.word.writer import Block, Text
from criteria.measures import on_what_does_not_apply
from criteria.outcomes import OUTCOMES, Outcome, kinds_of, outcome_of
from reports.documents.context import RoundContext
from reports.documents.reported import list_of_reported
from reports.results.apart import RULE
from reports.results.headings import TableHeading
from reports.results.table import Row, Summary

#: centimetres; the longest names of wards and districts are on one line
STT, WARD, DISTRICT, WORDS, SCORE = 0.8, 3.7, 2.75, 1.4, 1.0
#: of a fact that is written in words: names of units
WORDS_OF_FACTS = 2.4
POINTS_IN_CELLS = "Tiêu chí chấm theo mức, theo tỷ lệ hoặc theo thành phần: ô ghi số điểm đạt được."
#: the lines of the printed table have the codes from 5355-23 on
FIRST_LINE = 22
PERSONNEL = "Nhân sự theo báo cáo, chữ quét chưa đối chiếu được với phiếu kiểm tra."


def appendix(context: RoundContext) -> list[Block]:
    inspection_round, table = context.round, context.table
    title = f"BẢNG TỔNG HỢP\nUBND {context.units.upper()} HOÀN THÀNH CÁC TIÊU CHÍ {inspection_round.name.upper()}"
    head = AppendixHead(title, [context.issue.belongs_to, *context.notes.on_appendix()])
    writer = _Lines(context)
    rows: list[Sequence[str | Cell]] = [*writer.lines(), writer.totals()]
    parts = _parts(table)
    blocks: list[Block] = [head]
    for place, part in enumerate(parts, start=1):
        if len(parts) > 1:
            blocks.append(Caption(f"Phần {place}/{len(parts)}"))
        blocks.append(_table(writer, rows, part, is_last=place == len(parts)))
    return [*blocks, Text(" ".join(writer.legend()), is_italic=True), *list_of_reported(context)]


#: columns of criteria that a page across holds legibly
MOST_COLUMNS = 45


def _parts(table: Summary) -> list[range]:
    """Return the columns of each part of the table: all of them where a page holds them, else whole top headings."""
    count = len(table.columns)
    if count <= MOST_COLUMNS:
        return [range(count)]
    parts: list[range] = []
    first = place = 0
    for cell in table.head_rows[0]:
        over = cell.over if cell else 1
        if place + over - first > MOST_COLUMNS and place > first:
            parts.append(range(first, place))
            first = place
        place += over
        while place - first > MOST_COLUMNS:
            parts.append(range(first, first + MOST_COLUMNS))
            first += MOST_COLUMNS
    return [*parts, range(first, count)] if first < count else parts


def _table(writer: _Lines, rows: Sequence[Sequence[str | Cell]], part: range, *, is_last: bool) -> WideTable:
    """Write a part of the table: the names of the units, its columns, and the score after the last of them."""
    table = writer.table
    is_whole = len(part) == len(table.columns)
    after = len(table.apart) + 1
    wide = [_wide(place, writer, is_whole=is_whole) for place in part]
    widths = _widths(wide, is_divided=bool(table.divided), after=after)
    names = len(widths) - len(part) - after
    kept = after if is_last else 0
    lines = rows if is_whole else [_cut(row, part, names=names, after=kept) for row in rows]
    narrowest = min(widths[names : names + len(part)], default=SCORE)
    return WideTable(
        widths if is_last else widths[:-after],
        _head(table, part, is_last=is_last),
        lines,
        size=9 if narrowest > 0.6 else 7,
        head_size=7.5 if narrowest > 0.6 else 6,
        head_height=4.9,
        left={1, 2} if table.divided else {1},
    )


def _cut(row: Sequence[str | Cell], part: range, *, names: int, after: int) -> list[str | Cell]:
    """Return the cells of a row that belong to a part, and the last `after` of them: the score is the last."""
    cells: list[str | Cell] = []
    for cell in row:
        over = cell.over if isinstance(cell, Cell) else 1
        cells += [cell, *[""] * (over - 1)]
    first = cells[:names]
    if isinstance(first[0], Cell):
        first = [first[0]]
    return [*first, *cells[names + part.start : names + part.stop], *cells[len(cells) - after :]]


def _wide(place: int, writer: _Lines, *, is_whole: bool) -> float:
    """Return the centimetres that words of a column need; none where it has signs and numbers."""
    first, count = writer.columns
    if writer.quotes_personnel and is_whole and first <= place < first + count:
        return WORDS
    return WORDS_OF_FACTS if writer.table.columns[place].is_in_words else 0


def _widths(wide: Sequence[float], *, is_divided: bool, after: int) -> list[float]:
    """Return all widths: columns of criteria without one in `wide` share what is left."""
    names = [STT, WARD, DISTRICT] if is_divided else [STT, WARD]
    places = ACROSS - sum(names) - SCORE * after
    share = (places - sum(wide)) / max(sum(not width for width in wide), 1)
    return [*names, *(width or share for width in wide), *[SCORE] * after]


def _head(table: Summary, part: range, *, is_last: bool) -> list[list[Cell | None]]:
    divided = table.divided
    headings = ["STT", divided.units_on_paper, *([divided.noun_on_paper] if divided else [])]
    rows = table.head_of(part)
    down = len(rows)
    first: list[Cell | None] = [Cell(text, down=down, is_bold=True) for text in headings]
    after = [*[each.heading for each in table.apart], table.measure.total_heading] if is_last else []
    last = [Cell(heading, down=down, is_bold=True, is_upright=True) for heading in after]
    head = [[*first, *map(_heading, rows[0]), *last]]
    return [*head, *([*[None] * len(first), *map(_heading, row), *[None] * len(last)] for row in rows[1:])]


def _heading(cell: TableHeading | None) -> Cell | None:
    if cell is None:
        return None
    is_upright = cell.criterion is not None
    return Cell(cell.title, over=cell.over, down=cell.down, is_bold=True, is_upright=is_upright)


def _explained(outcome: Outcome) -> str:
    return f"{'để trống' if outcome.mark is None else outcome.mark} là {outcome.in_sentence}"


class _Lines:
    """Writes the wards one by one and remembers what the lines below the table have to explain."""

    def __init__(self, context: RoundContext) -> None:
        self.context, self.table = context, context.table
        self.facts = {place for place, criterion in enumerate(self.table.columns) if not criterion.has_outcome}
        self.columns = self.place, self.over = self._personnel_columns()
        #: scanned words that no checklist bears out: in copies of the old report alone
        self.quotes_personnel = self.table.has_personnel and (context.has_notes or context.is_as_printed)
        self.has_published = self.has_personnel = False
        #: codes of answers
        self.printed: set[str] = set()

    def _personnel_columns(self) -> tuple[int, int]:
        """Return where the scanned words about the staff are: the group of columns that begins with
        a fact."""
        place = 0
        for group in self.table.head:
            if len(group.criteria) > 1 and not group.criteria[0].has_outcome:
                return place, len(group.criteria)
            place += len(group.criteria)
        return -1, 0

    def lines(self) -> Iterator[list[str | Cell]]:
        for row in self.table.rows():
            area = [row.area] if self.table.divided else []
            yield [str(row.position), row.ward, *area, *self._cells(row), *self._apart(row), self._score(row)]

    def _cells(self, row: Row) -> list[str | Cell]:
        # A checklist counts once it is approved; what is still being filled in is not printed.
        if not row.is_approved:
            cells: list[str | Cell] = [""] * len(row.cells)
            if row.personnel and self.quotes_personnel and self.place >= 0:
                self.has_personnel = True
                # The signs between the scanned words end a line and begin none.
                words = row.personnel.replace(" |", "\u00a0|")
                cells[self.place : self.place + self.over] = [Cell(words, over=self.over)]
            return cells
        marks = [self._mark(place, value) for place, value in enumerate(row.cells)]
        for place, points in row.earned.items():
            marks[place] = number(points)
        cells = [*marks]
        if row.personnel and self.place >= 0 and self.context.notes.entries:
            # The columns are the checklist's now; a note has what the signed report printed in
            # them.
            said = f"Nhân sự theo Báo cáo số {self.context.round.report_number}: {row.personnel}."
            cells[self.place] = Cell(marks[self.place], note=said)
        return cells

    def _mark(self, place: int, value: Any) -> str:
        if place in self.facts:
            return _fact(value)
        self.printed.add(value)
        mark = outcome_of(value).mark
        return "" if mark is None else str(mark)

    def _apart(self, row: Row) -> list[str | Cell]:
        values = [each.value_of(row) for each in self.table.apart]
        return ["" if value is None else number(value) for value in values]

    def _score(self, row: Row) -> Cell:
        self.has_published |= row.is_published
        score = "" if row.score is None else number(row.score)
        if row.score is not None and row.is_published:
            score += "*"
        note = self.context.notes.text(f"5355-{FIRST_LINE + row.position:02d}")
        return Cell(score, is_bold=True, note=note)

    def totals(self) -> list[Cell]:
        scores = self.table.scores
        return [
            Cell("Cộng", over=3 if self.table.divided else 2, is_bold=True),
            *(Cell("" if count.total is None else number(count.total), is_bold=True) for count in self.table.totals),
            *(Cell("" if value is None else number(value), is_bold=True) for value in self.table.apart_totals),
            Cell("" if scores.points is None else number(scores.points), is_bold=True),
        ]

    def legend(self) -> list[str]:
        kinds = kinds_of(self.context.round.criteria_set, self.table.columns)
        # What is open comes last: the text goes on with another reason why a cell is blank.
        kinds.sort(key=lambda outcome: outcome.is_open)
        words = [_explained(outcome) for outcome in kinds if outcome.applies]
        texts = [f"Ghi chú: {'; '.join(words)} hoặc chưa có phiếu được phê duyệt."]
        becomes = on_what_does_not_apply(self.context.round.criteria_set, self.table.measure, of=" của đơn vị")
        texts += [
            f"{outcome.mark}: {outcome.in_sentence}, {becomes}."
            for outcome in OUTCOMES.values()
            if outcome.code in self.printed and not outcome.applies
        ]
        if self.table.has_graded:
            texts.append(POINTS_IN_CELLS)
        if self.table.apart:
            texts.append(RULE)
        if self.has_published:
            report = self.context.round.report_number
            texts.append(f"* Số do Báo cáo số {report} công bố." if report else "* Số đã công bố trong báo cáo.")
        if self.has_personnel:
            texts.append(PERSONNEL)
        return [*texts, self._on_totals()]

    def _on_totals(self) -> str:
        last = f"ở cột cuối là tổng số {self.table.measure.noun} đạt được của tất cả các đơn vị có kết quả."
        if not self.context.approved:
            return f"Dòng “Cộng”: {last}"
        points = " (nơi ô ghi số điểm: tổng số điểm)" if self.table.has_graded else ""
        coverage = f"{self.context.coverage} có phiếu được phê duyệt"
        return f"Dòng “Cộng”: ở các tiêu chí là số đơn vị đạt{points} trong {coverage}; {last}"


def _fact(value: Any) -> str:
    """Write what a criterion without an outcome records: a number, words, or nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    return number(value)
