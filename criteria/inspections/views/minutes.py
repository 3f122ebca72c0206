"""The minutes of a visit: written, printed, signed, supplemented, with the scan of the signed paper."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.files.responses import attached, picture
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.word.writer import word_response
from criteria.inspections.forms.minutes import (
    MinutesForm,
    MinutesReasonForm,
    ScanForm,
    SignForm,
)
from criteria.inspections.forms.minutes_typed import merged_data, with_more_rows
from criteria.inspections.models import Enrolment, Finding, Inspection, Minutes, Participant, Scan
from criteria.inspections.papers.minutes import Paper, paper_of, word_of
from criteria.inspections.queries.clocks import unannounced
from criteria.inspections.queries.findings import failures_without_recommendation
from criteria.inspections.services import keep_scans, open_supplement, save_minutes, sign_minutes, what_is_missing
from criteria.inspections.services.minutes import unsigned_minutes
from criteria.inspections.services.minutes_merge import Merged, MinutesClash
from criteria.inspections.views.checklist import enrolment_of
from criteria.inspections.views.next_step import by_reason, next_step
from criteria.inspections.views.senders import from_its_person
from criteria.leaves import share_sets
from criteria.models import Criterion

#: ways to the paper before which the page asks about failures without a recommendation
ASKING = ("print", "word")


@require_http_methods(["GET", "HEAD", "POST"])
@from_its_person(only_scripts=True)
@needs("sees_results")
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form about the visit, what is still missing, and every version of the paper."""
    if request.method == "POST" and not request.user.can_inspect:
        raise PermissionDenied
    enrolment = _seen_by(request, pk)
    inspection = enrolment.inspection
    draft = unsigned_minutes(inspection)
    if request.method != "POST":
        return _show(
            request, enrolment, MinutesForm(inspection=inspection, minutes=draft, by=request.user), draft=draft
        )
    action, data = request.POST.get("action", ""), request.POST
    if action == "rows":
        form = MinutesForm(inspection=inspection, minutes=draft, by=request.user, data=with_more_rows(data))
        return _show(request, enrolment, form, draft=draft)
    form = MinutesForm(inspection=inspection, minutes=draft, by=request.user, data=data)
    if not form.is_valid():
        return _show(request, enrolment, form, draft=draft)
    try:
        saved = save_minutes(
            inspection=inspection,
            values=form.values,
            people=form.people,
            received=form.received,
            seen=form.details.cleaned_data["version"],
            made_on=form.made_on,
            by=request.user,
        )
    except MinutesClash as clash:
        return _show_clash(request, pk, form, clash=clash)
    except Refused as refusal:
        return _show_refused(request, pk, form, refusal=refusal)
    if saved.taken:
        names = ", ".join(each.label for each in saved.taken)
        messages.info(request, _("Kept as a colleague wrote it meanwhile: %(fields)s.") % {"fields": names})
    return _after_saving(request, saved, action)


def _after_saving(request: HttpRequest, saved: Minutes, action: str) -> HttpResponse:
    pk, page = saved.inspection.enrolment_id, reverse("inspections:minutes", args=[saved.inspection.enrolment_id])
    if action in ASKING and failures_without_recommendation(saved.inspection):
        return redirect(f"{page}?hoi={action}")
    if action == "print":
        return redirect("inspections:minutes-print", pk, saved.sequence)
    if action == "sign":
        return redirect("inspections:minutes-sign", pk)
    messages.success(request, _("Saved."))
    return redirect(f"{page}?tai=word" if action == "word" else page)


def _show_clash(request: HttpRequest, pk: int, form: MinutesForm, *, clash: MinutesClash) -> HttpResponse:
    """Show the typed data with the colleague's other changes, and name the fields that both
    changed."""
    enrolment = _seen_by(request, pk)
    draft = unsigned_minutes(enrolment.inspection)
    if draft is None:
        # Signed in this very moment.
        return _show_refused(request, pk, form, refusal=clash)
    data = merged_data(form.data, clash.merged, draft)
    form = MinutesForm(inspection=enrolment.inspection, minutes=draft, by=request.user, data=data)
    form.is_valid()
    return _show(request, enrolment, form, draft=draft, merged=clash.merged)


