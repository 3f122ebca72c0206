"""The papers of a round: listed by what they are about, written, made ready to sign, issued; the file of one unit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from archiveportal.files.checking import FileNotAsKept
from archiveportal.files.responses import attached_as_kept
from archiveportal.files.zip_stream import zip_pieces
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.logs import log_event
from archiveportal.office.kinds import PaperKind
from archiveportal.word.writer import word_response
from criteria.inspections.forms.official_papers import NumberForm, WordsForm
from criteria.inspections.forms.plans import keys
from criteria.inspections.models import Decision, Enrolment, OfficialPaper, Round
from criteria.inspections.papers.official import ordering
from criteria.inspections.papers.official.archive import (
    files_of_archive,
    kept_files,
    missing_from,
    papers_of_round,
    write_zip,
)
from criteria.inspections.papers.official.blocks import IssuedAs, word_of, words_of, words_of_papers
from criteria.inspections.papers.official.lacking import lacking_in
from criteria.inspections.papers.official.reading import PaperSubject, subject_of
from criteria.inspections.papers.official.signed_check import SignedCheck
from criteria.inspections.papers.official.words import PaperWords
from criteria.inspections.queries.official_papers import groups_of
from criteria.inspections.services import official_papers as services
from criteria.inspections.views.plan_approvals import approval_of
from criteria.inspections.views.rounds import round_of

FORM_METHODS = ["GET", "HEAD", "POST"]
#: kinds that follow from a record with a number of its own
OF_RECORDS = (PaperKind.EXTENSION, PaperKind.PAUSE, PaperKind.STOP, PaperKind.TEAM_CHANGE)
FILES = {"trinh-ky": "to_sign", "co-so": "numbered", "da-ky": "signed"}


@require_http_methods(FORM_METHODS)
@needs("sees_results")
def papers(request: HttpRequest, code: str) -> HttpResponse:
    """List the papers of a round, and begin one of a kind that a form names."""
    inspection_round = round_of(request, code)
    if request.method == "POST":
        return _begin(request, inspection_round)
    if "zip" in request.GET and request.user.can_inspect:
        return _all_papers(request, inspection_round)
    context = {
        "round": inspection_round,
        "groups": groups_of(request.user, inspection_round),
        "approval": approval_of(request, inspection_round) if inspection_round.is_specialised else None,
    }
    return render(request, "inspections/round_papers.html", context)


def _all_papers(request: HttpRequest, inspection_round: Round) -> FileResponse:
    """Send all standing papers of a round as they are now, in one ZIP."""
    rows = OfficialPaper.objects.visible_to(request.user).standing().filter(round=inspection_round)
    listed = list(rows.select_related("round__criteria_set"))
    # Closed by the response.
    made = tempfile.TemporaryFile()  # noqa: SIM115
    with override("vi"):
        write_zip(papers_of_round(listed, request.user), made)
    made.seek(0)
    log_event("papers of a round downloaded", user=request.user.pk, round=inspection_round.code, papers=len(listed))
    return FileResponse(made, as_attachment=True, filename=f"van-ban-{inspection_round.code}.zip")


@require_POST
@needs("can_inspect")
def all_papers(request: HttpRequest, code: str) -> HttpResponse:
    """Order all papers and result sheets of a round as one archive."""
    job = ordering.order_papers(inspection_round=round_of(request, code), by=request.user)
    return redirect("jobs:detail", job.pk)


def _begin(request: HttpRequest, inspection_round: Round) -> HttpResponse:
    if not request.user.can_inspect:
        raise PermissionDenied
    kind = request.POST.get("kind", "")
    if kind not in PaperKind.values:
        raise Http404
    decisions = Decision.objects.visible_to(request.user).filter(round=inspection_round)
    units = Enrolment.objects.visible_to(request.user).filter(round=inspection_round)
    about = services.About(
        PaperKind(kind), inspection_round, _named(request, "decision", decisions), _named(request, "unit", units)
    )
    try:
        paper = services.draft_paper(about=about, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("inspections:round-papers", inspection_round.code)
    return redirect("inspections:round-paper", inspection_round.code, paper.pk)


def _named(request: HttpRequest, name: str, rows: Any) -> Any:
    """Return the row that a form names, None where it names none; 404 for one that is not seen."""
    asked = keys([request.POST.get(name, "")])
    return get_object_or_404(rows, pk=asked[0]) if asked else None


@require_http_methods(FORM_METHODS)
@needs("sees_results")
def paper(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show a paper with what it lacks, and take the step that a form names."""
    page = _Page(request, _paper_of(request, code, pk))
    if request.method == "POST":
        if not page.may_write:
            raise PermissionDenied
        step = STEPS.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        if answer := page.take(step):
            return answer
    return page.render()


