"""Inspection from a distance: the criteria of a unit side by side, the thread on each, notes for colleagues."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import User
from archiveportal.fields import show_refusal
from archiveportal.files.models import StoredFile
from archiveportal.files.responses import attached, picture
from archiveportal.refusal import Refused
from criteria.inspections.forms.questions import NoteForm, QuestionAnswerForm, QuestionForm
from criteria.inspections.models import Enrolment, InternalNote, Question, QuestionMessage, Result, SelfAssessment
from criteria.inspections.queries.questions import asked_lines, thread_of
from criteria.inspections.queries.self_assessment import evidence_of
from criteria.inspections.queries.units import self_answers
from criteria.inspections.services.distant import distant_criteria, is_distant_unit, mark_distant
from criteria.inspections.services.internal_notes import add_internal_note
from criteria.inspections.services.questions import answer_question, ask_question, close_question, why_not_asked
from criteria.inspections.views.checklist import seen
from criteria.models import Criterion

STATUS = Question.Status


def _refuse_strangers(user: User) -> None:
    """Refuse everybody but the unit and those who inspect."""
    if not (user.can_inspect or user.speaks_for_units):
        raise PermissionDenied


def _enrolment_of(request: HttpRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user)
    rows = rows.select_related("round__criteria_set", "ward__district", "inspection")
    return get_object_or_404(rows.prefetch_related("round__criteria_set__criteria"), pk=pk)


@require_safe
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the criteria with what the unit says, what was found, and what was asked."""
    _refuse_strangers(request.user)
    enrolment = _enrolment_of(request, pk)
    inspection, user = enrolment.inspection, request.user
    context = {
        "enrolment": enrolment,
        "inspection": inspection,
        "lines": asked_lines(enrolment, user),
        "is_distant": is_distant_unit(enrolment),
        "why_not": why_not_asked(inspection),
    }
    return render(request, "inspections/questions.html", context)


