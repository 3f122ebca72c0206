"""The places of a report that people write: what they are called, and their text if nobody has
written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from archiveportal.baseline import rows
from archiveportal.own_words import own_lazy
from archiveportal.word.report import Noted
from archiveportal.word.writer import Text
from reports.documents.notes import Notes, Parts
from reports.models import PassageVersion, ReportKind, Subject
from reports.subjects import report_of

#: the blank of official papers, where nothing is written or recorded; the pages say what is missing
EMPTY = "…" * 28


@dataclass(frozen=True)
class PassagePlace:
    """A passage of a report: `title` is what the page calls it, `hint` says what belongs there.

    One that `is_optional` is left out of the document while it is empty; one with a default has its own words then.
    """

    key: str
    title: str | Promise
    hint: str | Promise
    is_optional: bool = False
    has_default: bool = False

    def is_printed_as_dots(self, text: str) -> bool:
        return not (text.strip() or self.is_optional or self.has_default)


ROUND_PLACES = [
    PassagePlace("subject", _("Subject of the report"), _("Stands under “BÁO CÁO”."), has_default=True),
    PassagePlace("opening", _("Opening"), _("On what the report is made, before section I."), has_default=True),
    PassagePlace("rollout_title", _("I Heading"), _("What section I is called."), has_default=True),
    PassagePlace("guidance_title", _("I.1 Heading"), _("What part 1 of section I is called."), has_default=True),
    PassagePlace("guidance", _("I.1.a Plans and guidance issued"), _("Number, date and subject of each document.")),
    PassagePlace("conference", _("I.1.b Conference"), _("When, where, on what, and who took part.")),
    PassagePlace(
        "districts",
        _("I.2 What the districts did"),
        _("Their plans, and how they directed their wards."),
        is_optional=True,
    ),
    PassagePlace("aims", _("II.1 Aims and criteria"), _("What was asked of the wards.")),
    PassagePlace("measures", _("II.2.b Measures taken"), own_lazy(_("What %(office)s did about the difficulties."))),
    PassagePlace("achieved", _("III.1 What went well"), _("Judgement on what was achieved.")),
    PassagePlace("limits", _("III.2 Limits and difficulties"), _("What is not done yet, where, and why.")),
    PassagePlace("directions", _("IV Directions and recommendations"), _("What is to be done next."), is_optional=True),
    PassagePlace("receivers", _("Receivers"), _("One receiver per line."), has_default=True),
]
SCHEME_PLACES = [
    PassagePlace("subject", _("Subject of the report"), _("Stands under “BÁO CÁO”."), has_default=True),
    PassagePlace("addressee", _("Addressee"), _("To whom the report goes."), has_default=True),
    PassagePlace("opening", _("Opening"), _("On what the report is made, before section I."), has_default=True),
    PassagePlace("guidance", _("I.1 Documents issued"), _("Plans, letters and reports on the way.")),
    PassagePlace("workforce", _("I.2.c People who do the work"), _("How their number and training developed.")),
    PassagePlace("achieved", _("II.1 What was done"), _("Judgement on what was achieved.")),
    PassagePlace("limits", _("II.2 What was not done"), _("Where the results stay behind the targets, and why.")),
    PassagePlace("assessment", _("II.3 Assessment"), _("What the scheme has changed.")),
    PassagePlace(
        "to_city",
        own_lazy(_("III.1 Proposals to the People's Committee of %(area_word)s")),
        _("One proposal per paragraph."),
    ),
    PassagePlace(
        "to_units",
        _("III.2 Proposals to districts, departments and agencies"),
        _("One proposal per paragraph."),
    ),
    PassagePlace("receivers", _("Receivers"), _("One receiver per line."), has_default=True),
]
PLACES = {ReportKind.ROUND: ROUND_PLACES, ReportKind.SCHEME: SCHEME_PLACES}
#: the words of places that name districts, for a round or a scheme that has none
WITHOUT_DISTRICTS = {
    "districts": (_("I.2 What the inspected units did"), _("Their plans, and how they prepared for the inspection.")),
    "to_units": (
        _("III.2 Proposals to wards, communes, departments and agencies"),
        _("One proposal per paragraph."),
    ),
}
ISSUED = Path(__file__).parent.parent / "data" / "passages.csv"


@cache
def _issued() -> list[dict[str, str]]:
    return list(rows(ISSUED))


def issued_passages(report: str) -> dict[str, str]:
    """Return the passages of a report as it was issued ("5355"), by place; of others there are
    none."""
    return {row["key"]: row["text"] for row in _issued() if row["report"] == report}


def places_of(subject: Subject) -> list[PassagePlace]:
    """Return the places of the report on a round or scheme, in the words of the bodies that it has.

    These are asked for, in two queries, once words that depend on them are shown.
    """
    report = report_of(subject)
    has_districts = cache(lambda: report.has_districts)
    return [_in_words_of(place, has_districts) for place in PLACES[report.kind]]


def _in_words_of(place: PassagePlace, has_districts: Callable[[], bool]) -> PassagePlace:
    if place.key not in WITHOUT_DISTRICTS:
        return place
    title, hint = WITHOUT_DISTRICTS[place.key]
    choose = lazy(lambda with_districts, without: str(with_districts if has_districts() else without), str)
    return replace(place, title=choose(place.title, title), hint=choose(place.hint, hint))


class WrittenPassages:
    """The newest texts of a report by place."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def __getitem__(self, key: str) -> str:
        return self.texts.get(key, "")

    def lines(self, key: str) -> list[str]:
        return [line.strip() for line in self[key].split("\n") if line.strip()]

    def has_own_numbers(self, key: str) -> bool:
        """Tell whether a passage begins with a number of its own, so that no heading goes before it."""
        return bool(re.match(r"\d+\. ", self[key].lstrip()))

    def line(self, key: str, default: str) -> str:
        """A passage of one paragraph."""
        return " ".join(self.lines(key)) or default

    def blocks(self, key: str, notes: Notes, *codes: str) -> list[Text | Noted]:
        """Write a passage as paragraphs, or the place where it is missing, with the notes on its
        words and figures."""
        placed = notes.placed(self.lines(key) or [EMPTY], *codes)
        return [_paragraph(parts) for parts in placed]


def _paragraph(parts: Parts) -> Text | Noted:
    """Write a line of a passage; without notes it is a plain text."""
    first = parts[0]
    return Text(first) if len(parts) == 1 and isinstance(first, str) else Noted(parts)


def written_of(subject: Subject) -> WrittenPassages:
    of = report_of(subject).owner_of_passage
    # Newest last, so that it is the one that is kept.
    return WrittenPassages(
        dict(PassageVersion.objects.filter(**of).order_by("number").values_list("passage__key", "text"))
    )


def printed_of(subject: Subject) -> WrittenPassages:
    """Return the texts of the report as it was issued, whatever people wrote over them; the newest
    ones where none was issued."""
    issued = issued_passages(report_of(subject).printed_report)
    return WrittenPassages(issued) if issued else written_of(subject)
