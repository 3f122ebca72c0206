"""The pages about training that everyone who sees training may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.lists import list_response
from archiveportal.percent import percent_of
from archiveportal.vietnamese import money_in_words
from training.bullets import bullet
from training.entered_values import corrections, describe_course_changes
from training.filters import CourseFilter
from training.models import Course, Scheme
from training.queries import summary_lines
from training.report_sentences import funding_sentence, summary_text, workforce_sentence
from training.sources import source_of_course, source_of_row
from training.tables import CourseTable


@needs("sees_training")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The newest scheme's page, or what to do while there is none."""
    scheme = Scheme.objects.visible_to(request.user).first()
    return redirect("training:attainment", scheme.code) if scheme else render(request, "training/empty.html")


@needs("sees_training")
@require_safe
def attainment(request: HttpRequest, scheme: str) -> HttpResponse:
    """Section I.2.b of 2710/BC-SNV: the City's totals for everyone, the rows behind them for those who see them."""
    schemes = list(Scheme.objects.visible_to(request.user))
    scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    lines = summary_lines(scheme)
    courses = Course.objects.visible_to(request.user).filter(category__scheme=scheme).standing()
    outside = courses.filter(enters_summary=False).select_related("category").prefetch_related("organiser_districts")
    counts = list(scheme.workforce_counts.order_by("-counted_on"))
    fundings = list(scheme.fundings.order_by("pk"))
    context = {
        "scheme": scheme,
        "others": [other for other in schemes if other.pk != scheme.pk],
        "lines": [(line, bullet(line.attainment.percent)) for line in lines],
        "outside": list(outside),
        "workforce": [(count, percent_of(count.qualified, count.total, scheme.rounding)) for count in counts],
        "fundings": [(funding, money_in_words(funding.amount)) for funding in fundings],
        "sentence": summary_text(lines),
        "sources": {row: source_of_row(row) for row in ("workforce", "funding")},
        "facts": [workforce_sentence(count) for count in counts[:1]] + [funding_sentence(item) for item in fundings],
    }
    return render(request, "training/attainment.html", context)


@needs("sees_training")
@require_safe
def courses(request: HttpRequest, scheme: str) -> HttpResponse:
    scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    filterset = CourseFilter(request.GET, scheme=scheme, user=request.user)
    return list_response(
        request,
        "training/courses.html",
        table=CourseTable(filterset.qs),
        filterset=filterset,
        name=_("Courses"),
        scheme=scheme,
    )


@needs("sees_training")
@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Course.objects.visible_to(request.user).select_related("category__scheme", "voided_by")
    course = get_object_or_404(rows, pk=pk)
    context = {
        "course": course,
        "scheme": course.category.scheme,
        "districts": list(course.organiser_districts.all()),
        "corrections": corrections(course),
        "source": source_of_course(course),
        "events": Timeline(Event.objects.about(course), request.GET, told=describe_course_changes, is_named=False),
        "may_change": request.user.can_inspect and not course.is_voided,
    }
    return render(request, "training/course.html", context)