class _Page:
    """The page of one paper: its forms, and the steps that they ask for."""

    def __init__(self, request: HttpRequest, found: OfficialPaper) -> None:
        self.request, self.paper = request, found
        self.may_write = services.may_write(request.user, found)
        self.step = request.POST.get("step", "") if request.method == "POST" else ""
        posted = (request.POST, request.FILES) if self.step == "issue" else (None, None)
        self.number = NumberForm(*posted, initial={"version": found.version} | self._number_of_record())

    def _number_of_record(self) -> dict[str, Any]:
        """Return number and day as the record has them that the paper is on: nobody types them twice."""
        if self.paper.state != OfficialPaper.State.TO_SIGN or self.paper.paper_kind not in OF_RECORDS:
            return {}
        record = self.subject.record
        return {"number": record.number, "issued_on": record.issued_on} if record else {}

    @cached_property
    def subject(self) -> PaperSubject:
        return subject_of(self.paper, self.request.user)

    @cached_property
    def words(self) -> PaperWords:
        with override("vi"):
            kept = self.paper.content
            return PaperWords.of_stored(kept) if kept else words_of(self.subject, self.paper)

    @cached_property
    def form(self) -> WordsForm:
        with override("vi"):
            usual = words_of(self.subject).as_typed()
        initial = self.words.as_typed() | {"version": self.paper.version}
        return WordsForm(self.request.POST if self.step == "words" else None, usual=usual, initial=initial)

    def take(self, step: Callable[[_Page], None]) -> HttpResponse | None:
        """Take a step; None where its form is to be shown again."""
        try:
            step(self)
        except _NotValid:
            return None
        except ValidationError as refusal:
            if self.step in ("words", "issue"):
                show_refusal(self.form if self.step == "words" else self.number, refusal)
                return None
            messages.error(self.request, " ".join(refusal.messages))
        else:
            messages.success(self.request, _("Saved."))
        return redirect("inspections:round-paper", self.paper.round.code, self.paper.pk)

    def made(self, form: IssuedAs) -> services.MadeWord:
        with override("vi"):
            content = word_of(self.words, form, made_at=timezone.now())
            name = f"{self.paper.get_kind_display()} {self.paper.pk}.docx"
        return services.MadeWord(name, content)

    def render(self) -> HttpResponse:
        may_write = self.may_write and not self.paper.voided_at
        is_inside = self.request.user.can_inspect
        context = {
            "round": self.paper.round,
            "paper": self.paper,
            "words": self.words,
            "lacking": lacking_in(self.subject, self.words) if may_write else [],
            "form": self.form if may_write and self.paper.is_draft else None,
            "number": self.number,
            "may_write": may_write,
            "files": [(slug, getattr(self.paper, name)) for slug, name in FILES.items() if getattr(self.paper, name)],
            # Drafts of before are no paper of a unit.
            "check": self._check() if is_inside else None,
            "is_uncompared": self._is_uncompared,
            "events": Timeline(Event.objects.about(self.paper), self.request.GET) if is_inside else None,
        }
        return render(self.request, "inspections/round_paper.html", context)

    @property
    def _is_uncompared(self) -> bool:
        """Tell whether the signed copy is of before such copies were compared."""
        signed = self.paper.signed
        return signed is not None and not (signed.withdrawn or self.paper.signed_comparison)

    def _check(self) -> SignedCheck | None:
        """Return how the signed copy compares; nothing of one that was withdrawn."""
        signed, stored = self.paper.signed, self.paper.signed_comparison
        return SignedCheck(stored) if stored and signed is not None and not signed.withdrawn else None


class _NotValid(Exception):
    """A form is to be shown again with its errors."""


