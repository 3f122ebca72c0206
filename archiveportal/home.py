"""The first page of each role, and the pages that a monitor asks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archiveportal.accounts.access import public


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home/home.html")


@public
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")
