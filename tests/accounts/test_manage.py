"""The administrator's pages: who may, what a form can change, and what is written down about it. S4."""

from io import BytesIO
from itertools import chain

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.services import (
    SHOWN,
    create_account,
    first_password,
    give_new_password,
    update_account,
)
from archiveportal.history.models import Action, Event
from archiveportal.history.services import digest
from tests.support.factories import PASSWORD, make_district, make_user, make_ward
from wards.models import District, Ward

LIST, CREATE = "/tai-khoan/", "/tai-khoan/them/"
DRAFT = "11111111-2222-4333-8444-555555555555"


def edit_url(account: User) -> str:
    return reverse("accounts:edit", args=[account.pk])


def as_form(account: User, **changes) -> dict:
    values = {
        "full_name": account.full_name,
        "role": account.role,
        "district": account.district_id or "",
        "ward": account.ward_id or "",
        "email": account.email,
        "is_active": str(account.is_active),
        "made_on": digest(account, SHOWN) if account.pk else "",
    }
    return values | changes


@pytest.fixture
def admin(cast, sign_in):
    client = sign_in(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


def names(response) -> list[str]:
    return [row.record.username for row in response.context["table"].rows]


def test_only_the_administrator_may(cast, sign_in):
    for name, person in cast.all().items():
        client = sign_in(person)
        expected = 200 if name == "administrator" else 403
        for path in (LIST, CREATE, edit_url(cast.quan10), f"{LIST}?tai=xlsx"):
            assert client.get(path).status_code == expected, (name, path)
        if expected == 403:
            before = list(User.objects.values())
            for path in (CREATE, edit_url(cast.quan10), reverse("accounts:new-password", args=[cast.quan10.pk])):
                assert client.post(path, as_form(cast.quan10, role="administrator")).status_code == 403
            assert list(User.objects.values()) == before


def test_wrong_methods_and_unknown_accounts(cast, admin):
    assert admin.post(LIST).status_code == 405
    assert admin.get(reverse("accounts:new-password", args=[cast.quan10.pk])).status_code == 405
    assert admin.get(reverse("accounts:edit", args=[10**9])).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=thi+hue", {"hue"}),
        ("q=Huế", {"hue"}),
        ("q=HUE+nguyen", {"hue"}),
        ("q=quan10", {"quan10"}),
        ("role=ward", {"thanhan"}),
        ("state=disabled", {"khoa"}),
        ("state=first-password", {"hue"}),
        ("q=%25", set()),
        ("q=khong+co+ai", set()),
    ],
)
def test_filters(admin, query, expected):
    make_user(username="hue", full_name="Nguyễn Thị Huế", must_change_password=True)
    make_user(username="khoa", is_active=False)
    assert set(names(admin.get(f"{LIST}?{query}"))) == expected


def test_filter_by_district_finds_its_office_and_its_wards(cast, admin):
    can_gio = District.objects.get(code="787")
    assert set(names(admin.get(f"{LIST}?district={can_gio.pk}"))) == {"cangio", "thanhan", "ldthanhan"}


def test_bad_filters_find_nothing_and_are_told(cast, admin):
    for query in ("role=x", "district=x", "district=999999", "state=x", "q=%00", "q=" + "a" * 200):
        answer = admin.get(f"{LIST}?{query}")
        assert answer.status_code == 200 and not names(answer), query
        assert answer.context["filter"].form.errors, query


def test_bad_pages_and_orders_change_nothing(cast, admin):
    for query in ("page=x", "sort=x"):
        assert len(names(admin.get(f"{LIST}?{query}"))) == len(cast.all()), query


def test_people_stand_in_the_order_of_their_given_names(cast, admin):
    people = ["Trần Văn Ấn", "Phạm Bình", "Nguyễn Thị Ân", "Đỗ An", "Lê Văn Đạt", "Vũ Thị Dung"]
    for number, full_name in enumerate(people):
        make_user(username=f"nv-{number}", full_name=full_name)
    answer = admin.get(f"{LIST}?q=nv-")
    shown = [row.record.full_name for row in answer.context["table"].rows]
    assert shown == ["Đỗ An", "Nguyễn Thị Ân", "Trần Văn Ấn", "Phạm Bình", "Vũ Thị Dung", "Lê Văn Đạt"]


