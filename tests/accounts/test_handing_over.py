"""The officer of a unit changes: one account ends, another goes on, a line says what is open."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from archiveportal.accounts.handing_over import hand_over, handings_over
from archiveportal.accounts.models import HandingOver, Role
from archiveportal.history.models import Event, Via
from archiveportal.history.services import record
from archiveportal.refusal import Refused
from tests.support.factories import make_district, make_user, make_ward

OPEN = "Chưa nộp phiếu tự kiểm tra; còn 02 kiến nghị."


@pytest.fixture
def ward(db):
    return make_ward(None, "Tân Định")


@pytest.fixture
def people(ward):
    return [make_user(Role.WARD, name, full_name=name, ward=ward) for name in ("cu.nhan", "moi.den")]


def test_the_page_ends_one_account_and_leaves_a_line(people, ward, sign_in):
    leaving, successor = people
    signed_in = sign_in(leaving)
    client = sign_in(make_user(Role.ADMINISTRATOR))
    address = f"/tai-khoan/{leaving.pk}/ban-giao/"
    assert address in client.get(f"/tai-khoan/{leaving.pk}/").content.decode()
    today = timezone.localdate()
    typed = {"successor": successor.pk, "since": f"{today:%d/%m/%Y}", "open_matters": OPEN}
    assert client.post(address, typed | {"open_matters": ""}).context["form"].errors
    assert client.post(address, typed).status_code == 302
    leaving.refresh_from_db()
    assert not leaving.is_active
    assert signed_in.get("/don-vi/").status_code == 302
    for person, key in ((leaving, "handed_over_to"), (successor, "taken_over_from")):
        event = Event.objects.about(person).latest("pk")
        assert key in event.changes and event.reason == OPEN
    # Whoever goes on reads it on the page of the unit, and strangers do not.
    page = sign_in(successor).get(f"/don-vi/{ward.pk}/").content.decode()
    assert OPEN in page and "cu.nhan → moi.den</span>" in page and f"{today:%d/%m/%Y}" in page
    assert OPEN in client.get(f"/tai-khoan/{leaving.pk}/").content.decode()


def test_the_line_stays_with_its_unit(people, ward):
    leaving, successor = people
    by = make_user(Role.ADMINISTRATOR)
    typed = {"leaving": leaving, "successor": successor, "since": timezone.localdate(), "open_matters": OPEN}
    hand_over(**typed, by=by)
    events = Event.objects.count()
    hand_over(**typed, by=by)
    assert HandingOver.objects.count() == 1 and Event.objects.count() == events
    # Who left is of use elsewhere later, under a corrected name: the line says of which unit it was.
    leaving.refresh_from_db()
    leaving.ward, leaving.full_name, leaving.is_active = make_ward(None, "Nơi khác"), "Nhân (Cũ)", True
    leaving.save()
    (line,) = handings_over(ward, viewer=successor)
    assert (line.leaving.full_name, line.successor.full_name) == ("Nhân (Cũ)", "moi.den")
    assert not handings_over(leaving.ward, viewer=by)
    stranger = make_user(Role.WARD, ward=make_ward(None, "Xa lạ"))
    assert not HandingOver.objects.visible_to(stranger)
    for reader in (by, make_user(Role.INSPECTOR), make_user(Role.LEADERSHIP)):
        assert len(handings_over(ward, viewer=reader)) == 1


def test_a_district_reads_its_own_lines(db):
    district, other = make_district("10"), make_district("3")
    people = [make_user(Role.DISTRICT, district=district) for _each in range(2)]
    by = make_user(Role.ADMINISTRATOR)
    hand_over(leaving=people[0], successor=people[1], since=timezone.localdate(), open_matters=OPEN, by=by)
    assert HandingOver.objects.visible_to(people[1]).count() == 1
    assert not HandingOver.objects.visible_to(make_user(Role.DISTRICT, district=other))
    assert not HandingOver.objects.visible_to(make_user(Role.WARD, ward=make_ward(district, "Một")))


def test_sql_cannot_change_or_delete_a_line(people):
    leaving, successor = people
    by = make_user(Role.ADMINISTRATOR)
    hand_over(leaving=leaving, successor=successor, since=timezone.localdate(), open_matters=OPEN, by=by)
    for write in ("UPDATE accounts_handingover SET open_matters = ''", "DELETE FROM accounts_handingover"):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            connection.cursor().execute(write)


def test_lines_of_events_become_rows(people, ward):
    leaving, successor = people
    by = make_user(Role.ADMINISTRATOR)
    written = {"handed_over_to": (None, "Trần (Bê) (moi.den)"), "handed_over_on": (None, "05/10/2026")}
    for reason in (OPEN, "Không còn việc."):
        record(about=leaving, by=by, via=Via.PAGE, changes=written, reason=reason)
    gone = {**written, "handed_over_to": (None, "Ai đó (khong.co)")}
    record(about=leaving, by=by, via=Via.PAGE, changes=gone, reason=OPEN)
    import_module("archiveportal.accounts.migrations.0006_handings_over").keep_lines_of_events(apps, None)
    lines = handings_over(ward, viewer=successor)
    assert [line.open_matters for line in lines] == ["Không còn việc.", OPEN]
    assert {(line.since, line.recorded_by, line.ward) for line in lines} == {(datetime.date(2026, 10, 5), by, ward)}


@pytest.mark.parametrize("wrong", ["another unit", "the same", "disabled", "tomorrow", "no unit"])
def test_what_is_refused(people, wrong):
    leaving, successor = people
    since = timezone.localdate()
    if wrong == "another unit":
        successor = make_user(Role.WARD, ward=make_ward())
    elif wrong == "the same":
        successor = leaving
    elif wrong == "disabled":
        successor.is_active = False
        successor.save()
    elif wrong == "tomorrow":
        since += datetime.timedelta(days=1)
    else:
        leaving, successor = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR)
    by = make_user(Role.ADMINISTRATOR)
    events = Event.objects.count()
    with pytest.raises(Refused):
        hand_over(leaving=leaving, successor=successor, since=since, open_matters=OPEN, by=by)
    leaving.refresh_from_db()
    assert leaving.is_active and Event.objects.count() == events


def test_nobody_ends_the_own_account(people):
    leaving, successor = people
    with pytest.raises(Refused):
        hand_over(leaving=leaving, successor=successor, since=timezone.localdate(), open_matters=OPEN, by=leaving)


def test_a_shared_mailbox_is_warned_of_on_the_page(people, ward, sign_in):
    make_user(Role.WARD, full_name="Trần Bê", ward=ward, email="Hop@thu.vn")
    client = sign_in(make_user(Role.ADMINISTRATOR))
    page = client.get(f"/tai-khoan/{people[0].pk}/")
    typed = {"full_name": "Cũ", "role": "ward", "ward": ward.pk, "email": "hop@thu.vn", "is_active": "True"}
    typed["made_on"] = page.context["form"].fields["made_on"].initial
    answer = client.post(f"/tai-khoan/{people[0].pk}/", typed, follow=True)
    assert any("Trần Bê" in str(message) for message in answer.context["messages"])
