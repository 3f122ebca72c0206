"""What the first pages and the pages of units say of findings and self-assessments."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archiveportal.templatetags.portal import day
from criteria.inspections.models import Enrolment, Finding, Inspection, Round, SelfAssessment
from criteria.inspections.services.replies import answer_finding, judge_reply
from tests.support.factories import enrol, make_round
from tests.support.inspections import published_finding
from tests.support.pages import squeeze

DAY = datetime.timedelta(days=1)


@pytest.fixture
def late(cast, phuong6) -> Finding:
    return published_finding(phuong6, cast.inspector, due_on=timezone.localdate() - DAY)


def page_of(client, name="home", *arguments) -> str:
    response = client.get(reverse(name, args=arguments))
    assert response.status_code == 200
    return response.content.decode()


def test_a_unit_finds_what_it_must_answer_on_its_first_page(cast, late, sign_in):
    link = reverse("inspections:finding", args=[late.pk])
    assert link in page_of(sign_in(cast.quan10))
    for person in (cast.cangio, cast.thanhan, cast.inspector, cast.leader, cast.administrator):
        assert link not in page_of(sign_in(person))
    Finding.objects.filter(pk=late.pk).update(status="answered")
    assert link not in page_of(sign_in(cast.quan10))
    for person in (cast.inspector, cast.approver):
        assert link in page_of(sign_in(person))


def test_a_refused_answer_stands_there_with_what_is_missing(cast, late, sign_in):
    answered = {"text": "Đã làm.", "submission_id": uuid.uuid4(), "seen": late.version, "by": cast.quan10}
    answer_finding(finding=late, **answered)
    assert "Thiếu biên bản" not in page_of(sign_in(cast.quan10))
    late.refresh_from_db()
    judge_reply(finding=late, accept=False, reason="Thiếu biên bản", seen=late.version, by=cast.inspector)
    assert "Thiếu biên bản" in page_of(sign_in(cast.quan10))


def test_what_is_overdue_stands_on_the_first_page_of_inspectors(cast, late, sign_in):
    assert "?due=overdue" in page_of(sign_in(cast.inspector))
    Finding.objects.filter(pk=late.pk).update(published_at=None)
    assert "?due=overdue" not in page_of(sign_in(cast.inspector))
    assert "?due=overdue" not in page_of(sign_in(cast.quan10))


def test_pages_of_ward_and_district_show_findings(cast, late, sign_in):
    ward = late.inspection.enrolment.ward
    link = reverse("inspections:finding", args=[late.pk])
    for person in (cast.inspector, cast.quan10, cast.leader):
        client = sign_in(person)
        assert link in page_of(client, "wards:detail", ward.pk)
        assert "due=overdue" in page_of(client, "wards:district", ward.district_id)
    administrator = sign_in(cast.administrator)
    assert link not in page_of(administrator, "wards:detail", ward.pk)
    assert "due=overdue" not in page_of(administrator, "wards:district", ward.district_id)


def test_a_unit_finds_what_it_has_to_assess(cast, phuong6, sign_in):
    district, link = sign_in(cast.quan10), reverse("inspections:self-assessment", args=[phuong6.pk])
    assert link not in page_of(district)
    Round.objects.update(asks_self_assessment=True, self_assessment_due=timezone.localdate())
    page = page_of(district)
    assert link in page and "Nhập phiếu" in page and "Nhập tiếp" not in page
    assert link not in page_of(sign_in(cast.cangio))
    assessment = SelfAssessment.objects.create(enrolment=phuong6, return_reason="Thiếu giải trình", version=1)
    page = page_of(district)
    assert "Thiếu giải trình" in page and "Nhập tiếp" in page
    SelfAssessment.objects.filter(pk=assessment.pk).update(handed_in_at=timezone.now(), handed_in_by=cast.quan10)
    assert link not in page_of(district)


@pytest.mark.parametrize("person", ["quan10", "inspector"])
def test_queries_do_not_grow_with_findings(cast, phuong6, sign_in, person):
    client, counts = sign_in(getattr(cast, person)), []
    codes = phuong6.round.criteria_set.criteria.filter(is_counted=True).values_list("code", flat=True)
    places = [
        reverse("home"),
        reverse("wards:detail", args=[phuong6.ward_id]),
        reverse("wards:district", args=[phuong6.ward.district_id]),
    ]
    for some in (codes[:2], codes[:20]):
        for code in some:
            published_finding(phuong6, cast.inspector, code, due_on=timezone.localdate() - DAY)
        for place in places:
            client.get(place)
            with CaptureQueriesContext(connection) as queries:
                client.get(place)
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert Enrolment.objects.filter(inspection__findings__isnull=False).distinct().count() == 1


def test_a_unit_reads_what_it_handed_in_and_when_the_team_comes(cast, sign_in):
    client = sign_in(cast.thanhan)
    assert "Hiện không có việc phải làm." in page_of(client)
    inspection_round = make_round(asks_self_assessment=True)
    enrolment = enrol(inspection_round, cast.thanhan.ward)
    assert "Hiện không có việc phải làm." not in page_of(client)
    moment = timezone.localtime().replace(hour=8, minute=15)
    done = {"handed_in_by": cast.thanhan, "handed_in_at": moment}
    SelfAssessment.objects.create(enrolment=enrolment, version=1, **done)
    coming = timezone.localdate() + 8 * DAY
    Enrolment.objects.filter(pk=enrolment.pk).update(planned_on=coming)
    page = squeeze(page_of(client))
    assert f"Đã nộp lúc 08:15 ngày {moment:%d/%m/%Y}" in page
    assert f"đoàn kiểm tra làm việc với đơn vị ngày {coming:%d/%m/%Y}" in page
    assert "Hiện không có việc phải làm." in page
    assert reverse("reports:summary-workbook", args=[inspection_round.code]) in page
    assert "Đã nộp lúc" not in page_of(sign_in(cast.cangio))


def test_a_unit_reads_that_it_was_inspected_until_the_result_is_approved(cast, sign_in):
    client, enrolment = sign_in(cast.thanhan), enrol(make_round(), cast.thanhan.ward)
    said = f"Đã kiểm tra ngày {timezone.localdate():%d/%m/%Y}; kết quả chờ phê duyệt"
    assert said not in squeeze(page_of(client))
    Inspection.objects.filter(enrolment=enrolment).update(
        status="signed", signed_at=timezone.now(), inspected_on=timezone.localdate()
    )
    assert said in squeeze(page_of(client))
    Inspection.objects.filter(enrolment=enrolment).update(inspected_on=None)
    assert "Đã kiểm tra; kết quả chờ phê duyệt" in squeeze(page_of(client))
    assert "kết quả chờ phê duyệt" not in page_of(sign_in(cast.cangio))


def test_a_moment_after_midnight_is_on_the_day_of_the_office():
    """05:24 in the City is 22:24 of the day before by UTC."""
    moment = datetime.datetime(2026, 11, 29, 22, 24, tzinfo=datetime.UTC)
    assert (day(moment), day(datetime.date(2026, 11, 29)), day(None)) == ("30/11/2026", "29/11/2026", "—")


def test_a_unit_that_only_reports_does_not_wait_for_a_score(cast, sign_in):
    enrolment = enrol(make_round(asks_self_assessment=True), cast.thanhan.ward)
    Enrolment.objects.filter(pk=enrolment.pk).update(way=Enrolment.Way.REPORT)
    home, unit = sign_in(cast.thanhan), ("wards:detail", cast.thanhan.ward_id)
    assert "chờ báo cáo tự kiểm tra" in page_of(home)
    assert "tự kiểm tra, báo cáo" in page_of(sign_in(cast.leader), *unit)
    SelfAssessment.objects.create(
        enrolment=enrolment, version=1, handed_in_by=cast.thanhan, handed_in_at=timezone.now()
    )
    assert "đã báo cáo tự kiểm tra" in page_of(home)
    Enrolment.objects.filter(pk=enrolment.pk).update(is_left_out=True, left_out_reason="Kiểm toán")
    assert "đưa ra khỏi kế hoạch" in page_of(home) and "đưa ra khỏi kế hoạch" in page_of(home, *unit)
