"""Addresses for wards and districts: answer findings, assess oneself."""

from django.urls import path

from criteria.inspections.views import findings, reminders, self_assessment

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
    path("dot-kiem-tra/<slug:code>/tu-kiem-tra/", self_assessment.self_round, name="self-round"),
]
