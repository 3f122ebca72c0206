"""The page of a report: its passages with their versions, what is proposed for them, and the Word file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.refusal import Refused
from criteria.inspections.models import Round
from reports.documents.context import RoundContext, SchemeContext
from reports.documents.passages import PLACES, Place
from reports.models import Passage, PassageVersion, ProposalDecision
from reports.passages.defaults import usual_words
from reports.passages.forms import DecisionForm, PassageForm
from reports.passages.proposals import Proposal, proposals
from reports.passages.services import decide_proposal, kind_of, place_of, write_passage
from training.models import Scheme

#: how the address names the two kinds of report
KINDS = {"dot-kiem-tra": Round, "de-an": Scheme}
SLUGS = {model: slug for slug, model in KINDS.items()}


@dataclass
class Shown:
    """A passage as the page shows it."""

    place: Place
    newest: PassageVersion | None
    #: what the document says here while nothing is written; for places that have such words
    usual: str = ""
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.newest.number if self.newest else 0

    @property
    def is_written(self) -> bool:
        return bool(self.newest and self.newest.text)


def subject_of(request: HttpRequest, kind: str, code: str) -> Round | Scheme:
    if kind not in KINDS:
        raise Http404
    found = KINDS[kind].objects.visible_to(request.user)
    return get_object_or_404(found.select_related("criteria_set") if kind == "dot-kiem-tra" else found, code=code)


def _common(subject: Round | Scheme) -> dict[str, Any]:
    is_round = isinstance(subject, Round)
    return {
        "subject": subject,
        "kind": SLUGS[type(subject)],
        "is_round": is_round,
        "document": reverse(f"reports:{'round' if is_round else 'scheme'}-document", args=[subject.code]),
    }


def _proposals(request: HttpRequest, subject: Round | Scheme) -> list[Proposal]:
    context = RoundContext if isinstance(subject, Round) else SchemeContext
    with override("vi"):
        return proposals(context(request.user, subject))


def _of(subject: Round | Scheme) -> dict[str, Any]:
    return {kind_of(subject).value: subject}


@require_safe
@needs("sees_reports")
def passages(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    subject = subject_of(request, kind, code)
    found = Passage.objects.visible_to(request.user).filter(**_of(subject))
    versions = PassageVersion.objects.filter(passage__in=found).select_related("passage", "written_by")
    newest = {version.passage.key: version for version in versions.order_by("number")}
    usual = usual_words(request.user, subject)
    shown = {
        place.key: Shown(place, newest.get(place.key), usual.get(place.key, "")) for place in PLACES[kind_of(subject)]
    }
    if request.user.can_approve:
        decided = set(ProposalDecision.objects.filter(passage__in=found).values_list("proposal", flat=True))
        for proposal in _proposals(request, subject):
            if proposal.digest not in decided:
                shown[proposal.key].proposals.append(proposal)
    context = {**_common(subject), "shown": shown.values(), "events": _events(request, found)}
    return render(request, "reports/passages.html", context)


def _events(request: HttpRequest, found: Any) -> Timeline | None:
    if not request.user.can_inspect:
        return None
    events = Event.objects.filter(object_type=Passage._meta.label_lower, object_id__in=found.values("pk"))
    return Timeline(events.order_by("-occurred_at", "-pk"), request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def passage(request: HttpRequest, kind: str, code: str, key: str) -> HttpResponse:
    """Writes one passage; its earlier versions stand below."""
    subject = subject_of(request, kind, code)
    place = place_of(subject, key)
    if place is None:
        raise Http404
    found = Passage.objects.editable_by(request.user).filter(**_of(subject), key=key)
    versions = list(PassageVersion.objects.filter(passage__in=found).select_related("written_by"))
    newest = versions[0] if versions else None
    text = newest.text if newest else ""
    if not text and place.has_default:
        text = usual_words(request.user, subject)[key]
    initial = {"text": text, "seen": newest.number if newest else 0}
    form = PassageForm(request.POST if request.method == "POST" else None, initial=initial, place=place)
    if request.method == "POST" and form.is_valid():
        try:
            write_passage(subject=subject, key=key, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal)
            # What was typed stays, based on the version that stands now.
            form.data = form.data.copy()
            form.data["seen"] = newest.number if newest else 0
        else:
            messages.success(request, _("The passage is saved."))
            return redirect(f"{reverse('reports:passages', args=[kind, code])}#{key}")
    context = {**_common(subject), "place": place, "form": form, "versions": versions}
    return render(request, "reports/passage.html", context)


@require_POST
@needs("can_approve")
def proposal(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Takes a proposal into its passage, or sets it aside."""
    subject = subject_of(request, kind, code)
    form = DecisionForm(request.POST)
    back = reverse("reports:passages", args=[kind, code])
    found = None
    if form.is_valid():
        wanted = form.cleaned_data["proposal"]
        found = next((each for each in _proposals(request, subject) if each.digest == wanted), None)
    if found is None:
        messages.error(request, _("The records have changed since, and with them the proposal. Look at it again."))
        return redirect(back)
    is_accepted = form.cleaned_data["decision"] == "accept"
    try:
        decision = decide_proposal(
            subject=subject,
            proposal=found,
            is_accepted=is_accepted,
            seen=form.cleaned_data["seen"],
            by=request.user,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        taken = _("The proposal stands in the passage now; change its words as you like.")
        messages.success(request, taken if decision.is_accepted else _("The proposal is set aside."))
    return redirect(f"{back}#{found.key}")
