"""Notices: who is told of what, that they go with the step, and that a mail tells only what still stands."""

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.stand_ins import name_stand_in
from archiveportal.history.models import Event
from criteria.inspections.models import Enrolment, Finding, Inspection, Notice, Round, RoundDocument, SelfAssessment
from criteria.inspections.services import findings, replies, self_assessment
from criteria.inspections.services.digest import digests, mail_digest, sweep, tell_what_is_due
from criteria.inspections.services.enrolling import add_wards, remove_ward
from criteria.inspections.services.preparing import start_round
from criteria.inspections.services.rounds import close_round
from criteria.inspections.services.self_confirming import confirm, withdraw
from criteria.inspections.services.self_reading import accept_report, give_more_time
from criteria.inspections.services.teams import Plan, assign_wards, shown_of
from criteria.inspections.services.telling import round_opened, visits_planned
from criteria.inspections.services.workflow import (
    approve_inspection,
    reopen_inspection,
    return_inspection,
    submit_inspection,
)
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_round,
    make_user,
    make_ward,
    submit_signed,
    visit_today,
)
from tests.support.inspections import published_finding
from tests.support.self_assessments import handed_in, shown

DAY = datetime.timedelta(days=1)
KIND = Notice.Kind

pytestmark = pytest.mark.usefixtures("noon")


def unread(person: User) -> list[str]:
    return sorted(Notice.objects.unread().filter(person=person).values_list("kind", flat=True))


def counted(person: User) -> int:
    return User.objects.get(pk=person.pk).unread_notices


@pytest.fixture
def people(db):
    names = (Role.INSPECTOR, Role.APPROVER, Role.WARD, Role.DISTRICT)
    ward = make_ward(make_district())
    rights = {Role.WARD: {"ward": ward}, Role.DISTRICT: {"district": ward.district}}
    made = {name.value: make_user(name, email=f"{name}@x.example", **rights.get(name, {})) for name in names}
    return made | {"ward_row": ward, "stranger": make_user(Role.WARD, ward=make_ward(), email="xa@x.example")}


def around_today(**values) -> Round:
    today = localdate()
    return make_round(starts_on=today - 30 * DAY, ends_on=today + 60 * DAY, **values)


@pytest.fixture
def enrolment(people) -> Enrolment:
    return enrol(around_today(), people["ward_row"])


def test_each_step_of_a_checklist_tells_those_who_go_on(people, enrolment):
    inspector, approver = people["inspector"], people["approver"]
    answer(enrolment, inspector, "met")
    visit_today(enrolment.inspection)
    inspection = submit_signed(inspection=enrolment.inspection, by=inspector)
    assert (unread(approver), counted(approver)) == ([KIND.SUBMITTED], 1)
    inspection = return_inspection(inspection=inspection, by=approver, reason="Bổ sung ngày")
    assert (unread(approver), counted(approver)) == ([], 0)
    assert (unread(inspector), counted(inspector)) == ([KIND.RETURNED], 1)
    inspection = submit_inspection(inspection=inspection, by=inspector)
    approve_inspection(inspection=inspection, by=approver)
    assert unread(approver) == [] and unread(inspector) == [KIND.APPROVED]
    assert unread(people["ward"]) == unread(people["district"]) == [KIND.APPROVED]
    reopen_inspection(inspection=inspection, by=approver, reason="Sai điểm")
    assert unread(inspector) == [KIND.RETURNED] and unread(people["ward"]) == []
    assert unread(people["stranger"]) == []


def test_who_had_a_hand_in_it_is_not_asked_to_approve_and_a_stand_in_is(people, enrolment):
    helper, today = make_user(Role.INSPECTOR), localdate()
    name_stand_in(person=helper, decision="7/QĐ", starts_on=today, ends_on=today, by=people["approver"])
    other = make_user(Role.APPROVER)
    answer(enrolment, other, "met")
    submit_signed(inspection=enrolment.inspection, by=people["inspector"])
    assert unread(other) == [] and unread(people["approver"]) == unread(helper) == [KIND.SUBMITTED]


