from django.urls import path

from wards import views

urlpatterns = [
    path("", views.ward_list, name="list"),
    path("them/", views.create, name="create"),
    path("<int:pk>/sua/", views.edit, name="edit"),
    path("quan-huyen/them/", views.create_district_page, name="district-create"),
    path("quan-huyen/<int:pk>/sua/", views.edit_district, name="district-edit"),
]
