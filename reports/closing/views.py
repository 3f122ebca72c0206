"""Closing the figures of a report, what was closed, and what has changed since."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from archiveportal.accounts.access import needs
from archiveportal.accounts.models import User
from archiveportal.accounts.rights import roles_with
from archiveportal.files.changed_words import ChangedWords
from archiveportal.files.checking import FileNotAsKept, State
from archiveportal.files.models import StoredFile
from archiveportal.files.responses import attached_as_kept
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.lists import page_of
from archiveportal.logs import log_event
from archiveportal.scope import Right, Viewer
from reports.checks.run import findings_of
from reports.closing.forms import CloseForm, IssueForm
from reports.closing.services import close_figures, closings_of, record_issue
from reports.documents.comparing import changed_words, context_for, differences
from reports.documents.content import digest_of_content, has_document
from reports.documents.kept import kept_errors_of
from reports.frozen.changes import checked, figures_are_whole, lines_of
from reports.frozen.events import may_differ
from reports.models import ClosedFile, Closing, Subject
from reports.passages.hands import hands_in_report, own_hand_in_report, who_can_close
from reports.subjects import find_report, report_of

FORM_METHODS = ["GET", "HEAD", "POST"]
PER_PAGE = 100
#: the signed copy with who withdrew it and who uploaded it
SIGNED_COPY = ("signed_copy__withdrawal__withdrawn_by", "signed_copy__stored_by")
#: so many changed lines of the text are shown
MOST_LINES = 200


def _closing(request: HttpRequest, pk: int) -> Closing:
    rows = Closing.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("round", "scheme", "closed_by", *SIGNED_COPY), pk=pk)


def _files_for(user: Viewer, closing: Closing) -> QuerySet[ClosedFile]:
    """Return the files of a closing; those with footnotes are for those who work on contradictions."""
    files = closing.files.select_related("file__withdrawal")
    return files if user.scope.sees_ledger else files.exclude(role=ClosedFile.Role.NOTED)


@require_http_methods(FORM_METHODS)
@needs("sees_reports")
def closings(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show what does not fit, the form that closes the figures, and earlier closings."""
    user, report = request.user, find_report(request.user, kind, code)
    if report is None:
        raise Http404
    subject = report.subject
    if request.method == "POST" and not user.may_decide:
        raise PermissionDenied
    findings = findings_of(subject) if user.can_inspect else []
    listed = list(closings_of(subject).select_related("closed_by", *SIGNED_COPY))
    seen = {"seen": listed[0].sequence if listed else 0}
    form = CloseForm(request.POST if request.method == "POST" else None, has_findings=bool(findings), initial=seen)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = close_figures(
                subject=subject, as_of=form.as_of, note=data["note"], signer=form.signer, seen=data["seen"], by=user
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The figures are closed."))
            return redirect("reports:closing", made.pk)
    is_touched = bool(listed) and may_differ(listed[0], subject)
    context = {
        "subject": subject,
        "kind": kind,
        "findings": findings,
        "stops": sum(finding.stops_closing for finding in findings),
        "kept_errors": kept_errors_of(subject).values() if user.can_inspect else [],
        "closings": listed,
        "is_touched": is_touched,
        "differences": differences(listed[0], subject) if is_touched else None,
        "form": form if user.may_decide else None,
        **_four_eyes(request, subject),
    }
    status = 507 if form.has_error(NON_FIELD_ERRORS, "no_room") else 200
    return render(request, "reports/closings.html", context, status=status)


def _four_eyes(request: HttpRequest, subject: Subject) -> dict[str, str]:
    """Say whether the person may close the figures, and who can, for those who decide."""
    if not request.user.may_decide:
        return {"own_hand": "", "who_can": ""}
    hands = hands_in_report(subject)
    return {"own_hand": own_hand_in_report(hands, request.user), "who_can": who_can_close(hands)}


@require_safe
@needs("sees_reports")
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Figure by figure at the closing and now; the files with their SHA-256, taken again from the store."""
    shown = _closing(request, pk)
    now = context_for(shown, shown.subject)
    lines, words = lines_of(shown, now), changed_words(shown, now)
    changed = [line for line in lines if line.is_changed]
    shows_all = request.GET.get("xem") == "tat-ca"
    files = [checked(kept.file, kept) for kept in _files_for(request.user, shown)]
    context = {
        "closing": shown,
        "kind": report_of(shown.subject).slug,
        "files": files,
        # Number, day and name were corrected: the last one is the valid one.
        "valid_order": max((each.kept.order for each in files if each.kept and each.kept.number), default=0),
        "signed": checked(shown.signed_copy) if shown.signed_copy and not shown.signed_copy.withdrawn else None,
        "is_whole": figures_are_whole(shown),
        "is_content_whole": shown.content is None or digest_of_content(shown.content) == shown.content_digest,
        "has_document": has_document(shown.content),
        "changed": len(changed),
        "signed_lines": [ChangedWords("", then, now) for then, now in (shown.signed_comparison or {}).get("lines", [])],
        "words": words[:MOST_LINES],
        "changed_lines": len(words),
        "total": len(shown.figures),
        "shows_all": shows_all,
        "page": page_of(request, lines if shows_all else changed, per_page=PER_PAGE),
        "newer": closings_of(shown.subject).filter(sequence__gt=shown.sequence).first(),
        "events": Timeline(Event.objects.about(shown), request.GET),
    }
    return render(request, "reports/closing.html", context)


@require_http_methods(FORM_METHODS)
@needs("can_approve")
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Number, day and signatory of the report that was issued, and the signed copy."""
    shown = _closing(request, pk)
    names = ("number", "issued_on", "signatory", "signatory_name", "version")
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={name: getattr(shown, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            changed = record_issue(
                closing=shown,
                details=form.details,
                upload=data["upload"],
                is_confirmed=data["is_confirmed"],
                version=data["version"],
                by=request.user,
            )
        except ValidationError as refusal:
            form.show_again(refusal, _closing(request, pk))
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("reports:closing", pk)
    return render(
        request, "reports/closing_issue.html", {"closing": shown, "form": form, "kind": report_of(shown.subject).slug}
    )


@require_safe
@needs("sees_reports")
def closed_file(request: HttpRequest, pk: int, order: int) -> HttpResponse:
    kept = get_object_or_404(_files_for(request.user, _closing(request, pk)), order=order)
    return _handed_out(request, kept.closing, kept.file)


@require_safe
@needs("sees_reports")
def signed_copy(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _closing(request, pk)
    if shown.signed_copy is None:
        raise Http404
    return _handed_out(request, shown, shown.signed_copy)


def _handed_out(request: HttpRequest, closing: Closing, file: StoredFile) -> HttpResponse | FileResponse:
    """Send a kept file, or the page that says why it is not handed out: it is not what was kept.

    409: what the store holds contradicts what was recorded of it.
    """
    try:
        return attached_as_kept(request, file)
    except FileNotAsKept as damage:
        log_event("kept file damaged", closing=closing.pk, file=file.pk, sha256=file.sha256, state=damage.state)
        administrators = User.objects.filter(role__in=roles_with(Right.CAN_MANAGE_ACCOUNTS), is_active=True)
        context = {
            "closing": closing,
            "kind": report_of(closing.subject).slug,
            "file": file,
            "is_missing": damage.state == State.MISSING,
            "administrators": [str(person) for person in administrators],
        }
        return render(request, "reports/file_not_as_kept.html", context, status=409)
