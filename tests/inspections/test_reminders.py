"""Reminders: texts for a letter, and mail: never for what is answered, closed or withdrawn."""

import datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Finding
from criteria.inspections.queries.reminders import reminders
from criteria.inspections.services.reminders import mail_reminder
from tests.support.factories import enrol, make_grouping, make_round, make_ward
from tests.support.inspections import published_finding

DAY = datetime.timedelta(days=1)


@pytest.fixture
def late(cast, phuong6) -> Finding:
    cast.quan10.email = "pnv@quan10.example"
    cast.quan10.save(update_fields=["email"])
    return published_finding(phuong6, cast.inspector, due_on=localdate() - 12 * DAY)


def only(found):
    (reminder,) = found
    return reminder


@pytest.mark.usefixtures("noon")
def test_the_text_names_wards_criteria_days(cast, phuong6, late):
    published_finding(phuong6, cast.inspector, "TC02", due_on=localdate() + 3 * DAY, recommendation="Ban hành quy chế.")
    text = only(reminders(Finding.objects.all())).text
    assert "Kính gửi: Ủy ban nhân dân Quận 10." in text
    assert "01 kiến nghị đã quá thời hạn khắc phục" in text and "01 kiến nghị sắp đến thời hạn" in text
    assert "Phường 6: " in text and "“Bố trí kho lưu trữ”" in text and "quá hạn 12 ngày" in text


@pytest.mark.parametrize(
    "values",
    [
        {"status": "answered"},
        {"status": "closed"},
        {"status": "withdrawn"},
        {"published_at": None},
        {"due_on": None},
        {"due_on": 15 * DAY},
    ],
)
def test_nothing_else_is_reminded(cast, late, values):
    if values.get("status") == "closed":
        values = values | {"closed_at": timezone.now(), "closed_by": cast.inspector}
    if values.get("due_on"):
        values = {"due_on": localdate() + values["due_on"]}
    Finding.objects.filter(pk=late.pk).update(**values)
    assert reminders(Finding.objects.all()) == []


def test_a_ward_without_a_district_is_reminded_itself(cast, late, phuong6):
    ward = phuong6.ward
    type(ward).objects.filter(pk=ward.pk).update(district=None)
    assert only(reminders(Finding.objects.all())).unit == ward


@pytest.mark.usefixtures("noon")
def test_mail_once_a_week_with_an_event_each(cast, late, settings):
    settings.REMINDERS_BY_MAIL = True
    reminder = only(reminders(Finding.objects.all()))
    assert mail_reminder(reminder=reminder, by=cast.approver).addresses == ["pnv@quan10.example"]
    assert mail_reminder(reminder=reminder, by=cast.approver).addresses == []
    assert len(mail.outbox) == 1 and "quá hạn 12 ngày" in mail.outbox[0].body
    event = Event.objects.about(late).get()
    assert event.changes == {"reminded_on": [None, str(localdate())]} and event.actor_id == cast.approver.pk
    Finding.objects.filter(pk=late.pk).update(reminded_on=localdate() - 7 * DAY)
    mail_reminder(reminder=only(reminders(Finding.objects.all())), by=cast.approver)
    assert len(mail.outbox) == 2


def test_what_was_answered_meanwhile_is_not_mailed(cast, late, settings):
    settings.REMINDERS_BY_MAIL = True
    reminder = only(reminders(Finding.objects.all()))
    Finding.objects.filter(pk=late.pk).update(status="answered")
    mail_reminder(reminder=reminder, by=cast.approver)
    assert mail.outbox == [] and not Event.objects.about(late).exists()


def test_only_people_of_the_unit_who_can_sign_in_get_it(cast, late, settings):
    settings.REMINDERS_BY_MAIL = True
    for person in (cast.cangio, cast.thanhan, cast.inspector):
        person.email = f"{person.username}@example.test"
        person.save(update_fields=["email"])
    cast.quan10.is_active = False
    cast.quan10.save(update_fields=["is_active"])
    assert mail_reminder(reminder=only(reminders(Finding.objects.all())), by=cast.approver).addresses == []
    assert mail.outbox == []