def test_many_days_taken_back_are_one_question(people):
    rows = [enrol(around_today(), people["ward_row"]) for _number in range(3)]
    with CaptureQueriesContext(connection) as few:
        visits_planned(rows[:1], by=people["approver"])
    with CaptureQueriesContext(connection) as many:
        visits_planned(rows, by=people["approver"])
    assert len(many) == len(few) <= 2


def test_a_recommendation_goes_to_and_fro(people, enrolment):
    finding = published_finding(enrolment, people["inspector"], due_on=localdate() + 30 * DAY)
    reply = {"text": "Đã làm", "submission_id": "1" * 8 + "-1111-1111-1111-" + "1" * 12}
    replies.answer_finding(finding=finding, seen=finding.version, by=people["ward"], **reply)
    assert unread(people["inspector"]) == [KIND.FINDING_ANSWERED]
    finding.refresh_from_db()
    asked = {"finding": finding, "seen": finding.version, "by": people["inspector"]}
    replies.judge_reply(accept=False, reason="Thiếu ảnh", **asked)
    assert unread(people["inspector"]) == [] and unread(people["ward"]) == [KIND.FINDING_REFUSED]
    finding.refresh_from_db()
    findings.close_finding(finding=finding, reason="Đã xem tại chỗ", seen=finding.version, by=people["inspector"])
    assert unread(people["ward"]) == [] and counted(people["ward"]) == 0


def test_plans_of_an_open_round_tell_the_unit_its_day(people, enrolment):
    def plan(day):
        row = Enrolment.objects.get(pk=enrolment.pk)
        wish = Plan(sets_day=True, planned_on=day)
        assign_wards(inspection_round=row.round, shown={row.pk: shown_of(row)}, plan=wish, by=people["approver"])

    plan(localdate() + 7 * DAY)
    plan(localdate() + 9 * DAY)
    (notice,) = Notice.objects.unread().filter(person=people["ward"])
    assert notice.day == localdate() + 9 * DAY and f"{notice.day:%d/%m/%Y}" in notice.text
    plan(None)
    assert unread(people["ward"]) == [] and counted(people["ward"]) == 0


def test_a_draft_tells_nobody_until_it_is_opened(people):
    inspection_round = around_today(status="in_draft", asks_self_assessment=True, self_assessment_due=localdate() + DAY)
    enrol(inspection_round, people["ward_row"])
    assert not Notice.objects.exists()
    start_round(inspection_round=inspection_round, by=people["approver"])
    assert unread(people["ward"]) == unread(people["district"]) == [KIND.ROUND_OPENED]
    assert "chậm nhất ngày" in Notice.objects.filter(person=people["ward"]).get().text
    assert unread(people["approver"]) == unread(people["stranger"]) == []
    add_wards(inspection_round=inspection_round, wards=[people["stranger"].ward], by=people["approver"])
    assert unread(people["stranger"]) == [KIND.ROUND_OPENED] and len(unread(people["ward"])) == 1


def test_closing_and_taking_out_end_what_is_unread(people, enrolment):
    assign_wards(
        inspection_round=enrolment.round,
        shown={enrolment.pk: shown_of(enrolment)},
        plan=Plan(sets_day=True, planned_on=localdate() + DAY),
        by=people["approver"],
    )
    finding = published_finding(enrolment, people["inspector"], due_on=localdate() - DAY)
    tell_what_is_due()
    assert unread(people["ward"]) == [KIND.FINDING_LATE, KIND.VISIT_PLANNED]
    close_round(inspection_round=enrolment.round, by=people["approver"])
    assert unread(people["ward"]) == [KIND.FINDING_LATE] and counted(people["ward"]) == 1
    Finding.objects.filter(pk=finding.pk).delete()


def test_a_unit_taken_out_takes_its_notices_along(people, enrolment):
    shown = {enrolment.pk: shown_of(enrolment)}
    plan = Plan(sets_day=True, planned_on=localdate() + DAY)
    assign_wards(inspection_round=enrolment.round, shown=shown, plan=plan, by=people["approver"])
    assert counted(people["ward"]) == 1
    remove_ward(enrolment=enrolment, by=people["approver"])
    assert counted(people["ward"]) == 0 and not Notice.objects.filter(person=people["ward"]).exists()


@pytest.fixture
def asked(people) -> Enrolment:
    due = localdate() + 2 * DAY
    return enrol(around_today(asks_self_assessment=True, self_assessment_due=due), people["ward_row"])