def _show_refused(request: HttpRequest, pk: int, form: MinutesForm, *, refusal: Refused) -> HttpResponse:
    """Show the typed data on its old base, so that the next save still knows who changed what."""
    enrolment = _seen_by(request, pk)
    draft = unsigned_minutes(enrolment.inspection)
    form = MinutesForm(inspection=enrolment.inspection, minutes=draft, by=request.user, data=form.data)
    form.is_valid()
    return _show(request, enrolment, form, draft=draft, refusal=refusal.message)


def _show(
    request: HttpRequest,
    enrolment: Enrolment,
    form: MinutesForm,
    *,
    draft: Minutes | None,
    refusal: str = "",
    merged: Merged | None = None,
) -> HttpResponse:
    inspection = enrolment.inspection
    context = next_step(request.user, enrolment)
    is_written = context["is_written"]
    missing = what_is_missing(inspection) if is_written else []
    findings = inspection.findings.exclude(status=Finding.Status.WITHDRAWN).select_related("criterion")
    findings = list(findings.order_by("criterion__position"))
    unrecommended = _to_ask_about(request, inspection, draft)
    _name_criteria(enrolment, [*(each.criterion for each in [*findings, *missing]), *unrecommended])
    context |= {
        "enrolment": enrolment,
        "round": enrolment.round,
        "inspection": inspection,
        "sees_progress": True,
        "unannounced": unannounced(enrolment) if request.user.can_inspect else None,
        "form": form,
        "is_form_shown": is_written or form.data is not None,
        "draft": draft,
        "refusal": refusal,
        "merged": merged,
        "missing": by_reason(missing),
        "has_conflict": any(each.is_conflict for each in missing),
        "findings": findings,
        "scan_form": ScanForm(),
        "photo_long_side": settings.PHOTO_LONG_SIDE,
        "asked": request.GET.get("hoi", ""),
        "unrecommended": unrecommended,
        "downloads": draft is not None and request.GET.get("tai") == "word",
    }
    return render(request, "inspections/minutes.html", context)


def _name_criteria(enrolment: Enrolment, criteria: Iterable[Criterion | None]) -> None:
    """Give the criteria that the page names the numbers by which the paper names them."""
    named = [criterion for criterion in criteria if criterion is not None]
    if named:
        share_sets(named)