def test_the_download_is_the_filtered_list(cast, admin):
    content = admin.get(f"{LIST}?role=district&tai=xlsx").content
    sheet = load_workbook(BytesIO(content)).active
    found = {row[1].value for row in sheet.iter_rows(min_row=5)}
    assert found == {"quan10", "cangio"}
    values = chain.from_iterable(sheet.values)
    assert not any("$" in str(value) for value in values), "no hash of a password"


def test_the_list_asks_as_much_for_40_as_for_10(cast, admin):
    district = District.objects.get(code="771")
    counts = []
    for size in (10, 40):
        while User.objects.count() < size:
            make_user(Role.WARD, ward=make_ward(district))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_creating_shows_the_first_password_once(cast, admin, log_lines, client):
    data = {"username": "le.van.moi", "full_name": "Lê  Văn Mới ", "role": "inspector", "email": "moi@tphcm.gov.vn"}
    refused = admin.post(CREATE, data | {"full_name": "", "draft": DRAFT})
    assert "saved_draft" not in refused.cookies
    answer = admin.post(CREATE, data | {"draft": DRAFT})
    # The device lets go of what was typed, though the answer leads to no other page.
    assert answer.cookies["saved_draft"].value == DRAFT
    account = User.objects.get(username="le.van.moi")
    password = answer.context["password"]
    assert password in answer.content.decode() and answer["Cache-Control"] == "no-store"
    assert account.full_name == "Lê Văn Mới" and account.must_change_password and not account.is_demo
    assert account.check_password(password)
    (event,) = Event.objects.about(account)
    assert event.action == Action.CREATED and event.actor_id == cast.administrator.pk
    assert password not in str(event.changes) and "pbkdf2" not in str(event.changes)
    assert len(log_lines.named("account created")) == 1
    assert not any(password in text for text in log_lines.texts)
    assert password not in admin.get(edit_url(account)).content.decode()
    signed = client.post("/tai-khoan/dang-nhap/", {"username": "le.van.moi", "password": password})
    assert signed["Location"] == "/"
    assert client.get("/")["Location"] == reverse("accounts:change-password")


def test_first_passwords_differ_and_pass_the_rules():
    from django.contrib.auth.password_validation import validate_password

    passwords = {first_password() for _number in range(200)}
    assert len(passwords) == 200
    for password in passwords:
        validate_password(password)
        assert not set("01lio") & set(password)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "ab"}, "username"),
        ({"username": "Viết Hoa"}, "username"),
        ({"username": "a" * 31}, "username"),
        ({"username": "quan10"}, "username"),
        ({"username": "abc\n"}, None),
        ({"username": "../abc"}, "username"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "x" * 121}, "full_name"),
        ({"full_name": "a\x07b"}, "full_name"),
        ({"role": ""}, "role"),
        ({"role": "superuser"}, "role"),
        ({"email": "khong-phai-thu"}, "email"),
        ({"email": "a@b.vn\nBcc: c@d.vn"}, "email"),
        ({"role": "district"}, "district"),
        ({"role": "district", "district": "999999"}, "district"),
        ({"role": "ward"}, "ward"),
        ({"role": "ward", "ward": "x"}, "ward"),
    ],
)
def test_bad_input_is_refused_beside_its_field(admin, changes, field):
    data = {"username": "nguoi.moi", "full_name": "Người Mới", "role": "inspector", "email": ""} | changes
    before = User.objects.count()
    answer = admin.post(CREATE, data)
    assert answer.status_code == 200
    if field is None:
        assert User.objects.count() == before + 1
        return
    assert list(answer.context["form"].errors) == [field]
    assert User.objects.count() == before and not Event.objects.filter(object_type="accounts.user").exists()


def test_what_was_typed_is_shown_again(admin):
    page = admin.post(CREATE, {"username": "ab", "full_name": "Người <b>Mới", "role": "ward"}).content.decode()
    assert 'value="Người &lt;b&gt;Mới"' in page and '<option value="ward" selected>' in page


