"""Pages of jobs: how far they are, what came of them, and a button to end one."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from archiveportal.accounts.access import signed_in_user
from archiveportal.jobs.kinds import FILE_RIGHTS
from archiveportal.jobs.models import Job
from archiveportal.jobs.services import KEPT_DAYS, cancel_job, state_of_workers
from archiveportal.logs import log_event

#: jobs that the list shows
SHOWN = 50


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user).select_related("ordered_by")[:SHOWN]
    return render(request, "jobs/list.html", {"jobs": jobs, "workers": state_of_workers()})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("ordered_by"), pk=pk)
    is_own = job.ordered_by_id == signed_in_user(request).pk
    context = {"job": job, "workers": "" if job.is_over else state_of_workers(), "is_own": is_own, "days": KEPT_DAYS}
    return render(request, "jobs/detail.html", context)


@require_safe
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Return how far a job is, for the script of a page that shows it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    facts = {"is_over": job.is_over, "percent": job.percent, "step": job.step, "done": job.done, "total": job.total}
    return JsonResponse(facts | {"status": job.get_status_display()})


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Send the file that a job made to the person who ordered it, as long as that person may have it.

    One that was swept, or that a restored backup does not have, is told on the page of its job.
    """
    job = get_object_or_404(Job.objects.filter(ordered_by=signed_in_user(request)), pk=pk)
    if not getattr(request.user, FILE_RIGHTS.get(job.kind, ""), False):
        raise Http404
    try:
        # Without a name: ValueError.
        content = job.result_file.open("rb")
    except (FileNotFoundError, ValueError):
        gone = _("The file is kept for %(days)s days only. Order it once more.")
        messages.warning(request, gone % {"days": KEPT_DAYS})
        return redirect("jobs:detail", pk)
    log_event("file of a job downloaded", job=job.pk, kind=job.kind, user=request.user.pk)
    return FileResponse(content, as_attachment=True, filename=job.result_name)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.is_over:
        messages.info(request, _("The job is over already."))
    else:
        cancel_job(job=job, by=request.user)
        messages.success(request, _("The job ends as soon as it can. What is already saved as a whole stays."))
    return redirect("jobs:detail", pk)
