"""All addresses. Pages about a ward and a district need its scores, so their views live in reports."""

from django.urls import include, path
from django.views.i18n import set_language

from archiveportal import home
from archiveportal.accounts.access import public
from archiveportal.guide.views import guide
from criteria.inspections.views import unit_pages as units
from wards.urls import urlpatterns as ward_urls

handler400 = "archiveportal.errors.bad_request"
handler403 = "archiveportal.errors.forbidden"
handler404 = "archiveportal.errors.not_found"
handler500 = "archiveportal.errors.broken"

unit_urls = [
    path("<int:pk>/", units.ward, name="detail"),
    path("quan-huyen/<int:pk>/", units.district, name="district"),
]

urlpatterns = [
    # First: an answer is by far what is sent most often.
    path("", include("criteria.inspections.urls")),
    path("", home.home, name="home"),
    path("bat-dau/", guide, name="guide"),
    path("ngon-ngu/", public(set_language), name="set_language"),
    path("healthz", home.healthz, name="healthz"),
    path("readyz", home.readyz, name="readyz"),
    path("", include("archiveportal.imports.urls")),
    path("viec-nen/", include("archiveportal.jobs.urls")),
    path("tai-khoan/", include("archiveportal.accounts.urls")),
    path("phan-cong-thay/", include("archiveportal.accounts.stand_in_urls")),
    path("co-quan/", include("archiveportal.office.urls")),
    path("tep/", include("archiveportal.files.urls")),
    path("don-vi/", include((ward_urls + unit_urls, "wards"))),
    path("bo-tieu-chi/", include("criteria.urls")),
    path("dao-tao/", include("training.urls")),
    path("", include("reports.urls")),
]
