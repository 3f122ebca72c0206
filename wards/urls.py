from django.urls import path

from wards import contact_views, views
from wards.groups import views as group_views

urlpatterns = [
    path("", views.ward_list, name="list"),
    path("danh-ba/", contact_views.directory, name="directory"),
    path("<int:pk>/danh-ba/", contact_views.contact, name="contact"),
    path("them/", views.create, name="create"),
    path("<int:pk>/sua/", views.edit, name="edit"),
    path("<int:pk>/tien-than/", views.predecessors, name="predecessors"),
    path("<int:pk>/tien-than/<int:succession>/xoa/", views.remove_predecessor, name="predecessor-remove"),
    path("nhom/", group_views.groupings, name="groupings"),
    path("nhom/<int:pk>/", group_views.grouping, name="grouping"),
    path("nhom/<int:pk>/sua/", group_views.grouping_edit, name="grouping-edit"),
    path("nhom/<int:pk>/chuyen/", group_views.assign, name="grouping-assign"),
    path("nhom/sua/<int:pk>/", group_views.group_edit, name="group-edit"),
    path("nhom/sua/<int:pk>/bo/", group_views.group_remove, name="group-remove"),
    path("quan-huyen/them/", views.create_district_page, name="district-create"),
    path("quan-huyen/<int:pk>/sua/", views.edit_district, name="district-edit"),
]
