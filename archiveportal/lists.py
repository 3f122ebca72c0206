"""Filtered lists of the portal: shown as a page, downloaded as they are filtered."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table

from archiveportal.excel import list_workbook, workbook_response
from archiveportal.logs import log_event

PER_PAGE = 50
#: of a list that is shown whole, to be printed
MOST_ROWS = 2000
WHOLE = "all"


def page_of(request: HttpRequest, rows: Any, *, per_page: int, name: str = "page") -> Page:
    """Return the page of a list that the address asks for: also all rows, for the printer."""
    asked = request.GET.get(name)
    return Paginator(rows, MOST_ROWS if asked == WHOLE else per_page).get_page(asked)


class ListFilter(FilterSet):
    """A filter that cannot be read finds nothing and says so beside its field; it never shows more than was asked."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset.none()

    @property
    def form(self) -> Form:
        """Name its fields apart from those of a form on the same page, whose labels point at them."""
        form = super().form
        form.auto_id = "filter_%s"
        return form

    @property
    def in_words(self) -> str:
        """Return what the list below is filtered by; blank where it is not."""
        return filters_in_words(self)


DOWNLOAD = "tai"


def list_response(
    request: HttpRequest,
    template: str,
    *,
    table: Table,
    filterset: FilterSet | None,
    name: str,
    mark: str = "",
    per_page: int = PER_PAGE,
    **context: Any,
) -> HttpResponse:
    """Show the table as a page, or with `?tai=xlsx` as a workbook of all its rows in the same
    order.

    `name` is the title of the workbook, `mark` what it says of data that is not real. Page and
    workbook come from the same filtered rows, so they cannot differ.
    """
    download = request.GET.get(DOWNLOAD) == "xlsx"
    _order(request, table)
    if download:
        return _download(request, table, filterset=filterset, name=name, mark=mark)
    # The number of rows is ours to set; a page that does not exist is the last one.
    is_whole = request.GET.get("page") == WHOLE
    table.paginate(page=1, per_page=MOST_ROWS if is_whole else per_page)
    table.page = table.paginator.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query[DOWNLOAD] = "xlsx"
    query.pop("page", None)
    context |= {"table": table, "filter": filterset, "download_query": query.urlencode()}
    return render(request, template, context)


def _order(request: HttpRequest, table: Table) -> None:
    """Give rows one order on every database: unknown values last, equal ones by their key.

    Without it PostgreSQL shows a tied row on two pages and another on none.
    """
    RequestConfig(request, paginate=False).configure(table)
    rows = table.data.data
    if isinstance(rows, QuerySet):
        keys = [_definite(key) for key in rows.query.order_by or rows.model._meta.ordering]
        table.data.data = rows.order_by(*keys, "pk")


def _definite(key: Any) -> Any:
    if not isinstance(key, str):
        return key
    return OrderBy(F(key.lstrip("-")), descending=key.startswith("-"), nulls_last=True)


def _download(
    request: HttpRequest,
    table: Table,
    *,
    filterset: FilterSet | None,
    name: str,
    mark: str,
) -> HttpResponse:
    headings, *rows = table.as_values(exclude_columns=getattr(table, "screen_only", ()))
    log_event("list downloaded", user=request.user.pk, list=name, rows=len(rows))
    about = " · ".join(filter(None, [mark, filters_in_words(filterset)]))
    return workbook_response(list_workbook(name, headings, rows, filters=about), name)


def filters_in_words(filterset: FilterSet | None) -> str:
    """Return the filters in words, for the head of the workbook."""
    if filterset is None or not filterset.form.is_bound or not filterset.form.is_valid():
        return ""
    parts = [
        f"{filterset.form.fields[name].label}: {_chosen(filterset.form.fields[name], value)}"
        for name, value in filterset.form.cleaned_data.items()
        if value not in (None, "", [])
    ]
    return _("Filtered by: %(filters)s") % {"filters": "; ".join(parts)} if parts else ""


def _chosen(field: Any, value: Any) -> str:
    choices = {str(key): force_str(label) for key, label in getattr(field, "choices", [])}
    return choices.get(str(getattr(value, "pk", value)), force_str(value))
