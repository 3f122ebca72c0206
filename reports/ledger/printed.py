"""The two signed reports: number, day, place and who signed them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache

from archiveportal.baseline import ReportSource, rows
from archiveportal.vietnamese import document_date_in_words
from reports.ledger.listed import DATA


@dataclass(frozen=True)
class PrintedReport:
    """A report as it was signed on paper. `appendix` are the words over its table, where it has one."""

    number: str
    issued_on: datetime.date
    place: str
    signatory_title: str
    signatory: str
    appendix: str
    source: ReportSource

    @property
    def in_words(self) -> str:
        """Name the report with place, day and signatory, in Vietnamese as documents are."""
        day = document_date_in_words(self.issued_on)
        return f"Báo cáo số {self.number}, {self.place}, {day}; {self.signatory_title} {self.signatory} ký"


@cache
def printed_reports() -> dict[str, PrintedReport]:
    """Return the signed reports as the ledger names them: "5355", "2710"."""
    return {row["report"]: _printed(row) for row in rows(DATA / "printed_reports.csv")}


def _printed(row: dict[str, str]) -> PrintedReport:
    return PrintedReport(
        number=row["number"],
        issued_on=datetime.date.fromisoformat(row["issued_on"]),
        place=row["place"],
        signatory_title=row["signatory_title"],
        signatory=row["signatory"],
        appendix=row["appendix"],
        source=ReportSource(row["report"], row["section"], row["quotation"]),
    )
