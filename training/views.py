from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def overview(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def attainment(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def courses(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def course(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def course_create(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def course_edit(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def course_void(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")
