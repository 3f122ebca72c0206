"""The records that the checks before publishing look at, and the checks in the order of their weight."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.vietnamese import parse_number
from criteria.inspections.models import Enrolment, Inspection, KeptAnswer, Result, Round
from criteria.outcomes import MET
from reports.checks import known as known_figures
from reports.checks import numbers as passage_checks
from reports.checks import records as checks
from reports.checks.bands import bands_cover, labels_fit, printed_bands_cover
from reports.checks.found import SEVERITY, Addition, Found
from reports.checks.names import districts_exist, wards_take_part
from reports.checks.numbers import Words
from reports.checks.records import Unit
from reports.checks.statements import Facts, statements_hold
from reports.checks.training import (
    courses_are_counted_once,
    money_and_people_are_there,
    rounding_differs,
    targets_are_set,
    units_of_targets_fit,
)
from reports.documents.passages import PLACES, written_of
from reports.frozen.figures import figures_of
from reports.ledger.entries import load_entries
from reports.ledger.records import BaselineMissing
from reports.models import Discrepancy, ReportKind, Subject
from reports.results.bands import BandCounts, band_counts
from reports.results.criteria import CriterionCount
from reports.results.districts import district_scores
from reports.results.table import Summary, summary
from reports.subjects import report_of
from training.breakdown import split, year_of
from training.models import Course, Scheme
from training.queries import SummaryLine, summary_lines
from wards.models import District


def findings_of(subject: Subject) -> list[Found]:
    """List what does not fit in the report on a round or scheme, the weightiest first."""
    report = report_of(subject)
    found = CHECKS[report.kind](subject)
    if subject.is_baseline:
        found += _of_ledger(report.ledger)
    order = list(SEVERITY)
    return sorted(found, key=lambda each: order.index(each.severity))


def _of_round(inspection_round: Round) -> list[Found]:
    table, bands = summary(EVERYTHING, inspection_round), band_counts(EVERYTHING, inspection_round)
    rows = [*(row for band in bands.bands for row in band.enrolments), *bands.unscored]
    rows.sort(key=lambda row: row.position)
    maximum = sum(criterion.points for criterion in table.columns if criterion.is_counted)
    own, in_bands = (
        reverse("criteria:detail", args=[inspection_round.criteria_set_id]),
        _page("bands", inspection_round),
    )
    in_force = list(District.objects.in_force_on(inspection_round.starts_on))
    units, in_list = _units(inspection_round, rows), _page("units", inspection_round)
    round_page = reverse("inspections:round", args=[inspection_round.code])
    found = [
        *checks.units_have_results(units, page=round_page, results=f"{in_list}?scored=0"),
        *_unwritten(inspection_round),
        *bands_cover(table.bands, own),
        *checks.totals_add_up(_additions(inspection_round, table, bands)),
        *checks.percents_follow(figures_of(inspection_round), _page("summary", inspection_round)),
        *checks.results_are_whole(units, maximum=maximum, page=in_list),
        *checks.districts_have_results(units, [row.title for row in in_force], _page("districts", inspection_round)),
        *_passages_of_round(inspection_round, bands, rows, table.totals, in_force),
    ]
    if all(band.bounds for band in bands.bands):
        found += labels_fit(table.bands, int(maximum), in_bands, is_printed=inspection_round.is_baseline)
        if inspection_round.is_baseline:
            found += printed_bands_cover(table.bands, int(maximum), in_bands)
    if inspection_round.criteria_set.status == "proposed":
        found.append(Found(SEVERITY.MEDIUM, _("The criteria set is proposed and not in force."), own))
    return found


def _page(name: str, inspection_round: Round) -> str:
    return reverse(f"reports:{name}", args=[inspection_round.code])


def _additions(inspection_round: Round, table: Summary, bands: BandCounts) -> list[Addition]:
    districts, scores = district_scores(EVERYTHING, inspection_round), table.scores
    by_band = [*(band.count for band in bands.bands), len(bands.unscored)]
    by_district = _page("districts", inspection_round)
    counted = [count for count in table.totals if count.criterion.is_counted]
    approved = Inspection.objects.filter(enrolment__round=inspection_round, status=Inspection.Status.APPROVED)
    met = approved.aggregate(met=Sum("met_criteria"))["met"] or 0
    return [
        Addition(_("Enrolled units by band"), scores.enrolled, by_band, _page("bands", inspection_round)),
        Addition(_("Enrolled units by district"), scores.enrolled, [row.enrolled for row in districts], by_district),
        Addition(_("Units with a score by district"), scores.scored, [row.scored for row in districts], by_district),
        Addition(_("Scores by district"), scores.points or 0, [row.points for row in districts], by_district),
        Addition(
            _("Criteria met of all checklists"),
            met,
            [count.met for count in counted],
            _page("criteria", inspection_round),
        ),
    ]


def _units(inspection_round: Round, rows: list[Enrolment]) -> list[Unit]:
    of_round = {"inspection__enrolment__round": inspection_round}
    points = Sum("criterion__points", filter=Q(outcome=MET, criterion__is_counted=True), default=0)
    answered = dict(Result.objects.filter(**of_round).order_by().values_list("inspection").annotate(points=points))
    undecided = KeptAnswer.objects.filter(**of_round, decision="").order_by()
    waiting = dict(undecided.values_list("inspection").annotate(count=Count("pk")))
    return [
        Unit(
            name=row.ward.full_title,
            district=row.ward.district.title if row.ward.district_id else "",
            status=row.inspection.status,
            is_started=row.inspection.is_started,
            score=row.standing_score,
            maximum=row.standing_maximum,
            published=row.published_score,
            published_maximum=row.published_maximum,
            answered=answered.get(row.inspection.pk),
            undecided=waiting.get(row.inspection.pk, 0),
        )
        for row in rows
    ]


def passages_of(subject: Subject) -> list[Words]:
    """Return the newest texts of the report, in the order of their places."""
    report = report_of(subject)
    written, page = written_of(subject).texts, report.passages_address
    titles = {place.key: str(place.title) for place in PLACES[report.kind]}
    keys = sorted(written, key=lambda key: list(titles).index(key) if key in titles else len(titles))
    return [Words(f"“{titles.get(key, key)}”", written[key], f"{page}#{key}") for key in keys]


def _unwritten(subject: Subject) -> list[Found]:
    report = report_of(subject)
    texts = written_of(subject).texts
    return checks.passages_are_written(PLACES[report.kind], texts, report.passages_address)


def _passages_of_round(
    inspection_round: Round,
    bands: BandCounts,
    rows: list[Enrolment],
    totals: list[CriterionCount],
    in_force: list[District],
) -> list[Found]:
    passages, known = (
        passages_of(inspection_round),
        known_figures.of_round(inspection_round, bands, rows, totals, in_force),
    )
    enrolled = {row.ward.district_id for row in rows}
    return [
        *passage_checks.numbers_are_figures(passages, known),
        *statements_hold(passages, known_figures.facts_of_round(inspection_round, bands, rows, in_force)),
        *wards_take_part(passages, [known_figures.name_of(row) for row in rows]),
        *districts_exist(passages, known_figures.names_of(in_force)),
        *(
            found
            for passage in passages
            for found in checks.districts_named([passage.text], in_force, enrolled, passage.address)
        ),
    ]


def _passages_of_scheme(scheme: Scheme, lines: list[SummaryLine]) -> list[Found]:
    passages = passages_of(scheme)
    first, last = datetime.date(scheme.starts_year, 1, 1), datetime.date(scheme.ends_year, 12, 31)
    districts = list(District.objects.overlapping(first, last))
    courses = Course.objects.standing().filter(category__scheme=scheme).prefetch_related("organiser_districts")
    known = known_figures.of_scheme(scheme, lines, list(courses), sum(each.stands_on(last) for each in districts))
    return [
        *passage_checks.numbers_are_figures(passages, known),
        *statements_hold(passages, Facts()),
        *districts_exist(passages, known_figures.names_of(districts)),
    ]


def _of_scheme(scheme: Scheme) -> list[Found]:
    lines = summary_lines(scheme)
    page = reverse("training:attainment", args=[scheme.code])
    courses = reverse("training:courses", args=[scheme.code])
    outside = Course.objects.standing().filter(category__scheme=scheme, enters_summary=False)
    fundings, workforce = list(scheme.fundings.all()), list(scheme.workforce_counts.all())
    figures = figures_of(scheme)
    return [
        *_unwritten(scheme),
        *courses_are_counted_once(lines, outside, courses),
        *checks.totals_add_up(
            Addition(
                line.category.name,
                line.attainment.actual,
                [count.people for count in split(line.courses, year_of).values()],
                courses,
            )
            for line in lines
        ),
        *checks.totals_add_up(_funds(scheme, figures, page)),
        *checks.percents_follow(figures, page),
        *targets_are_set(lines, page),
        *units_of_targets_fit(lines, page),
        *money_and_people_are_there(scheme, fundings, workforce, page),
        *rounding_differs(lines, page),
        *_passages_of_scheme(scheme, lines),
    ]


def _funds(scheme: Scheme, figures: list[dict[str, Any]], page: str) -> list[Addition]:
    """The total that is told against the amounts by source."""
    told = next((figure["value"] for figure in figures if figure["key"] == "funding"), None)
    total = scheme.fundings.aggregate(total=Sum("amount"))["total"]
    amounts = [parse_number(figure["value"].removesuffix(" đồng")) for figure in figures if "funding." in figure["key"]]
    if told is None:
        return []
    return [
        Addition(_("Funding by source"), parse_number(told.removesuffix(" đồng")), amounts, page),
        Addition(_("Funding by source"), total, amounts, page),
    ]


def _of_ledger(report: str) -> list[Found]:
    try:
        entries: list[Any] = [entry for entry in load_entries() if entry.figure.report.startswith(report)]
    except BaselineMissing:
        return []
    severities = dict(Discrepancy.objects.values_list("code", "severity"))
    return checks.ledger_is_explained(entries, severities, reverse("reports:figures"))


CHECKS = {ReportKind.ROUND: _of_round, ReportKind.SCHEME: _of_scheme}
