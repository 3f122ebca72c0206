from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def ward_list(request: HttpRequest) -> HttpResponse:
    return render(request, "home/home.html")
