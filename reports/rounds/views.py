"""The tables of a round, and what each role can take away."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, DecimalField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.excel import workbook_response
from archiveportal.lists import filters_in_words, list_response, page_of
from archiveportal.logs import log_event
from archiveportal.scope import Viewer
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from criteria.inspections.queries.areas import division
from criteria.leaves import answered_of
from criteria.measures import measure_of_set
from criteria.models import Criterion
from criteria.outcomes import offered_in
from reports import workbooks as books
from reports.frozen.events import with_closing, with_issue
from reports.models import Discrepancy
from reports.results import table as queries
from reports.results.band_sentences import NAMED, band_sentence
from reports.results.bands import BandCount, band_totals
from reports.results.bars import bar_reasons
from reports.results.criteria import criterion_counts, has_graded, kinds_of_answers
from reports.results.districts import areas_taking_part, scores_of
from reports.results.reported import Reported, reported
from reports.results.reported_criteria import reported_counts
from reports.results.rows import approved_count, visible_enrolments, with_unverified
from reports.results.standings import StandingRow
from reports.rounds.cells import lines
from reports.rounds.filters import CriterionFilter, SummaryFilter
from reports.rounds.tables import CriterionTable
from reports.subjects import SCHEME_REPORT
from reports.workbooks.catalogue import SCHEME_KINDS
from reports.workbooks.offers import offers
from training.models import Scheme

#: a row of the wide table is 5 KB of HTML
PER_PAGE, COLUMNS, LEAST_PER_PAGE = 35, 24, 5
#: steps in which a table with more columns is printed smaller (static/css/summary-print.css)
PRINTED = (30, 40, 60, 80, 10**4)
#: units by their own reports, beneath
REPORTED_PER_PAGE = 50
DISTRICTS_PER_PAGE = 30
#: what 5355/BC-SNV says about its bands and their wards does not fit together
BAND_DISCREPANCIES = ["D07", "D08", "D09"]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what the role can look up and download."""
    user = request.user
    if not (user.sees_results or user.sees_ledger):
        raise PermissionDenied
    rounds, schemes = (
        with_issue(with_closing(model.objects.visible_to(user), user), user) for model in (Round, Scheme)
    )
    context = {
        "rounds": offers(user, rounds.counted().select_related("criteria_set", "grouping")),
        "schemes": schemes,
        "signed_scheme_report": SCHEME_REPORT,
        "scheme_kinds": SCHEME_KINDS.values(),
    }
    return render(request, "reports/index.html", context)


def opened_round(request: HttpRequest, code: str) -> Round:
    """The round that is opened becomes the one one is in."""
    rounds = Round.objects.visible_to(request.user).begun()
    rounds = with_unverified(with_closing(rounds, request.user), request.user)
    rounds = rounds.select_related("criteria_set", "grouping")
    inspection_round = get_object_or_404(
        rounds.prefetch_related("criteria_set__criteria", "criteria_set__bands"), code=code
    )
    if request.session.get("round") != inspection_round.code:
        request.session["round"] = inspection_round.code
    return inspection_round


def _filtered(request: HttpRequest, inspection_round: Round) -> tuple[queries.Summary, SummaryFilter, str]:
    """Page and workbook read the same rows: in scope, and as the address filters them; that in words, too."""
    enrolled = visible_enrolments(request.user, inspection_round)
    bands = list(inspection_round.criteria_set.bands.all())
    divided = division(request.user, inspection_round)
    filterset = SummaryFilter(
        request.GET or None,
        queryset=enrolled,
        user=request.user,
        divided=divided,
        bands=bands,
        enrolled=enrolled,
        is_of_report=inspection_round.is_baseline,
    )
    words = filters_in_words(filterset)
    table = queries.summary(request.user, inspection_round, filterset.qs if words else None)
    table.divided = divided
    return table, filterset, words


def _reported(request: HttpRequest, table: queries.Summary, filterset: SummaryFilter) -> Reported:
    """Return the units that stand by their own reports, filtered as the table above them."""
    found = reported(request.user, table.round, divided=table.divided, is_listed=True)
    found.enrolments, found.band = filterset.of_units(found.enrolments), filterset.chosen_band
    return found


