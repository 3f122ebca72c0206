"""The two reports as Word files, for those who see the results of the whole City.

`?chu-thich=khong` gives the clean copy: the draft of a new paper, with the corrected wording and without footnotes.
`?chu-thich=nhu-ban-in` gives the words as they were printed. Footnotes quote the list of contradictions: those who do
not see it get the clean copy.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.logs import log_event
from archiveportal.word.writer import word_response
from reports.documents import TooManyWards, report_file, report_name
from reports.models import Subject
from reports.subjects import RoundReport, SchemeReport


@require_safe
@needs("sees_reports")
def round_document(request: HttpRequest, code: str) -> HttpResponse:
    """Báo cáo sơ kết; a round that is too large leads to its workbooks."""
    return _document(request, get_object_or_404(RoundReport.subjects(request.user), code=code))


@require_safe
@needs("sees_reports")
def scheme_document(request: HttpRequest, scheme: str) -> HttpResponse:
    """Báo cáo tổng kết."""
    return _document(request, get_object_or_404(SchemeReport.subjects(request.user), code=scheme))


def _document(request: HttpRequest, subject: Subject) -> HttpResponse:
    wanted = request.GET.get("chu-thich")
    copy = {"has_notes": wanted != "khong", "is_as_printed": wanted == "nhu-ban-in"}
    seen = copy if request.user.sees_ledger else copy | {"has_notes": False}
    try:
        content = report_file(user=request.user, subject=subject, **seen)
    except TooManyWards as refusal:
        messages.error(request, refusal.message)
        return redirect("reports:index")
    name = report_name(subject, **copy)
    log_event("report downloaded", user=request.user.pk, report=name)
    return word_response(content, name)
