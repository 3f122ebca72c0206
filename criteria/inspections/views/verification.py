"""Whether a printed paper still matches the record: by its QR code, or by what is typed from its foot."""

from __future__ import annotations

import io

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import needs
from criteria.inspections.forms.minutes import VerifyForm, plain_code
from criteria.inspections.papers.minutes import grouped
from criteria.inspections.queries.verification import verify as verdict_on
from criteria.inspections.services.minutes import CODE_LENGTH
from criteria.inspections.services.minutes_content import CHECK_LENGTH


@require_safe
@needs("sees_results")
def search(request: HttpRequest) -> HttpResponse:
    form = VerifyForm(request.GET or None)
    if form.is_bound and form.is_valid():
        code, check = (plain_code(form.cleaned_data[name]) for name in ("ma", "doi_chieu"))
        return redirect("inspections:verify", grouped(code), grouped(check))
    return render(request, "inspections/verification.html", {"form": form, "verdict": None, "is_unknown": False})


@require_safe
@needs("sees_results")
def verify(request: HttpRequest, code: str, check: str) -> HttpResponse:
    """Unknown codes and those of foreign wards get one and the same answer."""
    code, check = plain_code(code), plain_code(check)
    verdict = verdict_on(code=code, check=check, user=request.user)
    form = VerifyForm(initial={"ma": grouped(code), "doi_chieu": grouped(check)})
    context = {"form": form, "verdict": verdict, "is_unknown": verdict is None}
    return render(request, "inspections/verification.html", context, status=200 if verdict else 404)


@require_safe
@needs("sees_results")
def qr(request: HttpRequest, code: str, check: str) -> HttpResponse:
    """The QR code with the address that verifies the paper. It holds nothing but its own
    address."""
    if (len(plain_code(code)), len(plain_code(check))) != (CODE_LENGTH, CHECK_LENGTH):
        raise Http404
    address = reverse("inspections:verify", args=[grouped(plain_code(code)), grouped(plain_code(check))])
    picture = io.BytesIO()
    made = segno.make(request.build_absolute_uri(address), error="m", micro=False)
    made.save(picture, kind="svg", border=1, svgclass=None, lineclass=None, omitsize=True)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
