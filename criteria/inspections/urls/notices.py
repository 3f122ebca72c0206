from django.urls import path

from criteria.inspections.views import notices

urlpatterns = [
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.read_every, name="notices-read"),
    path("thong-bao/thu/", notices.daily_mail, name="notices-mail"),
    path("thong-bao/<int:pk>/", notices.open_notice, name="notice"),
]
