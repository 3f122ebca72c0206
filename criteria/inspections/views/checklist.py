"""The checklist of a ward: a form for those who may fill it in now, else its answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import User
from archiveportal.history.timeline import Timeline
from archiveportal.office.queries import office_on
from archiveportal.refusal import Refused
from archiveportal.templatetags.portal import number
from criteria.acts import show_acts
from criteria.inspections.forms.checklist import ChecklistForm, ReturnForm
from criteria.inspections.models import Enrolment, Inspection, Result, Team
from criteria.inspections.papers.blank import blank_of
from criteria.inspections.queries.bars import reasons_of_bars
from criteria.inspections.queries.beside import put_beside
from criteria.inspections.queries.mending import followed_result
from criteria.inspections.queries.story import links, story_of
from criteria.inspections.services import save_results, score_of, submit_inspection, what_is_missing
from criteria.inspections.views.next_step import by_reason, next_step
from criteria.leaves import leaves_of, rules_of_page
from criteria.measures import measure_of_set
from criteria.models import Band, CriteriaSet, Criterion
from criteria.outcomes import offered_in
from criteria.scoring import band_of
from criteria.stock_notes import stock_notes

SUBMITTED = Inspection.Status.SUBMITTED


@require_http_methods(["GET", "HEAD", "POST"])
@needs("sees_results")
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist of a ward: a form for those who may fill it in now, else the answers that one may see."""
    enrolment = enrolment_of(request, pk)
    if request.method == "POST":
        if not request.user.can_inspect:
            raise PermissionDenied
        return _save(request, enrolment)
    form = _form(request, enrolment, _results(request, enrolment)) if _can_edit(request, enrolment) else None
    return show(request, enrolment, form=form)


@require_safe
@needs("sees_results")
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty checklist on one sheet of paper."""
    enrolment = enrolment_of(request, pk)
    return render(
        request,
        "inspections/blank.html",
        {"enrolment": enrolment, "office": office_on(), **blank_of(enrolment.round.criteria_set)},
    )


@require_safe
@needs("can_inspect")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what on this checklist."""
    enrolment = enrolment_of(request, pk)
    events = _story(request, enrolment, reverse("inspections:checklist", args=[pk]))
    return render(request, "inspections/history.html", {"enrolment": enrolment, "events": events})


@require_safe
@needs("can_inspect")
def stock(request: HttpRequest, pk: int) -> JsonResponse:
    """The stock sentences for the notes, by the code of the criterion."""
    return JsonResponse(stock_notes(_set_of(request, pk)))


@require_safe
@needs("can_inspect")
def guidance(request: HttpRequest, pk: int) -> JsonResponse:
    """Return the guidance by the code of its criterion: the page prints that of open criteria alone."""
    criteria = _set_of(request, pk).criteria.exclude(guidance="", evidence_needed="")
    return JsonResponse({criterion.code: _help(criterion) for criterion in criteria})


def _help(criterion: Criterion) -> str:
    shown = _("To be shown:")
    needed = f"{shown} {criterion.evidence_needed}" if criterion.evidence_needed else ""
    return "\n".join(filter(None, [criterion.guidance, needed]))


def _set_of(request: HttpRequest, pk: int) -> CriteriaSet:
    enrolments = Enrolment.objects.visible_to(request.user).select_related("round__criteria_set")
    return get_object_or_404(enrolments, pk=pk).round.criteria_set


def enrolment_of(request: HttpRequest, pk: int) -> Enrolment:
    """The enrolment with its checklist; criteria and bands are read once for page, form and saving service."""
    people = [f"inspection__{name}" for name in ("changed_by", "submitted_by", "returned_by", "approved_by")]
    enrolments = Enrolment.objects.visible_to(request.user).with_standing()
    enrolments = enrolments.select_related("round__criteria_set", "ward__district", "team", "inspection", *people)
    return get_object_or_404(
        enrolments.prefetch_related("round__criteria_set__criteria", "round__criteria_set__bands"), pk=pk
    )


def _can_edit(request: HttpRequest, enrolment: Enrolment) -> bool:
    return request.user.can_inspect and enrolment.takes_answers and not enrolment.inspection.is_locked


def _can_add_evidence(request: HttpRequest, enrolment: Enrolment) -> bool:
    is_decided = enrolment.inspection.status in (SUBMITTED, Inspection.Status.APPROVED)
    return request.user.can_inspect and enrolment.takes_answers and not is_decided


