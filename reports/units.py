"""Pages about one ward or one district, with its scores."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def ward(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "home/home.html")


def district(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "home/home.html")