@require_safe
def question(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    _refuse_strangers(request.user)
    enrolment, criterion = _place_of(request, pk, code)
    return _show(request, enrolment, criterion)


def _place_of(request: HttpRequest, pk: int, code: str) -> tuple[Enrolment, Criterion]:
    """Return unit and criterion; the unit finds no page of what it was not asked about."""
    enrolment = _enrolment_of(request, pk)
    criterion = get_object_or_404(enrolment.round.criteria_set.criteria, code=code)
    if not request.user.can_inspect and _question_of(request.user, enrolment, criterion) is None:
        raise Http404
    return enrolment, criterion


def _question_of(user: User, enrolment: Enrolment, criterion: Criterion) -> Question | None:
    rows = Question.objects.visible_to(user).filter(inspection=enrolment.inspection, criterion=criterion)
    return rows.select_related("asked_by", "closed_by").first()


def _show(request: HttpRequest, enrolment: Enrolment, criterion: Criterion, **shown: forms.Form) -> HttpResponse:
    """Show the thread on a criterion; `shown` are refused forms to show again."""
    user, inspection = request.user, enrolment.inspection
    asked, why_not = _question_of(user, enrolment, criterion), why_not_asked(inspection)
    inspection.enrolment = enrolment
    assessment = SelfAssessment.objects.visible_to(user).filter(enrolment=enrolment).first()
    is_settled = asked is not None and asked.status == STATUS.CLOSED
    verified = Result.objects.visible_to(user).filter(inspection=inspection, criterion=criterion)
    context = {
        "enrolment": enrolment,
        "criterion": criterion,
        "question": asked,
        "thread": thread_of(asked, request.GET) if asked else None,
        "own": self_answers(enrolment, user).get(criterion.pk),
        "evidence": evidence_of(assessment).get(criterion.pk, []),
        "verified": verified.select_related("option").first(),
        "is_distant": criterion.pk in distant_criteria(inspection),
        "notes": InternalNote.objects.visible_to(user)
        .filter(inspection=inspection, criterion=criterion)
        .select_related("written_by"),
        "why_not": why_not,
        "may_mark": _may_mark(user, enrolment),
        "may_ask": user.can_inspect and not why_not,
        "may_answer": user.answers_for_units and not why_not and asked is not None and not is_settled,
        "may_close": user.can_inspect and not why_not and asked is not None and not is_settled,
        "question_form": QuestionForm(),
        "answer_form": QuestionAnswerForm(),
        "note_form": NoteForm(prefix="note"),
    }
    return render(request, "inspections/question.html", context | shown)


def _may_mark(user: User, enrolment: Enrolment) -> bool:
    """Tell whether the person can say now which criterion is verified from a distance."""
    can_change = user.can_inspect and enrolment.takes_answers and not enrolment.inspection.is_locked
    return can_change and not is_distant_unit(enrolment)


def _take(form: forms.Form, write: Callable[..., Any]) -> bool:
    """Write what a form holds; show a refusal beside its field. Tell whether it was taken."""
    if not form.is_valid():
        return False
    typed = dict(form.cleaned_data)
    if "files" in typed:
        typed["uploads"] = typed.pop("files")
    try:
        write(**typed)
    except Refused as refusal:
        form.add_error(refusal.code if refusal.code in form.fields else None, refusal.message)
    except ValidationError as refusal:
        # Of a file that cannot be taken.
        show_refusal(form, ValidationError({"files": refusal.messages}))
    return form.is_valid()


@require_POST
@needs("can_inspect")
def ask(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    enrolment, criterion = _place_of(request, pk, code)
    form = QuestionForm(request.POST, request.FILES)
    place = {"inspection": enrolment.inspection, "criterion": criterion, "by": request.user}
    if _take(form, lambda **typed: ask_question(**place, **typed)):
        messages.success(request, _("The question is with the unit."))
        return redirect("inspections:question", pk, code)
    return _show(request, enrolment, criterion, question_form=form)


@require_POST
@needs("answers_for_units")
def answer(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    enrolment, criterion = _place_of(request, pk, code)
    asked = _question_of(request.user, enrolment, criterion)
    form = QuestionAnswerForm(request.POST, request.FILES)
    if _take(form, lambda **typed: answer_question(question=asked, by=request.user, **typed)):
        messages.success(request, _("Your answer is sent. The inspection team looks at it."))
        return redirect("inspections:question", pk, code)
    return _show(request, enrolment, criterion, answer_form=form)


@require_POST
@needs("can_inspect")
def close(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    enrolment, criterion = _place_of(request, pk, code)
    asked = _question_of(request.user, enrolment, criterion)
    if asked is None:
        raise Http404
    try:
        close_question(question=asked, seen=seen(request), by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The question is settled."))
    return redirect("inspections:question", pk, code)


@require_POST
@needs("can_inspect")
def note(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    enrolment, criterion = _place_of(request, pk, code)
    form = NoteForm(request.POST, prefix="note")
    place = {"inspection": enrolment.inspection, "criterion": criterion, "by": request.user}
    if _take(form, lambda **typed: add_internal_note(**place, **typed)):
        messages.success(request, _("The note is kept. The unit does not see it."))
        return redirect("inspections:question", pk, code)
    return _show(request, enrolment, criterion, note_form=form)


@require_POST
@needs("can_inspect")
def mark(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Mark one criterion as verified from a distance, or take the mark back."""
    enrolment, criterion = _place_of(request, pk, code)
    wanted = request.POST.get("distant") == "1"
    try:
        mark_distant(inspection=enrolment.inspection, criterion=criterion, is_distant=wanted, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("inspections:question", pk, code)


@require_safe
def file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Send a file of a thread, to be saved."""
    return attached(request, _file_of(request, pk, file))


@require_safe
def shown_picture(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Send the shown copy of a photograph."""
    stored = _file_of(request, pk, file)
    if stored.kind != StoredFile.Kind.PICTURE:
        raise Http404
    return picture(request, stored)


def _file_of(request: HttpRequest, pk: int, file: int) -> StoredFile:
    _refuse_strangers(request.user)
    threads = Question.objects.visible_to(request.user).filter(inspection__enrolment=pk)
    sent = QuestionMessage.objects.filter(question__in=threads)
    return get_object_or_404(StoredFile, pk=file, pk__in=sent.values("files"))
