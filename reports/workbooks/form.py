"""The form that every official workbook has: agency and Quốc hiệu above, signatures below, its sources at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from textwrap import shorten
from typing import Any

from django.utils import timezone
from openpyxl.utils import get_column_letter

from archiveportal import excel
from archiveportal.accounts.models import User
from archiveportal.excel import Book, Sheet, Style
from archiveportal.office.models import Office
from archiveportal.office.queries import office_on
from archiveportal.percent import Rounding, decimals_needed
from archiveportal.roman import roman
from archiveportal.scope import Scope, Viewer
from archiveportal.vietnamese import MORE_THAN, as_of, document_date, number
from criteria.inspections.models import Round
from reports.models import Subject
from reports.results.cost import cost_name
from reports.results.rows import unverified
from training.models import Scheme
from wards.models import District, UnitGroup

AGENCY = Style(size=12, box=False, centred=True)
AGENCY_BOLD = Style(size=12, bold=True, box=False, centred=True)
RULE = Style(size=6, box=False, centred=True, wrap=False)
SIGNED = Style(bold=True, box=False, centred=True)
BY_HAND = Style(italic=True, box=False, centred=True)
SUBJECT = Style(bold=True, size=12, box=False, centred=True)
SECTION = Style(bold=True, shade=True)
SECTION_COUNT = excel.TOTAL_CENTRED
DASH = excel.CENTRED
#: before the number format of a lower bound: the cell stays a number and shows "hơn 400"
MORE_THAN_FORMAT = f'"{MORE_THAN}"'
WHOLE_PERCENT = Style(number_format="0", centred=True)
NUMBER_FORMATS = {Rounding.WHOLE: "0", Rounding.TRUNCATED: "0.00", Rounding.EXACT: "0.00"}
RULES_IN_WORDS = {
    Rounding.WHOLE: "làm tròn đến phần trăm",
    Rounding.TRUNCATED: "lấy hai số thập phân, không làm tròn",
    Rounding.EXACT: "làm tròn hai số thập phân",
}
#: the reports that the rules come from: their own records say so
_REPORTS = {Rounding.WHOLE: "5355", Rounding.TRUNCATED: "2710"}
#: characters that the Quốc hiệu takes across
ROOM_FOR_NATION = 38
#: characters that the foot takes beside the number of the page, on an upright sheet and on a
#: landscape one
FOOT = {False: 103, True: 145}
#: characters across an A3 page that can still be read; a wider table takes several pages side by side
LEGIBLE = 330
NOTHING = "Không có số liệu trong phạm vi đã chọn."


def rounded_by(subject: Subject) -> str:
    """Return the rule of rounding in words, with the report behind it where the records are those of a report."""
    rounding = Rounding(subject.rounding)
    report = _REPORTS.get(rounding) if subject.is_baseline else None
    return RULES_IN_WORDS[rounding] + (f" (Báo cáo số {report}/BC-SNV)" if report else "")


@dataclass(frozen=True)
class Reader:
    """The reader of a workbook, a person or the scope of a command, and the district or the group
    of units it is narrowed to."""

    viewer: Viewer
    district: District | None = None
    group: UnitGroup | None = None
    #: keys of the units of the group
    units: frozenset[int] = frozenset()
    #: what the page was filtered by, in words
    filters: str = ""
    #: the moment of the figures, if it is not now
    moment: datetime | None = None

    @cached_property
    def office(self) -> Office:
        """Return the office as it is on the day of the figures."""
        return office_on(timezone.localtime(self.moment).date())

    @cached_property
    def scope(self) -> Scope:
        """An area narrows only those who see all units: it is never more than what others see."""
        scope = self.viewer.scope
        if not scope.sees_all_units:
            return scope
        return scope.within(
            districts=[self.district.pk] if self.district else None, wards=self.units if self.group else None
        )

    @property
    def areas(self) -> list[District | UnitGroup]:
        """Return what it is narrowed to."""
        return [area for area in (self.district, self.group) if area is not None]

    @property
    def person(self) -> User | None:
        return self.viewer if isinstance(self.viewer, User) else None

    @property
    def extent(self) -> str:
        """Return the extent of the figures: the City, or a part of it."""
        if self.areas and self.viewer.scope.sees_all_units:
            return ", ".join(area.title for area in self.areas)
        return (self.person.unit_title if self.person else "") or self.office.whole_area

    @property
    def name(self) -> str:
        person = self.person
        return f"{person.full_name} ({person.username})" if person else "Lệnh xuất của hệ thống"

    @property
    def agencies(self) -> tuple[str, str]:
        """Return the parent agency and the one that issues the table."""
        person = self.person
        if person and person.ward:
            parent = person.ward.district.title if person.ward.district else self.office.area
            return f"UBND {parent}".upper(), person.ward.body.upper()
        if person and person.district:
            return f"UBND {person.district.title}".upper(), "PHÒNG NỘI VỤ"
        return self.office.superior.upper(), self.office.name.upper()


@dataclass(frozen=True)
class SheetColumn:
    heading: str
    width: float
    style: Style = excel.TEXT


def lower_bound_style(like: Style, *, is_lower_bound: bool) -> Style:
    """Return the style `like`, for a lower bound with "hơn" in its number format."""
    return replace(like, number_format=f"{MORE_THAN_FORMAT}{like.number_format}") if is_lower_bound else like


def decimal_style(value: Decimal | int | None, like: Style = excel.COUNT) -> Style:
    """Return the style `like` with the decimals that a number has: 7,5 and 8 in one column."""
    places = decimals_needed(value)
    return like if not places else replace(like, number_format=f"#,##0.{'0' * places}")


def percent_style(rounding: str, like: Style) -> Style:
    """Return the style `like` with the decimals of a rule of rounding."""
    return replace(like, number_format=NUMBER_FORMATS[Rounding(rounding)])


@dataclass
class Form:
    """One workbook in the making: its sheets share the head, the foot and the sources."""

    reader: Reader
    title: str
    round: Round | None = None
    scheme: Scheme | None = None
    #: how the figures follow from the records, a sentence each
    derived: list[str] = field(default_factory=list)
    #: rows behind the figures
    records: int = 0
    #: what the figures are of, where that is not what the reader sees of the units
    extent: str = ""

    def __post_init__(self) -> None:
        self.moment = timezone.localtime(self.reader.moment)
        about = self.round or self.scheme
        self.book = Book(f"{self.title} – {about.name}" if about else self.title, made_at=self.moment)

    @property
    def required_round(self) -> Round:
        """Return the round of a workbook that is on one."""
        if self.round is None:
            raise ValueError("this workbook is on no round")
        return self.round

    @property
    def required_scheme(self) -> Scheme:
        """Return the scheme of a workbook that is on one."""
        if self.scheme is None:
            raise ValueError("this workbook is on no scheme")
        return self.scheme

    @property
    def as_of(self) -> str:
        return as_of(self.moment)

    def foot(self, landscape: bool) -> str:
        """Return the foot: the subject, cut so that it leaves room for the page number; when, and
        by whom."""
        about, rest = self.round or self.scheme, f"{self.as_of}. {self.reader.name}"
        name = shorten(about.name, max(FOOT[landscape] - len(rest), 20), placeholder="…") if about else ""
        return f"{name}. {rest}" if name else rest

    def sheet(
        self,
        name: str,
        widths: Sequence[float],
        lines: Iterable[tuple[str, Style]],
        *,
        head_rows: int = 1,
        frozen_columns: int = 0,
        paper: str = "",
    ) -> Sheet:
        """Add a sheet with everything above its heading rows, which follow."""
        lines = [line for line in lines if line[0]] + [(self.as_of, excel.SUBTITLE)]
        sheet = self.book.sheet(name)
        first = 5 + len(lines)
        across = sum(widths)
        landscape = across > excel.A4_PORTRAIT
        pages_across = -(-int(across) // LEGIBLE)
        sheet.lay_out(
            widths=widths,
            freeze=f"{get_column_letter(frozen_columns + 1)}{first + head_rows}",
            header_rows=(first, first + head_rows - 1),
            paper=paper or (excel.A3 if across > excel.A4_LANDSCAPE else excel.A4),
            landscape=landscape,
            foot=self.foot(landscape),
            pages_across=pages_across,
            title_columns=f"A:{get_column_letter(frozen_columns)}" if frozen_columns and pages_across > 1 else None,
        )
        self._letterhead(sheet, widths)
        for text, style in lines:
            sheet.blocks((text, style, 1, len(widths)))
        return sheet

    def table(
        self, name: str, columns: Sequence[SheetColumn], lines: Iterable[tuple[str, Style]], **options: Any
    ) -> Sheet:
        """Add a sheet with one row of headings."""
        sheet = self.sheet(name, [column.width for column in columns], lines, **options)
        sheet.fit([sheet.cell(column.heading, excel.HEAD) for column in columns])
        return sheet

    def heading(self, *more: str) -> list[tuple[str, Style]]:
        """Return the title of the table and what it is about."""
        title = f"{self.title} – {self.round.mark}" if self.round and self.round.mark else self.title
        return [(title, excel.TITLE), *[(text, SUBJECT) for text in more], (self.reader.filters, excel.SUBTITLE)]

    def _letterhead(self, sheet: Sheet, widths: Sequence[float]) -> None:
        split, last = _middle(widths), len(widths)
        parent, agency = self.reader.agencies
        nation, motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
        sheet.blocks((parent, AGENCY, 1, split), (nation, AGENCY_BOLD, split + 1, last))
        sheet.blocks((agency, AGENCY_BOLD, 1, split), (motto, AGENCY_BOLD, split + 1, last))
        sheet.blocks(("_" * 22, RULE, 1, split), ("_" * 54, RULE, split + 1, last))
        sheet.height(sheet.row_number + 1, 6)
        sheet.row([None], excel.PLAIN)

    def sign(self, sheet: Sheet) -> None:
        """Place, date and both signatures are left to be written by hand."""
        split, last = _middle(sheet.widths), len(sheet.widths)
        # No signature without a line of the table, and none apart from the other.
        sheet.keep_with_next()
        sheet.row([], excel.PLAIN)
        sheet.keep_with_next()
        dots = "." * 8
        sheet.blocks((f"{dots * 2}, ngày {dots} tháng {dots} năm {dots}", BY_HAND, split + 1, last))
        sheet.keep_with_next()
        sheet.blocks(("NGƯỜI LẬP BIỂU", SIGNED, 1, split), ("THỦ TRƯỞNG ĐƠN VỊ", SIGNED, split + 1, last))
        sheet.keep_with_next()
        below = ("(Ký, ghi rõ họ tên)", "(Ký, đóng dấu, ghi rõ họ tên)")
        sheet.blocks((below[0], BY_HAND, 1, split), (below[1], BY_HAND, split + 1, last))
        for _ in range(4):
            sheet.keep_with_next()
            sheet.row([None], excel.PLAIN)
        sheet.on_one_page()

    def nothing(self, sheet: Sheet) -> None:
        sheet.blocks((NOTHING, excel.TEXT_ITALIC, 1, len(sheet.widths)))

    def chart(
        self,
        title: str,
        rows: Sequence[tuple[str, Any]],
        *,
        label: str,
        unit: str,
        lower_bounds: Collection[str] = (),
        **options: Any,
    ) -> None:
        """Add a sheet with a picture and the figures that it draws, where there is anything to draw.

        `label` and `unit` head the columns of its rows. `lower_bounds` names the rows that show "hơn".
        """
        if not rows or len(rows) > excel.MOST_BARS:
            return
        sheet = self.sheet("Biểu đồ", [34, 12, 3, 86], [(title, excel.TITLE)])
        sheet.fit([sheet.cell(label, excel.HEAD), sheet.cell(unit, excel.HEAD)])
        first = sheet.row_number + 1
        decimal = excel.PERCENT if options.get("number_format") else excel.COUNT
        own_formats = {}
        for place, (name, value) in enumerate(rows):
            style = lower_bound_style(decimal, is_lower_bound=name in lower_bounds)
            sheet.fit([sheet.cell(name), sheet.cell(value, style)])
            if style != decimal:
                own_formats[place] = style.number_format
        labels, values = [name for name, _ in rows], [value for _, value in rows]
        sheet.bars(
            title=title, labels=labels, values=values, first_row=first, column=2,
            anchor=f"D{first - 1}", own_formats=own_formats, **options,
        )  # fmt: skip
        sheet.worksheet.page_setup.fitToHeight = 1

    def finish(self) -> Book:
        """The sheet that says where the figures come from, and the whole workbook."""
        sheet = self.book.sheet("Nguồn")
        sheet.lay_out(widths=[27, 62], landscape=False, foot=self.foot(False))
        sheet.blocks(("NGUỒN SỐ LIỆU", excel.TITLE, 1, 2))
        for label, value in self._sources():
            style = excel.COUNT if isinstance(value, int) else excel.TEXT
            sheet.fit([sheet.cell(label, SECTION), sheet.cell(value, style)])
        return self.book

    def _sources(self) -> Iterable[tuple[str, Any]]:
        yield "Biểu", self.title
        if self.round:
            criteria_set = self.round.criteria_set
            yield "Đợt kiểm tra", f"{self.round.name} (mã {self.round.code})"
            yield "Thời gian của đợt", " – ".join(map(document_date, (self.round.starts_on, self.round.ends_on)))
            yield "Bộ tiêu chí", f"{criteria_set.name}, phiên bản {number(criteria_set.version)}"
            yield "Tình trạng bộ tiêu chí", criteria_set.get_status_display()
            if self.round.funding is not None and self.reader.scope.sees_all_units:
                # Of all units together: no report breaks it down (D21).
                yield f"{cost_name(self.round)} tại các đơn vị (đồng)", int(self.round.funding)
        if self.scheme:
            yield "Đề án", self.scheme.name
            yield "Căn cứ", self.scheme.legal_basis
        yield "Phạm vi", self.extent or self.reader.extent
        yield "Điều kiện lọc", self.reader.filters.partition(": ")[2] or "Không lọc"
        yield "Thời điểm", self.as_of
        yield "Người xuất", self.reader.name
        yield "Số bản ghi", self.records
        if self.round and (left_out := unverified(self.reader.scope, self.round).sentence):
            # What tables of verified results leave out.
            yield "Đơn vị khác", left_out
        for place, sentence in enumerate(self.derived):
            yield "" if place else "Cách tính", sentence


def write_section(sheet: Sheet, place: int, title: str, *, number: str = "") -> None:
    """Write a heading across the table with its own number or a Roman one; it is never alone at the foot of a page."""
    sheet.blocks((number or roman(place), excel.TOTAL_CENTRED, 1, 1), (title, SECTION, 2, len(sheet.widths)))
    sheet.keep_with_next()


def _middle(widths: Sequence[float]) -> int:
    """The column at which the head and the signatures part: near the middle, with room for the Quốc hiệu."""
    total, best = sum(widths), 1
    for place in range(1, len(widths)):
        left = sum(widths[:place])
        if total - left >= ROOM_FOR_NATION and abs(left - total * 0.46) <= abs(sum(widths[:best]) - total * 0.46):
            best = place
    return best
