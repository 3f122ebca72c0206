from django.urls import path

from training.views import courses as views
from training.views import entry as entry_views
from training.views import funds as fund_views
from training.views import quotas as quota_views

app_name = "training"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("de-an/<slug:scheme>/", views.attainment, name="attainment"),
    path("de-an/<slug:scheme>/chi-tieu/", quota_views.quotas, name="quotas"),
    path("de-an/<slug:scheme>/kinh-phi/", fund_views.funds, name="funds"),
    path("de-an/<slug:scheme>/khoa/", views.courses, name="courses"),
    path("de-an/<slug:scheme>/khoa/them/", entry_views.course_create, name="course-create"),
    path("khoa/<int:pk>/", views.course, name="course"),
    path("khoa/<int:pk>/sua/", entry_views.course_edit, name="course-edit"),
    path("khoa/<int:pk>/huy/", entry_views.course_void, name="course-void"),
]
