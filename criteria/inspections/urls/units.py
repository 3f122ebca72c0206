"""Addresses for wards and districts: answer findings, assess oneself."""

from django.urls import path

from criteria.inspections.views import findings, reminders, self_assessment, self_evidence, self_steps, taking_over

urlpatterns = [
    path("kien-nghi/", findings.findings, name="findings"),
    path("kien-nghi/nhac/", reminders.reminders, name="reminders"),
    path("kien-nghi/nhac/gui/", reminders.send, name="reminders-send"),
    path("kien-nghi/<int:pk>/", findings.finding, name="finding"),
    path("kien-nghi/<int:pk>/tra-loi/", findings.answer, name="finding-answer"),
    path("kien-nghi/<int:pk>/danh-gia/", findings.judge, name="finding-judge"),
    path("kien-nghi/<int:pk>/gia-han/", findings.deadline, name="finding-deadline"),
    path("kien-nghi/<int:pk>/dong/", findings.close, name="finding-close"),
    path("kien-nghi/<int:pk>/tep/<int:file>/", findings.finding_file, name="finding-file"),
    path("kien-nghi/<int:pk>/anh/<int:file>/", findings.finding_picture, name="finding-picture"),
    path("phieu/<int:pk>/kien-nghi/<slug:code>/", findings.write, name="finding-write"),
    path("phieu/<int:pk>/kien-nghi/<slug:code>/rut/", findings.withdraw, name="finding-withdraw"),
    path("tu-kiem-tra/<int:pk>/", self_assessment.self_assessment, name="self-assessment"),
    path("tu-kiem-tra/<int:pk>/tra-lai/", self_assessment.self_return, name="self-return"),
    path("tu-kiem-tra/<int:pk>/xac-nhan/", self_steps.self_confirm, name="self-confirm"),
    path("tu-kiem-tra/<int:pk>/chap-nhan/", self_steps.self_accept, name="self-accept"),
    path("tu-kiem-tra/<int:pk>/rut-lai/", self_steps.self_withdraw, name="self-withdraw"),
    path("tu-kiem-tra/<int:pk>/gia-han/", self_steps.self_time, name="self-time"),
    path("tu-kiem-tra/<int:pk>/in/", self_assessment.printed, name="self-print"),
    path("tu-kiem-tra/<int:pk>/ban-ky/", self_steps.self_paper, name="self-paper"),
    path("tu-kiem-tra/<int:pk>/ban-ky/<int:paper>/tep/", self_evidence.paper, name="self-paper-file"),
    path("tu-kiem-tra/<int:pk>/minh-chung/them/<slug:code>/", self_evidence.add, name="self-evidence-add"),
    path("tu-kiem-tra/<int:pk>/minh-chung/<int:evidence>/", self_evidence.item, name="self-evidence-item"),
    path("tu-kiem-tra/<int:pk>/minh-chung/<int:evidence>/anh/", self_evidence.picture, name="self-evidence-picture"),
    path("tu-kiem-tra/<int:pk>/minh-chung/<int:evidence>/tep/", self_evidence.file, name="self-evidence-file"),
    path("phieu/<int:pk>/doi-chieu/", taking_over.both, name="self-both"),
    path("dot-kiem-tra/<slug:code>/tu-kiem-tra/", self_assessment.self_round, name="self-round"),
]
