from django.urls import path

from archiveportal.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/trang-thai/", views.state, name="state"),
    path("<int:pk>/tep/", views.file, name="file"),
    path("<int:pk>/huy/", views.cancel, name="cancel"),
]