def _to_ask_about(request: HttpRequest, inspection: Inspection, draft: Minutes | None) -> list[Criterion]:
    """Return the failures that the paper would print without a recommendation, when it was asked for."""
    is_asked = draft is not None and request.GET.get("hoi") in ASKING and request.user.can_inspect
    return failures_without_recommendation(inspection) if is_asked else []


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_inspect")
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Records the day of signing, with the scan if it is at hand."""
    enrolment = enrolment_of(request, pk)
    inspection = enrolment.inspection
    form = SignForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            sign_minutes(
                inspection=inspection,
                signed_on=form.cleaned_data["signed_on"],
                uploads=form.cleaned_data["files"],
                seen=form.cleaned_data["digest"],
                by=request.user,
            )
        except ValidationError as refusal:
            form.add_error("signed_on" if getattr(refusal, "code", "") == "day" else None, refusal)
        else:
            messages.success(request, _("The signing is recorded. The answers stand as the minutes have them."))
            return redirect("inspections:checklist", pk)
    draft = unsigned_minutes(inspection)
    if draft is None:
        # Nothing to sign: it is signed already, or not begun.
        refusals = form.non_field_errors() if form.is_bound else []
        if not inspection.is_locked:
            refusals = [_("Fill in and save the minutes first.")]
        for refusal in refusals:
            messages.error(request, refusal)
        return redirect("inspections:minutes", pk)
    paper = paper_of(draft)
    if not form.is_bound:
        form = SignForm(initial={"signed_on": timezone.localdate(), "digest": paper.digest})
    else:
        form.data = form.data.copy()
        form.data["digest"] = paper.digest
    missing, unrecommended = what_is_missing(inspection), failures_without_recommendation(inspection)
    _name_criteria(enrolment, [*(each.criterion for each in missing), *unrecommended])
    context = {
        "enrolment": enrolment,
        "unannounced": unannounced(enrolment),
        "form": form,
        "paper": paper,
        "missing": by_reason(missing),
        "blanks": _blanks(draft),
        "unrecommended": unrecommended,
    }
    return render(request, "inspections/minutes_sign.html", context)


def _blanks(draft: Minutes) -> list[str]:
    """Return what a paper should not be without; it may have been filled in by hand."""
    has_leader = draft.participants.filter(part=Participant.Part.LEADER).exists()
    blanks = [
        (draft.started_at, _("hour of the beginning")),
        (draft.place, _("place")),
        (has_leader, _("leader of the inspected unit")),
    ]
    if draft.inspection.enrolment.round.is_specialised:
        announced = draft.inspection.enrolment.decision_units.filter(announced_on__isnull=False)
        blanks.append((announced.exists(), _("day on which the decision was announced")))
    return [name for value, name in blanks if not value]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_inspect")
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = enrolment_of(request, pk)
    form = MinutesReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            open_supplement(inspection=enrolment.inspection, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The supplement is open. Change the answers, then sign it."))
            return redirect("inspections:checklist", pk)
    return render(request, "inspections/minutes_supplement.html", {"enrolment": enrolment, "form": form})


@require_safe
@needs("sees_results")
def word(request: HttpRequest, pk: int, sequence: int) -> HttpResponse:
    paper = paper_of(_minutes_of(request, pk, sequence))
    search_address = request.build_absolute_uri(reverse("inspections:verify-search"))
    content = word_of(paper, address=_address_of(request, paper), search_address=search_address)
    log_event("minutes downloaded", user=request.user.pk, inspection=paper.minutes.inspection_id, code=paper.code)
    return word_response(content, paper.name)


@require_safe
@needs("sees_results")
def printed(request: HttpRequest, pk: int, sequence: int) -> HttpResponse:
    """Show the page for the printer: the same blocks as the Word file."""
    paper = paper_of(_minutes_of(request, pk, sequence))
    search_address = request.build_absolute_uri(reverse("inspections:verify-search"))
    context = {"paper": paper, "enrolment": paper.minutes.inspection.enrolment, "search_address": search_address}
    return render(request, "inspections/minutes_print.html", context | {"name": paper.name, "blocks": paper.blocks})


@require_POST
@needs("can_inspect")
def add_scans(request: HttpRequest, pk: int, sequence: int) -> HttpResponse:
    minutes, form = _minutes_of(request, pk, sequence), ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["files"]))
    elif not form.cleaned_data["files"]:
        messages.error(request, _("Choose the scan or the photographs first."))
    else:
        try:
            keep_scans(minutes=minutes, uploads=form.cleaned_data["files"], by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The scan is attached."))
    return redirect("inspections:minutes", pk)


@require_safe
@needs("sees_results")
def scan(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    """Send the scan as it was handed in."""
    return attached(request, _scan_of(request, pk, scan).file)


@require_safe
@needs("sees_results")
def scan_picture(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    stored = _scan_of(request, pk, scan)
    if not stored.file.shown:
        raise Http404
    return picture(request, stored.file)


def _scan_of(request: HttpRequest, pk: int, scan: int) -> Scan:
    scans = Scan.objects.visible_to(request.user).select_related("file__withdrawal")
    return get_object_or_404(scans, pk=scan, minutes__inspection__enrolment=pk)


def _seen_by(request: HttpRequest, pk: int) -> Enrolment:
    """Return the enrolment, for those who may see its answers."""
    enrolment = enrolment_of(request, pk)
    if not request.user.sees_unapproved_results and enrolment.inspection.status != Inspection.Status.APPROVED:
        raise Http404
    return enrolment


def _minutes_of(request: HttpRequest, pk: int, sequence: int) -> Minutes:
    related = ["round__criteria_set", "ward__district", "team"]
    rows = Minutes.objects.visible_to(request.user)
    rows = rows.select_related(*(f"inspection__enrolment__{name}" for name in related))
    return get_object_or_404(rows, inspection__enrolment=pk, sequence=sequence)


def _address_of(request: HttpRequest, paper: Paper) -> str:
    return request.build_absolute_uri(reverse("inspections:verify", args=[paper.code, paper.check]))
