"""The records behind a number: wards or courses, with the sentence of the report that names
them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs, signed_in_user
from archiveportal.lists import list_response
from criteria.inspections.queries.areas import division
from criteria.measures import measure_of_set
from reports.results.bands import empty_counts
from reports.results.rows import visible_enrolments
from reports.rounds.behind import UnitsFilter, UnitsTable, units_sentence
from reports.rounds.views import opened_round, with_answer
from training.bullets import bullet
from training.models import Course, Scheme
from training.queries import summary_lines
from training.report_sentences import line_sentence


@require_safe
@needs("sees_results")
def units(request: HttpRequest, code: str) -> HttpResponse:
    """Show the wards that a number of a round counts, by band, district, score, state or answer."""
    user, inspection_round = signed_in_user(request), opened_round(request, code)
    bands = list(inspection_round.criteria_set.bands.all())
    criteria = [criterion for criterion in inspection_round.criteria_set.criteria.all() if criterion.has_outcome]
    measure = measure_of_set(inspection_round.criteria_set)
    enrolled = visible_enrolments(user, inspection_round).select_related("ward__district", "inspection")
    asked = next((column for column in criteria if column.code == request.GET.get("criterion")), None)
    divided = division(user, inspection_round)
    enrolled = divided.with_places(enrolled)
    filterset = UnitsFilter(
        request.GET or None,
        queryset=with_answer(user, enrolled, asked) if asked else enrolled,
        user=user,
        divided=divided,
        bands=bands,
        enrolled=enrolled,
        is_of_report=inspection_round.is_baseline,
        criteria=criteria,
        measure=measure,
    )
    counts = empty_counts(inspection_round)
    rows, chosen = filterset.qs, filterset.chosen
    table = UnitsTable(
        rows,
        user=user,
        divided=divided,
        inspection_round=inspection_round,
        bands=bands,
        criterion=asked,
        measure=measure,
    )
    count = rows.count()
    return list_response(
        request,
        "reports/explain_units.html",
        table=table,
        filterset=filterset,
        name=_("The wards behind a number"),
        mark=inspection_round.mark,
        round=inspection_round,
        sentence=units_sentence(
            rows, chosen, user=user, area=filterset.area, bands=counts, criterion=asked, total=count
        ),
        count=count,
        enrolled=enrolled.count(),
    )


@require_safe
@needs("sees_training")
def courses(request: HttpRequest, scheme: str, category: str) -> HttpResponse:
    """Show the rows that make up a line of 2710/BC-SNV, I.2.b (370 + 822 + 80 = 1.272): those that
    the person may see."""
    user = signed_in_user(request)
    training_scheme = get_object_or_404(Scheme.objects.visible_to(user), code=scheme)
    line = next((line for line in summary_lines(training_scheme) if line.category.code == category), None)
    if line is None:
        raise Http404
    visible = Course.objects.visible_to(user).filter(pk__in=[course.pk for course in line.courses])
    rows = list(visible.select_related("category").prefetch_related("organiser_districts").order_by("pk"))
    context = {
        "scheme": training_scheme,
        "line": line,
        "courses": rows,
        "hidden": len(line.courses) - len(rows),
        "bar": bullet(line.attainment.percent),
        "sentence": line_sentence(line),
        # Whoever attended twice is one person and two attendances.
        "people": _("Number of %(unit)s") % {"unit": line.category.get_unit_display()},
    }
    return render(request, "reports/explain_courses.html", context)
