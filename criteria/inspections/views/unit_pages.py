"""Pages about one ward or one district: what the unit is, and its results in every round."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from archiveportal.accounts.administration import events_of_unit, told_without_private_values
from archiveportal.accounts.handing_over import handings_over
from archiveportal.accounts.models import User
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response
from criteria.inspections.lists.filters import RoundChoiceFilter
from criteria.inspections.lists.tables import DistrictTable
from criteria.inspections.models import (
    Enrolment,
    Finding,
    Inspection,
    Question,
    Result,
    Round,
    SelfAnswer,
    SelfAssessment,
)
from criteria.inspections.queries import with_progress
from criteria.inspections.queries.bars import reasons_of_bars
from criteria.inspections.queries.findings import due, readable
from criteria.inspections.queries.lines import line_of
from criteria.inspections.services import score_of
from criteria.measures import common_measure, measure_of_row, measure_of_set, with_measure
from criteria.scoring import band_of
from wards.drawing import draw_line
from wards.lines import keys_of_line
from wards.models import District, Ward
from wards.sources import list_of_unit, source_of_unit


@require_safe
def ward(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the unit, its rounds with all results and facts that one may see, and its line."""
    unit = get_object_or_404(Ward.objects.readable_by(request.user).select_related("district", "province"), pk=pk)
    keys = keys_of_line(unit.pk)
    enrolments = _enrolments_of(keys, request.user)
    line = line_of(unit, request.user, enrolments=enrolments, keys=keys)
    context = {
        "ward": unit,
        # Of a unit that the own ward took over, pages of single rounds do not open.
        "is_former": unit.pk in request.user.former_wards,
        "enrolments": _with_answers([each for each in enrolments if each.ward_id == unit.pk], request.user),
        "line": line,
        "drawing": draw_line(line.units, line.joins),
        "source": source_of_unit(unit),
        "list": list_of_unit(unit),
        "findings": readable(request.user)
        .filter(inspection__enrolment__ward=unit)
        .exclude(status=Finding.Status.WITHDRAWN)
        .order_by("status", "due_on", "pk"),
        "events": _administration(request, unit),
        "handings_over": handings_over(unit, viewer=request.user),
    }
    return render(request, "wards/ward.html", context)


def _administration(request: HttpRequest, unit: Ward | District) -> Timeline | None:
    """Return what was done to the unit and to its accounts, for those who watch over it."""
    if not request.user.sees_administration:
        return None
    return Timeline(events_of_unit(unit), request.GET, told=told_without_private_values)


def _enrolments_of(wards: frozenset[int], user: User) -> list[Enrolment]:
    """Return the enrolments of units, newest round first."""
    return list(
        Enrolment.objects.readable_by(user)
        .filter(ward__in=wards)
        .with_standing()
        .select_related("round__criteria_set", "inspection", "self_assessment")
        .prefetch_related("round__criteria_set__criteria", "round__criteria_set__bands")
        .order_by("-round__starts_on", "pk")
    )


def _with_answers(enrolments: list[Enrolment], user: User) -> list[Enrolment]:
    """Add band and `answers`: pairs of each criterion with its result, where the checklist may be seen."""
    results: dict[int, dict[int, Result]] = {}
    answers = Result.objects.readable_by(user).filter(inspection__enrolment__in=[each.pk for each in enrolments])
    for result in answers.select_related("inspection", "option"):
        results.setdefault(result.inspection.enrolment_id, {})[result.criterion_id] = result
    reported, asked = _reported_answers(enrolments, user), _asked(enrolments, user)
    accepted = _accepted(enrolments, user)
    for enrolment in enrolments:
        enrolment.is_asked = enrolment.pk in asked
        enrolment.has_accepted_report = enrolment.pk in accepted
        enrolment.has_sheet = enrolment.inspection.status == Inspection.Status.APPROVED or enrolment.has_accepted_report
        criteria_set = enrolment.round.criteria_set
        if enrolment.pk in reported:
            enrolment.own_score = score_of(reported[enrolment.pk], criteria_set.criteria.all(), criteria_set)
        bands = list(criteria_set.bands.all())
        scored = enrolment.standing_score is not None
        enrolment.measure = measure_of_set(criteria_set)
        result = (enrolment.standing_score, enrolment.standing_maximum, bands)
        enrolment.band = band_of(*result, bar=enrolment.standing_bar) if scored else None
        enrolment.sees_progress = (
            user.sees_unapproved_results or enrolment.inspection.status == Inspection.Status.APPROVED
        )
        own = results.get(enrolment.pk, {})
        enrolment.answers = (
            [(criterion, own.get(criterion.pk)) for criterion in criteria_set.criteria.all()] if own else []
        )
        if enrolment.inspection.status == Inspection.Status.APPROVED:
            _explain_result(enrolment, own)
    return enrolments


