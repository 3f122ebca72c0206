from django.urls import path

from training.views import courses as views
from training.views import entry as entry_views
from training.views import funds as fund_views
from training.views import quotas as quota_views
from training.views import schemes as scheme_views

app_name = "training"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("de-an/", scheme_views.schemes, name="schemes"),
    path("de-an/them/", scheme_views.scheme_create, name="scheme-create"),
    path("de-an/<slug:scheme>/", views.attainment, name="attainment"),
    path("de-an/<slug:scheme>/chi-tieu/", quota_views.quotas, name="quotas"),
    path("de-an/<slug:scheme>/sua/", scheme_views.scheme_edit, name="scheme-edit"),
    path("de-an/<slug:scheme>/xoa/", scheme_views.scheme_remove, name="scheme-remove"),
    path("de-an/<slug:scheme>/loai-hinh/", scheme_views.categories, name="categories"),
    path("de-an/<slug:scheme>/loai-hinh/<slug:category>/", scheme_views.category_edit, name="category-edit"),
    path("de-an/<slug:scheme>/loai-hinh/<slug:category>/doi-cho/", scheme_views.category_move, name="category-move"),
    path("de-an/<slug:scheme>/loai-hinh/<slug:category>/bo/", scheme_views.category_remove, name="category-remove"),
    path("de-an/<slug:scheme>/chi-tieu-nam/", scheme_views.year_targets, name="year-targets"),
    path("de-an/<slug:scheme>/chi-tieu-nam/<int:pk>/", scheme_views.target_edit, name="target-edit"),
    path("de-an/<slug:scheme>/theo-nam/", scheme_views.by_year, name="by-year"),
    path("de-an/<slug:scheme>/kinh-phi/", fund_views.funds, name="funds"),
    path("de-an/<slug:scheme>/khoa/", views.courses, name="courses"),
    path("de-an/<slug:scheme>/khoa/them/", entry_views.course_create, name="course-create"),
    path("khoa/<int:pk>/", views.course, name="course"),
    path("khoa/<int:pk>/sua/", entry_views.course_edit, name="course-edit"),
    path("khoa/<int:pk>/huy/", entry_views.course_void, name="course-void"),
]