def _results(request: HttpRequest, enrolment: Enrolment) -> dict[int, Result]:
    results = Result.objects.visible_to(request.user).filter(inspection=enrolment.inspection)
    return {result.criterion_id: result for result in results.select_related("changed_by", "option")}


def _form(request: HttpRequest, enrolment: Enrolment, results: dict[int, Result], *, data: Any = None) -> ChecklistForm:
    criteria_set = enrolment.round.criteria_set
    return ChecklistForm(
        criteria=leaves_of(criteria_set),
        results=results,
        offered=offered_in(criteria_set),
        inspected_on=enrolment.inspection.inspected_on,
        data=data,
        # Without a script, a link shows what scripts add to a long set.
        is_whole="all" in request.GET or not _can_edit(request, enrolment),
    )


def _save(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Saves what was typed; with the button "minutes" it goes on to them. Nothing typed is lost."""
    form = _form(request, enrolment, {}, data=request.POST)
    if not form.is_valid():
        form = _form(request, enrolment, _results(request, enrolment), data=request.POST)
        form.is_valid()
        return show(request, enrolment, form=form)
    try:
        saved = save_results(
            inspection=enrolment.inspection,
            changes=form.changes,
            by=request.user,
            submission_id=form.head.cleaned_data["submission_id"],
            date_change=form.head.date_change,
        )
    except Refused as refusal:
        form.error = refusal.message
        return show(request, enrolment_of(request, enrolment.pk), form=form)
    if saved.is_refused:
        fresh = enrolment_of(request, enrolment.pk)
        form.inspected_on = fresh.inspection.inspected_on
        form = form.after_conflict(saved.conflicts, _results(request, fresh))
        return show(request, fresh, form=form, conflicts=saved)
    if request.POST.get("action") == "minutes":
        return redirect("inspections:minutes", enrolment.pk)
    messages.success(request, _("Saved."))
    return redirect("inspections:checklist", enrolment.pk)


def back_to(request: HttpRequest, pk: int, place: str = "", *, refused: str = "", done: str = "") -> HttpResponse:
    """To a place on the checklist, saying what was refused or done."""
    if refused:
        messages.error(request, refused)
    elif done:
        messages.success(request, done)
    address = reverse("inspections:checklist", args=[pk])
    return redirect(f"{address}#{place}" if place else address)


def seen(request: HttpRequest) -> int:
    """The version of the checklist that the page showed; -1, which fits none, if it does not say."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else -1


def submit_checklist(request: HttpRequest, enrolment: Enrolment, *, seen: int) -> HttpResponse:
    address = reverse("inspections:checklist", args=[enrolment.pk])
    if enrolment.inspection.submitted_by_id == request.user.pk and enrolment.inspection.status == SUBMITTED:
        # The same button pressed twice gets the same answer.
        messages.success(request, _("Submitted for approval."))
        return redirect(address)
    try:
        submit_inspection(inspection=enrolment.inspection, seen=seen, by=request.user)
    except Refused as refusal:
        if refusal.code == "missing":
            # The page itself says what is open, with a link to each criterion.
            return redirect(f"{address}?open=1")
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Submitted for approval."))
    return redirect(address)


def show(
    request: HttpRequest,
    enrolment: Enrolment,
    *,
    form: ChecklistForm | None = None,
    decision: ReturnForm | None = None,
    conflicts: Any = None,
) -> HttpResponse:
    """Show the page of a checklist: with `form`, a refused save; with `decision`, a refused return."""
    results = form.results if form and form.results else _results(request, enrolment)
    # What was typed is shown again also where it can no longer be saved, so that it can be copied.
    is_form_shown = _can_edit(request, enrolment) or form is not None
    form = form or _form(request, enrolment, results)
    _show_acts(enrolment)
    kept = put_beside(form.lines, enrolment, results, user=request.user)
    if is_form_shown:
        form.fold_taken_over(enrolment.round)
    context = next_step(request.user, enrolment, decision=decision) | {
        "enrolment": enrolment,
        "round": enrolment.round,
        "inspection": enrolment.inspection,
        "form": form,
        "is_form_shown": is_form_shown,
        # Such a page has neither drafts nor checklists to load, and leaves their words out.
        "saves_itself": is_form_shown,
        "photo_long_side": settings.PHOTO_LONG_SIDE,
        "can_edit": _can_edit(request, enrolment),
        "can_add_evidence": _can_add_evidence(request, enrolment),
        # The form has its own address; what is read is also shown at the address of a refused
        # decision.
        "way": "" if is_form_shown else reverse("inspections:checklist", args=[enrolment.pk]),
        "missing": _missing(request, enrolment),
        "earlier": followed_result(enrolment, request.user),
        "conflicts": conflicts,
        "guidance_page": reverse("criteria:detail", args=[enrolment.round.criteria_set_id]),
        "kept": [each for each in kept if not (each.stands_at_criterion and is_form_shown)],
        **rules_of_page(enrolment.round.criteria_set, form.all_criteria),
        "published_result": _published_result(enrolment),
        **_scores(enrolment, results, is_form_shown=is_form_shown),
        **_progress(request, enrolment, is_form_shown),
    }
    return render(request, "inspections/checklist.html", context)


def _show_acts(enrolment: Enrolment) -> None:
    """Let the criteria name their acts as they stand on the day of the inspection."""
    criteria_set = enrolment.round.criteria_set
    day = enrolment.inspection.inspected_on or enrolment.planned_on or timezone.localdate()
    show_acts(criteria_set, criteria_set.criteria.all(), day)


def _missing(request: HttpRequest, enrolment: Enrolment) -> dict[str, list[Any]]:
    """Return what keeps the checklist from being submitted, for a page that was sent back for it."""
    if "open" not in request.GET or not request.user.can_inspect:
        return {}
    return by_reason(what_is_missing(enrolment.inspection))


def _standing_band(enrolment: Enrolment, bands: Iterable[Band]) -> Band | None:
    return band_of(enrolment.standing_score, enrolment.standing_maximum, bands, bar=enrolment.standing_bar)


def _scores(enrolment: Enrolment, results: dict[int, Result], *, is_form_shown: bool) -> dict[str, Any]:
    """Return the score of the answers with its band, and the band of the standing score."""
    criteria_set = enrolment.round.criteria_set
    bands = criteria_set.bands.all()
    total = score_of(results, criteria_set.criteria.all(), criteria_set, rounding=enrolment.round.rounding)
    bar = enrolment.inspection.highest_band_id
    standing = enrolment.standing_score
    by_score = band_of(total.points, total.maximum, bands) if total.is_complete else None
    band = band_of(total.points, total.maximum, bands, bar=bar) if total.is_complete else None
    return {
        "total": total,
        "bands": bands,
        "band": band,
        "is_lowered": band != by_score,
        # While one types, the scripts say that a bar holds; why, the answers that are read say.
        "bar_reasons": [] if is_form_shown else reasons_of_bars(enrolment.inspection, results, bands=bands),
        "standing_band": None if standing is None else _standing_band(enrolment, bands),
    }


def _published_result(enrolment: Enrolment) -> str:
    """Say what a report printed of the unit; blank where none did."""
    if enrolment.published_score is None:
        return ""
    inspection_round = enrolment.round
    values = {
        "report": inspection_round.report_number,
        "score": number(enrolment.published_score),
        "maximum": number(enrolment.published_maximum),
    }
    if not inspection_round.report_number:
        text = _("A report gives this ward %(score)s/%(maximum)s (as reported).")
    elif measure_of_set(inspection_round.criteria_set).is_points:
        text = _("Report %(report)s gives this ward %(score)s/%(maximum)s points (as reported).")
    else:
        text = _("Report %(report)s gives this ward %(score)s/%(maximum)s criteria (as reported).")
    return text % values


def _progress(request: HttpRequest, enrolment: Enrolment, is_form_shown: bool) -> dict[str, Any]:
    """Return what only those see who see how far the checklist is, and everybody once it is approved."""
    is_approved = enrolment.inspection.status == Inspection.Status.APPROVED
    sees_progress = request.user.sees_unapproved_results or is_approved
    # The form stays light for telephones: its history is a page of its own.
    is_told = sees_progress and not is_form_shown
    return {
        "sees_progress": sees_progress,
        "other_team": _other_team(request.user, enrolment) if sees_progress else None,
        "events": _story(request, enrolment) if is_told else None,
    }


def _other_team(user: User, enrolment: Enrolment) -> Team | None:
    """The team that inspects the ward, for an inspector who is not in it: everybody may fill in everything."""
    if not (user.can_inspect and enrolment.takes_answers and enrolment.team_id):
        return None
    return None if enrolment.team.members.filter(person=user).exists() else enrolment.team


def _story(request: HttpRequest, enrolment: Enrolment, page: str = "") -> Timeline:
    link = links(enrolment.round.criteria_set.criteria.all(), page)
    return Timeline(story_of(enrolment, request.user), request.GET, link=link)
