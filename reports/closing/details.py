"""Number, day and name under which a report is issued, and who is to sign it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from archiveportal.office.queries import office_on
from reports.frozen.issue import Issue, titles_of


@dataclass(frozen=True)
class IssueDetails:
    number: str
    issued_on: datetime.date
    signatory: str
    signatory_name: str

    @property
    def issue(self) -> Issue:
        titles = titles_of(self.signatory, office_on(self.issued_on))
        return Issue(self.number, self.issued_on, titles, self.signatory_name)


@dataclass(frozen=True)
class Signer:
    """Who is to sign; blank where it is not known yet."""

    signatory: str = ""
    name: str = ""

    @property
    def issue(self) -> Issue:
        """Return what the copy to sign bears: title and name, no number and no day."""
        return Issue(titles=titles_of(self.signatory, office_on()), name=self.name)

    @property
    def as_stored(self) -> dict[str, Any]:
        return {"titles": list(self.issue.titles), "name": self.name}


NOBODY = Signer()


@dataclass(frozen=True)
class Wanted:
    """What the form asks to close: the day (None: now), words beside it, who is to sign, the closing it showed last."""

    as_of: datetime.datetime | None
    note: str
    signer: Signer
    seen: int
