from django.urls import path

from criteria.inspections.views import checklist

urlpatterns = [
    path("phieu/<int:pk>/", checklist.checklist, name="checklist"),
    path("phieu/<int:pk>/in/", checklist.blank, name="blank"),
]
