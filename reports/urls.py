from django.urls import path

from reports.closing import views as closing_views
from reports.dashboard import boundary_views
from reports.dashboard import views as dashboard_views
from reports.documents import views as document_views
from reports.ledger import views as ledger_views
from reports.passages import views as passage_views
from reports.rounds import behind_views as explain_views
from reports.rounds import holdings as holdings_pages
from reports.rounds import views
from reports.word_templates import views as template_views
from reports.workbooks import views as book_views

app_name = "reports"
urlpatterns = [
    path("bao-cao/", views.index, name="index"),
    path("dot-kiem-tra/<slug:code>/tong-hop/", views.summary, name="summary"),
    path("dot-kiem-tra/<slug:code>/tong-hop.xlsx", views.summary_workbook, name="summary-workbook"),
    path("dot-kiem-tra/<slug:code>/quan-huyen/", views.districts, name="districts"),
    path("dot-kiem-tra/<slug:code>/muc-hoan-thanh/", views.bands, name="bands"),
    path("dot-kiem-tra/<slug:code>/tieu-chi/", views.criteria, name="criteria"),
    path("dot-kiem-tra/<slug:code>/tieu-chi/<slug:criterion>/", views.criterion, name="criterion"),
    path("dot-kiem-tra/<slug:code>/hien-trang/", holdings_pages.holdings_page, name="holdings"),
    path("dot-kiem-tra/<slug:code>/cac-don-vi/", explain_views.units, name="units"),
    path("bao-cao/theo-dia-gioi/", boundary_views.boundaries, name="boundaries"),
    path("bao-cao/toan-canh/<slug:code>/", dashboard_views.dashboard, name="dashboard"),
    path("bao-cao/toan-canh/<slug:code>/<slug:slug>.svg", dashboard_views.picture, {"kind": "svg"}, name="picture-svg"),
    path("bao-cao/toan-canh/<slug:code>/<slug:slug>.png", dashboard_views.picture, {"kind": "png"}, name="picture-png"),
    path("bao-cao/dao-tao/<slug:scheme>/<slug:category>/", explain_views.courses, name="courses"),
    path("bao-cao/so-lieu/", ledger_views.figures, name="figures"),
    path("bao-cao/mau-thuan/", ledger_views.discrepancies, name="discrepancies"),
    path("dot-kiem-tra/<slug:code>/bieu/<slug:kind>.xlsx", book_views.round_workbook, name="round-workbook"),
    path("bao-cao/dao-tao/<slug:scheme>/<slug:kind>.xlsx", book_views.scheme_workbook, name="scheme-workbook"),
    path("bao-cao/dao-tao/<slug:scheme>.xlsx", views.attainment_workbook, name="attainment-workbook"),
    path("dot-kiem-tra/<slug:code>/bao-cao.docx", document_views.round_document, name="round-document"),
    path("bao-cao/dao-tao/<slug:scheme>/bao-cao.docx", document_views.scheme_document, name="scheme-document"),
    path("bao-cao/mau-van-ban/", template_views.templates, name="templates"),
    path("bao-cao/mau-van-ban/<int:pk>.docx", template_views.file, name="template-file"),
    path("bao-cao/mau-van-ban/<int:pk>/thu-hoi/", template_views.withdraw, name="template-withdraw"),
    path("bao-cao/mau-van-ban/<slug:kind>.docx", template_views.own, name="template-own"),
    path("bao-cao/van-ban/<slug:kind>/<slug:code>/", passage_views.passages, name="passages"),
    path("bao-cao/van-ban/<slug:kind>/<slug:code>/de-xuat/", passage_views.proposal, name="proposal"),
    path("bao-cao/van-ban/<slug:kind>/<slug:code>/sai-sot/", passage_views.correction, name="correction"),
    path("bao-cao/van-ban/<slug:kind>/<slug:code>/doan/<slug:key>/", passage_views.passage, name="passage"),
    path("bao-cao/chot-so-lieu/<int:pk>/", closing_views.closing, name="closing"),
    path("bao-cao/chot-so-lieu/<int:pk>/phat-hanh/", closing_views.issue, name="closing-issue"),
    path("bao-cao/chot-so-lieu/<int:pk>/ban-ky/", closing_views.signed_copy, name="closing-signed"),
    path("bao-cao/chot-so-lieu/<int:pk>/tep/<int:order>/", closing_views.closed_file, name="closing-file"),
    path("bao-cao/chot-so-lieu/<slug:kind>/<slug:code>/", closing_views.closings, name="closings"),
]
