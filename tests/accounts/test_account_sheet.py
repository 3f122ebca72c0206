"""Accounts from a sheet: found, made, changed, refused, each with its row."""

import datetime
from itertools import chain

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from archiveportal.accounts import mail as portal_mail
from archiveportal.accounts import services
from archiveportal.accounts.account_columns import ROLES
from archiveportal.accounts.account_sheet import AccountSheet
from archiveportal.accounts.models import FirstLink, Role, User
from archiveportal.accounts.rights import role_choices
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from archiveportal.sheets.checking import make_plan
from archiveportal.sheets.columns import heading_key
from archiveportal.sheets.kinds import Order
from archiveportal.sheets.rows import Deed
from tests.support.factories import make_district, make_user, make_ward
from tests.support.sheets import accounts_sheet

WARD = "Văn thư, lưu trữ cấp xã"


def row(name="Nguyễn Văn An", role=WARD, code="", unit="", mailbox="hop@thu.vn", **more):
    cells = {"position": "", "telephone": "", "username": ""} | more
    return (name, role, code, unit, cells["position"], mailbox, cells["telephone"], cells["username"])


def plan_of(*rows, by=None, answers=None, day=None):
    order = Order(by, day or timezone.localdate())
    return make_plan(accounts_sheet(*rows), "a.xlsx", kind=AccountSheet(), order=order, answers=answers)


def expected(line):
    return {fault.heading: fault.expected for fault in line.faults}


@pytest.fixture
def ward(db):
    return make_ward(name="Tân Định", code="26737")


