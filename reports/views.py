from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def index(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def summary(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def bands(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def criterion(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def attainment_workbook(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")