def test_days_are_told_once_each(people, asked):
    assert tell_what_is_due() == 2 and tell_what_is_due() == 0
    assert unread(people["ward"]) == unread(people["district"]) == [KIND.SELF_DUE]
    Notice.objects.update(read_at=timezone.now())
    assert tell_what_is_due() == 0
    type(asked.round).objects.filter(pk=asked.round_id).update(self_assessment_due=localdate() - DAY)
    assert tell_what_is_due() == 2
    assert unread(people["ward"]) == [KIND.SELF_LATE]


def test_a_unit_whose_minutes_are_signed_owes_no_self_assessment(people, asked):
    answer(asked, people["inspector"], "met")
    submit_signed(inspection=Inspection.objects.get(enrolment=asked), by=people["inspector"])
    type(asked.round).objects.filter(pk=asked.round_id).update(self_assessment_due=localdate() - DAY)
    assert tell_what_is_due() == 0


def test_who_has_handed_in_is_not_reminded(people, asked):
    tell_what_is_due()
    SelfAssessment.objects.create(enrolment=asked, handed_in_by=people["ward"], handed_in_at=timezone.now())
    assert digests() != []
    assessment = SelfAssessment.objects.get()
    self_assessment.hand_back(assessment=assessment, reason="Bổ sung", by=people["inspector"])
    assert unread(people["ward"]) == [KIND.SELF_RETURNED]


def test_each_step_of_a_self_assessment_tells_those_who_go_on(people, asked):
    Enrolment.objects.filter(pk=asked.pk).update(way="report")
    officer, leader = people["ward"], make_user(Role.UNIT_LEADER, ward=people["ward_row"])
    stranger = make_user(Role.UNIT_LEADER, ward=people["stranger"].ward)
    assessment = handed_in(asked, officer)
    assert unread(leader) == [KIND.SELF_TO_CONFIRM] and unread(officer) == unread(stranger) == []
    (notice,) = Notice.objects.filter(person=leader)
    assert "chờ xác nhận" in notice.text and notice.address == reverse("inspections:self-assessment", args=[asked.pk])
    assessment = confirm(assessment=assessment, seen=assessment.version, by=leader)
    assert unread(leader) == []
    shown(asked, officer)
    assert unread(leader) == [KIND.SELF_TO_CONFIRM], "the confirmation ended with the new evidence"
    withdraw(assessment=assessment, by=officer)
    assert unread(leader) == unread(officer) == []
    assessment = handed_in(asked, officer)
    confirm(assessment=assessment, seen=assessment.version, by=leader)
    accept_report(assessment=assessment, seen=assessment.version, by=people["inspector"])
    assert unread(officer) == unread(leader) == unread(people["district"]) == [KIND.SELF_ACCEPTED]
    more = {"until": localdate() + 9 * DAY, "ground": "Bổ sung minh chứng"}
    give_more_time(enrolment=asked, by=people["approver"], **more)
    assert unread(officer) == unread(leader) == [KIND.SELF_RETURNED]


def test_one_mail_a_day_and_none_for_what_is_over(people, asked, settings):
    settings.NOTICES_BY_MAIL = True
    User.objects.filter(pk=people["district"].pk).update(wants_daily_mail=False)
    for number, is_voided in (("9/CV-SNV", False), ("8/CV-SNV", True)):
        values = {"voided_at": timezone.now() if is_voided else None, "issued_on": datetime.date(2026, 3, 2)}
        RoundDocument.objects.create(round=asked.round, kind="plan", number=number, **values)
    call_command("send_notices", stdout=None)
    (sent,) = mail.outbox
    assert "Văn bản chính thức: số 9/CV-SNV ngày 02/3/2026." in sent.body and "8/CV-SNV" not in sent.body
    assert sent.to == ["ward@x.example"] and "Tin nhắc tự động, không thay thế văn bản" in sent.body
    assert "bản tự kiểm tra cần nộp chậm nhất ngày" in sent.body and asked.round.name in sent.body
    call_command("send_notices", stdout=None)
    assert len(mail.outbox) == 1
    Notice.objects.update(mailed_at=None)
    type(asked.round).objects.filter(pk=asked.round_id).update(status="closed")
    assert digests() == []


