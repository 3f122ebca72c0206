"""Self-assessment: the unit answers the checklist, the team sees it beside its own answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import User
from archiveportal.files.services import LARGEST_FILE, MEGABYTE
from archiveportal.history.models import Action, Event
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response
from archiveportal.refusal import Refused
from criteria.inspections.forms.checklist import ChecklistForm, ReturnForm
from criteria.inspections.forms.evidence import ACCEPT, EvidenceForm
from criteria.inspections.lists.filters import SelfFilter
from criteria.inspections.lists.self_assessment import SelfTable
from criteria.inspections.models import Enrolment, Question, Round, SelfAnswer, SelfAssessment
from criteria.inspections.papers.round_texts import NAMED
from criteria.inspections.papers.self_sheet import blocks_of_self_sheet, name_of_self_sheet
from criteria.inspections.queries.areas import division
from criteria.inspections.queries.mending import followed_result
from criteria.inspections.queries.self_assessment import WardSelf, both_sides, evidence_of, match_of, of_round
from criteria.inspections.services import score_of
from criteria.inspections.services.self_assessment import (
    hand_back,
    hand_in,
    missing_of,
    save_self_answers,
)
from criteria.inspections.services.self_gate import has_begun, why_closed, why_not_shown
from criteria.inspections.views.checklist import seen
from criteria.inspections.views.next_step import by_reason
from criteria.inspections.views.senders import from_its_person
from criteria.leaves import leaves_of, rules_of_page
from criteria.outcomes import offered_in


def refuse_outsiders(user: User) -> None:
    """Refuse everybody but the unit and the team: others see approved results only."""
    if not (user.can_inspect or user.speaks_for_units):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@from_its_person(only_scripts=True)
def self_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    refuse_outsiders(request.user)
    enrolment = enrolment_of(request, pk)
    if request.method == "POST":
        if not request.user.answers_for_units:
            raise PermissionDenied
        return _save(request, enrolment)
    return show(request, enrolment)


@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the self-assessment as the paper that the leader of the unit signs."""
    refuse_outsiders(request.user)
    enrolment = enrolment_of(request, pk)
    assessment = _assessment_of(request, enrolment)
    answers, evidence = _answers(assessment), evidence_of(assessment)
    with override("vi"):
        blocks = blocks_of_self_sheet(enrolment, assessment, answers, evidence=evidence)
        context = {"enrolment": enrolment, "name": name_of_self_sheet(enrolment), "blocks": blocks}
    return render(request, "inspections/self_print.html", context)


def enrolment_of(request: HttpRequest, pk: int) -> Enrolment:
    """Return a ward of a round that asks for self-assessment."""
    enrolments = Enrolment.objects.visible_to(request.user).filter(round__asks_self_assessment=True)
    enrolments = enrolments.select_related("round__criteria_set", "ward__district", "inspection")
    return get_object_or_404(enrolments.prefetch_related("round__criteria_set__criteria"), pk=pk)


def _assessment_of(request: HttpRequest, enrolment: Enrolment) -> SelfAssessment | None:
    rows = SelfAssessment.objects.visible_to(request.user).filter(enrolment=enrolment)
    return rows.select_related("handed_in_by", "confirmed_by", "read_by").first()


def _answers(assessment: SelfAssessment | None) -> dict[int, SelfAnswer]:
    if assessment is None:
        return {}
    return {answer.criterion_id: answer for answer in assessment.answers.select_related("changed_by", "option")}


def _form(enrolment: Enrolment, answers: dict[int, SelfAnswer], data: Any = None) -> ChecklistForm:
    criteria_set = enrolment.round.criteria_set
    return ChecklistForm(
        criteria=leaves_of(criteria_set),
        results=answers,
        offered=offered_in(criteria_set),
        inspected_on=None,
        data=data,
        is_whole=True,
    )


