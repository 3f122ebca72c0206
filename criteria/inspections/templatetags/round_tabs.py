"""The views of one round, in two groups, each with the choices of the filter that brought one there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from criteria.inspections.queries.areas import Division, division_in_words
from criteria.inspections.queries.indicators import has_indicators

register = template.Library()

#: parameters of filters that mean the same in every view of a round; a view that does not filter by
#: one of them hands it on
SHARED = ("q", "district", "group", "kind", "band", "team")


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    address: str


@dataclass(frozen=True)
class TabGroup:
    label: str
    tabs: list[Tab] = field(default_factory=list)


@register.inclusion_tag("includes/round_tabs.html", takes_context=True)
def round_tabs(context: template.Context, inspection_round: Any, here: str) -> dict[str, Any]:
    """List the views of a round that the person may open."""
    request = context["request"]
    divided = context.get("divided")
    if divided is None:
        divided = division_in_words(request.user, inspection_round)
    chosen = {name: request.GET[name] for name in SHARED if request.GET.get(name)}
    groups = [TabGroup(_("Carrying out"), list(_work(request.user, inspection_round, chosen)))]
    if not inspection_round.is_draft:
        results = _results(request.user, inspection_round, chosen, divided=divided)
        # The page of the facts that are added up has read them already.
        if context.get("has_indicators") or has_indicators(inspection_round):
            address = _address("reports:holdings", inspection_round.code, chosen)
            results = chain(results, [Tab("holdings", _("Records, stores and funds"), address)])
        groups.append(TabGroup(_("Results"), list(results)))
    return {"groups": groups, "here": here}


def _address(view: str, code: str, query: dict[str, str]) -> str:
    address = reverse(view, args=[code])
    return f"{address}?{urlencode(query)}" if query else address


def _work(user: Any, inspection_round: Any, chosen: dict[str, str]) -> Iterator[Tab]:
    code = inspection_round.code
    if user.can_approve:
        yield Tab("overview", _("The whole round"), _address("inspections:round-overview", code, {}))
    yield Tab("round", _("Wards"), _address("inspections:round", code, chosen))
    if user.sees_unapproved_results:
        yield Tab("progress", _("Progress"), _address("inspections:round-progress", code, chosen))
    yield Tab("teams", _("Teams and schedule"), _address("inspections:teams", code, chosen))
    if inspection_round.is_specialised:
        yield Tab("decisions", _("Decisions"), _address("inspections:decisions", code, {}))
    yield Tab("documents", _("Documents"), _address("inspections:round-documents", code, chosen))
    of_round = urlencode({"round": code} | chosen)
    yield Tab("findings", _("Recommendations"), f"{reverse('inspections:findings')}?{of_round}")
    if not inspection_round.is_draft:
        yield Tab("mending", _("Put right"), _address("inspections:round-mending", code, {}))
    if inspection_round.asks_self_assessment and (user.can_inspect or user.speaks_for_units):
        yield Tab("self", _("Self-assessment"), _address("inspections:self-round", code, chosen))


def _results(user: Any, inspection_round: Any, chosen: dict[str, str], *, divided: Division) -> Iterator[Tab]:
    code = inspection_round.code
    if user.sees_dashboard:
        # The page of pictures chooses its area by a list of its own.
        yield Tab("dashboard", _("In pictures"), reverse("reports:dashboard", args=[code]))
    yield Tab("summary", _("Summary table"), _address("reports:summary", code, chosen))
    if divided:
        yield Tab("districts", divided.by_noun, _address("reports:districts", code, chosen))
    yield Tab("bands", _("Bands"), _address("reports:bands", code, chosen))
    yield Tab("criterion", _("By criterion"), _address("reports:criteria", code, chosen))
