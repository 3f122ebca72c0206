"""The round at a glance, for the City or a district, and its pictures as files for a slide."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.logs import log_event
from archiveportal.own_words import own_words
from archiveportal.templatetags.portal import as_of
from reports.dashboard.charts import KINDS, file_picture, page_pictures
from reports.dashboard.charts.picture import Picture
from reports.dashboard.charts.raster import png
from reports.dashboard.data import Dashboard
from reports.rounds.views import opened_round


def _dashboard(request: HttpRequest, code: str) -> Dashboard:
    """A district office is in its own district whatever the address asks for; others choose one or none."""
    board = Dashboard(request.user, opened_round(request, code), is_ranked=request.GET.get("xep-hang") == "1")
    asked = request.GET.get(board.parameter, "")
    if request.user.district_id:
        if asked and asked != str(request.user.district_id):
            raise Http404
        board.district_id = request.user.district_id
    elif asked:
        if not asked.isdecimal() or int(asked) not in board.districts:
            raise Http404
        board.district_id = int(asked)
    page = request.GET.get("trang", "")
    board.page = int(page) if page.isdecimal() and len(page) < 6 else 1
    return board


def _query(dashboard: Dashboard, **changes: Any) -> str:
    """Return the address of the same dashboard with something changed."""
    parts = {
        dashboard.parameter: dashboard.district_id,
        "xep-hang": "1" if dashboard.is_ranked else None,
        "trang": dashboard.page if dashboard.page > 1 else None,
    } | changes
    return urlencode({name: value for name, value in parts.items() if value})


@require_safe
@needs("sees_dashboard")
def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    board = _dashboard(request, code)
    context = {
        "round": board.round,
        "dashboard": board,
        "pictures": page_pictures(board),
        "reported": board.reported,
        "query": _query(board),
        "ranking_query": _query(board, **{"xep-hang": None if board.is_ranked else "1"}),
        "before_query": _query(board, trang=board.page - 1) if board.page > 1 else "",
        "after_query": _query(board, trang=board.page + 1) if board.page < board.pages else "",
    }
    return render(request, "reports/dashboard.html", context)


@require_safe
@needs("sees_dashboard")
def picture(request: HttpRequest, code: str, slug: str, *, kind: str) -> HttpResponse:
    """Send one picture, in shapes (svg) or in dots (png), of what the page shows to the same
    person."""
    if slug not in KINDS:
        raise Http404
    board = _dashboard(request, code)
    drawn = file_picture(board, slug)
    if drawn.drawing is None:
        raise Http404
    markup = drawn.file(subtitle=drawn.subject or _place_and_round(board), foot=as_of())
    log_event("picture downloaded", user=request.user.pk, round=code, picture=slug, kind=kind)
    content = png(markup) if kind == "png" else markup
    content_type = "image/png" if kind == "png" else "image/svg+xml; charset=utf-8"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(board, drawn)}.{kind}"'
    return response


def _file_name(dashboard: Dashboard, drawn: Picture) -> str:
    """Name the file by picture, round, and district if the picture is of one."""
    is_of_district = dashboard.district and not drawn.subject
    return "-".join([drawn.slug, dashboard.round.code, *([dashboard.district.code] if is_of_district else [])])


def _place_and_round(dashboard: Dashboard) -> str:
    place = dashboard.district.title if dashboard.district else own_words().area
    mark = f" ({dashboard.round.mark})" if dashboard.round.mark else ""
    return f"{place} · {dashboard.round.name}{mark}"
