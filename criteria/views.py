"""Criteria sets: the criteria and how they score, version by version."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.vietnamese import number
from criteria import recommendations, stock_notes
from criteria.acts import show_acts
from criteria.building.bounds import bounds_of, words_of
from criteria.building.outline import bars_of
from criteria.forms import RecommendationForm, SetForm, StockForm
from criteria.leaves import is_in_points
from criteria.models import Band, CriteriaSet, Criterion
from criteria.scoring import score, whole_score_bounds
from criteria.services import copy_set, edit_set, is_plain, own_hand_in, put_in_force
from criteria.sources import basis_of_report, source_of_set


@require_safe
@needs("sees_results")
def set_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "criteria/list.html",
        {"sets": CriteriaSet.objects.visible_to(request.user).order_by("code", "-version")},
    )


@require_safe
@needs("sees_results")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the columns of a set, which of them count, and its bands."""
    # Numbers and the kind of form ask for both again.
    sets = CriteriaSet.objects.visible_to(request.user).prefetch_related("criteria", "sections")
    criteria_set = get_object_or_404(sets, pk=pk)
    criteria = list(criteria_set.criteria.all())
    show_acts(criteria_set, criteria, timezone.localdate())
    maximum = score({}, criteria).maximum
    context = {
        "set": criteria_set,
        "criteria": criteria,
        "source": source_of_set(criteria_set),
        "basis_of_report": basis_of_report(criteria_set),
        "counted": sum(criterion.is_counted for criterion in criteria),
        "maximum": maximum,
        "bands": _bands_with_bounds(criteria_set, criteria, maximum),
        "bars": bars_of(criteria_set),
        "events": Timeline(Event.objects.about(criteria_set, *criteria), request.GET),
        "may_build": criteria_set.may_be_written,
        "is_plain": is_plain(criteria_set),
        **_publishing(request, criteria_set),
    }
    return render(request, "criteria/detail.html", context)


def _bands_with_bounds(
    criteria_set: CriteriaSet, criteria: Sequence[Criterion], maximum: Decimal
) -> list[tuple[Band, str]]:
    """Return each band with its bounds: whole numbers of criteria, "12–22/23", or points and percent in words."""
    bands = list(criteria_set.bands.all())
    if is_in_points(criteria, criteria_set):
        is_by_points = criteria_set.bands_by == CriteriaSet.BandsBy.POINTS
        return [
            (each.band, words_of(each.lower, each.upper, is_by_points=is_by_points))
            for each in reversed(bounds_of(criteria_set, bands))
        ]
    return [(band, _whole_bounds(band, maximum)) for band in bands]


def _whole_bounds(band: Band, maximum: Decimal) -> str:
    bounds = whole_score_bounds(band, maximum)
    if bounds is None:
        return "—"
    lowest, highest = bounds
    whole = f"{lowest}" if lowest == highest else f"{lowest}–{highest}"
    return f"{whole}/{number(maximum)}"


def _publishing(request: HttpRequest, criteria_set: CriteriaSet) -> dict[str, object]:
    """Say whether the person may put a proposed version in force, or why another one has to."""
    if criteria_set.status != CriteriaSet.Status.PROPOSED or not request.user.may_decide:
        return {"may_publish": False}
    why_not = own_hand_in(criteria_set, request.user)
    return {"may_publish": not why_not, "why_not_publish": why_not}


@require_POST
@needs("can_approve")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    made = copy_set(
        criteria_set=get_object_or_404(CriteriaSet.objects.editable_by(request.user), pk=pk), by=request.user
    )
    messages.success(request, _("Version %(version)s is made. It can be changed until its first use.") % vars(made))
    return redirect("criteria:edit", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = get_object_or_404(CriteriaSet.objects.editable_by(request.user), pk=pk)
    if criteria_set.frozen_at:
        messages.error(request, _("This set is in use and does not change any more. Make a new version of it."))
        return redirect("criteria:detail", pk)
    if not is_plain(criteria_set):
        return redirect("criteria:build", pk)
    form, error = SetForm(criteria_set, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            edit_set(criteria_set=criteria_set, by=request.user, **form.values)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("criteria:detail", pk)
    return render(request, "criteria/edit.html", {"set": criteria_set, "form": form, "error": error})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def stock(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the stock sentences for notes, also of a set in use."""
    criteria_set = get_object_or_404(CriteriaSet.objects.editable_by(request.user), pk=pk)
    form = StockForm(criteria_set, stock_notes.stock_notes(criteria_set), request.POST or None)
    if _saved(request, form, stock_notes.edit_stock_notes, criteria_set=criteria_set):
        return redirect("criteria:detail", pk)
    return render(request, "criteria/stock.html", {"set": criteria_set, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the sentences that are proposed as recommendations, also of a set in use."""
    criteria_set = get_object_or_404(CriteriaSet.objects.editable_by(request.user), pk=pk)
    form = RecommendationForm(criteria_set, recommendations.recommendations(criteria_set), request.POST or None)
    if _saved(request, form, recommendations.edit_recommendations, criteria_set=criteria_set):
        return redirect("criteria:detail", pk)
    return render(request, "criteria/recommendations.html", {"set": criteria_set, "form": form})


def _saved(
    request: HttpRequest,
    form: StockForm | RecommendationForm,
    edit: Callable[..., None],
    *,
    criteria_set: CriteriaSet,
) -> bool:
    """Save the sentences of a valid form; a refusal is an error of the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        edit(criteria_set=criteria_set, by=request.user, **form.values)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("Saved."))
    return True


@require_POST
@needs("can_inspect")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.may_decide:
        raise PermissionDenied
    criteria_set = get_object_or_404(CriteriaSet.objects.visible_to(request.user), pk=pk)
    try:
        put_in_force(criteria_set=criteria_set, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The set is in force."))
    return redirect("criteria:detail", pk)
