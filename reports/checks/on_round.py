"""What is checked before the report on a round is published, in the order of the report."""

from __future__ import annotations

from itertools import chain

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from criteria.inspections.models import Inspection, KeptAnswer, Result, Round
from criteria.scoring import rules_of, top_of
from reports.checks import known as known_figures
from reports.checks import records as checks
from reports.checks.answered import points_of_answers
from reports.checks.bands import bands_cover, labels_fit, printed_bands_cover
from reports.checks.found import SEVERITY, Addition, Found
from reports.checks.known import RoundRecords
from reports.checks.left_out import left_out_of_round
from reports.checks.names import districts_exist, wards_take_part
from reports.checks.numbers import numbers_are_figures
from reports.checks.records import CheckedWard
from reports.checks.statements import statements_hold
from reports.checks.texts import passages_of, unwritten_passages
from reports.checks.wording import known_errors_stand
from reports.documents.passages import written_of
from reports.frozen.figures import OwnRoundResults, averages_of_round
from wards.models import District


def check_round(inspection_round: Round) -> list[Found]:
    records = _read(inspection_round)
    texts = written_of(inspection_round).texts
    units, page_of_units = _units(records), _page("units", inspection_round)
    round_page = reverse("inspections:round", args=[inspection_round.code])
    page_of_districts = _page("districts", inspection_round)
    in_force = [district.title for district in records.in_force]
    maximum = records.maximum
    page_of_set = reverse("criteria:detail", args=[inspection_round.criteria_set_id])
    return [
        *checks.units_have_results(units, page=round_page, results=f"{page_of_units}?scored=0"),
        *unwritten_passages(inspection_round, texts),
        *bands_cover(records.table.bands, page_of_set, top=top_of(records.table.bands, records.table.columns)),
        *checks.totals_add_up(_additions(records)),
        *checks.percents_follow(averages_of_round(records.results), _page("summary", inspection_round)),
        *checks.results_are_whole(units, maximum=maximum, page=page_of_units),
        *checks.districts_have_results(units, in_force, page_of_districts),
        *known_errors_stand(inspection_round, texts),
        *_check_passages(records, texts),
        *left_out_of_round(records, page_of_criteria=_page("criteria", inspection_round), page_of_units=page_of_units),
        *_check_labels(records),
        *_check_set(records, page_of_set),
    ]


def _read(inspection_round: Round) -> RoundRecords:
    results = OwnRoundResults.read(inspection_round)
    return RoundRecords(
        inspection_round=inspection_round,
        results=results,
        rows=results.bands.rows,
        in_force=list(District.objects.in_force_on(inspection_round.starts_on)),
    )


def _page(name: str, inspection_round: Round) -> str:
    return reverse(f"reports:{name}", args=[inspection_round.code])


def _units(records: RoundRecords) -> list[CheckedWard]:
    of_round = {"inspection__enrolment__round": records.inspection_round}
    answered = points_of_answers(
        Result.objects.filter(**of_round), records.table.columns, rules_of(records.inspection_round.criteria_set)
    )
    undecided = KeptAnswer.objects.filter(**of_round, decision="").order_by()
    waiting = dict(undecided.values_list("inspection").annotate(count=Count("pk")))
    return [
        CheckedWard(
            name=row.ward.full_title,
            district=row.ward.district.title if row.ward.district else "",
            status=row.status,
            is_started=row.is_started,
            score=row.standing_score,
            maximum=row.standing_maximum,
            published=row.published_score,
            published_maximum=row.published_maximum,
            answered=answered.get(row.inspection_id),
            undecided=waiting.get(row.inspection_id, 0),
        )
        for row in records.rows
    ]


def _additions(records: RoundRecords) -> list[Addition]:
    """Return the totals of the report that parts of it should add up to."""
    inspection_round, scores = records.inspection_round, records.table.scores
    by_band = [*(band.count for band in records.bands.bands), len(records.bands.unscored)]
    page_of_bands = _page("bands", inspection_round)
    rows = records.results.district_scores
    page_of_rows = _page("districts", inspection_round)
    inspections = Inspection.objects.filter(enrolment__round=inspection_round)
    approved = inspections.filter(status=Inspection.Status.APPROVED)
    met = approved.aggregate(met=Sum("met_criteria"))["met"] or 0
    met_by_criterion = [count.met for count in records.totals if count.criterion.is_in_maximum]
    page_of_criteria = _page("criteria", inspection_round)
    enrolled_by_district = [row.enrolled for row in rows]
    scored_by_district = [row.scored for row in rows]
    points, points_by_district = scores.points or 0, [row.points for row in rows]
    return [
        Addition(_("Enrolled units by band"), scores.enrolled, by_band, page_of_bands),
        Addition(_("Enrolled units by district"), scores.enrolled, enrolled_by_district, page_of_rows),
        Addition(_("Units with a score by district"), scores.scored, scored_by_district, page_of_rows),
        Addition(_("Scores by district"), points, points_by_district, page_of_rows),
        Addition(_("Criteria met of all checklists"), met, met_by_criterion, page_of_criteria),
    ]


def _check_passages(records: RoundRecords, texts: dict[str, str]) -> list[Found]:
    passages, in_force = passages_of(records.inspection_round, texts), records.in_force
    if not passages:
        return []
    known, facts = known_figures.of_round(records), known_figures.facts_of_round(records)
    enrolled = {row.ward.district_id for row in records.rows}
    districts_without_units = [
        checks.districts_named([passage.text], in_force, enrolled, address=passage.address) for passage in passages
    ]
    return [
        *numbers_are_figures(passages, known),
        *statements_hold(passages, facts),
        *wards_take_part(passages, [unit.ward for unit in facts.units]),
        *districts_exist(passages, known_figures.names_of(in_force)),
        *chain.from_iterable(districts_without_units),
    ]


def _check_labels(records: RoundRecords) -> list[Found]:
    """Check the words of the bands, where every band has whole scores for bounds."""
    if not all(band.bounds for band in records.bands.bands):
        return []
    bands, maximum = records.table.bands, int(records.maximum)
    is_issued = records.inspection_round.is_baseline
    page = _page("bands", records.inspection_round)
    faults = labels_fit(bands, maximum, page, is_printed=is_issued)
    if is_issued:
        faults += printed_bands_cover(bands, maximum, page)
    return faults


def _check_set(records: RoundRecords, page: str) -> list[Found]:
    if records.inspection_round.criteria_set.status != "proposed":
        return []
    text = _("The criteria set is proposed and not in force.")
    return [Found(SEVERITY.MEDIUM, text, page)]