@pytest.mark.usefixtures("asked")
def test_a_mail_that_cannot_leave_is_tried_again(people, monkeypatch):
    tell_what_is_due()
    first = digests()[0]

    def broken(self, **options):
        raise OSError("no mail server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", broken)
    with pytest.raises(OSError, match="no mail"):
        mail_digest(first)
    assert [each.person for each in digests()] == [people["ward"], people["district"]]


def test_reading_is_of_ones_own_alone(people, asked, client):
    tell_what_is_due()
    own, other = (Notice.objects.get(person=people[name]) for name in ("ward", "district"))
    client.force_login(people["ward"])
    assert client.post(reverse("inspections:notice", args=[other.pk])).status_code == 404
    answer_to = client.post(reverse("inspections:notice", args=[own.pk]))
    assert answer_to.url == reverse("inspections:self-assessment", args=[asked.pk])
    assert counted(people["ward"]) == 0 and counted(people["district"]) == 1


def test_all_that_was_shown_is_read_and_nothing_later(people, asked, client):
    tell_what_is_due()
    client.force_login(people["ward"])
    page = client.get(reverse("inspections:notices"))
    assert "chậm nhất ngày" in page.content.decode() and page.context["until"]
    Notice.objects.create(
        person=people["ward"], kind=KIND.ROUND_OPENED, round=asked.round, posted_at=timezone.now() + DAY
    )
    client.post(reverse("inspections:notices-read"), {"until": page.context["until"]})
    assert unread(people["ward"]) == [KIND.ROUND_OPENED] and counted(people["ward"]) == 1


def test_what_a_person_no_longer_sees_is_not_shown(people, asked):
    tell_what_is_due()
    ward = people["ward"]
    ward.ward = people["stranger"].ward
    ward.save(update_fields=["ward"])
    assert not Notice.objects.visible_to(ward).exists()


def test_the_choice_of_mails_is_on_record(people, client):
    client.force_login(people["ward"])
    for wants in ("0", "0", "1"):
        client.post(reverse("inspections:notices-mail"), {"wants": wants})
    assert [event.changes for event in Event.objects.about(people["ward"]).order_by("pk")] == [
        {"wants_daily_mail": [True, False]},
        {"wants_daily_mail": [False, True]},
    ]


def test_the_page_asks_the_same_few_questions_however_many(people, asked, client):
    client.force_login(people["ward"])
    rows = [
        Notice(person=people["ward"], kind=KIND.VISIT_PLANNED, round=asked.round, enrolment=asked,
               day=localdate() + number * DAY, posted_at=timezone.now())
        for number in range(200)
    ]  # fmt: skip
    counts = []
    for some in (rows[:1], rows[1:]):
        Notice.objects.bulk_create(some)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("inspections:notices"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8 and len(page.content) < 60_000


def test_what_was_read_long_ago_goes(people, asked):
    tell_what_is_due()
    Notice.objects.filter(person=people["ward"]).update(read_at=timezone.now() - 200 * DAY)
    assert sweep() == 1 and Notice.objects.count() == 1


def test_what_was_announced_is_taken_back_once_it_is_over(people, enrolment):
    officer, other = people["ward"], people["stranger"]
    Round.objects.filter(pk=enrolment.round_id).update(asks_self_assessment=True)
    rows = [enrolment, enrol(enrolment.round, other.ward)]
    Enrolment.objects.filter(pk=enrolment.pk).update(planned_on=localdate())
    rows[0].refresh_from_db()
    round_opened(enrolment.round, rows, by=people["approver"])
    visits_planned(rows[:1], by=people["approver"])
    assert sorted(unread(officer)) == [KIND.ROUND_OPENED, KIND.VISIT_PLANNED]
    handed_in(enrolment, officer)
    assert unread(officer) == [KIND.VISIT_PLANNED] and unread(other) == [KIND.ROUND_OPENED]
    answer(enrolment, people["inspector"], "met")
    visit_today(enrolment.inspection)
    inspection = submit_signed(inspection=enrolment.inspection, by=people["inspector"])
    approve_inspection(inspection=inspection, by=people["approver"])
    assert unread(officer) == [KIND.APPROVED]
