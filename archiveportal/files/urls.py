"""Addresses of withdrawn files."""

from django.urls import path

from archiveportal.files import views

app_name = "files"
urlpatterns = [
    path("da-rut/", views.withdrawn, name="withdrawn"),
    path("<int:pk>/", views.item, name="item"),
]