def test_a_mail_that_fails_is_taken_back(cast, late, settings, monkeypatch):
    settings.REMINDERS_BY_MAIL = True
    former = localdate() - 9 * DAY
    Finding.objects.filter(pk=late.pk).update(reminded_on=former)

    def fail(*_args, **_options):
        raise ConnectionRefusedError("mail server away")

    with monkeypatch.context() as patched, pytest.raises(CommandError):
        patched.setattr("django.core.mail.EmailMessage.send", fail)
        call_command("send_reminders", stdout=StringIO(), stderr=StringIO())
    late.refresh_from_db()
    taken_back, recorded = Event.objects.about(late)
    assert late.reminded_on == former
    assert recorded.changes == {"reminded_on": [str(former), str(localdate())]}
    assert taken_back.changes == {"reminded_on": [str(localdate()), str(former)]}
    assert mail_reminder(reminder=only(reminders(Finding.objects.all())), by=cast.approver).addresses


@pytest.mark.django_db(transaction=True)
def test_a_mail_leaves_outside_the_transaction_and_once(cast, late, settings, monkeypatch):
    """A mail server that hangs holds no row, and a reminder at the same moment sends no second mail."""
    settings.REMINDERS_BY_MAIL = True
    reminder = only(reminders(Finding.objects.all()))
    seen = []

    def send(_mail):
        seen.append((connection.in_atomic_block, mail_reminder(reminder=reminder, by=cast.approver2).addresses))

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    assert mail_reminder(reminder=reminder, by=cast.approver).addresses
    assert seen == [(False, [])]


def test_switched_off_by_default(cast, late, sign_in):
    with pytest.raises(Refused):
        mail_reminder(reminder=only(reminders(Finding.objects.all())), by=cast.approver)
    with pytest.raises(CommandError):
        call_command("send_reminders", stdout=StringIO())
    out = StringIO()
    call_command("send_reminders", dry_run=True, stdout=out)
    assert "pnv@quan10.example" in out.getvalue() and mail.outbox == []
    page = sign_in(cast.approver).get(reverse("inspections:reminders"))
    assert page.status_code == 200 and not page.context["can_mail"]


def test_the_button_of_the_approver(cast, late, settings, sign_in):
    settings.REMINDERS_BY_MAIL = True
    approver, address = sign_in(cast.approver), reverse("inspections:reminders-send")
    key = only(reminders(Finding.objects.all())).key
    for _click in range(2):
        assert approver.post(address, {"unit": key}).status_code == 302
    assert len(mail.outbox) == 1
    assert approver.post(address, {"unit": "district-0"}).status_code == 404
    assert sign_in(cast.inspector).post(address, {"unit": key}).status_code == 403


def test_queries_do_not_grow(cast, late, django_assert_num_queries):
    for enrolment in Enrolment.objects.filter(round__code="gd1-2019").exclude(ward__code="27202")[:12]:
        published_finding(enrolment, cast.inspector, due_on=localdate() - DAY)
    # The findings, and the office that the letters name.
    with django_assert_num_queries(2):
        assert all(reminder.text for reminder in reminders(Finding.objects.all()))


def test_letters_to_units_of_a_round_with_groups_are_in_groups(cast, late, sign_in, django_assert_max_num_queries):
    wards = [make_ward(None, name) for name in ("Một", "Hai", "Ba")]
    inspection_round = make_round(grouping=make_grouping("Khu vực", {"Bắc": [wards[2]], "Nam": [wards[0]]}))
    for ward in wards:
        finding = published_finding(enrol(inspection_round, ward), cast.inspector, due_on=localdate() - DAY)
        assert finding.due_on
    client, page = sign_in(cast.approver), reverse("inspections:reminders")
    client.get(page)
    with django_assert_max_num_queries(12):
        response = client.get(page)
    sections = [(each.title, [str(one.unit.name) for one in each.reminders]) for each in response.context["sections"]]
    to_district, north, south, (rest, others) = sections
    assert (to_district[0], north, south, others) == ("", ("Bắc", ["Ba"]), ("Nam", ["Một"]), ["Hai"]) and rest
    shown = response.content.decode()
    assert shown.count("letter-sheet") == 4 and shown.index("Quận 10") < shown.index("Bắc <small")
