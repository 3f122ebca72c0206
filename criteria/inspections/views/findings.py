"""Findings: written at a criterion, listed, answered by the unit, looked at by the inspector."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.files.models import StoredFile
from archiveportal.files.responses import attached, picture
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response
from archiveportal.refusal import Refused
from criteria.inspections.forms.findings import (
    AnswerForm,
    CloseFindingForm,
    DeadlineForm,
    FindingForm,
    JudgeForm,
    WithdrawForm,
)
from criteria.inspections.lists.findings import WARD, FindingFilter, FindingTable
from criteria.inspections.models import Enrolment, Finding, Round
from criteria.inspections.queries.areas import NOTHING, division_across_rounds
from criteria.inspections.queries.findings import STATUS, failing_again, listed, proposals, story_of
from criteria.inspections.services.findings import close_finding, move_deadline, withdraw_finding, write_finding
from criteria.inspections.services.replies import answer_finding, judge_reply


@require_safe
@needs("sees_results")
def findings(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("round", "")
    chosen = Round.objects.visible_to(request.user).filter(code=code).first() if code else None
    # A ward has one area, a district is one.
    divided = division_across_rounds(request.user, chosen) if request.user.sees_all_units else NOTHING
    rows = divided.with_places(listed(request.user), WARD)
    filterset = FindingFilter(request.GET, queryset=rows, user=request.user, divided=divided)
    unwritten = failing_again(request.user, chosen).filter(has_finding=False) if chosen else []
    return list_response(
        request,
        "inspections/findings.html",
        table=FindingTable(filterset.qs, user=request.user, divided=divided, inspection_round=chosen),
        filterset=filterset,
        name=_("Recommendations"),
        round=chosen,
        unwritten=unwritten if request.user.can_inspect else [],
    )


@require_safe
@needs("sees_results")
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _finding_of(request, pk))


def _finding_of(request: HttpRequest, pk: int) -> Finding:
    people = ["created_by", "closed_by", "inspection__enrolment__round__criteria_set"]
    return get_object_or_404(listed(request.user).select_related(*people), pk=pk)


def _show(request: HttpRequest, finding: Finding, **forms_shown: forms.Form) -> HttpResponse:
    """Show the page of a finding; `forms_shown` are refused forms to show again."""
    user, seen = request.user, {"version": finding.version}
    follows_up = user.can_inspect and finding.published_at is not None
    context = {
        "finding": finding,
        "enrolment": finding.inspection.enrolment,
        "replies": finding.replies.select_related("answered_by", "judged_by").prefetch_related(
            "files__withdrawal__withdrawn_by"
        ),
        "events": Timeline(story_of(finding, user), request.GET, is_named=False),
        "may_answer": user.answers_for_units and finding.status == STATUS.OPEN,
        "may_judge": follows_up and finding.status == STATUS.ANSWERED,
        "may_close": follows_up and finding.status == STATUS.OPEN,
        "may_move": follows_up and finding.status in (STATUS.OPEN, STATUS.ANSWERED),
        "answer_form": AnswerForm(initial=seen),
        "judge_form": JudgeForm(initial=seen, prefix="judge"),
        "close_form": CloseFindingForm(initial=seen, prefix="close"),
        "deadline_form": DeadlineForm(initial=seen, prefix="deadline"),
    }
    return render(request, "inspections/finding.html", context | forms_shown)


def _refuse(form: forms.Form, refusal: ValidationError) -> None:
    """The message beside its field; a form of a row that changed continues from the row as it is
    now."""
    for each in refusal.error_list:
        form.add_error(each.code if each.code in form.fields else None, each.message)


@require_POST
@needs("answers_for_units")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    finding = _finding_of(request, pk)
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            answer_finding(
                finding=finding,
                text=typed["text"],
                uploads=typed["files"],
                submission_id=typed["submission_id"],
                seen=typed["version"],
                by=request.user,
            )
        except Refused as refusal:
            _refuse(form, refusal)
        except ValidationError as refusal:
            form.add_error("files", refusal.messages)
        else:
            messages.success(request, _("Your answer is handed in. The inspector looks at it."))
            return redirect("inspections:finding", pk)
    return _show(request, _finding_of(request, pk), answer_form=_renewed(form, pk))


def _renewed(form: forms.Form, pk: int) -> forms.Form:
    """Keep the typed data, based on the row as it is now, which the page shows beside it."""
    _made_on(form, Finding.objects.values_list("version", flat=True).get(pk=pk))
    return form


def _made_on(form: forms.Form, version: int) -> None:
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = version


@require_POST
@needs("can_inspect")
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    finding, accept = _finding_of(request, pk), request.POST.get("judge-decision") == "accept"
    data = request.POST.copy()
    data["decision"] = "accept" if accept else "refuse"
    form = JudgeForm(data, prefix="judge")
    if form.is_valid():
        typed = form.cleaned_data
        values = {"reason": typed["reason"], "due_on": typed["due_on"], "seen": typed["version"]}
        try:
            judge_reply(finding=finding, accept=accept, by=request.user, **values)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The matter is closed.") if accept else _("The unit is asked again."))
            return redirect("inspections:finding", pk)
    return _show(request, _finding_of(request, pk), judge_form=_renewed(form, pk))


@require_POST
@needs("can_inspect")
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    finding, form = _finding_of(request, pk), DeadlineForm(request.POST, prefix="deadline")
    if form.is_valid():
        typed = form.cleaned_data
        values = {"due_on": typed["due_on"], "reason": typed["reason"], "seen": typed["version"]}
        try:
            move_deadline(finding=finding, by=request.user, **values)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The deadline is moved."))
            return redirect("inspections:finding", pk)
    return _show(request, _finding_of(request, pk), deadline_form=_renewed(form, pk))


@require_POST
@needs("can_inspect")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    finding, form = _finding_of(request, pk), CloseFindingForm(request.POST, prefix="close")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            close_finding(finding=finding, reason=typed["reason"], seen=typed["version"], by=request.user)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The matter is closed."))
            return redirect("inspections:finding", pk)
    return _show(request, _finding_of(request, pk), close_form=_renewed(form, pk))


@require_safe
@needs("sees_results")
def finding_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Send a file of an answer, to be saved."""
    return attached(request, _file_of(request, pk, file))


