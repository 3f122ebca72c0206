"""What the page of a paper says of its signed PDF: number, day, words that differ, and who signed it digitally."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.files.changed_words import ChangedWords
from archiveportal.files.pdf_text import Legibility
from archiveportal.vietnamese import document_date, document_number


@dataclass(frozen=True)
class NamedSignature:
    """A digital signature as the PDF names it."""

    name: str
    signed_at: datetime.datetime | None


@dataclass(frozen=True)
class SignedCheck:
    """The comparison that was kept with a signed copy, in words."""

    stored: Mapping[str, Any]

    @property
    def lines(self) -> list[ChangedWords]:
        return [ChangedWords("", then, now) for then, now in self.stored["lines"]]

    @property
    def signatures(self) -> list[NamedSignature]:
        found = self.stored.get("signatures", [])
        return [NamedSignature(each["name"], _moment(each["signed_at"])) for each in found]

    @property
    def remarks(self) -> list[str]:
        """Return what is to be looked at before the words: another paper, another number, another day."""
        return list(self._remarks()) if self.stored["legibility"] == Legibility.TEXT else []

    def _remarks(self) -> Iterator[str]:
        stored = self.stored
        if stored["is_another_paper"]:
            yield _("The file has next to nothing of the words of this paper: it seems to be another one.")
        values = {"found": stored["found_number"], "number": stored["number"]}
        if not stored["found_number"]:
            yield _("No number can be read in the head of the signed copy.")
        elif stored["found_number"] != (document_number(stored["number"]) or stored["number"]):
            yield _("The signed copy bears the number %(found)s, the portal has %(number)s.") % values
        days = {"found": _day(stored["found_day"]), "day": _day(stored["issued_on"])}
        if not stored["found_day"]:
            yield _("No day can be read in the head of the signed copy.")
        elif stored["found_day"] != stored["issued_on"]:
            yield _("The signed copy bears the day %(found)s, the portal has %(day)s.") % days


def _day(text: str) -> str:
    return document_date(datetime.date.fromisoformat(text)) if text else ""


def _moment(text: str) -> datetime.datetime | None:
    """Return the moment as it stands in the file; one without a zone is that of the device."""
    return datetime.datetime.fromisoformat(text) if text else None
