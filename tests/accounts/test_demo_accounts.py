"""The accounts for trying the portal out: in local mode only, made once, quick to keep. S5."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.checks import no_demo_accounts
from archiveportal.accounts.models import User
from archiveportal.history.models import Event, Via
from archiveportal.management.commands import demo_accounts
from criteria.inspections.models import Round, SelfAssessment
from criteria.inspections.queries import work_of
from criteria.inspections.services.self_assessment import hand_in
from criteria.inspections.services.self_confirming import confirm
from criteria.inspections.services.self_reading import accept_report
from tests.support.self_assessments import assess_all
from wards.models import Ward

EXPECTED = {
    "kiemtra": ("inspector", None),
    "kiemtra2": ("inspector", None),
    "lanhdaochicuc": ("approver", None),
    "lanhdaochicuc2": ("approver", None),
    "quan10": ("district", "771"),
    "cangio": ("district", "787"),
    "thanhan": ("ward", "27676"),
    "ldthanhan": ("unit_leader", "27676"),
    "lanhdaoso": ("leadership", None),
    "quantri": ("administrator", None),
}


def run(**options) -> str:
    out = StringIO()
    call_command("demo_accounts", stdout=out, **options)
    return out.getvalue()


def test_makes_one_account_for_each_role(baseline):
    run()
    made = {
        user.username: (user.role, getattr(user.district or user.ward, "code", None))
        for user in User.objects.filter(is_demo=True)
    }
    assert made == EXPECTED
    assert not User.objects.filter(must_change_password=True).exists()
    assert Event.objects.filter(object_type="accounts.user", via=Via.COMMAND).count() == len(EXPECTED)


def test_everybody_can_sign_in(baseline, client):
    run()
    for username in EXPECTED:
        answer = client.post("/tai-khoan/dang-nhap/", {"username": username, "password": "vtlt-demo-2019"})
        assert answer.status_code == 302
        # The first time the guide of the role is shown instead, once.
        assert client.get("/").url == reverse("guide")
        assert client.get(reverse("guide")).status_code == client.get("/").status_code == 200


def test_a_second_run_hashes_nothing_and_keeps_what_people_changed(baseline, monkeypatch):
    run()
    person = User.objects.get(username="kiemtra")
    person.full_name = "Tên Khác"
    person.set_password("mat-khau-cua-toi-2026")
    person.save()
    User.objects.get(username="kiemtra2").delete()
    hashed = []
    monkeypatch.setattr(demo_accounts, "make_password", lambda password: hashed.append(password) or "!")
    run()
    assert len(hashed) == 1 and User.objects.count() == len(EXPECTED)
    run()
    assert len(hashed) == 1
    person.refresh_from_db()
    assert person.full_name == "Tên Khác" and person.check_password("mat-khau-cua-toi-2026")


def test_the_address_and_the_accounts_are_printed(baseline):
    printed = run(address="http://127.0.0.1:8000/")
    assert "http://127.0.0.1:8000/" in printed and "vtlt-demo-2019" in printed
    assert all(username in printed for username in EXPECTED)
    assert run() == ""


def test_refused_outside_local_mode(baseline, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError):
        run()
    assert not User.objects.exists()


def test_units_must_be_there(db):
    with pytest.raises(CommandError, match="load_baseline"):
        run()


def test_the_deploy_check_finds_them(baseline, settings):
    run()
    assert no_demo_accounts(None) == []
    settings.LOCAL = False
    (error,) = no_demo_accounts(None)
    assert error.is_serious() and "quantri" in error.msg
    User.objects.filter(is_demo=True).delete()
    assert no_demo_accounts(None) == []


def test_they_come_with_an_open_round_of_today_once(city):
    run()
    (made,) = Round.objects.filter(code__startswith="dung-thu-")
    ways = Counter(made.enrolments.values_list("way", flat=True))
    assert made.is_open and ways == {"on_site": 9, "report": 3}
    assert made.enrolments.filter(ward__in=Ward.objects.in_force_on(made.starts_on)).count() == 12
    head = User.objects.get(username="kiemtra")
    assert work_of(head).filter(round=made, is_assigned=True).count() == 9
    run()
    assert Round.objects.filter(code__startswith="dung-thu-").count() == 1


def test_the_unit_of_both_accounts_assesses_itself_to_the_end(city, client):
    run()
    officer, leader, inspector = (User.objects.get(username=name) for name in ("thanhan", "ldthanhan", "kiemtra"))
    made = Round.objects.get(code__startswith="dung-thu-")
    enrolment = made.enrolments.visible_to(officer).get()
    address = reverse("inspections:self-assessment", args=[enrolment.pk])
    for person in (officer, leader):
        person.last_login = timezone.now()
        person.save(update_fields=["last_login"])
    client.force_login(officer)
    assert address in client.get("/").content.decode(), "its first page asks for it"
    assert reverse("inspections:self-evidence-add", args=[enrolment.pk, "TC01"]).removeprefix(address) in (
        client.get(address).content.decode()
    )
    assess_all(enrolment, officer)
    hand_in(enrolment=enrolment, seen=SelfAssessment.objects.get().version, by=officer)
    client.force_login(leader)
    assert address in client.get("/").content.decode(), "the leader is asked to confirm"
    confirm(assessment=SelfAssessment.objects.get(), seen=SelfAssessment.objects.get().version, by=leader)
    accept_report(assessment=SelfAssessment.objects.get(), seen=SelfAssessment.objects.get().version, by=inspector)
    run()
    assert SelfAssessment.objects.get().is_accepted


def test_a_server_gets_the_round_of_the_reports_closed_and_no_other(db):
    call_command("load_baseline", stdout=StringIO())
    assert [(each.code, each.status) for each in Round.objects.all()] == [("gd1-2019", "closed")]
