from django.urls import path

from wards import contact_views, views

urlpatterns = [
    path("", views.ward_list, name="list"),
    path("danh-ba/", contact_views.directory, name="directory"),
    path("<int:pk>/danh-ba/", contact_views.contact, name="contact"),
    path("them/", views.create, name="create"),
    path("<int:pk>/sua/", views.edit, name="edit"),
    path("<int:pk>/tien-than/", views.predecessors, name="predecessors"),
    path("<int:pk>/tien-than/<int:succession>/xoa/", views.remove_predecessor, name="predecessor-remove"),
    path("quan-huyen/them/", views.create_district_page, name="district-create"),
    path("quan-huyen/<int:pk>/sua/", views.edit_district, name="district-edit"),
]
