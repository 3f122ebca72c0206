"""Addresses of imports: /tai-khoan/nhap-tu-bang/ for the sheet whose slug is "tai-khoan"."""

from django.urls import path

from archiveportal.imports import views

app_name = "imports"
urlpatterns = [
    path("<slug:slug>/nhap-tu-bang/", views.start, name="start"),
    path("<slug:slug>/nhap-tu-bang/mau/", views.template, name="template"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/", views.detail, name="detail"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/tra-loi/", views.answer, name="answer"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/kiem-tra-lai/", views.check, name="check"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/xac-nhan/", views.confirm, name="confirm"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/bo/", views.drop, name="drop"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/loi/", views.errors, name="errors"),
    path("<slug:slug>/nhap-tu-bang/<int:pk>/ban-co-ghi-chu/", views.copy, name="copy"),
]
