"""The papers behind the notices of a mail: what is listed with the round, its decisions, and the papers issued here.

A mail replaces no paper, so it names those that its reader can open.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from archiveportal.accounts.models import User
from archiveportal.vietnamese import document_date
from archiveportal.vietnamese import number as in_digits
from criteria.inspections.models import Decision, Notice, OfficialPaper, RoundDocument
from criteria.inspections.models.official_papers import OF_ROUND, OF_WHOLE_DECISION

#: papers that a mail names at most; those who see many units look at the portal for the others
MOST_NAMED = 20
#: day, number and kind of a paper; what is listed with a round is named by its number alone
Named = tuple[datetime.date, str, str]


def papers_behind(notices: Sequence[Notice], reader: User) -> list[str]:
    """Return a line for each paper behind the notices that their reader sees, in the order of days, each once."""
    rounds = {each.round_id for each in notices}
    units = {each.enrolment_id for each in notices if each.enrolment_id}
    found: dict[tuple[datetime.date, str], str] = {}
    for day, number, kind in (*_listed(rounds, reader), *_issued(rounds, units, reader), *_decisions(units, reader)):
        found.setdefault((day, number), kind)
    named = sorted((*key, kind) for key, kind in found.items())
    lines = [f"Văn bản chính thức: {_in_words(each)}." for each in named[-MOST_NAMED:]]
    further = len(named) - len(lines)
    return [*lines, *([f"Và {in_digits(further)} văn bản trước đó, xem trên cổng."] if further else [])]


def _in_words(paper: Named) -> str:
    day, number, kind = paper
    return f"{kind} số {number} ngày {document_date(day)}".lstrip()


def _listed(rounds: set[int], reader: User) -> Iterable[Named]:
    """Yield what is listed with the rounds."""
    rows = RoundDocument.objects.visible_to(reader).filter(round__in=rounds, voided_at__isnull=True)
    for each in rows.exclude(number=""):
        yield each.issued_on, each.number, ""


def _issued(rounds: set[int], units: set[int], reader: User) -> Iterable[Named]:
    """Yield papers issued here: on the rounds, on decisions about the units, and what the units themselves got."""
    about = Q(kind__in=OF_ROUND) | Q(kind__in=OF_WHOLE_DECISION, decision__in=_about(units))
    if not reader.scope.sees_unapproved_results:
        # Those who inspect have written what goes to single units.
        about |= Q(enrolment__in=units)
    rows = OfficialPaper.objects.visible_to(reader).standing().filter(about, round__in=rounds, state="issued")
    for each in rows.only("kind", "number", "issued_on"):
        if each.issued_on:
            yield each.issued_on, each.number, str(each.get_kind_display())


def _decisions(units: set[int], reader: User) -> Iterable[Named]:
    """Yield decisions about the units; of many, number and day alone are recorded."""
    rows = Decision.objects.visible_to(reader).filter(pk__in=_about(units), voided_at__isnull=True)
    for each in rows.only("number", "issued_on"):
        if each.issued_on:
            yield each.issued_on, each.number, str(Decision._meta.verbose_name)


def _about(units: set[int]) -> QuerySet[Decision]:
    return Decision.objects.filter(units__enrolment__in=units).order_by()
