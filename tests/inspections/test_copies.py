"""A round as a copy of an earlier one, and rounds that never counted and are deleted."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Inspection, Result, Round, Team
from criteria.inspections.services.teams import Member, Plan, shown_of
from tests.support.factories import answer, enrol, make_district, make_round, make_user, make_ward
from wards.heirs import heirs_on
from wards.models import Succession

OPEN = reverse("inspections:round-open")
DAY = datetime.timedelta(days=1)
MERGED = datetime.date(2026, 7, 1)


def ended(name: str, *heirs):
    ward = make_ward(make_district(), name, valid_to=MERGED - DAY)
    for heir in heirs:
        Succession.objects.create(
            predecessor=ward,
            successor=heir,
            successor_code=heir.code,
            successor_name=heir.name,
            extent="whole",
            took_effect_on=MERGED,
        )
    return ward


@pytest.fixture
def source(cast):
    """Five units: one stands, two became one, one was divided, one ended without an heir."""
    joint, left, right = (make_ward(name=name, valid_from=MERGED) for name in ("Chung", "Trái", "Phải"))
    wards = [make_ward(name="Còn"), ended("Một", joint), ended("Hai", joint), ended("Chia", left, right), ended("Mất")]
    inspection_round = make_round(asks_self_assessment=True)
    rows = [enrol(inspection_round, ward) for ward in wards]
    gone = make_user("inspector")
    members = [Member("head", str(gone), person=gone), Member("member", str(cast.inspector), person=cast.inspector)]
    team = services.save_team(team=Team(round=inspection_round, name="Đoàn 1"), members=members, by=cast.approver)
    for row, plan in ((rows[0], Plan(way="report")), (rows[1], Plan(sets_team=True, team=team, way="remote"))):
        shown = {row.pk: shown_of(row)}
        services.assign_wards(inspection_round=inspection_round, shown=shown, plan=plan, by=cast.approver)
    gone.is_active = False
    gone.save()
    return inspection_round


def copy_of(source, by, **values):
    new = Round(
        code="kt-2027-1",
        name="Đợt 1 năm 2027",
        criteria_set=source.criteria_set,
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 12, 31),
        asks_self_assessment=True,
    )
    for name, value in values.items():
        setattr(new, name, value)
    return services.copy_round(source=source, inspection_round=new, by=by)


def test_units_are_followed_by_those_that_took_them_over(cast, source):
    with override("en"):
        copied = copy_of(source, cast.approver)
    rows = {row.ward.name: row for row in copied.round.enrolments.select_related("ward", "team")}
    assert list(rows) == ["Còn", "Chung", "Phải", "Trái"]
    assert {name: row.way for name, row in rows.items()} == {
        "Còn": "report", "Chung": "remote", "Phải": "on_site", "Trái": "on_site",
    }  # fmt: skip
    assert rows["Chung"].team.round == copied.round and rows["Chung"].planned_on is None
    (member,) = rows["Chung"].team.members.all()
    assert (member.person, member.part) == (cast.inspector, "head")
    told = " ".join(copied.told)
    assert "Mất" in told and "Took over several units" in told and "Chung" in told and "cannot inspect any more" in told
    assert copied.round.is_draft and copied.round.copied_from == source
    assert copy_of(source, cast.approver).round == copied.round


def test_a_copy_of_a_round_whose_units_are_gone_says_so_and_has_none(cast):
    source = make_round()
    enrol(source, ended("Mất"))
    with override("en"):
        copied = copy_of(source, cast.approver, code="kt-2027-9")
    assert not copied.round.enrolments.exists()
    assert copied.told[-1] == "No unit could be carried over. Enrol the units of today."


def test_heirs_are_found_in_two_queries(source, django_assert_num_queries):
    keys = list(source.enrolments.values_list("ward", flat=True))
    with django_assert_num_queries(2):
        heirs_on(keys, datetime.date(2027, 1, 1))


def test_the_page_copies_and_tells_what_was_not_carried(cast, sign_in, source):
    client = sign_in(cast.approver)
    address = f"{OPEN}?chep={source.code}"
    assert source.name in client.get(address).content.decode()
    typed = {"name": "Đợt mới", "criteria_set": source.criteria_set_id, "starts_on": "01/01/2027"}
    typed["uses_proposed"] = "on"
    for _press in range(2):
        response = client.post(address, typed | {"ends_on": "31/12/2027"}, follow=True)
        assert response.redirect_chain[-1][0] == reverse("inspections:round-prepare", args=["kt-2027-1"])
    assert Round.objects.filter(name="Đợt mới").count() == 1
    assert client.get(f"{OPEN}?chep=khong-co").status_code == 404


def test_lists_of_both_kinds_of_rounds_name_a_trial(cast, sign_in):
    trial = make_round(is_trial=True, name="Đợt tập")
    row = enrol(trial, make_ward(cast.quan10.district))
    client = sign_in(cast.inspector)
    for address in ("/", reverse("wards:detail", args=[row.ward_id])):
        assert "Đợt tập (đợt thử)" in client.get(address).content.decode()
        Round.objects.filter(pk=trial.pk).update(is_trial=False)
        page = client.get(address).content.decode()
        assert "Đợt tập" in page and "Đợt tập (đợt thử)" not in page
        Round.objects.filter(pk=trial.pk).update(is_trial=True)
    # Open rounds with their progress, beside the work.
    assert "Đợt tập (đợt thử)</a></h2>" in client.get("/").content.decode()


def test_only_drafts_and_trials_are_deleted_and_their_history_stays(cast, sign_in, source):
    with override("en"), pytest.raises(Refused, match="Only a draft or a trial"):
        services.delete_round(inspection_round=source, typed_code=source.code, by=cast.approver)
    trial = make_round(is_trial=True)
    row = enrol(trial, make_ward(cast.quan10.district))
    answer(row, cast.inspector, "met")
    before = Event.objects.about(row.inspection).count()
    client, page = sign_in(cast.approver), reverse("inspections:round-delete", args=[trial.code])
    assert 'value="khac"' in client.post(page, {"code": "khac"}).content.decode()
    assert Round.objects.filter(pk=trial.pk).exists()
    assert client.get(page).status_code == 200
    listed = client.post(page, {"code": trial.code}, follow=True).content.decode()
    assert trial.name in listed and not Round.objects.filter(pk=trial.pk).exists()
    for model, path in (
        (Enrolment, "round"),
        (Inspection, "enrolment__round"),
        (Result, "inspection__enrolment__round"),
    ):
        assert not model.objects.filter(**{path: trial.pk}).exists()
    assert Event.objects.about(row.inspection).count() == before > 0
    (told,) = Event.objects.filter(object_type="inspections.round", object_id=trial.pk, action="deleted")
    assert told.actor_id == cast.approver.pk and told.changes["units"] == [1, None]


def test_a_draft_with_teams_and_documents_is_deleted(cast, source):
    copied = copy_of(source, cast.approver).round
    services.delete_round(inspection_round=copied, typed_code=copied.code, by=cast.approver)
    assert not Round.objects.filter(code="kt-2027-1").exists() and not Team.objects.filter(round=copied.pk).exists()
    with pytest.raises(Refused):
        services.delete_round(inspection_round=make_round(is_trial=True), typed_code="", by=cast.inspector)


def test_documents_of_the_earlier_round_are_blanks_of_the_copy(cast, sign_in, source):
    values = {"issued_on": source.starts_on, "number": "12/KH-SNV"}
    plan = source.documents.create(kind="plan", title="Kế hoạch kiểm tra", **values)
    notices = [source.documents.create(kind="schedule", title=f"Lịch {place}", **values) for place in (1, 2)]
    source.documents.create(kind="other", title="Nhầm", voided_at=timezone.now(), **values)
    copied = copy_of(source, cast.approver).round
    own, client = [copied.code], sign_in(cast.approver)
    for name in ("round-prepare", "round-documents"):
        response = client.get(reverse(f"inspections:{name}", args=own))
        shown = response.context["preparation"].blanks if name == "round-prepare" else response.context["blanks"]
        assert shown == [plan, *notices] and f"?chep={plan.pk}" in response.content.decode()
    add = reverse("inspections:round-document-add", args=own)
    form = client.get(f"{add}?chep={plan.pk}").context["form"]
    assert (form["kind"].value(), form["title"].value(), form["number"].value()) == ("plan", plan.title, "")
    copied.documents.create(kind="schedule", title="Lịch mới", **values)
    page = reverse("inspections:round-documents", args=own)
    assert client.get(page).context["blanks"] == [plan, notices[1]]
    Round.objects.filter(pk=copied.pk).update(status="open")
    assert not sign_in(cast.inspector).get(page).context["blanks"]
    # A document of another round, or of none, fills in nothing.
    foreign = make_round().documents.create(kind="other", title="Lạ", **values)
    for asked in (foreign.pk, "khong-co", ""):
        assert client.get(f"{add}?chep={asked}").context["form"]["title"].value() == ""
