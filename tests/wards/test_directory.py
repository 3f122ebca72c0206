"""The directory: who is reached where, kept and confirmed by each unit itself."""

import datetime
import io
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event
from tests.support.factories import make_district, make_user, make_ward
from wards.contacts import UnitContact
from wards.models import Succession

LIST = "/don-vi/danh-ba/"
TYPED = {
    "mailbox": "phuong@tphcm.gov.vn",
    "telephone": "028 3829 1234",
    "seat": "1 Nguyễn Du",
    "stores": "2 Lê Lợi\r\n3 Lê Lai",
    "chairman": "Trần Bê",
    "officers": "Nguyễn An, công chức, 0912 345 678",
}


@pytest.fixture
def ward(db):
    return make_ward(make_district("10"), "Tân Định", code="26737")


def address_of(ward):
    return f"/don-vi/{ward.pk}/danh-ba/"


def test_a_unit_keeps_and_confirms_its_own(ward, sign_in):
    officer = make_user(Role.WARD, ward=ward)
    client = sign_in(officer)
    assert "chưa xác nhận" in client.get(address_of(ward)).content.decode()
    assert client.post(address_of(ward), TYPED).status_code == 302
    entry = UnitContact.objects.get(ward=ward)
    assert (entry.stores, entry.confirmed_on) == ("2 Lê Lợi\n3 Lê Lai", timezone.localdate())
    (event,) = Event.objects.about(entry)
    assert event.actor_id == officer.pk and {"mailbox", "confirmed_on"} <= set(event.changes)
    page = client.get(address_of(ward))
    assert "028 3829 1234" in page.content.decode()
    # A day later it confirms what still holds.
    UnitContact.objects.update(confirmed_on=datetime.date(2026, 1, 5))
    made_on = page.context["form"].fields["made_on"].initial
    client.post(address_of(ward), TYPED | {"made_on": made_on})
    entry.refresh_from_db()
    assert entry.confirmed_on == timezone.localdate() and Event.objects.about(entry).count() == 2


def test_the_administrator_corrects_and_does_not_confirm(ward, sign_in):
    client = sign_in(make_user(Role.ADMINISTRATOR))
    client.post(address_of(ward), TYPED)
    assert UnitContact.objects.get(ward=ward).confirmed_on is None
    wrong = client.post(address_of(ward), TYPED | {"telephone": "gọi sau", "mailbox": "x"})
    assert set(wrong.context["form"].errors) == {"telephone", "mailbox"}
    # What a colleague changed meanwhile is not overwritten.
    stale = client.post(address_of(ward), TYPED | {"made_on": "x", "seat": "9"})
    assert stale.context["form"].non_field_errors()
    assert UnitContact.objects.get(ward=ward).seat == "1 Nguyễn Du"


def test_others_read_and_strangers_see_nothing(ward, sign_in):
    other = make_ward(make_district("3"), "Võ Thị Sáu")
    heir = make_ward(None, "Mới", valid_from=datetime.date(2025, 7, 1))
    Succession(
        predecessor=ward, successor=heir, successor_code=heir.code, extent="whole", took_effect_on="2025-07-01"
    ).save()
    UnitContact(ward=ward, mailbox="phuong@tphcm.gov.vn").save()
    readers = [make_user(Role.INSPECTOR), make_user(Role.LEADERSHIP), make_user(Role.DISTRICT, district=ward.district)]
    for person in readers:
        client = sign_in(person)
        assert "phuong@tphcm.gov.vn" in client.get(address_of(ward)).content.decode()
        assert "phuong@tphcm.gov.vn" in client.get(LIST).content.decode()
        assert client.post(address_of(ward), TYPED).status_code == 403
    for unit in (other, heir):
        client = sign_in(make_user(Role.WARD, ward=unit))
        assert client.get(address_of(ward)).status_code == client.post(address_of(ward), TYPED).status_code == 404
        assert "phuong@tphcm.gov.vn" not in client.get(LIST).content.decode()
    assert UnitContact.objects.get().seat == ""


def test_the_list_and_its_workbook(ward, sign_in):
    UnitContact(ward=ward, confirmed_on=datetime.date(2026, 11, 2), **TYPED).save()
    for number in range(30):
        make_ward(None, f"Tên {number}")
    client = sign_in(make_user(Role.APPROVER))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(LIST)
    assert len(queries) <= 10 and len(page.context["table"].rows) == 31
    assert "02/11/2026" in page.content.decode()
    assert len(client.get(f"{LIST}?confirmed=chua").context["table"].rows) == 30
    assert len(client.get(f"{LIST}?confirmed=co").context["table"].rows) == 1
    sheet = load_workbook(io.BytesIO(client.get(f"{LIST}?tai=xlsx&q=26737").content)).active
    cells = chain.from_iterable(sheet.iter_rows(values_only=True))
    assert {"phuong@tphcm.gov.vn", "1 Nguyễn Du", "26737"} <= set(cells)