def test_district_and_ward_are_kept_for_their_roles_alone(cast, admin):
    ward, district = Ward.objects.get(code="27676"), District.objects.get(code="787")
    data = {"district": district.pk, "ward": ward.pk}
    for role in Role.values:
        admin.post(CREATE, data | {"full_name": f"A {role}", "username": f"moi-{role}", "role": role})
        account = User.objects.get(username=f"moi-{role}")
        assert (account.district_id, account.ward_id) == (
            district.pk if role == "district" else None,
            ward.pk if role in ("ward", "unit_leader") else None,
        )


FORGED = {
    "is_superuser": "on",
    "is_staff": "True",
    "is_demo": "on",
    "password": "x",
    "must_change_password": "on",
    "id": "1",
    "pk": "1",
    "username": "bi-doi",
    "last_login": "2000-01-01",
    "groups": "1",
    "user_permissions": "1",
    "search_key": "x",
    "sort_key": "x",
    "date_joined": "2000-01-01",
}


def test_forged_fields_change_nothing(cast, admin):
    before = User.objects.filter(pk=cast.quan10.pk).values().get()
    assert admin.post(edit_url(cast.quan10), as_form(cast.quan10) | FORGED).status_code == 302
    assert User.objects.filter(pk=cast.quan10.pk).values().get() == before
    assert not Event.objects.about(cast.quan10)
    admin.post(CREATE, FORGED | {"username": "nguoi.moi", "full_name": "Người Mới", "role": "leadership"})
    made = User.objects.get(username="nguoi.moi")
    assert not (made.is_superuser or made.is_staff or made.is_demo) and made.must_change_password
    assert made.groups.count() == made.user_permissions.count() == 0 and made.pk != 1


def test_an_edit_is_recorded_field_by_field(cast, admin, log_lines):
    data = as_form(cast.quan10, role="leadership", full_name="Tên Khác", email="khac@tphcm.gov.vn")
    assert admin.post(edit_url(cast.quan10), data).status_code == 302
    cast.quan10.refresh_from_db()
    assert cast.quan10.role == "leadership" and cast.quan10.district is None
    (event,) = Event.objects.about(cast.quan10)
    assert event.changes["role"] == ["district", "leadership"]
    assert event.changes["district"] == ["Quận 10", None]
    assert set(event.changes) == {"role", "district", "full_name", "email"}
    (line,) = log_lines.named("role changed")
    assert line["by"] == cast.administrator.pk and line["changes"]["role"] == ["district", "leadership"]
    page = admin.get(edit_url(cast.quan10)).content.decode()
    assert "<del>Quận 10</del> → <ins>—</ins>" in page
    assert f"<ins>{cast.quan10.get_role_display()}</ins>" in page


def test_a_role_change_counts_at_once(cast, admin, sign_in):
    client = sign_in(cast.inspector)
    assert client.get(LIST).status_code == 403
    assert client.get("/bao-cao/so-lieu/").status_code == 200
    admin.post(edit_url(cast.inspector), as_form(cast.inspector, role="leadership"))
    assert client.get("/bao-cao/so-lieu/").status_code == 403


def test_disabling(cast, admin, sign_in, log_lines):
    client = sign_in(cast.quan10)
    admin.post(edit_url(cast.quan10), as_form(cast.quan10, is_active="False"))
    assert client.get("/").status_code == 302
    assert len(log_lines.named("account disabled")) == 1
    cast.quan10.refresh_from_db()
    admin.post(edit_url(cast.quan10), as_form(cast.quan10, is_active="True"))
    assert len(log_lines.named("account enabled")) == 1
    assert Event.objects.about(cast.quan10).count() == 2


@pytest.mark.parametrize(("changes", "field"), [({"role": "inspector"}, "role"), ({"is_active": "False"}, "is_active")])
def test_administrators_keep_their_own_access(cast, admin, changes, field):
    answer = admin.post(edit_url(cast.administrator), as_form(cast.administrator, **changes))
    assert answer.status_code == 200 and list(answer.context["form"].errors) == [field]
    cast.administrator.refresh_from_db()
    assert cast.administrator.role == "administrator" and cast.administrator.is_active
    assert admin.get(LIST).status_code == 200
    # Through the service too, whatever page or command calls it.
    for name, value in (("role", "inspector"), ("is_active", False)):
        account = User.objects.get(pk=cast.administrator.pk)
        setattr(account, name, value)
        with pytest.raises(ValidationError):
            update_account(account=account, by=cast.administrator)


