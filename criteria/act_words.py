"""Legal acts read from words as people write them: "Khoản 1 Điều 9 Nghị định số 30/2020/NĐ-CP ngày 05/3/2020"."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from archiveportal.days import parse_day
from archiveportal.vietnamese import document_date
from criteria.models import LegalAct

KINDS = (
    *("Bộ luật", "Luật", "Pháp lệnh", "Nghị quyết liên tịch", "Nghị quyết", "Nghị định", "Thông tư liên tịch"),
    *("Thông tư", "Quyết định", "Chỉ thị", "Kế hoạch", "Công văn", "Hướng dẫn"),
)
#: characters that the columns of an act and of a citation hold
MOST_NUMBER, MOST_TITLE, MOST_ISSUER, MOST_ARTICLES = 60, 300, 120, 120
_NUMBER = r"(?P<number>\d{1,5}/(?:\d{4}/)?[A-ZĐƯ][A-ZĐƯ0-9]*(?:-[A-ZĐƯ0-9]+)*)"
_IN_DIGITS, _IN_WORDS = r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}", r"\d{1,2} tháng \d{1,2} năm \d{4}"
_DAY = rf"(?:,?\s*(?:ban hành\s+)?ngày\s+(?P<day>{_IN_DIGITS}|{_IN_WORDS}))?"
_ISSUER = r"(?:,?\s*của\s+(?P<issuer>[^,;.]+?))?"
_TITLE = r"(?:,?\s*(?P<title>(?:về|quy định|hướng dẫn|ban hành|sửa đổi)\s.+?))?"
_ACT = re.compile(
    rf"(?P<articles>.*?)(?P<kind>{'|'.join(KINDS)})\s+(?P<name>[^\d;]*?)(?:số\s*:?\s*)?{_NUMBER}{_DAY}{_ISSUER}{_TITLE}",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"(?:các\s+)?(?:điểm|khoản|điều|mục|chương|phần|phụ lục|tiết)\b.*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:;|\n)\s*")


@dataclass(frozen=True)
class ActInWords:
    """An act as words name it; what they do not say is blank."""

    number: str
    kind: str
    articles: str = ""
    title: str = ""
    issuer: str = ""
    issued_on: datetime.date | None = None

    @property
    def in_words(self) -> str:
        """Return the act with its day and issuer, as far as they are said."""
        day = document_date(self.issued_on) if self.issued_on else ""
        return ", ".join(filter(None, [f"{self.kind} số {self.number}", day, self.issuer]))

    @property
    def is_whole(self) -> bool:
        """Tell whether enough is said to record an act that nobody recorded yet."""
        return bool(self.issuer and self.issued_on)

    def as_act(self, source: str) -> LegalAct:
        """Return a whole act, not saved."""
        assert self.issued_on is not None
        return LegalAct(
            number=self.number,
            kind=self.kind,
            title=self.title or f"{self.kind} số {self.number}",
            issuer=self.issuer,
            issued_on=self.issued_on,
            source=source,
        )


def acts_in_words(text: str) -> list[ActInWords]:
    """Return the acts that a text names, one in each part between semicolons; none where any part is something else.

    What is left out of citations would be shown nowhere, so a text is read as a whole or not at all.
    """
    parts = [part.strip(" .,") for part in _BETWEEN.split(text) if part.strip(" .,")]
    read = [_act_of(part.removeprefix("Căn cứ ")) for part in parts]
    acts = [each for each in read if each is not None]
    is_once_each = len({each.number.casefold() for each in acts}) == len(acts)
    return acts if len(acts) == len(parts) and is_once_each else []


def _act_of(part: str) -> ActInWords | None:
    found = _ACT.fullmatch(part)
    if found is None:
        return None
    articles = re.sub(r"[,\s]+(?:của|theo|tại)?$", "", found["articles"].strip(" ,"), flags=re.IGNORECASE).strip(" ,")
    articles = articles.removesuffix(" của").strip(" ,")
    if articles and not _ARTICLES.fullmatch(articles):
        return None
    try:
        issued_on = parse_day(found["day"]) if found["day"] else None
    except ValidationError:
        return None
    act = ActInWords(
        number=found["number"],
        kind=next(kind for kind in KINDS if kind.lower() == found["kind"].lower()),
        articles=articles,
        title=(found["title"] or found["name"] or "").strip(" ,"),
        issuer=(found["issuer"] or "").strip(),
        issued_on=issued_on,
    )
    is_too_long = any(
        len(value) > limit
        for value, limit in (
            (act.number, MOST_NUMBER),
            (act.title, MOST_TITLE),
            (act.issuer, MOST_ISSUER),
            (act.articles, MOST_ARTICLES),
        )
    )
    return None if is_too_long or (found["day"] and issued_on is None) else act
