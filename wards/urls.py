from django.urls import path

from wards import views

urlpatterns = [path("", views.ward_list, name="list")]
