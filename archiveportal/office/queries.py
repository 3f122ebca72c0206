"""The office as it is on a day, and how it issues a kind of paper then."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from archiveportal.office import kept
from archiveportal.office.baseline import reports_office
from archiveportal.office.kinds import PaperKind
from archiveportal.office.models import Office, Signatory, lines_of
from archiveportal.office.querysets import in_force, nearest
from archiveportal.office.usual import USUAL, usual_receivers, usual_symbol

#: room to write the number by hand
DOTS = "………"
UNITS = "{units}"


@dataclass(frozen=True)
class Signing:
    """How a kind of paper is issued on a day: head, symbol, title and name, receivers."""

    kind: PaperKind
    office: Office
    level: str
    titles: tuple[str, ...]
    symbol: str
    receivers: tuple[str, ...]
    name: str = ""
    #: None where it is as usual
    row: Signatory | None = None

    @property
    def head(self) -> list[str]:
        """Return the lines of the agency at the head of the paper."""
        return self.office.head_of(self.level)

    @property
    def agency(self) -> str:
        """Return who issues the paper, within a sentence."""
        return self.office.agency_of(self.level)

    @property
    def open_number(self) -> str:
        """Return the number left open: "………/BC-SNV"."""
        return f"{DOTS}/{self.symbol}"

    def receivers_for(self, units: str) -> list[str]:
        """Return the receivers with the units that the paper goes to."""
        return [line.replace(UNITS, units) for line in self.receivers]


def offices() -> list[Office]:
    """Return the office over all its days, the newest first; that of the reports where none is entered."""
    return kept.offices()[::-1] or [reports_office()]


def office_on(day: datetime.date | None = None) -> Office:
    """Return the office as it is on a day, else today; that of the reports where none is entered."""
    return office_among(kept.offices(), day)


def office_among(rows: Sequence[Office], day: datetime.date | None = None) -> Office:
    """Return the one of some rows that holds on a day, else today; that of the reports where there is none."""
    return nearest(rows, day or timezone.localdate()) or reports_office()


def issuer_of(number: str, day: datetime.date) -> str:
    """Return the office where a document number bears its symbol on that day, else ""."""
    office = office_on(day)
    return office.name if number.upper().endswith(office.symbol) else ""


def signing_of(kind: PaperKind, day: datetime.date | None = None, office: Office | None = None) -> Signing:
    """Return how a kind of paper is issued on a day, else today."""
    day = day or timezone.localdate()
    row = in_force([row for row in kept.signatories() if row.kind == kind], day)
    return signing_by(kind, office or office_on(day), row)


def signing_by(kind: PaperKind, office: Office, row: Signatory | None) -> Signing:
    """Return how a kind of paper is issued by a row, or as usual without one."""
    if row is None:
        level = USUAL[kind].level
        return Signing(
            kind,
            office,
            level,
            titles=tuple(office.titles_of(level)),
            symbol=usual_symbol(kind, office),
            receivers=tuple(usual_receivers(kind, office)),
        )
    return Signing(
        kind,
        office,
        row.level,
        titles=tuple(lines_of(row.titles)),
        symbol=row.symbol,
        receivers=tuple(lines_of(row.receivers)),
        name=row.name,
        row=row,
    )


def signings_on(day: datetime.date | None = None) -> dict[PaperKind, Signing]:
    """Return how every kind of paper is issued on a day, in two queries."""
    day = day or timezone.localdate()
    office = office_on(day)
    return {kind: signing_of(kind, day, office) for kind in PaperKind}


def report_symbols(day: datetime.date | None = None) -> list[str]:
    """Return the symbols of the office's reports: those in force on a day, else those of any day."""
    kinds = (PaperKind.ROUND_REPORT, PaperKind.SCHEME_REPORT)
    if day is not None:
        office = office_on(day)
        return _once([signing_of(kind, day, office).symbol for kind in kinds])
    entered = [row.symbol for row in kept.signatories()[::-1] if row.kind in kinds]
    return _once([*(usual_symbol(kinds[0], office) for office in offices()), *entered])


def _once(symbols: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(symbols))


def name_for_files() -> str:
    """Return the office's name as the properties of a file give it."""
    return office_on().name_with_area
