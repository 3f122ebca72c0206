"""Counts of rounds and their progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet, Sum

from archiveportal.counting import Counted
from archiveportal.percent import PAGES, mean, percent_of
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.queries.areas import Division
from criteria.inspections.querysets import is_visited

STATUS = Inspection.Status


# Not frozen: that would take twice as long for each area.
@dataclass(slots=True)
class Progress:
    """The progress of the wards of a round. `average` is of the standing scores only, in points;
    `scored` says of how many wards; a ward without a score is nowhere counted as zero.

    Wards that only report, or are left out of the plan, are counted apart: no team fills in their
    checklist, so that it is neither "not started" nor missing in the coverage.
    """

    enrolled: int
    scored: int
    approved: int
    submitted: int
    returned: int
    signed: int
    under_way: int
    average: Decimal | None
    #: wards that only report, those of them whose report came in, and wards left out of the plan
    reporting: int = 0
    reported: int = 0
    #: of these, those that the sub-department accepted
    accepted: int = 0
    #: points of these by their own reports, on average: apart from `average`
    accepted_average: Decimal | None = None
    left_out: int = 0
    #: wards whose score a report printed
    published: int = 0
    #: rule for the coverage: of the round, or of pages where the wards lie in several
    rounding: str = PAGES

    @property
    def visited(self) -> int:
        """Return how many wards a team inspects, on the spot or from afar."""
        return self.enrolled - self.reporting - self.left_out

    @property
    def not_reported(self) -> int:
        return self.reporting - self.reported

    @property
    def handed_in(self) -> int:
        """Submitted, also where the decision was made already."""
        return self.submitted + self.approved

    @property
    def not_handed_in(self) -> int:
        return self.visited - self.handed_in

    @property
    def not_started(self) -> int:
        return self.not_handed_in - self.returned - self.signed - self.under_way

    @property
    def coverage(self) -> Decimal | None:
        return percent_of(self.scored, self.visited, self.rounding)


#: condition on wards that only report and are not left out
REPORTING = Q(way=Enrolment.Way.REPORT, is_left_out=False)
COUNTS = {
    "enrolled": Counted("pk"),
    "scored": Counted("standing_score"),
    "points": Sum("standing_score"),
    "published": Counted("published_score"),
    "approved": Counted("pk", filter=Q(inspection__status=STATUS.APPROVED)),
    "submitted": Counted("pk", filter=Q(inspection__status=STATUS.SUBMITTED)),
    "returned": Counted("pk", filter=Q(inspection__status=STATUS.RETURNED)),
    "signed": Counted("pk", filter=Q(inspection__status=STATUS.SIGNED)),
    "under_way": Counted("pk", filter=Q(inspection__status=STATUS.DRAFT, inspection__version__gt=0)),
    "reporting": Counted("pk", filter=REPORTING),
    "reported": Counted("pk", filter=REPORTING & Q(self_assessment__handed_in_at__isnull=False)),
    "accepted": Counted("pk", filter=REPORTING & Q(self_assessment__reading="accepted")),
    "accepted_points": Sum("self_assessment__score", filter=REPORTING & Q(self_assessment__reading="accepted")),
    "left_out": Counted("pk", filter=Q(is_left_out=True)),
}


NOTHING = Progress(0, 0, 0, 0, 0, 0, 0, None)


def progress(enrolments: QuerySet[Enrolment], rounding: str = PAGES) -> Progress:
    """`enrolments` as visible to the user, with standing scores."""
    return _progress(enrolments.aggregate(**COUNTS), rounding)


def progress_by_round(enrolments: QuerySet[Enrolment]) -> dict[int, Progress]:
    """Return the progress of each round in one query; a round without any of the rows is
    missing."""
    keys = ("round", "round__rounding")
    counted: Iterable[Mapping[str, Any]] = enrolments.order_by().values(*keys).annotate(**COUNTS)
    return {row["round"]: _progress(_counts_of(row), row["round__rounding"]) for row in counted}


def _counts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in COUNTS}


def _progress(counts: dict[str, Any], rounding: str = PAGES) -> Progress:
    average = mean(counts.pop("points"), counts["scored"])
    accepted_average = mean(counts.pop("accepted_points"), counts["accepted"])
    return Progress(average=average, accepted_average=accepted_average, rounding=rounding, **counts)


def with_progress(rounds: Iterable[Round], enrolments: QuerySet[Enrolment]) -> list[Round]:
    """Return the rounds, each with the `progress` of its rows."""
    shown, counts = list(rounds), progress_by_round(enrolments)
    for inspection_round in shown:
        inspection_round.progress = counts.get(inspection_round.pk, NOTHING)
    return shown


@dataclass
class Part:
    """The wards of a round that belong together: of one area, one team, one inspector; `key` None for the rest."""

    key: int | None
    title: str
    #: the numbers of `COUNTS`; None where it has no wards
    counts: tuple[Any, ...] | None

    @cached_property
    def progress(self) -> Progress:
        """Return the progress, worked out for the parts that a page shows."""
        return _progress(dict(zip(COUNTS, self.counts, strict=True))) if self.counts else NOTHING


def progress_by_area(divided: Division, enrolments: QuerySet[Enrolment]) -> list[Part]:
    """Return the areas in which any of the rows lie."""
    counts = _counted(divided.with_areas(enrolments), "area")
    return _parts(counts, [(area.pk, area.title) for area in divided.areas])


def progress_by_team(inspection_round: Round, enrolments: QuerySet[Enrolment]) -> list[Part]:
    """Return every team of the round, also one without wards."""
    return _parts(_counted(enrolments, "team"), list(inspection_round.teams.values_list("pk", "name")), with_empty=True)


def progress_by_inspector(enrolments: QuerySet[Enrolment]) -> list[Part]:
    """By the person who last changed the checklist: who works on it, whatever team the ward was given to."""
    counts = _counted(enrolments, "inspection__changed_by")
    people = get_user_model().objects.in_bulk([key for key in counts if key])
    in_order = sorted(people.values(), key=lambda person: person.sort_key)
    return _parts(counts, [(person.pk, str(person)) for person in in_order])


def _counted(enrolments: QuerySet[Enrolment], path: str) -> dict[int | None, tuple[Any, ...]]:
    # Tuples: of hundreds of areas a page names the numbers of some.
    rows = enrolments.order_by().values(path).annotate(**COUNTS).values_list(path, *COUNTS)
    return {row[0]: row[1:] for row in rows}


def _parts(
    counts: dict[int | None, tuple[Any, ...]], titles: list[tuple[int, str]], *, with_empty: bool = False
) -> list[Part]:
    parts = [Part(key, title, counts.get(key)) for key, title in titles if with_empty or key in counts]
    return [*parts, Part(None, "", counts[None])] if None in counts else parts


def not_handed_in(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return the wards that a team inspects and whose checklist is neither waiting for approval nor
    approved."""
    return enrolments.filter(is_visited()).exclude(inspection__status__in=[STATUS.SUBMITTED, STATUS.APPROVED])


def not_reported(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return the wards that only report and have not handed in their self-assessment."""
    return enrolments.filter(REPORTING).exclude(self_assessment__handed_in_at__isnull=False)
