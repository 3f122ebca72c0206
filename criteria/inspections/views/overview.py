"""One screen of a whole round for the approver: how far its units are, and the papers that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs, signed_in_user
from archiveportal.excel import list_workbook, workbook_response
from archiveportal.lists import list_response, page_of
from archiveportal.logs import log_event
from archiveportal.word.writer import word_response
from criteria.inspections.lists.overview import OverviewTable
from criteria.inspections.models import Round
from criteria.inspections.papers.round_papers import (
    MOST_UNITS,
    RoundPaper,
    covering_letter,
    late_list,
    late_workbook_rows,
)
from criteria.inspections.queries.areas import Division, division
from criteria.inspections.queries.overview import AreaSteps, Step, at_step, due_of, steps_by_area, total_of
from criteria.inspections.querysets import EnrolmentQuerySet
from criteria.inspections.views.rounds import round_of

LABELS = {
    Step.ENROLLED: gettext_lazy("Units"),
    Step.ACTIVATED: gettext_lazy("Account used"),
    Step.WORKING: gettext_lazy("At work"),
    Step.HANDED_IN: gettext_lazy("Handed in"),
    Step.MISSING: gettext_lazy("Not handed in yet"),
    Step.LATE: gettext_lazy("Overdue"),
    Step.OWES_NOTHING: gettext_lazy("Nothing to hand in"),
    Step.INSPECTED: gettext_lazy("Being inspected"),
    Step.SUBMITTED: gettext_lazy("Waiting for approval"),
    Step.APPROVED: gettext_lazy("Approved"),
}
AREAS_PER_PAGE = 30
#: area of units that lie in none
NONE = "none"


@dataclass(frozen=True)
class StepFigure:
    """A number of the screen, with the page of its units."""

    step: Step
    label: str
    count: int
    address: str


def _enrolments(request: HttpRequest, inspection_round: Round) -> EnrolmentQuerySet:
    return inspection_round.enrolments.visible_to(request.user)


@require_safe
@needs("can_approve")
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """Show how many units of each area are at each step."""
    inspection_round, today = round_of(request, code), timezone.localdate()
    areas = division(request.user, inspection_round)
    rows = steps_by_area(_enrolments(request, inspection_round), inspection_round, areas, today=today)
    due = due_of(inspection_round)
    page = page_of(request, rows if areas else [], per_page=AREAS_PER_PAGE)
    context = {
        "round": inspection_round,
        "division": areas,
        "labels": LABELS.values(),
        "total": _figures(inspection_round, total_of(rows)),
        "page": page,
        "rows": [_row(inspection_round, areas, row) for row in page],
        "due": due,
        "days_left": (due - today).days if due and inspection_round.is_open else None,
    }
    return render(request, "inspections/round_overview.html", context)


def _row(inspection_round: Round, areas: Division, row: AreaSteps) -> tuple[AreaSteps, list[StepFigure]]:
    key = row.area.pk if row.area else NONE
    return row, _figures(inspection_round, row.counts, **{areas.parameter: key})


def _figures(inspection_round: Round, counts: Mapping[Step, int], **within: int | str) -> list[StepFigure]:
    """Return the numbers with the addresses of their units; `within` is the parameter of an area."""
    address = reverse("inspections:round-overview-units", args=[inspection_round.code])
    return [
        StepFigure(step, str(label), counts[step], f"{address}?{urlencode({'step': step.value} | within)}")
        for step, label in LABELS.items()
    ]


@require_safe
@needs("can_approve")
def units(request: HttpRequest, code: str) -> HttpResponse:
    """List the units behind a number of the screen."""
    inspection_round, today = round_of(request, code), timezone.localdate()
    areas = division(request.user, inspection_round)
    step = _step_of(request)
    rows = at_step(_enrolments(request, inspection_round), inspection_round, step, today=today)
    asked = request.GET.get(areas.parameter, "")
    key = _key_of(asked, areas) if asked else None
    if asked:
        rows = areas.within(rows, key)
    label = str(LABELS[step])
    return list_response(
        request,
        "inspections/round_overview_units.html",
        table=OverviewTable(rows, inspection_round=inspection_round, division=areas),
        filterset=None,
        name=label,
        mark=inspection_round.mark,
        round=inspection_round,
        label=label,
        area=areas.by_key[key] if key else None,
        step=step.value,
    )


def _step_of(request: HttpRequest) -> Step:
    try:
        return Step(request.GET.get("step", Step.ENROLLED))
    except ValueError:
        raise Http404 from None


def _key_of(text: str, areas: Division) -> int | None:
    """Return the key of the area that an address names; None for units that lie in none."""
    if text == NONE:
        return None
    if not text.isdecimal() or int(text) not in areas.by_key:
        raise Http404
    return int(text)


def _paper(request: HttpRequest, code: str, step: Step) -> RoundPaper:
    inspection_round, today = round_of(request, code), timezone.localdate()
    rows = at_step(_enrolments(request, inspection_round), inspection_round, step, today=today)
    areas = division(request.user, inspection_round)
    planned = rows.filter(is_left_out=False).order_by(*areas.order_by(), "position")
    return RoundPaper(inspection_round, areas, list(planned), today)


@require_safe
@needs("can_approve")
def late_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """Send the units that have not handed in as a workbook."""
    paper = _paper(request, code, Step.MISSING)
    with override("vi"):
        name = f"Danh sách đơn vị chưa nộp {paper.owed}"
        about = " · ".join(filter(None, [paper.round.mark, paper.round.name]))
        book = list_workbook(name, *late_workbook_rows(paper), filters=about)
    log_event("late units downloaded", user=request.user.pk, round=code, rows=len(paper.units))
    return workbook_response(book, f"don-vi-chua-nop-{code}")


@require_safe
@needs("can_approve")
def late_document(request: HttpRequest, code: str) -> HttpResponse:
    """Send the units that have not handed in as an annex in Word."""
    paper = _paper(request, code, Step.MISSING)
    return _in_word(request, paper, late_list, name="don-vi-chua-nop", told="late units downloaded")


@require_safe
@needs("can_approve")
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """Send the draft of the letter that begins the round, with its list of units."""
    paper = _paper(request, code, Step.ENROLLED)
    write = partial(covering_letter, contact=signed_in_user(request))
    return _in_word(request, paper, write, name="cong-van-trien-khai", told="covering letter downloaded")


def _in_word(
    request: HttpRequest, paper: RoundPaper, write: Callable[..., bytes], *, name: str, told: str
) -> HttpResponse:
    """Send a paper as a Word file; one whose list is too long for an annex leads back."""
    code = paper.round.code
    if len(paper.units) > MOST_UNITS:
        message = _("The list has more than %(most)s units: take the workbook.")
        messages.error(request, message % {"most": MOST_UNITS})
        return redirect("inspections:round-overview", code)
    content = write(paper, made_at=timezone.now())
    log_event(told, user=request.user.pk, round=code, rows=len(paper.units))
    return word_response(content, f"{name}-{code}")
