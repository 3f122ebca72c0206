"""Names of units as people type them: "Phường Tân Quý", "P.3", "Phường 03"."""

from __future__ import annotations

import re

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from archiveportal.vietnamese import unit_name

#: refuses what is no code of a unit; an office has its electronic code by QĐ 20/2020/QĐ-TTg
validate_code = RegexValidator(
    r"\A(?:[0-9]{2,10}|(?=.{3,10}\Z)[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,3})\Z",
    _("A code has 2 to 10 digits and nothing else; that of an office is its electronic code, for example H29.15."),
)

#: how a kind is written in front of a name, and how it is shortened; longer spellings first
SPELLINGS = {
    "thi_tran": ("thị trấn", "tt"),
    "thanh_pho": ("thành phố", "tp"),
    "dac_khu": ("đặc khu", "đk"),
    "phuong": ("phường", "p"),
    "huyen": ("huyện", "h"),
    "quan": ("quận", "q"),
    "xa": ("xã", "x"),
    "so": ("sở", ""),
    "ban": ("ban", ""),
}


def split_kind(text: str, kinds: list[str]) -> tuple[str, str]:
    """(kind, name) of a typed name; the kind is "" where the name begins with none of `kinds`.

    "Phường 03" is ("phuong", "3"), "TT. Cần Thạnh" is ("thi_tran", "Cần Thạnh"). An abbreviation counts only
    with a point or before a digit, so that a name may begin with the letter.
    """
    name = unit_name(text)
    for kind in filter(SPELLINGS.__contains__, kinds):
        word, short = SPELLINGS[kind]
        shortened = rf"|{short}\.\s*|{short}\s*(?=\d)" if short else ""
        match = re.match(rf"(?:{word}\s+{shortened})(\S.*)", name, re.IGNORECASE)
        if match:
            return kind, unit_name(match[1])
    return "", name
