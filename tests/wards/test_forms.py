"""Adding and correcting units: who may, what is understood, what is refused with which words, what is written down."""

import datetime
import unicodedata
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from archiveportal.history.models import Action, Event
from archiveportal.history.services import digest
from wards.models import District, Ward
from wards.services import DISTRICT_FIELDS, WARD_FIELDS, create_ward

CREATE, CREATE_DISTRICT = "/don-vi/them/", "/don-vi/quan-huyen/them/"


@pytest.fixture
def admin(cast, sign_in):
    client = sign_in(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


def data(**changes) -> dict:
    return {"code": "26743", "kind": "", "name": "Phường Bến Thành", "valid_from": "01/07/2025"} | changes


def as_form(ward: Ward, **changes) -> dict:
    values = {name: getattr(ward, name) for name in ("code", "kind", "name", "legal_act")}
    days = {name: f"{day:%d/%m/%Y}" if (day := getattr(ward, name)) else "" for name in ("valid_from", "valid_to")}
    made_on = digest(ward, WARD_FIELDS) if ward.pk else ""
    return values | days | {"district": ward.district_id or "", "made_on": made_on} | changes


def edit_url(ward: Ward) -> str:
    return reverse("wards:edit", args=[ward.pk])


def test_only_the_administrator_may(cast, sign_in):
    ward = Ward.objects.get(code="27676")
    district_edit = reverse("wards:district-edit", args=[ward.district_id])
    before = list(Ward.objects.values()), list(District.objects.values())
    for name, person in cast.all().items():
        client = sign_in(person)
        for path in (CREATE, CREATE_DISTRICT, edit_url(ward), district_edit):
            assert client.get(path).status_code == (200 if name == "administrator" else 403), (name, path)
            if name != "administrator":
                assert client.post(path, data()).status_code == 403
    assert (list(Ward.objects.values()), list(District.objects.values())) == before


def test_unknown_units_and_wrong_methods(admin):
    assert admin.get(reverse("wards:edit", args=[10**9])).status_code == 404
    assert admin.get(reverse("wards:district-edit", args=[10**9])).status_code == 404
    assert admin.delete(CREATE).status_code == 405


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("Phường Bến Thành", "", ("phuong", "Bến Thành")),
        ("Bến Thành", "phuong", ("phuong", "Bến Thành")),
        ("Phường 03", "phuong", ("phuong", "3")),
        (" xã  Thạnh  An ", "", ("xa", "Thạnh An")),
        (unicodedata.normalize("NFD", "Phường Bến Thành"), "", ("phuong", "Bến Thành")),
    ],
)
def test_a_new_ward(cast, admin, typed, kind, expected):
    answer = admin.post(CREATE, data(name=typed, kind=kind))
    assert answer.status_code == 302
    ward = Ward.objects.get(code="26743")
    assert (ward.kind, ward.name) == expected
    assert ward.valid_from == datetime.date(2025, 7, 1) and not ward.is_baseline and ward.district is None
    (event,) = Event.objects.about(ward)
    assert event.action == Action.CREATED and event.actor_id == cast.administrator.pk
    assert event.changes["name"] == [None, expected[1]]


def test_a_new_district(admin):
    answer = admin.post(
        CREATE_DISTRICT,
        {
            "code": "769",
            "name": "Thành phố Thủ Đức",
            "ward_count": "34",
            "valid_from": "01/01/2021",
            "valid_to": "30/06/2025",
        },
    )
    assert answer.status_code == 302
    district = District.objects.get(code="769", valid_from="2021-01-01")
    assert district.title == "Thành phố Thủ Đức" and district.ward_count == 34
    assert Event.objects.about(district).count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"code": ""}, "code", "type the code"),
        ({"code": "26a"}, "code", "digits"),
        ({"code": "1" * 11}, "code", "at most"),
        ({"name": ""}, "name", "type the name"),
        ({"name": "x" * 101, "kind": "xa"}, "name", "at most"),
        ({"name": "Phường A\x07"}, "name", "cannot be shown"),
        ({"name": "Bến Thành"}, "kind", "choose the kind"),
        ({"kind": "xa"}, "kind", "stands before the name"),
        ({"kind": "quan"}, "kind", ""),
        ({"valid_from": "31/02/2025"}, "valid_from", "not a date"),
        ({"valid_from": "2025"}, "valid_from", "not a date"),
        ({"valid_from": "02/07/2025", "valid_to": "01/07/2025"}, "__all__", "must not come before"),
        ({"district": "999999"}, "district", ""),
        ({"legal_act": "x" * 201}, "legal_act", "at most"),
        ({"code": "27676", "valid_from": ""}, "code", "has this code too"),
        ({"code": "27676", "valid_from": "30/06/2025"}, "code", "Xã Thạnh An"),
    ],
)
def test_bad_input_is_refused_beside_its_field(admin, changes, field, words):
    before = Ward.objects.count()
    answer = admin.post(CREATE, data(**changes))
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert field in errors and words in " ".join(errors[field])
    assert Ward.objects.count() == before and not Event.objects.filter(action=Action.CREATED, actor_id__isnull=False)
    if changes.get("name") and "\x07" not in changes["name"]:
        assert f'value="{changes["name"]}"' in answer.content.decode()


