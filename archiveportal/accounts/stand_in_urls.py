from django.urls import path

from archiveportal.accounts import stand_in_views

app_name = "stand-ins"
urlpatterns = [
    path("", stand_in_views.stand_ins, name="list"),
    path("<int:pk>/ket-thuc/", stand_in_views.end, name="end"),
]
