"""Days as people write them, for the rule of the server and the one of the page."""

from __future__ import annotations

import datetime

_FIFTH = datetime.date(2026, 8, 5)

WRITTEN = {
    "05/08/2026": _FIFTH,
    "5/8/2026": _FIFTH,
    "5/8/26": _FIFTH,
    "05-08-2026": _FIFTH,
    "5.8.2026": _FIFTH,
    "5.8.26": _FIFTH,
    "5,8,26": _FIFTH,
    "5 8 2026": _FIFTH,
    " 05 / 08 / 2026 ": _FIFTH,
    "05082026": _FIFTH,
    "050826": _FIFTH,
    "28112026": datetime.date(2026, 11, 28),
    "2026-08-05": _FIFTH,
    "ngày 05 tháng 8 năm 2026": _FIFTH,
    "ngày 5/8/2026": _FIFTH,
    "thứ Tư, ngày 05/08/2026.": _FIFTH,
    "Chủ nhật, 28/11/2026": datetime.date(2026, 11, 28),
    "5 thg 8, 2026": _FIFTH,
    "5 Th8 2026": _FIFTH,
    "5\\8\\2026": _FIFTH,
    "5\u22158\u22152026": _FIFTH,
    "2026/08/05": _FIFTH,
    "05\u00a0/\u00a008/2026": _FIFTH,
    "05/08/2026\u200b": _FIFTH,
    "05\u201308\u20132026": _FIFTH,
    "０５／０８／２０２６": _FIFTH,
    "29/02/2024": datetime.date(2024, 2, 29),
    "290224": datetime.date(2024, 2, 29),
}

#: Day first always: 2026 is no day, 13 no month.
NO_DAYS = [
    "20260805",
    "08/13/2026",
    "31/04/2026",
    "29/02/2026",
    "00/08/2026",
    "5082026",
    "5/8",
    "5/8/026",
    "5/8/2",
    "5-8-20266",
    "2026",
    "hôm qua",
    "5/8/2026 10:30",
    "١٥/٠٨/٢٠٢٦",
    "5/tám/2026",
    "2026/08-05",
    "thứ Chín, 5/8/2026",
]

#: with a year of two digits after the next one
SHORT_YEARS = ["05/08/{}", "0508{}"]


def year_of_short(year: int) -> str:
    """Return the two digits of the first year that is not taken as 20yy in `year`."""
    return f"{(year + 2) % 100:02d}"
