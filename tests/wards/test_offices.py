"""Offices and public service units of the City: inspected as wards are, and called by their names."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event
from criteria.inspections.papers.minutes import _unit
from criteria.inspections.services import enrol_wards
from criteria.inspections.services.letters import Reminder
from tests.support.factories import answer, make_round, make_user, make_ward
from wards.models import Province, Ward
from wards.names import validate_code


def test_an_office_is_added_on_the_page_and_inspected(db, sign_in):
    Province(code="79", kind="thanh_pho", name="Hồ Chí Minh").save()
    client = sign_in(make_user(Role.ADMINISTRATOR))
    page = client.get("/don-vi/them/").content.decode()
    assert "Đơn vị sự nghiệp" in page
    typed = {"code": "H29.15", "name": "Sở Y tế", "kind": ""}
    assert client.post("/don-vi/them/", typed).status_code == 302
    health = Ward.objects.get(code="H29.15")
    assert (health.kind, health.title, health.in_sentence, health.body) == ("so", "Sở Y tế", "Sở Y tế", "Sở Y tế")
    assert health.province.code == "79"
    assert "province" in Event.objects.get(object_type="wards.ward", object_id=health.pk).changes
    typed = {"code": "H29.15.02", "name": "Ban Quản lý dự án Bệnh viện", "kind": "su_nghiep"}
    assert client.post("/don-vi/them/", typed).status_code == 302
    assert Ward.objects.get(code="H29.15.02").title == "Ban Quản lý dự án Bệnh viện"


@pytest.mark.parametrize("code", ["27664", "79", "H29", "H29.15", "H29.15.02"])
def test_codes_of_units(code):
    validate_code(code)


@pytest.mark.parametrize("code", ["2", "h29.15", "H29.", "H29.15.02.011", "H2915", "27664\n", "27 664", "٢٧٦٦٤"])
def test_what_is_no_code(code):
    with pytest.raises(ValidationError):
        validate_code(code)


def test_papers_call_an_office_by_its_name(db):
    inspector = make_user()
    inspection_round = make_round()
    office, ward = make_ward(None, "Y tế", kind="so"), make_ward(None, "Tân Định")
    for enrolment in enrol_wards(inspection_round=inspection_round, wards=[office, ward], by=inspector, via="page"):
        is_office = enrolment.ward == office
        content = {"office": enrolment.ward.body, "ward": enrolment.ward.full_in_sentence}
        assert _unit(content) == ("Sở Y tế" if is_office else "UBND phường Tân Định")
        letter = Reminder(enrolment.ward, [], datetime.date(2026, 11, 2)).text
        assert ("Kính gửi: Sở Y tế." in letter) == is_office
        assert ("Ủy ban nhân dân" in letter) != is_office
        answer(enrolment, inspector, "met")
