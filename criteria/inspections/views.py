from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def rounds(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def round(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def checklist(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def blank(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def submit(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def send_back(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def approve(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")
