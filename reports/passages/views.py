"""The page of a report: its passages with their versions, what is proposed for them, and the Word file."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.refusal import Refused
from reports.checks.wording import StandingError, standing_errors
from reports.documents.context import CONTEXTS, RoundContext, SchemeContext
from reports.documents.passages import PassagePlace, places_of
from reports.models import KeptError, Passage, PassageVersion, ProposalDecision
from reports.passages.defaults import usual_words, usual_words_of
from reports.passages.forms import CorrectionForm, DecisionForm, PassageForm
from reports.passages.hands import hands_in_report, who_can_close
from reports.passages.proposals import Proposal, proposals
from reports.passages.services import accept_correction, decide_proposal, keep_words, place_of, write_passage
from reports.subjects import Report, find_report


@dataclass
class Shown:
    """A passage as the page shows it."""

    place: PassagePlace
    newest: PassageVersion | None
    #: what the document says here while nothing is written; for places that have such words
    usual: str = ""
    proposals: list[Proposal] = field(default_factory=list)
    #: known errors in the text, each once
    errors: list[StandingError] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.newest.number if self.newest else 0

    @property
    def is_written(self) -> bool:
        return bool(self.newest and self.newest.text)


def report_or_404(request: HttpRequest, kind: str, code: str) -> Report:
    report = find_report(request.user, kind, code)
    if report is None:
        raise Http404
    return report


def _common(report: Report) -> dict[str, Any]:
    return {
        "subject": report.subject,
        "kind": report.slug,
        "is_round": report.is_on_round,
        "document": report.document_address,
    }


def _context(request: HttpRequest, report: Report) -> RoundContext | SchemeContext:
    return CONTEXTS[report.kind](request.user, report.subject)


def _proposals(context: RoundContext | SchemeContext) -> list[Proposal]:
    with override("vi"):
        return proposals(context)


@require_safe
@needs("sees_reports")
def passages(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    return _show_passages(request, report_or_404(request, kind, code))


def _show_passages(request: HttpRequest, report: Report, refused: CorrectionForm | None = None) -> HttpResponse:
    """Show the passages of a report; beside a known error what was typed of it and refused."""
    stored = Passage.objects.visible_to(request.user).filter(**report.owner)
    versions = PassageVersion.objects.filter(passage__in=stored).select_related("passage", "written_by")
    newest = {version.passage.key: version for version in versions.order_by("number")}
    of_report = _context(request, report)
    usual = usual_words_of(of_report)
    places = places_of(report.subject)
    shown = {place.key: Shown(place, newest.get(place.key), usual.get(place.key, "")) for place in places}
    if request.user.can_approve:
        decided = set(ProposalDecision.objects.filter(passage__in=stored).values_list("proposal", flat=True))
        for proposal in _proposals(of_report):
            if proposal.digest not in decided:
                shown[proposal.key].proposals.append(proposal)
    in_records = _place_errors(report, shown) if request.user.sees_ledger else []
    context = {
        **_common(report),
        "shown": shown.values(),
        "in_records": in_records,
        "has_copies": report.subject.is_baseline and request.user.sees_ledger,
        "events": _events(request, report, stored),
        "refused": refused,
    }
    return render(request, "reports/passages.html", context)


def _place_errors(report: Report, shown: dict[str, Shown]) -> list[StandingError]:
    """Give each passage its known errors; return those in texts of the records."""
    texts = {key: each.newest.text for key, each in shown.items() if each.newest}
    in_records: list[StandingError] = []
    seen: set[tuple[str, str]] = set()
    for standing in standing_errors(report.subject, texts):
        place = (standing.passage, standing.error.digest)
        if place not in seen:
            seen.add(place)
            (shown[standing.passage].errors if standing.passage in shown else in_records).append(standing)
    return in_records


def _events(request: HttpRequest, report: Report, stored: QuerySet[Passage]) -> Timeline | None:
    if not request.user.can_inspect:
        return None
    kept = KeptError.objects.filter(**report.owner)
    of_passages = Q(object_type=Passage._meta.label_lower, object_id__in=stored.values("pk"))
    of_decisions = Q(object_type=KeptError._meta.label_lower, object_id__in=kept.values("pk"))
    events = Event.objects.filter(of_passages | of_decisions)
    own_page = reverse("reports:passages", args=[report.slug, report.subject.code])
    return Timeline(events.order_by("-occurred_at", "-pk"), request.GET, address=own_page)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def passage(request: HttpRequest, kind: str, code: str, *, key: str) -> HttpResponse:
    """Write one passage; the page lists its earlier versions below."""
    report = report_or_404(request, kind, code)
    place = place_of(report.subject, key)
    if place is None:
        raise Http404
    stored = Passage.objects.editable_by(request.user).filter(**report.owner, key=key)
    versions = list(PassageVersion.objects.filter(passage__in=stored).select_related("written_by"))
    newest = versions[0] if versions else None
    text = newest.text if newest else ""
    if not text and place.has_default:
        text = usual_words(request.user, report.subject)[key]
    initial = {"text": text, "seen": newest.number if newest else 0}
    form = PassageForm(request.POST if request.method == "POST" else None, initial=initial, place=place)
    if request.method == "POST" and form.is_valid():
        try:
            write_passage(subject=report.subject, key=key, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
            # What was typed stays, based on the newest version.
            form.data = form.data.copy()
            form.data["seen"] = newest.number if newest else 0
        else:
            messages.success(request, _("The passage is saved."))
            if form.fields["text"].was_cleaned:
                messages.info(request, _("Marks that a word processor left in the text were taken out."))
            return redirect(f"{reverse('reports:passages', args=[kind, code])}#{key}")
    context = {**_common(report), "place": place, "form": form, "versions": versions}
    context["who_can"] = who_can_close(hands_in_report(report.subject), without=request.user)
    return render(request, "reports/passage.html", context)


@require_POST
@needs("can_approve")
def proposal(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Takes a proposal into its passage, or sets it aside."""
    report = report_or_404(request, kind, code)
    form = DecisionForm(request.POST)
    back = reverse("reports:passages", args=[kind, code])
    proposed = None
    if form.is_valid():
        wanted = form.cleaned_data["proposal"]
        proposed = next((each for each in _proposals(_context(request, report)) if each.digest == wanted), None)
    if proposed is None:
        messages.error(request, _("The records have changed since, and with them the proposal. Look at it again."))
        return redirect(back)
    is_accepted = form.cleaned_data["decision"] == "accept"
    try:
        decision = decide_proposal(
            subject=report.subject,
            proposal=proposed,
            is_accepted=is_accepted,
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        taken = _("The proposal stands in the passage now; change its words as you like.")
        messages.success(request, taken if decision.is_accepted else _("The proposal is set aside."))
    return redirect(f"{back}#{proposed.key}")


@require_POST
@needs("can_approve")
def correction(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Take the corrected wording of a known error into its passage, or keep the words with a reason."""
    report = report_or_404(request, kind, code)
    form = CorrectionForm(request.POST)
    back = reverse("reports:passages", args=[kind, code])
    if not form.is_valid():
        problems = chain.from_iterable(form.errors.values())
        messages.error(request, " ".join(map(str, problems)))
        return _show_passages(request, report, form) if request.POST.get("reason") else redirect(back)
    data = form.cleaned_data
    subject, error, by = report.subject, data["error"], request.user
    try:
        if data["decision"] == "accept":
            accept_correction(subject=subject, key=data["key"], error=error, seen=data["seen"], by=by)
            messages.success(request, _("The corrected wording stands in a new version of the passage."))
        else:
            keep_words(subject=subject, error=error, reason=data["reason"], by=by)
            messages.success(request, _("Recorded: the words are kept."))
    except Refused as refusal:
        messages.error(request, refusal.message)
        if data["reason"]:
            return _show_passages(request, report, form)
    return redirect(f"{back}#{data['key'] or 'sai-sot'}")
