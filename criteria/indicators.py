"""Facts that are added up over the units of a round: which there are, and what they are called.

A criterion set says by `Criterion.indicator` which of its facts is which, so that the table of the
City follows from any set, whatever the places and codes of its criteria.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Indicator:
    """A fact of each unit: what screens call it, and its words in Vietnamese papers."""

    code: str
    label: str | Promise
    #: heading of its column on paper, under that of its group
    heading: str
    group: str
    #: within a sentence, before its sum
    in_sentence: str


TAKEN_OVER, RECORDS, DIGITISED = "Tài liệu nhận bàn giao", "Tình trạng tài liệu", "Số hóa"
STORES, REGISTERS, FUNDS = "Kho lưu trữ", "Sổ cũ", "Kinh phí"

#: by their codes, in the order of the table
INDICATORS = {
    indicator.code: indicator
    for indicator in (
        Indicator("received", _("Records taken over"), "Nhận bàn giao", TAKEN_OVER, "tài liệu nhận bàn giao"),
        Indicator(
            "handover_records",
            _("Minutes of taking over"),
            "Biên bản bàn giao",
            TAKEN_OVER,
            "biên bản bàn giao",
        ),
        Indicator("on_shelves", _("On shelves"), "Đã lên giá", RECORDS, "tài liệu đã lên giá"),
        Indicator("in_boxes", _("Still in crates"), "Còn trong thùng", RECORDS, "tài liệu còn trong thùng"),
        Indicator("arranged", _("Arranged"), "Đã chỉnh lý", RECORDS, "tài liệu đã chỉnh lý"),
        Indicator("backlog", _("Backlog, not arranged"), "Tồn đọng", RECORDS, "tài liệu tồn đọng, chưa chỉnh lý"),
        Indicator("digitised", _("Digitised"), "Đã số hóa", DIGITISED, "tài liệu đã số hóa"),
        Indicator("store_area", _("Floor area of stores"), "Hiện có", STORES, "diện tích kho hiện có"),
        Indicator("store_missing", _("Floor area missing"), "Còn thiếu", STORES, "diện tích kho còn thiếu"),
        Indicator("registers_locked", _("Old registers closed"), "Đã khóa", REGISTERS, "sổ cũ đã khóa"),
        Indicator("registers_open", _("Old registers still open"), "Chưa khóa", REGISTERS, "sổ cũ chưa khóa"),
        Indicator("funds_requested", _("Funds requested"), "Đề nghị", FUNDS, "kinh phí các đơn vị đề nghị"),
    )
}


def choices() -> list[tuple[str, Any]]:
    """Return the indicators as choices of a field."""
    return [(code, indicator.label) for code, indicator in INDICATORS.items()]
