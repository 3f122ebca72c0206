"""What stands beside the table: title lines, and the sheets Thông tin, Xếp loại, Điểm liệt and Đối chiếu."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import TableRow
from archiveportal.sheets.values import NotThis, heading_key
from archiveportal.vietnamese import without_marks, words_of
from criteria import outcomes
from criteria.building.bounds import Bounds, contradictions
from criteria.building.services.sets import CODE
from criteria.models import Band
from criteria.outcomes import outcome_of
from criteria.set_sheet.levels import in_one_column
from criteria.set_sheet.numbering import read_points
from criteria.set_sheet.ranges import Ladder, WrittenRange, ladder, read_range
from criteria.set_sheet.reading import as_code
from criteria.specification import BandSpec, BarSpec, ConditionSpec, LeafSpec

NAME_LIMIT, CODE_LIMIT = 200, 40
KINDS = {
    "phuong": "phuong",
    "xa": "xa",
    "thi tran": "thi_tran",
    "dac khu": "dac_khu",
    "so": "so",
    "ban": "ban",
    "co quan khac": "co_quan",
    "don vi su nghiep": "su_nghiep",
}
YES, NO = {"co", "x", "cho phep", "duoc"}, {"khong", "khong cho phep", "khong duoc"}
NOT_APPLICABLE = {
    "khong cho phep": (False, "left_out"),
    "khong": (False, "left_out"),
    "khong tinh vao diem toi da": (True, "left_out"),
    "loai khoi mau so": (True, "left_out"),
    "tinh tron diem": (True, "full"),
    "tinh du diem": (True, "full"),
}
ANSWERS = {
    "dat": outcomes.MET,
    "co": outcomes.MET,
    "chua dat": outcomes.NOT_MET,
    "khong dat": outcomes.NOT_MET,
    "khong": outcomes.NOT_MET,
    "0 diem": outcomes.NOT_MET,
    "dat mot phan": outcomes.PARTLY,
    "khong xuat trinh duoc": outcomes.NOT_SHOWN,
    "khong xuat trinh": outcomes.NOT_SHOWN,
    "khong ap dung": outcomes.NOT_APPLICABLE,
    "mien": outcomes.EXCUSED,
    "mien vi ly do khach quan": outcomes.EXCUSED,
}
_AND = re.compile(r"\s*(?:[;\n+]|\s(?:và|đồng thời)\s(?=(?:tiêu chí\s+)?[A-Z0-9]))\s*")
_REFERENCE = re.compile(r"(?:tiêu chí\s+)?(\S+?)\s*(?::|\s)\s*(\S.*)", re.IGNORECASE)
_LINE = re.compile(r"(mã bộ tiêu chí|mã|phiên bản|tên bộ tiêu chí|căn cứ)\s*:\s*(.+)", re.IGNORECASE)
_ISSUED = re.compile(r"\(?\s*((?:ban hành\s+)?kèm theo .+?)\s*\)?", re.IGNORECASE)
_NAME = re.compile(r"\b(?:bo tieu chi|tieu chi|bang diem|thang diem|bang cham)\b")


@dataclass
class Information:
    """What the title lines and the sheet Thông tin say of the set, by name of the field."""

    values: dict[str, Any]
    #: row of each value that a sheet of its own gives
    rows: dict[str, TableRow]


def read_information(rows: Sequence[TableRow], titles: Sequence[TableRow]) -> Information:
    """Return what is said of the set; the sheet Thông tin goes before the lines above the table."""
    made = Information(_from_titles([row.text("text") for row in titles]), {})
    for row in rows:
        item = heading_key(row.text("item"))
        if item not in _ITEMS:
            if not row.is_refused:
                known = "; ".join(label for label, _field, _read in _ITEMS.values())
                row.refuse("item", _("one of: %(choices)s") % {"choices": known})
            continue
        _label, field, read = _ITEMS[item]
        if field in made.rows:
            row.refuse("item", _("each line once: row %(row)s has it already") % {"row": made.rows[field].number})
            continue
        made.rows[field] = row
        if row.text("value"):
            _take(made, row, field=field, read=read)
    return made


def _take(made: Information, row: TableRow, *, field: str, read: Callable[[str], Any]) -> None:
    try:
        value = read(row.text("value"))
    except NotThis as expected:
        row.refuse("value", str(expected))
        return
    if field == outcomes.NOT_APPLICABLE:
        made.values["allows_not_applicable"], made.values["not_applicable_counts"] = value
    else:
        made.values[field] = value


def _from_titles(lines: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    names: list[str] = []
    for line in lines:
        said, issued = _LINE.fullmatch(line), _ISSUED.fullmatch(line)
        if said:
            _label, field, read = _ITEMS[heading_key(said[1])]
            try:
                values[field] = read(said[2])
            except NotThis:
                continue
        elif issued:
            values["legal_basis"] = issued[1][:1].upper() + issued[1][1:]
        elif names or _NAME.search(without_marks(line)):
            names.append(line)
    if names:
        values.setdefault("name", " ".join(names[:2])[:NAME_LIMIT])
    return values


def slug(name: str) -> str:
    """Return a code for a set that has a name alone."""
    made = "-".join(words_of(name))[: CODE_LIMIT + 1]
    return made if len(made) <= CODE_LIMIT else made.rsplit("-", 1)[0]


def _name(text: str) -> str:
    if len(text) > NAME_LIMIT:
        raise NotThis(_("at most %(limit)s characters") % {"limit": NAME_LIMIT})
    return text


def _code(text: str) -> str:
    if not CODE.fullmatch(text) or len(text) > CODE_LIMIT:
        raise NotThis(_("small letters without diacritics, digits and hyphens only, for example van-thu-2026"))
    return text


def _version(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 999:
        raise NotThis(_("the number of a version, for example 2"))
    return int(text)


def _points(text: str) -> Decimal:
    points = read_points(text)
    if points is None or points <= 0:
        raise NotThis(_("points above 0, for example 100"))
    return points


def _yes(text: str) -> bool:
    key = heading_key(text)
    if key not in YES | NO:
        raise NotThis(_("“Có” or “Không”"))
    return key in YES


def _not_applicable(text: str) -> tuple[bool, str]:
    found = NOT_APPLICABLE.get(heading_key(text))
    if found is None:
        raise NotThis(_("“Không cho phép”, “Không tính vào điểm tối đa” or “Tính trọn điểm”"))
    return found


def _kinds(text: str) -> tuple[str, ...]:
    kinds = [KINDS.get(heading_key(part)) for part in re.split(r"[;,]", text) if part.strip()]
    if not all(kinds):
        raise NotThis(_("kinds of units with semicolons between them: Phường; Xã; Đặc khu"))
    return tuple(sorted({kind for kind in kinds if kind}))


_ITEMS: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    heading_key(label): (label, field, read)
    for label, field, read in (
        ("Mã bộ tiêu chí", "code", _code),
        ("Mã", "code", _code),
        ("Tên bộ tiêu chí", "name", _name),
        ("Tên", "name", _name),
        ("Phiên bản", "version", _version),
        ("Căn cứ", "legal_basis", str),
        ("Tổng điểm", "announced_total", _points),
        ("Loại đơn vị", "kinds", _kinds),
        (outcome_of(outcomes.NOT_APPLICABLE).word, outcomes.NOT_APPLICABLE, _not_applicable),
        (outcome_of(outcomes.NOT_SHOWN).word, "allows_not_shown", _yes),
        (outcome_of(outcomes.EXCUSED).word, "allows_excused", _yes),
        ("Điểm trừ tối đa", "deduction_cap", _points),
        ("Điểm thưởng tối đa", "bonus_cap", _points),
        ("Ghi chú", "note", str),
    )
}


def read_bands(rows: Sequence[TableRow], *, maximum: Decimal) -> tuple[tuple[BandSpec, ...], str]:
    """Return the grades from the best to the worst, and whether they are by percent or by points."""
    ranges = [_range(row) for row in rows]
    if not rows or not all(ranges) or any(row.is_refused for row in rows):
        return (), "percent"
    given = [each for each in ranges if each]
    bands_by = _unit(rows, given, maximum)
    made = ladder(given, top=Decimal(100) if bands_by == "percent" else maximum, needs_floor=True)
    _tell(rows, made)
    labels = [row["label"].casefold() for row in rows]
    for place, row in enumerate(rows):
        if labels[place] in labels[:place]:
            row.refuse("label", _("a name of its own: another grade has it already"))
    bands: list[BandSpec] = []
    upper: Decimal | None = None
    for index, lower in reversed(made.lowers):
        bands.append(BandSpec(rows[index]["label"], lower, upper))
        _note_contradictions(rows[index], bands[-1], maximum=maximum, is_by_points=bands_by == "points")
        upper = lower
    return tuple(bands), bands_by


def _note_contradictions(row: TableRow, spec: BandSpec, *, maximum: Decimal, is_by_points: bool) -> None:
    """Say where the name of a grade has other bounds than its range: "12 - 22/23" over 96 points."""
    bounds = Bounds(Band(label=spec.label), spec.lower, spec.upper)
    row.notes += contradictions(bounds, label=spec.label, maximum=maximum, is_by_points=is_by_points)


def _range(row: TableRow) -> WrittenRange | None:
    if row.is_refused:
        return None
    try:
        found = read_range(row.text("range"))
    except NotThis as expected:
        row.refuse("range", str(expected))
        return None
    if found is None:
        row.refuse("range", _("a range, for example “từ 70 đến dưới 90 điểm” or “≥ 90%”"))
    return found


def _unit(rows: Sequence[TableRow], ranges: Sequence[WrittenRange], maximum: Decimal) -> str:
    """Return "percent" or "points"; without a unit the numbers are points where the maximum is reached by them."""
    units = {each.unit for each in ranges if each.unit}
    if len(units) > 1:
        rows[0].refuse("range", _("all grades by points, or all by percent"))
    if units:
        return "percent" if "%" in units else "points"
    return "percent" if max(each.lower or Decimal(0) for each in ranges) > maximum else "points"


def _tell(rows: Sequence[TableRow], made: Ladder) -> None:
    for index, expected in made.faults:
        rows[index].refuse("range", expected)
    for note in made.notes:
        rows[0].notes.append(note)


def read_bars(
    rows: Sequence[TableRow], *, leaves: Sequence[LeafSpec], bands: Sequence[BandSpec]
) -> tuple[BarSpec, ...]:
    """Return the rules that keep a unit from higher grades."""
    labels = {band.label.casefold(): band.label for band in bands}
    bars: list[BarSpec] = []
    for row in rows:
        if row.is_refused:
            continue
        band = labels.get(row.text("band").casefold())
        if band is None:
            row.refuse("band", _("the name of a grade of the sheet Xếp loại"))
            continue
        parts = [part for part in _AND.split(row.text("conditions")) if part]
        conditions = [condition for condition in (_condition(row, part, leaves) for part in parts) if condition]
        if len({condition.criterion for condition in conditions}) < len(conditions):
            row.refuse("conditions", _("each criterion once in a row"))
        if not row.is_refused:
            bars.append(BarSpec(tuple(conditions), band))
    return tuple(bars)


def _condition(row: TableRow, text: str, leaves: Sequence[LeafSpec]) -> ConditionSpec | None:
    found = _REFERENCE.fullmatch(text)
    leaf = leaf_of(found[1], leaves) if found else None
    if found is None or leaf is None:
        expected = _("number and answer of a criterion, such as “1.1: Chưa đạt”; “II.1.1” where 1.1 is there twice")
        row.refuse("conditions", expected)
        return None
    answer = found[2].strip(" .\"“”'")
    option = next((each.text for each in leaf.options if each.text.casefold() == answer.casefold()), "")
    outcome = "" if option else ANSWERS.get(heading_key(answer), "")
    if not option and not outcome:
        known = [each.text for each in leaf.options] or [
            outcome_of(code).word for code in (outcomes.MET, outcomes.NOT_MET, outcomes.NOT_SHOWN)
        ]
        row.refuse("conditions", _("one of: %(choices)s") % {"choices": "; ".join(known)})
        return None
    return ConditionSpec(leaf.code, outcome, option)


def leaf_of(text: str, leaves: Sequence[LeafSpec]) -> LeafSpec | None:
    """Return the criterion with a code, or with a printed number that no other has."""
    wanted = text.strip("().:; ").casefold()
    exact = [leaf for leaf in leaves if leaf.code.casefold() in (wanted, as_code(wanted))]
    printed = [leaf for leaf in leaves if leaf.printed_number.casefold() == wanted]
    found = exact or printed
    return found[0] if len(found) == 1 else None


def by_table(rows: Sequence[TableRow]) -> Mapping[str, list[TableRow]]:
    """Return the rows by the table that they are of, those of the main one with their names in one column."""
    found: dict[str, list[TableRow]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    if "" in found:
        found[""] = in_one_column(found[""])
    return found