@require_safe
@needs("sees_results")
def finding_picture(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Send the shown copy of a photograph."""
    stored = _file_of(request, pk, file)
    if stored.kind != StoredFile.Kind.PICTURE:
        raise Http404
    return picture(request, stored)


def _file_of(request: HttpRequest, pk: int, file: int) -> StoredFile:
    finding = get_object_or_404(Finding.objects.visible_to(request.user), pk=pk)
    return get_object_or_404(StoredFile, pk=file, pk__in=finding.replies.values("files"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_inspect")
def write(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The recommendation for one criterion of a checklist: written, changed, withdrawn."""
    enrolment, criterion = _place_of(request, pk, code)
    form = FindingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        values = {"recommendation": typed["recommendation"], "due_on": typed["due_on"], "seen": typed["version"]}
        try:
            write_finding(inspection=enrolment.inspection, criterion=criterion, by=request.user, **values)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The recommendation is saved."))
            return redirect(f"{reverse('inspections:checklist', args=[pk])}#{code}")
    return _show_writing(request, enrolment, criterion, form=form)


@require_POST
@needs("can_inspect")
def withdraw(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    enrolment, criterion = _place_of(request, pk, code)
    finding = _written(enrolment, criterion)
    form = WithdrawForm(request.POST, prefix="withdraw")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            # The second of two clicks finds nothing left to withdraw.
            if finding:
                withdraw_finding(finding=finding, reason=typed["reason"], seen=typed["version"], by=request.user)
        except Refused as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The recommendation is withdrawn."))
            return redirect(f"{reverse('inspections:checklist', args=[pk])}#{code}")
    return _show_writing(request, enrolment, criterion, withdraw_form=form)


def _place_of(request: HttpRequest, pk: int, code: str) -> tuple[Enrolment, Any]:
    enrolments = Enrolment.objects.visible_to(request.user)
    enrolments = enrolments.select_related("round__criteria_set", "ward__district", "inspection")
    enrolment = get_object_or_404(enrolments, pk=pk)
    criterion = get_object_or_404(
        enrolment.round.criteria_set.criteria.select_related("criteria_set"), code=code, has_outcome=True
    )
    return enrolment, criterion


def _written(enrolment: Enrolment, criterion: Any) -> Finding | None:
    findings = enrolment.inspection.findings.filter(criterion=criterion).exclude(status=STATUS.WITHDRAWN)
    return findings.select_related("inspection__enrolment__ward", "criterion").first()


def _show_writing(
    request: HttpRequest,
    enrolment: Enrolment,
    criterion: Any,
    *,
    form: FindingForm | None = None,
    withdraw_form: WithdrawForm | None = None,
) -> HttpResponse:
    inspection, finding = enrolment.inspection, _written(enrolment, criterion)
    result = inspection.results.filter(criterion=criterion).first()
    offered, last = proposals(inspection, criterion, result)
    chosen = next((each.text for each in offered if each.key == request.GET.get("mau")), None)
    version = finding.version if finding else 0
    if form and form.is_bound:
        _made_on(form, version)
    else:
        proposed = chosen or (finding.draft_recommendation if finding else offered[0].text)
        start = {"version": version, "recommendation": proposed, "due_on": finding.draft_due_on if finding else None}
        form = FindingForm(initial=start)
    if withdraw_form:
        _made_on(withdraw_form, version)
    withdraw_form = withdraw_form or WithdrawForm(prefix="withdraw", initial={"version": version})
    # What the unit has seen is withdrawn only with a reason.
    withdraw_form.fields["reason"].required = bool(finding and finding.published_at)
    context = {
        "enrolment": enrolment,
        "criterion": criterion,
        "finding": finding,
        "form": form,
        "withdraw_form": withdraw_form,
        "proposals": offered,
        "last": last,
        "result": result,
        "is_failed": result is not None and result.is_failure,
        "can_write": enrolment.takes_answers and not inspection.is_locked,
    }
    return render(request, "inspections/finding_write.html", context)
