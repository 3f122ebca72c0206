"""Entering, correcting and voiding courses."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from archiveportal.accounts.access import needs
from archiveportal.fields import show_refusal
from training.entered_values import course_field_label, format_course_value, values_of
from training.forms import CourseForm, VoidForm
from training.models import Course, Scheme
from training.services import courses as services

METHODS = ["GET", "HEAD", "POST"]


@needs("can_inspect")
@require_http_methods(METHODS)
def course_create(request: HttpRequest, scheme: str) -> HttpResponse:
    scheme = get_object_or_404(Scheme.objects.visible_to(request.user), code=scheme)
    if request.method != "POST":
        by_code = {category.code: category for category in scheme.categories.all()}
        initial = {"category": by_code.get(request.GET.get("category")), "follows_rule": True}
        return _course_form(request, CourseForm(scheme=scheme, user=request.user, initial=initial), scheme)
    form = CourseForm(request.POST, scheme=scheme, user=request.user)
    if form.is_valid():
        try:
            saved = services.create_course(scheme=scheme, values=form.values, by=request.user, submission_id=form.key)
        except ValidationError as error:
            show_refusal(form, error)
        else:
            if not saved.is_repeat or values_of(saved.course) == form.values:
                messages.success(request, _("The course is saved."))
                return redirect("training:course", saved.course.pk)
            # Back, something changed, sent again: neither a second row nor a loss without a word.
            return _course_form(request, form.as_new(), scheme, repeated=saved.course)
    return _course_form(request, form, scheme)


@needs("can_inspect")
@require_http_methods(METHODS)
def course_edit(request: HttpRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(Course.objects.visible_to(request.user).select_related("category__scheme"), pk=pk)
    scheme = course.category.scheme
    if request.method != "POST":
        if course.is_voided:
            messages.error(request, _("A voided row does not change any more."))
            return redirect("training:course", course.pk)
        initial = values_of(course) | {"version": course.version}
        form = CourseForm(scheme=scheme, user=request.user, initial=initial)
        return _course_form(request, form, scheme, course=course)
    form = CourseForm(request.POST, scheme=scheme, user=request.user)
    clashes = []
    if form.is_valid():
        try:
            saved = services.edit_course(
                course=course, values=form.values, base_version=form.cleaned_data["version"], by=request.user
            )
        except ValidationError as error:
            show_refusal(form, error)
        else:
            if not saved.is_stale:
                messages.success(request, _("The course is saved."))
                return redirect("training:course", course.pk)
            course, clashes, form = saved.course, _clash_rows(saved), form.on_top_of(saved)
    return _course_form(request, form, scheme, course=course, clashes=clashes)


def _clash_rows(saved: services.SavedCourse) -> list[dict[str, str]]:
    """Return the present value and the typed one of each field that differs, in words."""
    return [
        {
            "label": course_field_label(clash.name),
            "theirs": format_course_value(clash.name, clash.theirs),
            "mine": format_course_value(clash.name, clash.mine),
            "was_typed": clash.was_typed,
        }
        for clash in saved.clashes
    ]


def _course_form(
    request: HttpRequest,
    form: CourseForm,
    scheme: Scheme,
    *,
    course: Course | None = None,
    clashes: list[dict[str, str]] | None = None,
    repeated: Course | None = None,
) -> HttpResponse:
    categories = list(scheme.categories.all())
    units = json.dumps({category.pk: category.unit for category in categories})
    ruled = json.dumps([category.pk for category in categories if category.summary_rule])
    context = {"form": form, "scheme": scheme, "course": course, "clashes": clashes, "repeated": repeated}
    context |= {"units": units, "ruled": ruled}
    return render(request, "training/course_form.html", context)


@needs("can_inspect")
@require_http_methods(METHODS)
def course_void(request: HttpRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(Course.objects.visible_to(request.user).select_related("category__scheme"), pk=pk)
    form, changed = VoidForm(initial={"version": course.version}), None
    if request.method == "POST":
        form = VoidForm(request.POST)
        if form.is_valid():
            try:
                saved = services.void_course(
                    course=course,
                    reason=form.cleaned_data["reason"],
                    base_version=form.cleaned_data["version"],
                    by=request.user,
                )
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
                return redirect("training:course", course.pk)
            if not saved.is_stale:
                messages.success(request, _("The row is voided. It stays visible and is left out of all totals."))
                return redirect("training:course", course.pk)
            changed = course = saved.course
            form = VoidForm(request.POST.dict() | {"version": course.version})
    elif course.is_voided:
        messages.error(request, _("A voided row does not change any more."))
        return redirect("training:course", course.pk)
    context = {"form": form, "course": course, "scheme": course.category.scheme, "changed": changed}
    return render(request, "training/course_void.html", context)
