"""The errors that the two reports print, one row each in reports/data/known_errors.csv.

`words` are found as they are, in any case and Unicode form; a `pattern` is a regular expression
over the folded text instead. An empty `corrected` leaves the wording to a person; "-" deletes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archiveportal.baseline import rows
from reports.known_errors.folding import fold
from reports.known_errors.spans import ErrorMatch

KNOWN = Path(__file__).parent.parent / "data" / "known_errors.csv"


@dataclass(frozen=True)
class KnownRow:
    key: str
    code: str
    report: str
    severity: str
    pattern: re.Pattern[str]
    corrected: str | None
    reason: str
    reason_en: str


@cache
def known_rows() -> tuple[KnownRow, ...]:
    return tuple(_row(values) for values in rows(KNOWN))


def _row(values: dict[str, str]) -> KnownRow:
    pattern = values["pattern"] or re.escape(fold(values["words"]))
    corrected = {"": None, "-": ""}.get(values["corrected"], values["corrected"])
    return KnownRow(
        key=values["key"],
        code=values["code"],
        report=values["report"],
        severity=values["severity"],
        pattern=re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"),
        corrected=corrected,
        reason=values["reason"],
        reason_en=values["reason_en"],
    )


def printed_errors(text: str) -> Iterator[ErrorMatch]:
    for row in known_rows():
        for match in row.pattern.finditer(text):
            yield ErrorMatch(
                row.key,
                *match.span(),
                corrected=row.corrected,
                reason=row.reason,
                reason_en=row.reason_en,
                severity=row.severity,
                code=row.code,
            )
