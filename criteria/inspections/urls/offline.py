from django.urls import path

from criteria.inspections.views import offline

urlpatterns = [
    path("sw.js", offline.worker, name="worker"),
    path("ngoai-tuyen/", offline.waiting, name="waiting"),
]
