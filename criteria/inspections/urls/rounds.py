from django.urls import path

from criteria.inspections.views import documents, overview, preparing, round_desk, round_funding, rounds, teams

urlpatterns = [
    path("dot-kiem-tra/", rounds.rounds, name="rounds"),
    # Before the codes of rounds, which therefore refuse this word.
    path("dot-kiem-tra/mo/", round_desk.open_page, name="round-open"),
    path("dot-kiem-tra/<slug:code>/", rounds.round_page, name="round"),
    path("dot-kiem-tra/<slug:code>/tien-do/", rounds.round_progress, name="round-progress"),
    path("dot-kiem-tra/<slug:code>/chuan-bi/", preparing.prepare, name="round-prepare"),
    path("dot-kiem-tra/<slug:code>/xoa/", preparing.delete, name="round-delete"),
    path("dot-kiem-tra/<slug:code>/sua/", round_desk.edit, name="round-edit"),
    path("dot-kiem-tra/<slug:code>/kinh-phi/", round_funding.funding, name="round-funding"),
    path("dot-kiem-tra/<slug:code>/don-vi/", round_desk.enrol, name="round-enrol"),
    path("dot-kiem-tra/<slug:code>/don-vi/<int:pk>/rut/", round_desk.remove, name="round-remove"),
    path("dot-kiem-tra/<slug:code>/dong/", round_desk.close, name="round-close"),
    path("dot-kiem-tra/<slug:code>/mo-lai/", round_desk.reopen, name="round-reopen"),
    path("dot-kiem-tra/<slug:code>/mo-lai/<int:pk>/", round_desk.reopen_for_ward, name="ward-reopen"),
    path("dot-kiem-tra/<slug:code>/mo-lai/<int:pk>/ket-thuc/", round_desk.end_reopening, name="ward-reopening-end"),
    path("dot-kiem-tra/<slug:code>/ca-dot/", overview.overview, name="round-overview"),
    path("dot-kiem-tra/<slug:code>/ca-dot/don-vi/", overview.units, name="round-overview-units"),
    path("dot-kiem-tra/<slug:code>/ca-dot/chua-nop.docx", overview.late_document, name="round-late-document"),
    path("dot-kiem-tra/<slug:code>/ca-dot/chua-nop.xlsx", overview.late_workbook, name="round-late-workbook"),
    path("dot-kiem-tra/<slug:code>/ca-dot/cong-van.docx", overview.letter, name="round-letter"),
    path("dot-kiem-tra/<slug:code>/van-ban/", documents.documents, name="round-documents"),
    path("dot-kiem-tra/<slug:code>/van-ban/them/", documents.document_add, name="round-document-add"),
    path("dot-kiem-tra/<slug:code>/van-ban/<int:pk>/", documents.document_edit, name="round-document"),
    path("dot-kiem-tra/<slug:code>/van-ban/<int:pk>/tai/", documents.document_file, name="round-document-file"),
    path("dot-kiem-tra/<slug:code>/doan/", teams.teams, name="teams"),
    path("dot-kiem-tra/<slug:code>/lich/", teams.month, name="visits-by-month"),
    path("dot-kiem-tra/<slug:code>/doan/them/", teams.team_add, name="team-add"),
    path("dot-kiem-tra/<slug:code>/doan/<int:pk>/", teams.team_edit, name="team-edit"),
    path("dot-kiem-tra/<slug:code>/doan/<int:pk>/rut/", teams.team_remove, name="team-remove"),
    path("dot-kiem-tra/<slug:code>/phan-cong/", teams.plan, name="plan"),
    path("dot-kiem-tra/<slug:code>/phan-cong/<int:pk>/rieng/", preparing.special_case, name="plan-special"),
    path("dot-kiem-tra/<slug:code>/phan-cong/<int:pk>/", teams.plan_ward, name="plan-ward"),
]
