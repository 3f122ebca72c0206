from django.urls import path

from reports import ledger_views, views

app_name = "reports"
urlpatterns = [
    path("bao-cao/", views.index, name="index"),
    path("dot-kiem-tra/<slug:code>/tong-hop/", views.summary, name="summary"),
    path("dot-kiem-tra/<slug:code>/tong-hop.xlsx", views.summary_workbook, name="summary-workbook"),
    path("dot-kiem-tra/<slug:code>/quan-huyen/", views.districts, name="districts"),
    path("dot-kiem-tra/<slug:code>/muc-hoan-thanh/", views.bands, name="bands"),
    path("dot-kiem-tra/<slug:code>/tieu-chi/", views.criteria, name="criteria"),
    path("dot-kiem-tra/<slug:code>/tieu-chi/<slug:criterion>/", views.criterion, name="criterion"),
    path("bao-cao/so-lieu/", ledger_views.figures, name="figures"),
    path("bao-cao/mau-thuan/", ledger_views.discrepancies, name="discrepancies"),
    path("bao-cao/dao-tao/<slug:scheme>.xlsx", views.attainment_workbook, name="attainment-workbook"),
]
