from django.urls import path

from criteria.inspections.views import minutes, verification

urlpatterns = [
    path("phieu/<int:pk>/bien-ban/", minutes.minutes, name="minutes"),
    path("phieu/<int:pk>/bien-ban/ky/", minutes.sign, name="minutes-sign"),
    path("phieu/<int:pk>/bien-ban/bo-sung/", minutes.supplement, name="minutes-supplement"),
    path("phieu/<int:pk>/bien-ban/ban-ky/<int:scan>/", minutes.scan, name="minutes-scan"),
    path("phieu/<int:pk>/bien-ban/ban-ky/<int:scan>/hinh/", minutes.scan_picture, name="minutes-scan-picture"),
    path("phieu/<int:pk>/bien-ban/<int:sequence>/tep.docx", minutes.word, name="minutes-word"),
    path("phieu/<int:pk>/bien-ban/<int:sequence>/in/", minutes.printed, name="minutes-print"),
    path("phieu/<int:pk>/bien-ban/<int:sequence>/ban-ky/", minutes.add_scans, name="minutes-add-scans"),
    path("bien-ban/", verification.search, name="verify-search"),
    path("bien-ban/<str:code>/<str:check>/", verification.verify, name="verify"),
    path("bien-ban/<str:code>/<str:check>/ma.svg", verification.qr, name="verify-qr"),
]
