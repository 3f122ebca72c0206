"""The known errors that still stand in the text of a report, and what people decided on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.refusal import Refused
from criteria.inspections.models import Round, RoundDocument
from criteria.models import CriteriaSet
from reports.checks.found import SEVERITY, Found, first_names
from reports.checks.numbers import Words
from reports.checks.texts import passages_of
from reports.documents.kept import kept_errors_of
from reports.documents.passages import written_of
from reports.known_errors.finding import KnownError, errors_in
from reports.models import Discrepancy, KeptError, ReportKind, Subject
from reports.subjects import report_of
from training.models import Course, Scheme

#: the texts of a course that the report prints
PRINTED_OF_COURSE = ("name", "subjects", "partner", "audience", "place", "provinces", "fund_source")


@dataclass(frozen=True)
class StandingError:
    """A known error in a passage, or in a text of the records. `kept` is the decision to keep it."""

    error: KnownError
    #: key of the passage; blank for a text of the records
    passage: str
    place: Words
    severity: str
    kept: KeptError | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the figures cannot be closed before somebody decides on it."""
        return self.severity == SEVERITY.HIGH and self.kept is None

    @property
    def severity_label(self) -> str:
        return str(SEVERITY(self.severity).label)

    @property
    def sentence(self) -> str:
        """ "“Giới hạn”: “tình hạng” – lỗi chính tả (E17)." """
        code = f" ({self.error.code})" if self.error.code else ""
        return f"{self.place.title}: “{self.error.printed}” – {self.error.local_reason}{code}."


def standing_errors(subject: Subject, texts: dict[str, str] | None = None) -> list[StandingError]:
    """List the known errors of a report in the order of its places, those that are kept too.

    `texts` are the newest passages by key, where the caller has read them.
    """
    texts = written_of(subject).texts if texts is None else texts
    report = report_of(subject)
    places = [(place.address.rpartition("#")[2], place) for place in passages_of(subject, texts)]
    places += [("", place) for place in RECORDS[report.kind](subject)]
    kept, severities = kept_errors_of(subject), _severities()
    return [
        StandingError(
            error=error,
            passage=key,
            place=place,
            severity=severities.get(error.code) or error.severity,
            kept=kept.get(error.digest),
        )
        for key, place, error in _errors(places)
    ]


def _errors(places: Iterable[tuple[str, Words]]) -> Iterable[tuple[str, Words, KnownError]]:
    for key, place in places:
        for error in errors_in(place.text):
            yield key, place, error


def _severities() -> dict[str, str]:
    return dict(Discrepancy.objects.standing().values_list("code", "severity"))


def _of_round(inspection_round: Round) -> list[Words]:
    """Return the words of the records that the report prints."""
    page = reverse("inspections:round", args=[inspection_round.code])
    papers = reverse("inspections:round-documents", args=[inspection_round.code])
    documents = RoundDocument.objects.filter(round=inspection_round, voided_at__isnull=True)
    return [
        Words(_("Name of the round"), inspection_round.name, page),
        Words(_("Legal basis"), inspection_round.legal_basis, page),
        *(Words(document.number, document.title, papers) for document in documents),
        *_of_set(inspection_round.criteria_set),
    ]


def _of_set(criteria_set: CriteriaSet) -> list[Words]:
    page = reverse("criteria:detail", args=[criteria_set.pk])
    named = {criterion.code: f"{criterion.name}\n{criterion.heading}" for criterion in criteria_set.criteria.all()}
    named |= {band.label: band.label for band in criteria_set.bands.all()}
    return [Words(title, text, page) for title, text in named.items()]


def _of_scheme(scheme: Scheme) -> list[Words]:
    page = reverse("training:attainment", args=[scheme.code])
    courses = Course.objects.standing().filter(category__scheme=scheme)
    return [
        Words(_("Name of the scheme"), scheme.name, page),
        Words(_("Legal basis"), scheme.legal_basis, page),
        *(Words(category.name, category.name, page) for category in scheme.categories.all()),
        *(Words(course.name, _words_of(course), reverse("training:course", args=[course.pk])) for course in courses),
    ]


def _words_of(course: Course) -> str:
    """Return the words that Word prints of a course."""
    return "\n".join(getattr(course, name) for name in PRINTED_OF_COURSE)


#: each takes the subject of its own kind
RECORDS: dict[ReportKind, Callable[[Any], list[Words]]] = {
    ReportKind.ROUND: _of_round,
    ReportKind.SCHEME: _of_scheme,
}


def known_errors_stand(subject: Subject, texts: dict[str, str]) -> list[Found]:
    """List the known errors that nobody decided to keep, those of the same words in a text once."""
    alike: dict[tuple[Words, str], list[StandingError]] = {}
    for standing in standing_errors(subject, texts):
        if standing.kept is None:
            alike.setdefault((standing.place, standing.error.digest), []).append(standing)
    return [_found(standings[0], len(standings)) for standings in alike.values()]


def _found(standing: StandingError, count: int) -> Found:
    places = _("%(count)s places") % {"count": count}
    text = f"{standing.sentence} ({places})" if count > 1 else standing.sentence
    return Found(standing.severity, text, standing.place.address, standing.is_open)


def refuse_standing_errors(subject: Subject) -> None:
    """Raise `Refused` while a known error of high severity is neither corrected nor kept."""
    still_open = [standing.error.printed for standing in standing_errors(subject) if standing.is_open]
    if still_open:
        message = _(
            "Not closed: %(count)s known errors of high severity still stand in the report: %(words)s. Correct each of "
            "them, or record on the page of passages why its words are kept."
        )
        words = first_names([f"“{words}”" for words in dict.fromkeys(still_open)])
        raise Refused(message % {"count": len(still_open), "words": words}, code="known_errors")
