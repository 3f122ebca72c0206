from django.urls import path

from criteria.inspections.views import checklist, sending

urlpatterns = [
    path("phieu/<int:pk>/", checklist.checklist, name="checklist"),
    path("phieu/<int:pk>/in/", checklist.blank, name="blank"),
    path("phieu/<int:pk>/luu/", sending.save, name="save"),
    path("phieu/<int:pk>/tra-loi/<int:kept>/", sending.settle, name="settle"),
]
