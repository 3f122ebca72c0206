"""The page of Word templates: the one in use per report, the fields that one may name, taking in and back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from archiveportal.accounts.access import needs
from archiveportal.files.responses import attached
from archiveportal.history.models import Event
from archiveportal.history.timeline import Timeline
from archiveportal.office.kinds import Level
from archiveportal.office.queries import office_on
from archiveportal.word.writer import word_response
from reports.documents.fields import FIELDS
from reports.documents.own import NAMES, own_template
from reports.models import DocumentTemplate
from reports.passages.forms import TemplateForm
from reports.subjects import BY_SLUG
from reports.word_templates.services import take_template, withdraw_template

#: how the address names the two kinds of report
KINDS = {slug: report.kind for slug, report in BY_SLUG.items()}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("can_approve")
def templates(request: HttpRequest) -> HttpResponse:
    slug = request.POST.get("kind", "")
    forms = {each: TemplateForm(prefix=each) for each in KINDS}
    if request.method == "POST" and slug in KINDS:
        forms[slug] = form = TemplateForm(request.POST, request.FILES, prefix=slug)
        if form.is_valid():
            try:
                take_template(kind=KINDS[slug], upload=form.cleaned_data["upload"], by=request.user)
            except ValidationError as refusal:
                form.add_error("upload", refusal)
            else:
                messages.success(request, _("The template is in use from now on."))
                return redirect("reports:templates")
    in_use = DocumentTemplate.objects.filter(withdrawn_at=None).select_related("file", "uploaded_by").order_by("pk")
    newest = {template.kind: template for template in in_use}
    events = Event.objects.filter(object_type=DocumentTemplate._meta.label_lower).order_by("-occurred_at", "-pk")
    context = {
        "kinds": [(slug, kind, newest.get(kind.value), forms[slug], FIELDS[kind]) for slug, kind in KINDS.items()],
        "events": Timeline(events, request.GET),
    }
    return render(request, "reports/templates.html", context)


@require_safe
@needs("can_approve")
def own(request: HttpRequest, kind: str) -> HttpResponse:
    """Send the portal's own template, to start from."""
    if kind not in KINDS:
        raise Http404
    template = own_template(KINDS[kind], office_on().head_of(Level.DEPARTMENT))
    return word_response(template, NAMES[KINDS[kind]].removesuffix(".docx"))


@require_safe
@needs("can_approve")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    return attached(request, get_object_or_404(DocumentTemplate.objects.select_related("file"), pk=pk).file)


@require_POST
@needs("can_approve")
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    if withdraw_template(template=get_object_or_404(DocumentTemplate, pk=pk), by=request.user):
        messages.success(request, _("The template is taken back; the portal's own is used again."))
    return redirect("reports:templates")
