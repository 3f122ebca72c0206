"""Sentences on what the units of a round hold and need, for pages and for the report on the round."""

from __future__ import annotations

from archiveportal.vietnamese import count_in_text, number
from reports.results.holdings import Holdings, HoldingsColumn, HoldingsSum


def coverage_sentence(table: Holdings) -> str:
    """Say of how many units there are numbers, by whom they are, and of how many there are none."""
    totals = table.totals
    units, answered = totals.units, totals.answered
    if not units:
        return ""
    if not answered:
        return f"Chưa có số liệu của đơn vị nào trong {count_in_text(units)} đơn vị của đợt."
    by_source = [
        (totals.verified_units, "đơn vị theo phiếu kiểm tra đã duyệt"),
        (totals.reported_units, "đơn vị tự kiểm tra, báo cáo, chưa kiểm tra lại"),
    ]
    named = " và ".join(f"{count_in_text(count)} {words}" for count, words in by_source if count)
    missing = units - answered
    rest = f"; {count_in_text(missing)} đơn vị chưa có số liệu, không tính là 0" if missing else ""
    return f"Số liệu của {count_in_text(answered)}/{count_in_text(units)} đơn vị: {named}{rest}."


def sums_sentence(table: Holdings) -> str:
    """Say the sum of each indicator that any unit gave, with its own coverage where that is not the general one."""
    answered = table.totals.answered
    pairs = zip(table.columns, table.totals.sums, strict=True)
    parts = [_sum_in_words(column, total, answered) for column, total in pairs if total.answered]
    if not parts:
        return ""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _sum_in_words(column: HoldingsColumn, total: HoldingsSum, answered: int) -> str:
    amount = f"{column.indicator.in_sentence}: {number(total.total)} {column.unit}".rstrip()
    details = []
    if total.reported_units and total.verified_units:
        details.append(f"tự báo cáo {number(total.reported)}")
    if total.answered != answered:
        details.append(f"{count_in_text(total.answered)}/{count_in_text(total.units)} đơn vị có số liệu")
    return f"{amount} ({'; '.join(details)})" if details else amount


def holdings_paragraph(table: Holdings) -> str:
    """Return both sentences as a paragraph; blank where the set has no indicator or nobody gave a number."""
    sums = sums_sentence(table) if table.columns else ""
    if not sums:
        return ""
    return f"Hiện trạng tài liệu, kho, số hóa và kinh phí: {coverage_sentence(table)} {sums}"