def test_a_person_begins_with_what_the_row_says(ward, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        plan = plan_of(
            row(unit="phuong tan dinh", position="Công chức", telephone="0912 345 678"),
            row("Trần Thị Bê", code="26737", mailbox=""),
            *(row(f"Người {number}", code="26737") for number in range(30)),
        )
    first, second = plan.lines[:2]
    assert first.deed == Deed.BEGIN
    assert first.step == {
        "username": "nguyen.van.an",
        "values": {
            "full_name": "Nguyễn Văn An",
            "position": "Công chức",
            "telephone": "0912 345 678",
            "email": "hop@thu.vn",
            "role": "ward",
            "ward_id": ward.pk,
            "district_id": None,
        },
    }
    assert len(second.notes) == 1
    assert plan.is_clean


@pytest.mark.parametrize("role", Role)
def test_a_role_may_be_called_as_on_the_screen(role):
    with override("vi"):
        assert any(
            heading_key(str(dict(role_choices())[role])) in choice.keys for choice in ROLES if choice.value == role
        )


def test_a_shared_mailbox_is_told(ward):
    make_user(email="HOP@thu.vn")
    first, second = plan_of(row(unit="Tân Định"), row("Trần Thị Bê", unit="P. Tân Định")).lines
    assert len(first.notes) == len(second.notes) == 1
    assert "Nguyễn Văn An" in second.notes[0]


def test_names_get_free_sign_in_names(ward):
    make_user(username="nguyen.van.an")
    make_ward(name="Bến Thành", code="26740")
    lines = plan_of(row(unit="Tân Định"), row(unit="Bến Thành")).lines
    assert [line.step["username"] for line in lines] == ["nguyen.van.an2", "nguyen.van.an3"]


@pytest.mark.parametrize(
    ("cells", "heading"),
    [
        ({"role": "Vai trò lạ", "unit": "Tân Định"}, "Vai trò"),
        ({"unit": "Không Có"}, "Đơn vị"),
        ({"code": "99999"}, "Mã đơn vị"),
        ({"code": "26737", "unit": "Bến Nghé"}, "Đơn vị"),
        ({}, "Đơn vị"),
        ({"role": "Lãnh đạo Sở", "unit": "Tân Định"}, "Đơn vị"),
        ({"unit": "Tân Định", "mailbox": "không phải thư"}, "Hộp thư công vụ"),
        ({"unit": "Tân Định", "telephone": "abc"}, "Điện thoại"),
        ({"unit": "Tân Định", "username": "Có Dấu"}, "Tên đăng nhập"),
        ({"unit": "Tân Định", "name": ""}, "Họ và tên"),
        ({"unit": "Tân Định", "name": "x" * 121}, "Họ và tên"),
    ],
)
def test_errors_are_of_their_cell(ward, cells, heading):
    (line,) = plan_of(row(**cells)).lines
    assert line.deed == Deed.REFUSE
    assert list(expected(line)) == [heading]


def test_an_ended_unit_is_refused_with_its_period(db):
    make_ward(name="Cần Thạnh", code="27664", valid_to=datetime.date(2025, 6, 30))
    (line,) = plan_of(row(unit="Cần Thạnh")).lines
    assert "30/06/2025" in expected(line)["Đơn vị"]
    (line,) = plan_of(row(unit="Cần Thạnh"), day=datetime.date(2025, 1, 1)).lines
    assert line.deed == Deed.BEGIN


def test_two_units_of_one_name_are_asked(ward):
    district = make_district("3", kind="quan")
    first = make_ward(district, "11", code="27160")
    second = make_ward(make_district("10", kind="quan"), "11", code="27190")
    plan = plan_of(row(unit="Phường 11"), row("Trần Thị Bê", unit="phường 11"))
    asked = chain.from_iterable(line.questions for line in plan.lines)
    (question,) = {question.key: question for question in asked}.values()
    assert {value for value, _label in question.options} == {str(first.pk), str(second.pk)}
    plan = plan_of(row(unit="Phường 11"), row("Trần Thị Bê", unit="P.11"), answers={question.key: str(second.pk)})
    assert plan.lines[0].step["values"]["ward_id"] == second.pk
    assert plan.lines[1].deed == Deed.REFUSE
    assert plan_of(row(unit="Phường 11, Quận 3")).lines[0].step["values"]["ward_id"] == first.pk


def test_a_telephone_that_lost_its_zero_gets_it_back(ward):
    (line,) = plan_of(row(unit="Tân Định", telephone=912345678)).lines
    assert line.step["values"]["telephone"] == "0912345678"


def test_whoever_has_an_account_keeps_it(ward):
    account = make_user(
        Role.WARD, "cu", full_name="Nguyễn Văn An", ward=ward, email="cu@thu.vn", telephone="0912345678"
    )
    (line,) = plan_of(row(unit="Tân Định", mailbox="moi@thu.vn", position="Phó phòng")).lines
    assert line.deed == Deed.CHANGE
    assert line.step["pk"] == account.pk
    assert line.step["values"] == {"email": "moi@thu.vn", "position": "Phó phòng"}
    assert {(change.old, change.new) for change in line.changes} == {("cu@thu.vn", "moi@thu.vn"), ("", "Phó phòng")}
    (line,) = plan_of(row(unit="Tân Định", mailbox="")).lines
    assert line.deed == Deed.STAY


def test_somebody_of_the_name_elsewhere_is_asked_about(ward):
    account = make_user(Role.INSPECTOR, "khac", full_name="NGUYỄN VĂN AN")
    (line,) = plan_of(row(unit="Tân Định")).lines
    (question,) = line.questions
    (moved,) = plan_of(row(unit="Tân Định"), answers={question.key: str(account.pk)}).lines
    assert (moved.deed, moved.step["values"]["role"], moved.step["values"]["ward_id"]) == ("change", "ward", ward.pk)
    (other,) = plan_of(row(unit="Tân Định"), answers={question.key: "new"}).lines
    assert other.deed == Deed.BEGIN


def test_names_that_differ_in_their_marks_are_of_two_people(ward):
    """“Hùng” and “Hưng” are two people, “Hung” may be either of them; each is asked about by itself."""
    stored = make_user(Role.WARD, "hung", full_name="Lê Văn Hùng", ward=ward, email="hung@thu.vn")
    for same in ("Lê Văn Hùng", "LÊ VĂN HÙNG", "Le Van Hung"):
        (line,) = plan_of(row(same, unit="Tân Định", mailbox="khac@thu.vn")).lines
        assert (line.deed, line.step.get("pk")) == (Deed.CHANGE, stored.pk), same
    (hung,) = plan_of(row("Lê Văn Hưng", unit="Tân Định")).lines
    (hong,) = plan_of(row("Lê Văn Hụng", unit="Tân Định")).lines
    assert hung.questions[0].key != hong.questions[0].key
    answers = {hung.questions[0].key: "new"}
    begun, still_asked = plan_of(
        row("Lê Văn Hưng", unit="Tân Định"), row("Lê Văn Hụng", unit="Tân Định"), answers=answers
    ).lines
    assert (begun.deed, begun.step["username"], still_asked.deed) == (Deed.BEGIN, "le.van.hung", Deed.REFUSE)


def test_new_people_whose_names_differ_in_their_marks_come_by_one_sheet(ward):
    lines = plan_of(*(row(name, unit="Tân Định") for name in ("Lê Hùng", "Lê Hưng", "LÊ HƯNG", "Le Hung"))).lines
    assert [line.deed for line in lines] == [Deed.BEGIN, Deed.BEGIN, Deed.REFUSE, Deed.REFUSE]
    assert ["3" in expected(lines[2])["Họ và tên"], "2" in expected(lines[3])["Họ và tên"]] == [True, True]


def test_a_sign_in_name_of_somebody_else_is_refused(ward):
    make_user(username="co.roi", full_name="Lê Ai Đó")
    (line,) = plan_of(row(unit="Tân Định", username="co.roi")).lines
    assert "Lê Ai Đó" in expected(line)["Tên đăng nhập"]


def test_a_person_twice_and_a_disabled_one_are_refused(ward):
    _first, second = plan_of(row(unit="Tân Định"), row("Nguyễn  Văn  AN", code="26737")).lines
    assert "2" in expected(second)["Họ và tên"]
    make_user(Role.WARD, full_name="Trần Thị Bê", ward=ward, is_active=False)
    (line,) = plan_of(row("Trần Thị Bê", unit="Tân Định")).lines
    assert line.deed == Deed.REFUSE


def test_a_sign_in_name_of_a_row_above_is_refused(ward):
    _first, second = plan_of(row(unit="Tân Định"), row("Trần Thị Bê", unit="Tân Định", username="nguyen.van.an")).lines
    assert list(expected(second)) == ["Tên đăng nhập"]


def test_nobody_takes_the_own_role_away(ward):
    by = make_user(Role.ADMINISTRATOR, "quan-tri", full_name="Bùi Gia Huy")
    (line,) = plan_of(row("Bùi Gia Huy", unit="Tân Định", username="quan-tri"), by=by).lines
    assert list(expected(line)) == ["Vai trò"]


@pytest.fixture
def sheet(tmp_path):
    def write(*rows):
        file = tmp_path / "a.xlsx"
        file.write_bytes(accounts_sheet(*rows))
        return str(file)

    return write


def test_the_command_makes_accounts_and_says_the_same_twice(ward, sheet, capsys):
    file = sheet(row(unit="Tân Định"), row("Trần Thị Bê", unit="Tân Định", mailbox=""))
    call_command("import_sheet", "accounts", file, dry_run=True)
    assert not User.objects.exists()
    call_command("import_sheet", "accounts", file, address="https://vtlt.example")
    account = User.objects.get(username="nguyen.van.an")
    assert (account.ward, account.has_usable_password(), account.must_change_password) == (ward, False, True)
    assert set(Event.objects.about(account).values_list("via", flat=True)) == {"import"}
    assert FirstLink.objects.get().state == "sent"
    assert len(mail.outbox) == 1
    events = Event.objects.count()
    call_command("import_sheet", "accounts", file, json=True)
    assert '"stay": 2' in capsys.readouterr().out
    assert (Event.objects.count(), User.objects.count(), len(mail.outbox)) == (events, 2, 1)


def test_the_command_ends_with_an_error_and_writes_nothing(ward, sheet, capsys):
    with pytest.raises(CommandError):
        call_command("import_sheet", "accounts", sheet(row(unit="Tân Định"), row("Bê", unit="Không Có")))
    assert "Không Có" in capsys.readouterr().out
    assert not User.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_sheet", "accounts", "không-có.xlsx")
    with pytest.raises(CommandError, match="--answer key"):
        call_command("import_sheet", "accounts", sheet(row(unit="Tân Định")), answer=["key"])
    with pytest.raises(CommandError):
        call_command("import_sheet", "accounts", sheet(row(unit="Tân Định")), user=make_user(Role.INSPECTOR).username)


def apply(plan, by=None):
    lines = [line for line in plan.lines if line.step]
    return AccountSheet().apply(lines, Order(by, timezone.localdate()), batch=None)


def test_a_name_that_somebody_takes_after_the_check_leaves_nothing_of_the_sheet(ward):
    plan = plan_of(*(row(f"Người {number}", unit="Tân Định") for number in range(60)))
    make_user(username=plan.lines[-1].step["username"])
    accounts, events = User.objects.count(), Event.objects.count()
    with pytest.raises(Refused), transaction.atomic():
        apply(plan)
    assert (User.objects.count(), Event.objects.count(), FirstLink.objects.count()) == (accounts, events, 0)


def test_approvers_hear_of_each_other_by_the_addresses_of_before(ward, monkeypatch, django_capture_on_commit_callbacks):
    """Whoever changes the addresses of two approvers by one sheet does not do so behind the first one's back."""
    monkeypatch.setattr(services, "deliver", portal_mail._send)
    for number in (1, 2):
        make_user(Role.APPROVER, f"ld{number}", full_name=f"Lê Lãnh Đạo {number}", email=f"cu{number}@thu.vn")
    changed = [
        row(f"Lê Lãnh Đạo {number}", "lãnh đạo Chi cục", mailbox=f"moi{number}@thu.vn", username=f"ld{number}")
        for number in (1, 2)
    ]
    with django_capture_on_commit_callbacks(execute=True):
        apply(plan_of(row(unit="Tân Định"), *changed), by=make_user(Role.ADMINISTRATOR))
    assert [message.to[0] for message in mail.outbox] == ["cu1@thu.vn", "cu2@thu.vn", "cu2@thu.vn", "moi1@thu.vn"]
