"""Pages of imports: hand in, look at what would change, answer, confirm or drop."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.excel import list_workbook, workbook_response
from archiveportal.excel.files import CONTENT_TYPE
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.imports import services
from archiveportal.imports.forms import SheetForm
from archiveportal.imports.models import ImportPlan, SheetImport
from archiveportal.imports.words import counted, deed_labels
from archiveportal.jobs.services import state_of_workers
from archiveportal.lists import page_of
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.sheets.copies import MOST_COMMENTED, can_be_commented, commented_copy
from archiveportal.sheets.kinds import SheetKind, kind_at
from archiveportal.sheets.rows import CellQuestion, Deed, PlanLine, TablePlan
from archiveportal.sheets.templates import template_workbook

LINES_PER_PAGE = 50
#: style of the tag of what becomes of a row
TAGS = {Deed.BEGIN: "approved", Deed.CHANGE: "submitted", Deed.STAY: "draft", Deed.REFUSE: "returned"}
#: questions that a page shows, earlier imports that the first page shows
MOST_QUESTIONS, SHOWN = 20, 10


def _kind(request: HttpRequest, slug: str) -> SheetKind:
    """Return the kind under an address, if the person may hand it in."""
    kind = kind_at(slug)
    if kind is None:
        raise Http404
    if kind.right not in request.user.rights:
        raise PermissionDenied
    return kind


def _imports(request: HttpRequest, slug: str) -> QuerySet[SheetImport]:
    """Return the imports of a kind that the person sees."""
    kind = _kind(request, slug)
    visible = SheetImport.objects.visible_to(request.user).filter(kind=kind.code)
    return visible.select_related("job", "began_by", "decided_by")


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what the sheet is, and take one."""
    kind = _kind(request, slug)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        address = f"{request.scheme}://{request.get_host()}"
        data = form.cleaned_data
        try:
            made = services.begin_import(
                kind=kind, upload=data["file"], by=request.user, as_of=data["as_of"], address=address
            )
        except Refused as refusal:
            form.add_error("file", refusal)
        else:
            return redirect("imports:detail", slug, made.pk)
    context = {"kind": kind, "form": form, "imports": _imports(request, slug)[:SHOWN]}
    return render(request, "imports/start.html", context)


@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the empty table with its lists and comments."""
    kind = _kind(request, slug)
    log_event("file downloaded", user=request.user.pk, file=f"template {kind.code}", kind="excel")
    response = HttpResponse(template_workbook(kind), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="mau-{kind.slug}.xlsx"'
    return response


@require_safe
def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show the job at work, or what the sheet would do, or what it did."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    context: dict[str, Any] = {
        "made": made,
        "kind": made.sheet_kind,
        "job": made.job,
        "workers": state_of_workers() if made.is_busy else "",
        "counted": counted(made.counts),
    }
    if made.is_busy:
        return render(request, "imports/busy.html", context)
    if made.is_decided:
        context["events"] = Timeline(Event.objects.about(made), request.GET)
        context["result_address"] = made.sheet_kind.address_of(made.pk, made.result)
        return render(request, "imports/decided.html", context)
    stored = ImportPlan.objects.filter(import_of=made).first()
    return render(request, "imports/preview.html", context | _preview(request, stored))


def _preview(request: HttpRequest, stored: ImportPlan | None) -> dict[str, Any]:
    """Return what the page of a preview shows: the chosen lines, a page of them, the questions."""
    if stored is None:
        return {"plan": None, "page": None}
    plan = stored.plan
    counts = plan.counts
    chosen = request.GET.get("loai", "")
    if chosen not in counts:
        chosen = Deed.REFUSE if counts[Deed.REFUSE] else ""
    lines = [line for line in plan.lines if not chosen or line.deed == chosen]
    page = page_of(request, lines, per_page=LINES_PER_PAGE)
    labels = deed_labels()
    return {
        "plan": plan,
        "digest": stored.digest,
        "page": page,
        "lines": [(line, labels[line.deed], TAGS[line.deed]) for line in page],
        "chosen": chosen,
        "tabs": [(deed, labels[deed], counts[deed]) for deed in Deed if counts[deed]],
        "questions": _questions(plan),
        "can_comment": counts[Deed.REFUSE] > 0 and len(plan.lines) <= MOST_COMMENTED,
    }


def _questions(plan: TablePlan) -> list[tuple[CellQuestion, int]]:
    """Return the open questions, each once, with the number of rows that ask it."""
    found: dict[str, tuple[CellQuestion, int]] = {}
    for line in plan.lines:
        for question in line.questions:
            count = found.get(question.key, (question, 0))[1]
            found[question.key] = (question, count + 1)
    return list(found.values())[:MOST_QUESTIONS]


@require_POST
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the answer to what an ambiguous text means."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    question, value = request.POST.get("question", "")[:300], request.POST.get("value", "")[:100]
    if not question or not value:
        messages.error(request, _("Choose what is meant."))
        return redirect("imports:detail", slug, pk)
    keeps = request.POST.get("keeps") == "on"
    return _done(
        request,
        made,
        lambda: services.answer_question(made=made, question=question, value=value, keeps=keeps, by=request.user),
    )


@require_POST
def check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Check the kept file once more."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    return _done(request, made, lambda: services.check_again(made=made, by=request.user))


@require_POST
def confirm(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take in what the preview has shown."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    shown = request.POST.get("shown", "")
    return _done(request, made, lambda: services.confirm_import(made=made, shown=shown, by=request.user))


@require_POST
def drop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let go of an import and its file."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    services.drop_import(made=made, by=request.user)
    messages.success(request, _("Dropped. Nothing was changed, and the file is gone."))
    return redirect("imports:start", slug)


def _done(request: HttpRequest, made: SheetImport, deed: Any) -> HttpResponse:
    try:
        deed()
    except Refused as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("imports:detail", made.sheet_kind.slug, made.pk)


@require_safe
def errors(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send every error as a list: sheet, row, column, value, what is expected."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    stored = get_object_or_404(ImportPlan, import_of=made)
    headings = [_("Sheet"), _("Row"), _("Column"), _("Heading"), _("Value"), _("Expected")]
    rows = list(chain.from_iterable(map(_error_rows, stored.plan.lines)))
    log_event("list downloaded", user=request.user.pk, list="import errors", rows=len(rows))
    name = _("Errors of “%(name)s”") % {"name": made.name}
    return workbook_response(list_workbook(name, headings, rows), name)


def _error_rows(line: PlanLine) -> list[list[Any]]:
    faults = [[line.sheet, line.row, each.column, each.heading, each.value, each.expected] for each in line.faults]
    for question in line.questions:
        options = "; ".join(label for _stored, label in question.options)
        expected = _("one of: %(choices)s") % {"choices": options}
        faults.append([line.sheet, line.row, question.column, question.heading, question.value, expected])
    return faults


@require_safe
def copy(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send a copy of a small workbook with each error as a comment in its cell."""
    made = get_object_or_404(_imports(request, slug), pk=pk)
    stored = get_object_or_404(ImportPlan, import_of=made)
    if not made.kept_as:
        raise Http404
    with made.kept_as.open("rb") as file:
        content = file.read()
    if not can_be_commented(content, stored.plan):
        raise Http404
    log_event("file downloaded", user=request.user.pk, file=f"errors of import {made.pk}", kind="excel")
    made_copy = commented_copy(content, made.name, stored.plan)
    response = HttpResponse(made_copy, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="loi-{made.pk}.xlsx"'
    return response
