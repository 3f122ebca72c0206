from django.urls import path

from criteria.inspections import views

app_name = "inspections"
urlpatterns = [
    path("dot-kiem-tra/", views.rounds, name="rounds"),
    path("dot-kiem-tra/<slug:code>/", views.round, name="round"),
    path("phieu/<int:pk>/", views.checklist, name="checklist"),
    path("phieu/<int:pk>/in/", views.blank, name="blank"),
    path("phieu/<int:pk>/trinh-duyet/", views.submit, name="submit"),
    path("phieu/<int:pk>/tra-lai/", views.send_back, name="return"),
    path("phieu/<int:pk>/phe-duyet/", views.approve, name="approve"),
]
