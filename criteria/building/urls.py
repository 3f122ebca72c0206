from django.urls import path

from criteria.building.views import bands, crosswalk, parts, preview, sets

urlpatterns = [
    path("lap/", sets.create, name="create"),
    path("<int:pk>/lap/", sets.build, name="build"),
    path("<int:pk>/lap/thu-tu/", sets.arrange, name="build-arrange"),
    path("<int:pk>/lap/chung/", sets.head, name="build-head"),
    path("<int:pk>/lap/trang-thai/", sets.status, name="build-status"),
    path("<int:pk>/lap/linh-vuc/", sets.sections_of_groups, name="build-sections"),
    path("<int:pk>/lap/nhom/them/", parts.section_add, name="build-section-add"),
    path("<int:pk>/lap/nhom/<int:section>/", parts.section_edit, name="build-section"),
    path("<int:pk>/lap/nhom/<int:section>/bo/", parts.section_remove, name="build-section-remove"),
    path("<int:pk>/lap/tieu-chi/them/", parts.leaf_add, name="build-leaf-add"),
    path("<int:pk>/lap/tieu-chi/<int:criterion>/", parts.leaf_edit, name="build-leaf"),
    path("<int:pk>/lap/tieu-chi/<int:criterion>/bo/", parts.leaf_remove, name="build-leaf-remove"),
    path("<int:pk>/lap/muc/", bands.bands, name="build-bands"),
    path("<int:pk>/lap/diem-liet/them/", bands.bar_add, name="build-bar-add"),
    path("<int:pk>/lap/diem-liet/<int:bar>/", bands.bar_edit, name="build-bar"),
    path("<int:pk>/lap/diem-liet/<int:bar>/bo/", bands.bar_remove, name="build-bar-remove"),
    path("<int:pk>/lap/doi-chieu/", crosswalk.crosswalk, name="build-crosswalk"),
    path("<int:pk>/xem-truoc/", preview.preview, name="preview"),
]