def test_a_code_may_go_to_the_next_unit(admin):
    assert admin.post(CREATE, data(code="27676")).status_code == 302
    assert Ward.objects.filter(code="27676").count() == 2


def test_a_unit_does_not_outlive_its_district(admin):
    quan10 = District.objects.get(code="771")
    for last in ("", "01/07/2025"):
        answer = admin.post(CREATE, data(district=quan10.pk, valid_from="", valid_to=last))
        assert "ended on 30/06/2025" in str(answer.context["form"].errors["district"])
    assert admin.post(CREATE, data(district=quan10.pk, valid_from="", valid_to="30/06/2025")).status_code == 302


def test_a_correction_is_recorded_and_the_report_kept(cast, admin):
    ward = Ward.objects.get(code="27676")
    changed = as_form(ward, name="Thạnh Yên", legal_act="Nghị quyết số 1685/NQ-UBTVQH15")
    assert admin.post(edit_url(ward), changed).status_code == 302
    ward.refresh_from_db()
    assert ward.name == "Thạnh Yên" and "thanh ien" in ward.search_key
    assert ward.as_reported["name"] == "Thạnh An" and ward.as_reported["valid_to"] == "2025-06-30"
    event = Event.objects.about(ward)[0]
    assert event.changes == {"name": ["Thạnh An", "Thạnh Yên"], "legal_act": ["", "Nghị quyết số 1685/NQ-UBTVQH15"]}
    # A second correction leaves what the report had.
    admin.post(edit_url(ward), as_form(ward, name="Thạnh Bình"))
    ward.refresh_from_db()
    assert ward.name == "Thạnh Bình" and ward.as_reported["name"] == "Thạnh An"
    page = admin.get(edit_url(ward)).content.decode()
    assert "<del>Thạnh An</del> → <ins>Thạnh Yên</ins>" in page


def test_a_new_kind_moves_the_unit_in_the_order(admin):
    ward = Ward.objects.get(code="27676")
    admin.post(edit_url(ward), as_form(ward, kind="phuong"))
    ward.refresh_from_db()
    assert ward.sort_key.startswith("0") and ward.search_key.startswith("phuong")


def test_saving_without_a_change_writes_nothing(admin):
    ward = Ward.objects.get(code="27676")
    events = Event.objects.count()
    assert admin.post(edit_url(ward), as_form(ward, name="Xã  Thạnh An")).status_code == 302
    ward.refresh_from_db()
    assert Event.objects.count() == events and ward.as_reported is None


def test_a_district_is_corrected(admin):
    district = District.objects.get(code="787")
    answer = admin.post(
        reverse("wards:district-edit", args=[district.pk]),
        {
            "code": "787",
            "kind": "huyen",
            "name": "Cần Giờ",
            "ward_count": "8",
            "valid_to": "30/06/2025",
            "made_on": digest(district, DISTRICT_FIELDS),
        },
    )
    assert answer.status_code == 302
    district.refresh_from_db()
    assert district.ward_count == 8 and district.as_reported["ward_count"] == 7
    assert Event.objects.about(district)[0].changes == {"ward_count": [7, 8]}


@pytest.mark.parametrize("count", ["-1", "1,5", "một", "99999"])
def test_bad_ward_counts(admin, count):
    answer = admin.post(CREATE_DISTRICT, {"code": "999", "kind": "quan", "name": "Thử", "ward_count": count})
    assert answer.status_code == 200 and list(answer.context["form"].errors) == ["ward_count"]