def _checked(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise _NotValid
    return form.cleaned_data


def _write_words(page: _Page) -> None:
    cleaned = _checked(page.form)
    services.write_words(paper=page.paper, words=page.form.own_words, version=cleaned["version"], by=page.request.user)


def _make_to_sign(page: _Page) -> None:
    words = page.words.as_stored()
    services.make_to_sign(paper=page.paper, made=page.made(IssuedAs()), words=words, by=page.request.user)


def _take_back(page: _Page) -> None:
    services.take_back_to_draft(paper=page.paper, by=page.request.user)


def _issue(page: _Page) -> None:
    cleaned = _checked(page.number)
    number = services.Number(cleaned["number"], cleaned["issued_on"])
    page.paper.version = cleaned["version"]
    made = page.made(IssuedAs(number.number, number.issued_on))
    services.issue_paper(paper=page.paper, number=number, made=made, upload=cleaned["upload"], by=page.request.user)


def _add_signed(page: _Page) -> None:
    upload = page.request.FILES.get("upload")
    if upload is None:
        raise ValidationError(_("Choose the signed copy."))
    services.add_signed_copy(paper=page.paper, upload=upload, by=page.request.user)


def _compare(page: _Page) -> None:
    services.compare_signed_copy(paper=page.paper, by=page.request.user)


def _void(page: _Page) -> None:
    services.void_paper(paper=page.paper, reason=page.request.POST.get("reason", "")[:2000], by=page.request.user)


STEPS: dict[str, Callable[[_Page], None]] = {
    "words": _write_words,
    "to_sign": _make_to_sign,
    "draft": _take_back,
    "issue": _issue,
    "signed": _add_signed,
    "compare": _compare,
    "void": _void,
}


def _paper_of(request: HttpRequest, code: str, pk: int) -> OfficialPaper:
    rows = OfficialPaper.objects.visible_to(request.user).select_related(
        "round__criteria_set", "decision", "enrolment__ward", "made_by",
        "to_sign__withdrawal", "numbered__withdrawal", "signed__withdrawal",
    )  # fmt: skip
    return get_object_or_404(rows, round__code=code, pk=pk)


@require_safe
@needs("sees_results")
def word(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Send the paper as it is now: a draft follows from the records and is marked as one."""
    found = _paper_of(request, code, pk)
    with override("vi"):
        form = IssuedAs(found.number, found.issued_on, is_draft=found.is_draft)
        content = word_of(words_of_papers([found], request.user)[0], form, made_at=timezone.now())
        name = f"{found.get_kind_display()} {found.round.code}"
    log_event("paper downloaded", user=request.user.pk, paper=found.pk)
    return word_response(content, name)


@require_safe
@needs("sees_results")
def kept_file(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Send a file of a paper as it was kept: the one that the address names, else the copy to sign."""
    name = FILES.get(request.GET.get("tep", ""), "to_sign")
    stored = getattr(_paper_of(request, code, pk), name)
    if stored is None:
        raise Http404
    try:
        return attached_as_kept(request, stored)
    except FileNotAsKept as damage:
        log_event("kept file damaged", paper=pk, file=stored.pk, sha256=stored.sha256, state=damage.state)
        messages.error(request, _("This file was altered or lost in the store. Tell the administrator."))
        return redirect("inspections:round-paper", code, pk)


@require_safe
@needs("can_inspect")
def unit_file(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Show what the file of one inspection has, or send it as a ZIP ("?zip")."""
    rows = Enrolment.objects.visible_to(request.user).select_related("round", "ward__district")
    enrolment = get_object_or_404(rows, pk=pk)
    listed = _papers_of_unit(request, enrolment)
    with override("vi"):
        files = kept_files(enrolment, listed, request.user)
    missing = missing_from(enrolment, request.user)
    if "zip" not in request.GET:
        context = {"enrolment": enrolment, "round": enrolment.round, "files": files, "missing": missing}
        return render(request, "inspections/unit_file.html", context)
    log_event("file of an inspection downloaded", user=request.user.pk, enrolment=pk, files=len(files))
    pieces = zip_pieces(files_of_archive(enrolment, files, missing))
    return StreamingHttpResponse(
        pieces,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="ho-so-kiem-tra-{pk}.zip"'},
    )


def _papers_of_unit(request: HttpRequest, enrolment: Enrolment) -> list[OfficialPaper]:
    """Return the standing papers on the round, on the decisions that name a unit, and on the unit itself."""
    rows = OfficialPaper.objects.visible_to(request.user).standing().filter(round=enrolment.round_id)
    names = ("to_sign", "numbered", "signed")
    rows = rows.select_related(*(f"{name}__withdrawal" for name in names)).defer("content")
    rows = rows.order_by("issued_on", "made_at", "pk")
    decisions = set(enrolment.decision_units.values_list("decision", flat=True))
    return [
        row
        for row in rows
        if row.enrolment_id == enrolment.pk or (row.enrolment_id is None and row.decision_id in (None, *decisions))
    ]
