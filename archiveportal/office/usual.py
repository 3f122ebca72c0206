"""Who usually signs a kind of paper, under which symbol, and to whom it goes.

Words with braces are replaced by those of the office. `{units}` stays: each paper puts its own units
there. Inspection decisions are the sub-department's (Nghị định 217/2025/NĐ-CP, Điều 6.2, where this is
delegated to its head); to pause and to stop an inspection and to ask for remedies is for the head of
the office (Điều 7.2đ, e).
"""

from __future__ import annotations

from dataclasses import dataclass

from archiveportal.office.kinds import Level, PaperKind
from archiveportal.office.models import Office


@dataclass(frozen=True)
class Usual:
    """`symbol` is the abbreviation of the kind of paper (NĐ 30/2020/NĐ-CP, Phụ lục III)."""

    level: Level
    symbol: str
    receivers: tuple[str, ...] = ()


_OF_DECISION = ("- Như Điều 3;", "- {head} (để báo cáo);", "- {kept}.")
USUAL: dict[PaperKind, Usual] = {
    PaperKind.ROUND_REPORT: Usual(
        Level.DEPARTMENT,
        "BC",
        ("- UBND {area};", "- Văn phòng UBND {area};", "- Sở Tài chính;", "- UBND {units};", "- {kept}."),
    ),
    PaperKind.SCHEME_REPORT: Usual(
        Level.DEPARTMENT,
        "BC",
        (
            "- Ủy ban nhân dân {area};",
            "- Cục Văn thư và Lưu trữ nhà nước;",
            "- Các sở, ban, ngành {area};",
            "- Ủy ban nhân dân {units};",
            "- {division}, Phòng CC.VC - {symbol};",
            "- Lưu: VT.",
        ),
    ),
    PaperKind.ROUND_LETTER: Usual(Level.DEPARTMENT, "", ("- Như trên;", "- {head} (để báo cáo);", "- {kept}.")),
    PaperKind.PLAN: Usual(
        Level.DEPARTMENT,
        "KH",
        (
            "- Chủ tịch Ủy ban nhân dân {area} (để báo cáo);",
            "- Thanh tra {area};",
            "- Các đơn vị tại Phụ lục;",
            "- {kept}.",
        ),
    ),
    PaperKind.DECISION: Usual(Level.DIVISION, "QĐ", _OF_DECISION),
    PaperKind.CONDUCT_PLAN: Usual(
        Level.TEAM, "KH-ĐKT", ("- Người ra quyết định kiểm tra;", "- Thành viên Đoàn kiểm tra;", "- {kept}.")
    ),
    PaperKind.VISIT_NOTICE: Usual(Level.DIVISION, "TB", ("- {units};", "- Thành viên Đoàn kiểm tra;", "- {kept}.")),
    PaperKind.ANNOUNCEMENT: Usual(Level.TEAM, "BB-ĐKT"),
    PaperKind.MINUTES: Usual(Level.TEAM, "BB-ĐKT"),
    PaperKind.RESULT_REPORT: Usual(Level.TEAM, "BC-ĐKT", ("- Người ra quyết định kiểm tra;", "- {kept}.")),
    PaperKind.REMEDY_LETTER: Usual(Level.DEPARTMENT, "", ("- Như trên;", "- {head} (để báo cáo);", "- {kept}.")),
    PaperKind.EXTENSION: Usual(Level.DIVISION, "QĐ", _OF_DECISION),
    PaperKind.PAUSE: Usual(Level.DEPARTMENT, "QĐ", _OF_DECISION),
    PaperKind.STOP: Usual(Level.DEPARTMENT, "QĐ", _OF_DECISION),
    PaperKind.TEAM_CHANGE: Usual(Level.DIVISION, "QĐ", _OF_DECISION),
}


def usual_symbol(kind: PaperKind, office: Office) -> str:
    """Return the symbol behind the number: "BC-SNV", "QĐ-CCVTLT", of letters "SNV-CCVTLT"."""
    usual = USUAL[kind]
    if not usual.symbol:
        return office.letter_symbol
    if usual.level == Level.TEAM:
        return usual.symbol
    is_of_division = usual.level == Level.DIVISION and bool(office.division_symbol)
    return f"{usual.symbol}-{office.division_symbol if is_of_division else office.symbol}"


def usual_receivers(kind: PaperKind, office: Office) -> list[str]:
    """Return the receivers, `{units}` left for the paper to fill in."""
    words = {
        "{area}": office.area_noun,
        "{symbol}": office.symbol,
        "{division}": office.division_short or office.working_division,
        # "Giám đốc Sở": the first word of the office's name behind the title of its head.
        "{head}": f"{office.head_title} {office.name.partition(' ')[0]}",
        "{kept}": office.kept_by,
    }
    lines = list(USUAL[kind].receivers)
    if USUAL[kind].level == Level.DEPARTMENT:
        # The head signs and is no receiver of the own paper.
        lines = [line for line in lines if "{head}" not in line]
    for name, word in words.items():
        lines = [line.replace(name, word) for line in lines]
    return lines