def test_forged_fields_change_nothing(admin):
    ward = Ward.objects.get(code="27676")
    other = Ward.objects.get(code="27190")
    before = Ward.objects.filter(pk=ward.pk).values().get(), Ward.objects.filter(pk=other.pk).values().get()
    forged = {
        "is_baseline": "",
        "as_reported": "{}",
        "sort_key": "0",
        "search_key": "x",
        "id": other.pk,
        "pk": other.pk,
    }
    admin.post(edit_url(ward), as_form(ward) | forged)
    assert (Ward.objects.filter(pk=ward.pk).values().get(), Ward.objects.filter(pk=other.pk).values().get()) == before
    admin.post(CREATE, data() | {"is_baseline": "on", "as_reported": '{"a": 1}'})
    made = Ward.objects.get(code="26743")
    assert not made.is_baseline and made.as_reported is None


def test_the_database_refuses_what_a_form_would(db):
    Ward(code="1", kind="phuong", name="A").save()
    for wrong in (
        Ward(code="1", kind="phuong", name="B"),
        Ward(code="2", kind="phuong", name="B", valid_from="2025-01-02", valid_to="2025-01-01"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_long_names_of_other_scripts_fit(admin):
    assert admin.post(CREATE, data(name="漢" * 100, kind="phuong")).status_code == 302
    assert admin.get("/don-vi/").status_code == 200


def test_a_stale_form_shows_what_a_colleague_saved(admin):
    ward = Ward.objects.get(code="27676")
    mine = as_form(ward, name="Thạnh Yên")
    assert admin.post(edit_url(ward), as_form(ward, legal_act="Nghị quyết số 1")).status_code == 302
    page = admin.post(edit_url(ward), mine)
    assert page.status_code == 200
    assert "Nghị quyết số 1" in page.content.decode() and 'value="Thạnh Yên"' in page.content.decode()
    ward.refresh_from_db()
    assert (ward.name, ward.legal_act) == ("Thạnh An", "Nghị quyết số 1")
    again = mine | {"made_on": page.context["form"].data["made_on"]}
    assert admin.post(edit_url(ward), again).status_code == 302
    ward.refresh_from_db()
    assert ward.name == "Thạnh Yên"


def test_a_district_does_not_end_before_its_wards(admin):
    district = District.objects.get(code="787")
    values = {"code": "787", "kind": "huyen", "name": "Cần Giờ", "ward_count": "7", "valid_to": "01/01/2020"}
    values["made_on"] = digest(district, DISTRICT_FIELDS)
    page = admin.post(reverse("wards:district-edit", args=[district.pk]), values)
    assert page.status_code == 200 and "valid_to" in page.context["form"].errors


def test_figures_of_the_report_survive_corrections_of_units(admin, cast):
    """A ward moved to another district, and codes corrected: the ledger's column of the report stays."""
    ward = Ward.objects.get(code="27202")
    other = District.objects.get(code="787")
    admin.post(edit_url(ward), as_form(ward, district=other.pk, code="99202", reason="Thử"))
    thu_duc = District.objects.get(code="769")
    values = {"code": "99769", "kind": "quan", "name": "2", "ward_count": "11", "valid_to": "31/12/2020"}
    values["made_on"] = digest(thu_duc, DISTRICT_FIELDS)
    assert admin.post(reverse("wards:district-edit", args=[thu_duc.pk]), values).status_code == 302
    assert Ward.objects.get(pk=ward.pk).code == "99202"
    call_command("load_baseline", stdout=StringIO())
    call_command("figures", stdout=StringIO())
    of_reports = [model.objects.filter(is_baseline=True).count() for model in (Ward, District)]
    assert of_reports == [26, 24] and (Ward.objects.count(), District.objects.count()) == (568, 25)


def test_the_service_gives_a_code_to_one_unit_at_a_time_too(cast):
    standing = Ward.objects.get(code="27676")
    twin = Ward(code=standing.code, name="Khác", kind="xa", valid_from=standing.valid_from)
    with pytest.raises(ValidationError) as refusal:
        create_ward(ward=twin, by=cast.administrator)
    assert list(refusal.value.message_dict) == ["code"]
    assert Ward.objects.filter(code=standing.code).count() == 1