def test_own_name_and_mail_can_be_corrected(cast, admin):
    data = as_form(cast.administrator, full_name="Tên Đúng", email="dung@tphcm.gov.vn")
    assert admin.post(edit_url(cast.administrator), data).status_code == 302
    cast.administrator.refresh_from_db()
    assert cast.administrator.full_name == "Tên Đúng"


def test_a_new_first_password(cast, admin, sign_in, client, log_lines):
    signed_in = sign_in(cast.quan10)
    for _try in range(5):
        client.post("/tai-khoan/dang-nhap/", {"username": "quan10", "password": "sai"})
    answer = admin.post(reverse("accounts:new-password", args=[cast.quan10.pk]))
    password = answer.context["password"]
    cast.quan10.refresh_from_db()
    assert cast.quan10.must_change_password and cast.quan10.check_password(password)
    assert not cast.quan10.check_password(PASSWORD)
    assert signed_in.get("/").status_code == 302
    assert client.post("/tai-khoan/dang-nhap/", {"username": "quan10", "password": password}).status_code == 302
    (event,) = Event.objects.about(cast.quan10)
    assert "password" in event.changes and password not in str(event.changes)
    assert len(log_lines.named("password replaced")) == 1


def test_the_own_password_is_changed_elsewhere(cast, admin):
    assert admin.post(reverse("accounts:new-password", args=[cast.administrator.pk])).status_code == 302
    cast.administrator.refresh_from_db()
    assert cast.administrator.check_password(PASSWORD)
    with pytest.raises(ValidationError):
        give_new_password(account=cast.administrator, by=cast.administrator)


def test_an_edit_without_a_change_writes_nothing(cast, admin):
    admin.post(edit_url(cast.quan10), as_form(cast.quan10))
    assert not Event.objects.about(cast.quan10)


def test_names_of_other_scripts_fit_their_keys(db):
    account = make_user(full_name="漢" * 120, username="a" * 150)
    account.refresh_from_db()
    assert len(account.sort_key) <= 800 and len(account.search_key) <= 400


def test_choices_of_units_name_their_district_and_end(cast, admin):
    make_ward(make_district("Quận 12"), "03")
    page = admin.get(CREATE).content.decode()
    assert "Phường 3, quận Quận 12" in page and "Quận 10 (until 30/06/2025)" in page
    # A ward that ended is for those who have it already; another account of it is refused.
    ended = "Xã Thạnh An, huyện Cần Giờ (until 30/06/2025)"
    assert ended not in page and ended in admin.get(edit_url(cast.thanhan)).content.decode()
    values = {"username": "them", "full_name": "Người Thêm", "role": "ward", "ward": cast.thanhan.ward_id, "email": ""}
    assert "ward" in admin.post(CREATE, values).context["form"].errors
    with CaptureQueriesContext(connection) as queries:
        admin.get(CREATE)
    assert len(queries) <= 12


def test_a_stale_form_does_not_undo_what_a_colleague_did(cast, admin):
    older = as_form(cast.quan10, email="phong.noi.vu@q10.gov.vn")
    admin.post(edit_url(cast.quan10), as_form(cast.quan10, is_active="False"))
    page = admin.post(edit_url(cast.quan10), older)
    assert page.status_code == 200 and "phong.noi.vu@q10.gov.vn" in page.content.decode()
    cast.quan10.refresh_from_db()
    assert not cast.quan10.is_active and cast.quan10.email == ""


def test_a_name_taken_at_the_same_moment_is_a_refusal_beside_it(cast):
    twin = User(username=cast.inspector.username, full_name="Người khác", role=Role.INSPECTOR)
    with pytest.raises(ValidationError) as refusal:
        create_account(account=twin, by=cast.administrator)
    assert list(refusal.value.message_dict) == ["username"]
    assert not User.objects.filter(full_name="Người khác").exists()