@require_safe
@needs("sees_results")
def summary(request: HttpRequest, code: str) -> HttpResponse:
    """Show the wide table of the appendix, a mark in each cell."""
    inspection_round = opened_round(request, code)
    table, filterset, _words = _filtered(request, inspection_round)
    # As many cells as a page of 24 columns has.
    per_page = max(PER_PAGE * COLUMNS // max(len(table.columns), COLUMNS), LEAST_PER_PAGE)
    page = page_of(request, range(table.scores.enrolled), per_page=per_page)
    shown = slice(page.start_index() - 1 if page.object_list else 0, page.end_index())
    rows = lines(table.rows(shown), table.columns, table.apart)
    query = request.GET.copy()
    for name in ("page", "reported"):
        query.pop(name, None)
    own = _reported(request, table, filterset)
    own_page = page_of(request, range(own.total.units), per_page=REPORTED_PER_PAGE, name="reported")
    own_part = slice(own_page.start_index() - 1 if own_page.object_list else 0, own_page.end_index())
    context = {
        "round": inspection_round,
        "divided": table.divided,
        "table": table,
        "lines": rows,
        # On a phone the marks of so many criteria are folded, and so is the list that explains them.
        "folds": len(table.columns) > COLUMNS,
        "fits": next(most for most in PRINTED if len(table.columns) <= most),
        "page": page,
        "filter": filterset,
        "reported": own,
        "reported_rows": list(own.rows(own_part)),
        "reported_page": own_page,
    }
    return render(request, "reports/summary.html", context | {"workbook_query": query.urlencode()})


@require_safe
@needs("sees_results")
def summary_workbook(request: HttpRequest, code: str) -> HttpResponse:
    """Send the same table as a workbook, filtered as the page was."""
    inspection_round = opened_round(request, code)
    with override("vi"):
        table, filterset, words = _filtered(request, inspection_round)
        own = _reported(request, table, filterset)
        book = books.summary_workbook(table, reader=books.Reader(request.user, filters=words), own=own)
    log_event("summary downloaded", user=request.user.pk, round=code, rows=table.scores.enrolled)
    return workbook_response(book, f"bang-tong-hop-{code}")


@require_safe
@needs("sees_results")
def districts(request: HttpRequest, code: str) -> HttpResponse:
    """The districts of a round side by side; in natural order, since no ranking is requested."""
    inspection_round = opened_round(request, code)
    divided = division(request.user, inspection_round)
    taking_part = areas_taking_part(request.user, inspection_round, divided)
    page = page_of(request, taking_part, per_page=DISTRICTS_PER_PAGE)
    scores = scores_of(request.user, inspection_round, divided, areas=page.object_list)
    bands = list(inspection_round.criteria_set.bands.all())
    rows = [(score, [(band, score.by_band[band.pk]) for band in bands]) for score in scores]
    own = reported(request.user, inspection_round, divided=divided)
    context = {"round": inspection_round, "divided": divided, "rows": rows, "bands": bands, "page": page}
    context |= {"reported": own, "sums": [each for each in own.sums if each.area in page.object_list]}
    context["measure"] = measure_of_set(inspection_round.criteria_set)
    return render(request, "reports/districts.html", context)


@require_safe
@needs("sees_results")
def bands(request: HttpRequest, code: str) -> HttpResponse:
    """Show how many wards are in each band, and which: 1, 9 and 16 in 5355/BC-SNV, II.2.a."""
    inspection_round = opened_round(request, code)
    counts = band_totals(request.user, inspection_round, named=NAMED)
    reasons = bar_reasons(request.user, inspection_round)
    has_printed_words = inspection_round.is_baseline and any(count.band.printed_label for count in counts.bands)
    shows_ledger = request.user.sees_ledger and has_printed_words
    context = {
        "round": inspection_round,
        "counts": counts,
        "bands": [(each, band_sentence(each, request.user), _held_down(each, reasons)) for each in counts.bands],
        "named": NAMED,
        "reported": reported(request.user, inspection_round),
        "discrepancies": Discrepancy.objects.standing().filter(code__in=BAND_DISCREPANCIES) if shows_ledger else [],
    }
    return render(request, "reports/bands.html", context)


def _held_down(count: BandCount, reasons: Mapping[int, str]) -> list[tuple[StandingRow, str]]:
    """Return the listed wards of a band that are held down, each with what does it."""
    return [(row, reasons[row.pk]) for row in count.enrolments if row.pk in reasons]


@require_safe
@needs("sees_results")
def criteria(request: HttpRequest, code: str) -> HttpResponse:
    """Show every criterion of the round with the number of wards that meet it."""
    inspection_round = opened_round(request, code)
    counts = criterion_counts(request.user, inspection_round)
    kinds = kinds_of_answers(inspection_round.criteria_set, counts)
    own = reported(request.user, inspection_round)
    by_report = reported_counts(own, [count.criterion for count in counts])
    context = {
        "round": inspection_round,
        "counts": counts,
        "kinds": kinds,
        # A cell for each heading, also where nobody gave this answer.
        "rows": [
            (count, [(kind, count.count_of(kind)) for kind in kinds], by_report.get(count.criterion.pk))
            for count in counts
        ],
        "has_graded": has_graded(counts),
        "approved": approved_count(request.user, inspection_round),
        "reported": own,
    }
    return render(request, "reports/criteria.html", context)


@require_safe
@needs("sees_results")
def criterion(request: HttpRequest, code: str, criterion: str) -> HttpResponse:
    """Show how many wards meet one criterion, of how many assessed, and the wards by their
    answer."""
    inspection_round = opened_round(request, code)
    found = next((column for column in inspection_round.criteria_set.criteria.all() if column.code == criterion), None)
    if found is None:
        raise Http404
    columns = answered_of(inspection_round.criteria_set.criteria.all())
    if found not in columns:
        raise Http404
    [count] = criterion_counts(request.user, inspection_round, columns=[found])
    divided = division(request.user, inspection_round)
    enrolled = divided.with_places(visible_enrolments(request.user, inspection_round))
    filterset = CriterionFilter(
        request.GET or None,
        queryset=with_answer(request.user, enrolled, found).select_related("ward__district"),
        user=request.user,
        divided=divided,
        bands=[],
        enrolled=enrolled,
        is_of_report=inspection_round.is_baseline,
        offered=offered_in(inspection_round.criteria_set),
    )
    return list_response(
        request,
        "reports/criterion.html",
        table=CriterionTable(filterset.qs, criterion=found, divided=divided),
        filterset=filterset,
        name=found.name,
        mark=inspection_round.mark,
        round=inspection_round,
        criterion=found,
        count=count,
        kinds=kinds_of_answers(inspection_round.criteria_set, [count]),
        **_neighbours(columns, found),
    )


def with_answer(user: Viewer, enrolments: QuerySet[Enrolment], criterion: Criterion) -> QuerySet[Enrolment]:
    """Adds the answer and the fact of each ward's approved checklist to one criterion: what the counts count."""
    approved = Result.objects.visible_to(user).filter(inspection__status=Inspection.Status.APPROVED)
    results = approved.filter(inspection__enrolment=OuterRef("pk"), criterion=criterion)
    blank = Value("", output_field=CharField())
    return enrolments.annotate(
        answer=Coalesce(Subquery(results.values("outcome")), blank),
        fact_text=Coalesce(Subquery(results.values("text")), blank),
        fact_number=Subquery(results.values("number"), output_field=DecimalField(max_digits=9, decimal_places=2)),
    )


def _neighbours(columns: list[Criterion], criterion: Criterion) -> dict[str, Criterion | None]:
    place = next(place for place, column in enumerate(columns) if column.pk == criterion.pk)
    before = columns[place - 1] if place else None
    return {"before": before, "after": columns[place + 1] if place + 1 < len(columns) else None}


@require_safe
@needs("sees_training")
def attainment_workbook(request: HttpRequest, scheme: str) -> HttpResponse:
    """Send the results of a training scheme against its targets."""
    training_scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    book = books.attainment_workbook(request.user, training_scheme, reader=books.Reader(request.user))
    log_event("attainment downloaded", user=request.user.pk, scheme=scheme)
    return workbook_response(book, f"dao-tao-so-voi-chi-tieu-{scheme}")
