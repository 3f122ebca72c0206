from django.urls import path

from archiveportal.office import views

app_name = "office"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("them/", views.office_add, name="add"),
    path("<int:pk>/", views.office_edit, name="edit"),
    path("nguoi-ky/them/", views.signatory_add, name="signatory-add"),
    path("nguoi-ky/<int:pk>/", views.signatory_edit, name="signatory-edit"),
]