def _reported_answers(enrolments: list[Enrolment], user: User) -> dict[int, dict[int, SelfAnswer]]:
    """Return what units that only report handed in, by the key of the enrolment; one query where there are such."""
    reporting = [each.pk for each in enrolments if each.only_reports and not each.is_left_out]
    if not reporting:
        return {}
    handed_in = SelfAssessment.objects.visible_to(user).filter(enrolment__in=reporting, handed_in_at__isnull=False)
    reported: dict[int, dict[int, SelfAnswer]] = {}
    for answer in SelfAnswer.objects.filter(assessment__in=handed_in).select_related("assessment", "option"):
        reported.setdefault(answer.assessment.enrolment_id, {})[answer.criterion_id] = answer
    return reported


def _accepted(enrolments: list[Enrolment], user: User) -> set[int]:
    """Return the keys of the units whose own report was accepted; one query where some only report."""
    reporting = [each.pk for each in enrolments if each.only_reports]
    if not reporting:
        return set()
    accepted = SelfAssessment.objects.accepted_for(user).filter(enrolment__in=reporting)
    return set(accepted.order_by().values_list("enrolment", flat=True))


def _asked(enrolments: list[Enrolment], user: User) -> set[int]:
    """Return the keys of the enrolments with questions that the person reads; one query."""
    if not (user.can_inspect or user.speaks_for_units):
        return set()
    questions = Question.objects.visible_to(user).filter(inspection__enrolment__in=[each.pk for each in enrolments])
    return set(questions.order_by().values_list("inspection__enrolment", flat=True))


def _explain_result(enrolment: Enrolment, results: dict[int, Result]) -> None:
    """Add what lies behind an approved score: deductions and bonuses, and the answers that hold the band."""
    criteria_set = enrolment.round.criteria_set
    criteria = criteria_set.criteria.all()
    if any(criterion.sign for criterion in criteria):
        enrolment.apart = score_of(results, criteria, criteria_set)
    enrolment.bar_reasons = reasons_of_bars(enrolment.inspection, results, bands=criteria_set.bands.all())


@require_safe
def district(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a district with its wards in one round, to be filtered and downloaded."""
    unit = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    enrolments = (
        Enrolment.objects.visible_to(request.user)
        .filter(ward__district=unit)
        .with_standing()
        .select_related("ward__district", "inspection", "round__criteria_set", "self_assessment")
        .prefetch_related("round__criteria_set__bands")
    )
    rounds_of_unit = Round.objects.visible_to(request.user).filter(pk__in=enrolments.order_by().values("round"))
    rounds = with_progress(with_measure(rounds_of_unit), enrolments)
    for each in rounds:
        each.measure = measure_of_row(each)
    filterset = RoundChoiceFilter(request.GET or None, queryset=enrolments, rounds=rounds)
    return list_response(
        request,
        "wards/district.html",
        table=DistrictTable(filterset.qs, user=request.user, measure=common_measure(each.measure for each in rounds)),
        filterset=filterset,
        name=unit.title,
        district=unit,
        source=source_of_unit(unit),
        due=due(request.user, inspection__enrolment__ward__district=unit),
        wards=Ward.objects.visible_to(request.user).filter(district=unit).in_force_on(unit.counted_on).count(),
        rounds=rounds,
        has_published=any(each.progress.published for each in rounds),
    )