def _save(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Saves the draft, all or nothing; with the button "hand_in" it hands in too."""
    form = _form(enrolment, _answers(_assessment_of(request, enrolment)), request.POST)
    if not form.is_valid():
        return show(request, enrolment, form=form)
    try:
        saved = save_self_answers(enrolment=enrolment, changes=form.changes, by=request.user)
    except Refused as refusal:
        form.error = refusal.message
        return show(request, enrolment, form=form)
    if saved.is_refused:
        fresh = _answers(_assessment_of(request, enrolment))
        return show(request, enrolment, form=form.after_conflict(saved.conflicts, fresh), is_conflict=True)
    address = reverse("inspections:self-assessment", args=[enrolment.pk])
    if request.POST.get("action") != "hand_in":
        messages.success(request, _("Saved."))
        return redirect(address)
    try:
        # A colleague's save that this page did not show is not handed in in this person's name.
        known = saved.version if saved.version_before == seen(request) else -1
        hand_in(enrolment=enrolment, seen=known, by=request.user)
    except Refused as refusal:
        if refusal.code == "missing":
            return redirect(f"{address}?open=1")
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The self-assessment is handed in."))
    return redirect(address)


def show(
    request: HttpRequest,
    enrolment: Enrolment,
    *,
    form: ChecklistForm | None = None,
    returning: ReturnForm | None = None,
    withdrawing: ReturnForm | None = None,
    is_conflict: bool = False,
) -> HttpResponse:
    user, assessment = request.user, _assessment_of(request, enrolment)
    answers, closed = _answers(assessment), why_closed(enrolment)
    is_handed_in = assessment is not None and assessment.handed_in_at is not None
    can_edit = user.answers_for_units and not is_handed_in and not closed
    if assessment:
        # With the criteria that are read already.
        assessment.enrolment = enrolment
    context = {
        "enrolment": enrolment,
        "round": enrolment.round,
        "assessment": assessment,
        "version": assessment.version if assessment else 0,
        "is_handed_in": is_handed_in,
        "closed": closed,
        "can_edit": can_edit,
        "can_hand_back": user.can_inspect and is_handed_in and not closed and not assessment.is_accepted,
        "returning": returning or ReturnForm(),
        "withdrawing": withdrawing or ReturnForm(),
        **_steps(enrolment, assessment, user),
        "missing": _missing(enrolment, assessment) if can_edit and "open" in request.GET else {},
        "is_conflict": is_conflict,
        "earlier": followed_result(enrolment, user),
        "is_asked": Question.objects.visible_to(user).filter(inspection=enrolment.inspection).exists(),
        "total": score_of(
            answers,
            enrolment.round.criteria_set.criteria.all(),
            enrolment.round.criteria_set,
            rounding=enrolment.round.rounding,
        ),
        "events": Timeline(Event.objects.about(assessment), request.GET) if assessment else None,
    }
    if can_edit or form is not None:
        # What was typed is shown again also where it can no longer be saved, so that it can be copied.
        form = form or _form(enrolment, answers)
        rules = rules_of_page(enrolment.round.criteria_set, form.all_criteria)
        shown = evidence_of(assessment)
        for line in form.lines:
            line.evidence = shown.get(line.criterion.pk, [])
        form.fold_taken_over(enrolment.round)
        files = {"accept": ACCEPT, "photo_long_side": settings.PHOTO_LONG_SIDE, "largest": LARGEST_FILE // MEGABYTE}
        files["piece_form"] = EvidenceForm.blank(user=user)
        return render(request, "inspections/self.html", context | rules | files | {"form": form})
    lines = both_sides(enrolment, assessment, user)
    return render(request, "inspections/self_read.html", context | {"lines": lines, "match": match_of(lines)})


def _steps(enrolment: Enrolment, assessment: SelfAssessment | None, user: User) -> dict[str, Any]:
    """Return which steps after handing in the person may take, and what they are about."""
    if assessment is None or assessment.handed_in_at is None:
        return {"can_extend": user.can_approve and enrolment.is_open_now}
    is_open = enrolment.is_open_now and not assessment.is_accepted
    is_confirmed = assessment.confirmed_at is not None
    return {
        "can_extend": user.can_approve and enrolment.is_open_now,
        "can_confirm": user.confirms_self_assessment and is_open and not is_confirmed,
        "can_attach_paper": user.answers_for_units and is_open and not is_confirmed,
        "can_withdraw": user.speaks_for_units
        and is_open
        and not why_closed(enrolment)
        and not has_begun(enrolment.inspection),
        "can_show": user.answers_for_units and not why_not_shown(assessment),
        "can_accept": user.can_inspect and enrolment.only_reports and is_open and is_confirmed,
        "paper": assessment.papers.filter(ended_at=None).select_related("file__withdrawal").first(),
        "had_confirmation": not is_confirmed and Event.objects.about(assessment).filter(action=Action.SIGNED).exists(),
    }


def _missing(enrolment: Enrolment, assessment: SelfAssessment | None) -> dict[str, list[Any]]:
    """Return what keeps a self-assessment from being handed in; of one that nobody began,
    everything."""
    return by_reason(missing_of(assessment or SelfAssessment(enrolment=enrolment)))


@require_POST
@needs("can_inspect")
def self_return(request: HttpRequest, pk: int) -> HttpResponse:
    """The team hands a self-assessment back, with the reason."""
    enrolment = enrolment_of(request, pk)
    assessment = get_object_or_404(SelfAssessment.objects.visible_to(request.user), enrolment=enrolment)
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            hand_back(assessment=assessment, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Handed back. The unit sees the reason."))
            return redirect("inspections:self-assessment", pk)
    return show(request, enrolment, returning=form)


@require_safe
def self_round(request: HttpRequest, code: str) -> HttpResponse:
    """Show who handed in, and the self-assessed scores beside the verified ones."""
    refuse_outsiders(request.user)
    rounds = Round.objects.visible_to(request.user).filter(asks_self_assessment=True)
    inspection_round = get_object_or_404(rounds.select_related("criteria_set", "grouping"), code=code)
    rows = of_round(inspection_round, request.user)
    divided = division(request.user, inspection_round)
    enrolments = inspection_round.enrolments.visible_to(request.user)
    filterset = SelfFilter(request.GET or None, queryset=divided.with_places(enrolments), divided=divided)
    handed_in = [row for row in rows if row.is_handed_in]
    late = [row.enrolment.ward for row in rows if row.is_owed]
    return list_response(
        request,
        "inspections/self_round.html",
        table=SelfTable(_chosen(rows, filterset), user=request.user, divided=divided),
        filterset=filterset,
        name=_("Self-assessment"),
        mark=inspection_round.mark,
        round=inspection_round,
        enrolled=len(rows),
        handed_in=len(handed_in),
        not_handed_in=late[:NAMED],
        late=len(late),
        differing=sum(row.differing or 0 for row in rows),
    )


def _chosen(rows: list[WardSelf], filterset: SelfFilter) -> list[WardSelf]:
    """Return the rows that the filter leaves; the figures above them are of the whole round."""
    if not filterset.form.is_bound:
        return rows
    left = set(filterset.qs.values_list("pk", flat=True))
    return [row for row in rows if row.enrolment.pk in left]
