"""Legal documents that a text cites by a number, year, day or issuer that is not theirs.

reports/data/legal_documents.csv lists the documents that such reports cite, each once. `mistaken`
is a number under which a report cites it wrongly, `code` the contradiction of the list.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archiveportal.baseline import rows
from archiveportal.vietnamese import document_date, document_date_in_words
from reports.known_errors.folding import fold
from reports.known_errors.spans import HIGH, ErrorMatch

DOCUMENTS = Path(__file__).parent.parent / "data" / "legal_documents.csv"
#: the end of a symbol and the body that it is of, as "của ..." names it
ISSUERS = {
    "bnv": "bộ nội vụ",
    "btc": "bộ tài chính",
    "btp": "bộ tư pháp",
    "btttt": "bộ thông tin và truyền thông",
    "cp": "chính phủ",
    "ttg": "thủ tướng chính phủ",
    "ubnd": "ủy ban nhân dân",
    "snv": "sở nội vụ",
    "stc": "sở tài chính",
}
#: kinds of documents as people shorten them
SHORT_KINDS = {"nđ": "nghị định", "tt": "thông tư", "qđ": "quyết định", "nq": "nghị quyết", "ct": "chỉ thị"}
_KINDS = f"luật|{'|'.join(SHORT_KINDS.values())}|{'|'.join(SHORT_KINDS)}"
_CITATION = re.compile(
    rf"(?<!\w)(?P<kind>{_KINDS})(?: [^\W\d_]+){{0,2}}? (?:số )?(?P<number>\d{{1,4}}/(?P<year>(?:19|20)\d{{2}})"
    r"(?:/(?P<symbol>[a-zđ]{2}(?:[-a-zđ]*[a-zđ]|\d{2})))?)(?![\w/])"
    r"(?P<day>,? (?:ban hành )?ngày (?P<d>\d{1,2})(?:/| tháng )(?P<m>\d{1,2})(?:/| năm )(?P<y>\d{4}))?"
)
_OF = re.compile(rf"(?:(?!{_KINDS}|\d/\d)[^.;:()]){{0,60}}? của (?P<issuer>{'|'.join(ISSUERS.values())})(?!\w)")


@dataclass(frozen=True)
class LegalDocument:
    kind: str
    number: str
    day: datetime.date
    #: words of its title: a citation of the same day with them means this document
    subject: str
    mistaken: str
    code: str


@cache
def legal_documents() -> tuple[LegalDocument, ...]:
    return tuple(
        LegalDocument(
            kind=fold(row["kind"]),
            number=row["number"],
            day=datetime.date.fromisoformat(row["day"]),
            subject=fold(row["subject"]),
            mistaken=fold(row["mistaken"]),
            code=row["code"],
        )
        for row in rows(DOCUMENTS)
    )


def citation_errors(text: str) -> Iterator[ErrorMatch]:
    for found in _CITATION.finditer(text):
        match = _misprint(found) or _other_number(text, found) or _other_day(found) or _other_issuer(text, found)
        if match:
            yield match


def _kind_of(match: re.Match[str]) -> str:
    return SHORT_KINDS.get(match["kind"], match["kind"])


def _day_of(match: re.Match[str]) -> datetime.date | None:
    """Return the day that follows the number; None where there is none, or none of the calendar."""
    if not match["day"]:
        return None
    try:
        return datetime.date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _number_is(cited: str, number: str) -> bool:
    """Compare numbers; the one that is cited may lack its symbol ("Nghị định số 101/2017")."""
    cited, number = cited.lstrip("0"), fold(number).lstrip("0")
    return cited == number or ("/" not in cited.partition("/")[2] and number.startswith(f"{cited}/"))


def _misprint(match: re.Match[str]) -> ErrorMatch | None:
    """Find a number under which a document of the list is cited wrongly (E05, E06)."""
    day = _day_of(match)
    for known in legal_documents():
        is_meant = _kind_of(match) == known.kind and day in (None, known.day)
        if known.mistaken and is_meant and _number_is(match["number"], known.mistaken):
            return _renumbered(match, known)
    return None


def _other_number(text: str, match: re.Match[str]) -> ErrorMatch | None:
    """Find a document cited with its day and subject, and another number."""
    day = _day_of(match)
    behind = text[match.end() : match.end() + 120]
    same_day = [known for known in legal_documents() if (known.kind, known.day) == (_kind_of(match), day)]
    if day is None or any(_number_is(match["number"], known.number) for known in same_day):
        return None
    for known in same_day:
        if known.subject in behind:
            return _renumbered(match, known)
    return None


def _renumbered(match: re.Match[str], known: LegalDocument) -> ErrorMatch:
    kind = f"{known.kind[:1].upper()}{known.kind[1:]}"
    beginning = match.group()[: match.start("number") - match.start()]
    start, corrected = match.start(), f"{kind}{beginning[len(kind) :]}{known.number}"
    if match["kind"] in SHORT_KINDS:
        # What is written short stays so.
        start, corrected = match.start("number"), known.number
    day = document_date(known.day)
    return ErrorMatch(
        "vien-dan",
        start,
        match.end("number"),
        corrected=corrected,
        reason=f"{kind} ngày {day} ({known.subject}) có số {known.number}",
        reason_en=f"the document of {known.day:%d/%m/%Y} on this subject has the number {known.number}",
        severity=HIGH,
        code=known.code,
    )


def _other_day(match: re.Match[str]) -> ErrorMatch | None:
    """Find a document of the list with another day, and a number of another year than its day."""
    day = _day_of(match)
    if day is None:
        return None
    start, end = match.start("d"), match.end("y")
    for known in legal_documents():
        if _kind_of(match) == known.kind and _number_is(match["number"], known.number):
            corrected = document_date_in_words(known.day).removeprefix("ngày ")
            reason = f"{known.number} ban hành ngày {document_date(known.day)}"
            reason_en = f"{known.number} is of {known.day:%d/%m/%Y}"
            return _on_day(start, end, (corrected, reason, reason_en)) if day != known.day else None
    if int(match["year"]) != day.year:
        reason = f"số của văn bản là của năm {match['year']}, ngày ban hành là của năm {day.year}"
        return _on_day(start, end, (None, reason, f"its number is of {match['year']}, its day of {day.year}"))
    return None


def _on_day(start: int, end: int, words: tuple[str | None, str, str]) -> ErrorMatch:
    corrected, reason, reason_en = words
    return ErrorMatch(
        "ngay-van-ban", start, end, corrected=corrected, reason=reason, reason_en=reason_en, severity=HIGH
    )


def _other_issuer(text: str, match: re.Match[str]) -> ErrorMatch | None:
    """Find "36/2018/TT-BNV ... của Bộ Tài chính": the symbol names one body, the words another."""
    abbreviation = (match["symbol"] or "").rpartition("-")[2]
    named = _OF.match(text, match.end())
    if abbreviation not in ISSUERS or not named or named["issuer"] == ISSUERS[abbreviation]:
        return None
    of_words = next(short for short, body in ISSUERS.items() if body == named["issuer"])
    number = f"{match['number'][: -len(abbreviation)]}{of_words}".upper()
    of_symbol, of_text = _title(ISSUERS[abbreviation]), _title(named["issuer"])
    return ErrorMatch(
        "co-quan-ban-hanh",
        *match.span("number"),
        corrected=number,
        reason=f"ký hiệu là của {of_symbol}, cơ quan ban hành được nêu là {of_text}",
        reason_en="the symbol and the words name different bodies",
        severity=HIGH,
    )


def _title(body: str) -> str:
    return f"{body[:1].upper()}{body[1:]}".replace("nội vụ", "Nội vụ").replace("tài chính", "Tài chính")
