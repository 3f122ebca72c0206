"""The office behind reports 5355/BC-SNV (2019) and 2710/BC-SNV (2020), as their heads and ends name it."""

from __future__ import annotations

import datetime

from archiveportal.baseline import add_once
from archiveportal.office.models import Office

#: the first day of the period that report 2710/BC-SNV is about
FIRST_DAY = datetime.date(2014, 1, 1)
OFFICE = {
    "name": "Sở Nội vụ",
    "superior_head": "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HỒ CHÍ MINH",
    "superior": "UBND Thành phố Hồ Chí Minh",
    "area": "Thành phố Hồ Chí Minh",
    "area_noun": "Thành phố",
    "place": "Thành phố Hồ Chí Minh",
    "symbol": "SNV",
    "head_title": "Giám đốc",
    "deputy_title": "Phó Giám đốc",
    "division": "Chi cục Văn thư - Lưu trữ",
    "division_short": "Chi cục VTLT",
    "division_symbol": "CCVTLT",
    "division_head_title": "Chi cục trưởng",
    "name_in_english": "Department of Home Affairs of Ho Chi Minh City",
    "division_in_english": "Records and Archives Sub-department",
    "basis": "Báo cáo số 5355/BC-SNV và 2710/BC-SNV",
}


def reports_office() -> Office:
    """Return the office of the reports, not saved: what papers name until somebody enters another."""
    return Office(first_day=FIRST_DAY, **OFFICE)


def load() -> None:
    """Add the office of the reports where none is entered."""
    if not Office.objects.exists():
        add_once(Office, OFFICE, first_day=FIRST_DAY)
