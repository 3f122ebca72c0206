"""Addresses of inspection from a distance: questions to a unit, criterion by criterion; and of results."""

from django.urls import path

from criteria.inspections.views import mending, questions, result_sheet

_THREAD = "phieu/<int:pk>/hoi-dap/<slug:code>/"

urlpatterns = [
    path("phieu/<int:pk>/hoi-dap/", questions.questions, name="questions"),
    path(_THREAD, questions.question, name="question"),
    path(f"{_THREAD}hoi/", questions.ask, name="question-ask"),
    path(f"{_THREAD}tra-loi/", questions.answer, name="question-answer"),
    path(f"{_THREAD}xong/", questions.close, name="question-close"),
    path(f"{_THREAD}ghi-chu/", questions.note, name="question-note"),
    path(f"{_THREAD}tu-xa/", questions.mark, name="question-distant"),
    path("phieu/<int:pk>/hoi-dap/tep/<int:file>/", questions.file, name="question-file"),
    path("phieu/<int:pk>/hoi-dap/anh/<int:file>/", questions.shown_picture, name="question-picture"),
    path("phieu/<int:pk>/ket-qua/", result_sheet.sheet, name="result-sheet"),
    path("phieu/<int:pk>/ket-qua/in/", result_sheet.printed, name="result-print"),
    path("phieu/<int:pk>/ket-qua/tep.docx", result_sheet.word, name="result-word"),
    path("phieu/<int:pk>/khac-phuc/", mending.of_unit, name="mending"),
    path("dot-kiem-tra/<slug:code>/khac-phuc/", mending.of_round, name="round-mending"),
]
