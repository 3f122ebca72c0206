from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def figures(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")


def discrepancies(request: HttpRequest, **kwargs) -> HttpResponse:
    return render(request, "home/home.html")
