"""A round from its opening to its closing: who may, what is refused, what is on record."""

import datetime
from itertools import chain

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.forms.rounds import next_code
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import (
    add_wards,
    close_round,
    end_ward_reopening,
    remove_ward,
    reopen_round,
    reopen_ward,
)
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward
from wards.models import Ward

OPEN = reverse("inspections:round-open")
TOMORROW = datetime.timedelta(days=1)


def address(name: str, inspection_round: Round, *more) -> str:
    return reverse(f"inspections:{name}", args=[inspection_round.code, *more])


@pytest.fixture
def typed(cast):
    """What the form of a new round sends."""

    def make(**changes) -> dict:
        values = {
            "name": "Đợt 1 năm 2026",
            "code": "",
            "criteria_set": make_set().pk,
            "uses_proposed": "on",
            "starts_on": "01/03/2026",
            "ends_on": "30/06/2026",
            "deadline": "31/05/2026",
            "legal_basis": "Kế hoạch số 12/KH-SNV",
        }
        return values | changes

    return make


def test_an_approver_drafts_a_round_and_its_code_comes_from_the_year(cast, sign_in, typed):
    response = sign_in(cast.approver).post(OPEN, typed())
    made = Round.objects.get(code="kt-2026-1")
    assert made.is_draft
    assert response.url == address("round-enrol", made)
    assert (made.starts_on, made.deadline) == (datetime.date(2026, 3, 1), datetime.date(2026, 5, 31))
    event = Event.objects.about(made).get()
    assert (event.action, event.actor_id) == ("created", cast.approver.pk)


def test_the_same_form_twice_opens_one_round(cast, sign_in, typed):
    data, client = typed(), sign_in(cast.approver)
    before = Round.objects.count()
    assert [client.post(OPEN, data).status_code for _press in range(2)] == [302, 302]
    assert Round.objects.count() == before + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "01/02/2026"}, "ends_on"),
        ({"deadline": "01/02/2026"}, "deadline"),
        ({"starts_on": "31/02/2026"}, "starts_on"),
        ({"code": "mo"}, "code"),
        ({"code": "Đợt 1"}, "code"),
        ({"code": "gd1-2019"}, "code"),
        ({"code": "dot-kiem-tra-nam-2026-giai-doan-1"}, "code"),
        ({"name": ""}, "name"),
        ({"criteria_set": "999999"}, "criteria_set"),
        ({"asks_self_assessment": "on"}, "self_assessment_due"),
        ({"asks_self_assessment": "on", "self_assessment_due": "01/01/2026"}, "self_assessment_due"),
        ({"asks_self_assessment": "on", "self_assessment_due": "01/12/2026"}, "self_assessment_due"),
    ],
)
def test_a_round_that_cannot_be_is_shown_again(cast, sign_in, typed, changes, field):
    before = Round.objects.count()
    response = sign_in(cast.approver).post(OPEN, typed(**changes))
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert Round.objects.count() == before


def test_a_replaced_set_or_one_with_gaps_opens_no_round(cast, sign_in, typed):
    client = sign_in(cast.approver)
    replaced, gappy = make_set(status="replaced"), make_set()
    gappy.bands.filter(position=2).update(upper_percent=40)
    for criteria_set in (replaced, gappy, make_set(0)):
        response = client.post(OPEN, typed(criteria_set=criteria_set.pk))
        assert list(response.context["form"].errors) == ["criteria_set"]


def test_years_propose_codes_that_are_free(baseline):
    assert next_code(2027) == "kt-2027-1"
    make_round(code="kt-2027-1")
    assert (next_code(2027), next_code(2028)) == ("kt-2027-2", "kt-2028-1")


def shown(client, inspection_round) -> dict:
    form = client.get(address("round-edit", inspection_round)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    days = {name: f"{day:%d/%m/%Y}" for name, day in values.items() if isinstance(day, datetime.date)}
    return {name: value for name, value in (values | days).items() if value not in (None, False)}


def test_the_day_of_the_self_assessment_is_not_called_optional(cast, sign_in):
    page = sign_in(cast.approver).get(OPEN).content.decode()
    label = page[page.index('for="id_self_assessment_due"') :]
    label = label[: label.index("</label>")]
    assert gettext("needed if the units assess themselves") in label and gettext("(optional)") not in label


def test_changing_a_round_is_on_record_and_a_stale_form_is_refused(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    first, second = shown(client, inspection_round), shown(client, inspection_round)
    assert client.post(address("round-edit", inspection_round), first | {"deadline": "01/06/2026"}).status_code == 302
    response = client.post(address("round-edit", inspection_round), second | {"name": "Tên khác"})
    assert response.status_code == 200
    inspection_round.refresh_from_db()
    assert (inspection_round.deadline, inspection_round.name == "Tên khác") == (datetime.date(2026, 6, 1), False)
    assert Event.objects.about(inspection_round).get().changes == {"deadline": [None, "2026-06-01"]}
    again = {name: response.context["form"][name].value() for name in second} | {
        "made_on": shown(client, inspection_round)["made_on"]
    }
    assert response.context["form"].data["made_on"] == again["made_on"]


def test_the_set_stays_once_a_ward_is_enrolled(cast, sign_in):
    inspection_round, other, client = make_round(), make_set(), sign_in(cast.approver)
    data = shown(client, inspection_round) | {"criteria_set": other.pk, "uses_proposed": "on"}
    assert client.post(address("round-edit", inspection_round), data).status_code == 302
    enrol(inspection_round, make_ward())
    data = shown(client, inspection_round) | {"criteria_set": make_set().pk, "uses_proposed": "on"}
    assert list(client.post(address("round-edit", inspection_round), data).context["form"].errors) == ["criteria_set"]


def test_the_first_day_stays_within_the_life_of_enrolled_units(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    enrol(inspection_round, make_ward(valid_from=datetime.date(2025, 7, 1)))
    data = shown(client, inspection_round) | {"starts_on": "01/06/2025"}
    assert list(client.post(address("round-edit", inspection_round), data).context["form"].errors) == ["starts_on"]


def test_the_round_of_the_report_keeps_what_was_reported(cast, sign_in):
    inspection_round, client = Round.objects.get(code="gd1-2019"), sign_in(cast.approver)
    assert (
        client.post(
            address("round-edit", inspection_round), shown(client, inspection_round) | {"name": "Đợt 1"}
        ).status_code
        == 302
    )
    inspection_round.refresh_from_db()
    assert (inspection_round.name, inspection_round.reported("name")) == ("Đợt 1", "Giai đoạn 1 (11/2018 - 10/2019)")
    assert inspection_round.reported("starts_on") == datetime.date(2018, 11, 1)


# Enrolling


def test_units_in_force_are_enrolled_by_tick_and_by_district(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    district, single = make_district(), make_ward(make_district())
    whole = [make_ward(district) for _number in range(3)]
    gone = make_ward(district, valid_to=datetime.date(2025, 12, 31))
    sections = client.get(address("round-enrol", inspection_round)).context["sections"]
    offered = list(chain.from_iterable(section.rows for section in sections))
    assert gone not in offered
    assert {*whole, single} <= set(offered)
    client.post(address("round-enrol", inspection_round), {"ward": [single.pk]})
    client.post(address("round-enrol", inspection_round), {"whole": district.pk})
    assert list(inspection_round.enrolments.values_list("ward", "position")) == [
        (ward.pk, place) for place, ward in enumerate([single, *whole], start=1)
    ]
    assert (
        Event.objects.filter(object_type="inspections.enrolment", action="created", actor_id=cast.approver.pk).count()
        == 4
    )
    page = client.get(f"{address('round-enrol', inspection_round)}?district={district.pk}")
    assert page.context["sections"] == []


def test_units_without_a_district_are_enrolled_in_one_go(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    wards = [make_ward(name=f"Mới {number}", valid_from=datetime.date(2025, 7, 1)) for number in range(168)]
    client.post(address("round-enrol", inspection_round), {"whole": "none"})
    assert inspection_round.enrolments.count() == 168
    assert inspection_round.enrolments.filter(ward__in=wards, inspection__open_criteria=4).count() == 168


def test_a_ward_enrolled_twice_is_enrolled_once(cast, sign_in):
    inspection_round, ward, client = make_round(), make_ward(), sign_in(cast.approver)
    for _press in range(2):
        assert client.post(address("round-enrol", inspection_round), {"ward": [ward.pk]}).status_code == 302
    assert inspection_round.enrolments.count() == 1
    assert add_wards(inspection_round=inspection_round, wards=[ward, ward], by=cast.approver) == []


def test_foreign_and_broken_keys_enrol_nothing(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    client.post(address("round-enrol", inspection_round), {"ward": ["abc", "-1", "9" * 30, "99999999"]})
    client.post(address("round-enrol", inspection_round), {"whole": "abc"})
    assert inspection_round.enrolments.count() == 0


def test_a_unit_not_in_force_is_refused_with_its_name(cast):
    ward = make_ward(name="Đã hết", valid_to=datetime.date(2025, 6, 30))
    with pytest.raises(Refused, match="Đã hết"):
        add_wards(inspection_round=make_round(), wards=[make_ward(), ward], by=cast.approver)
    assert not Enrolment.objects.filter(ward=ward).exists()


def test_a_closed_round_takes_no_wards(cast):
    inspection_round = make_round(status="closed")
    with pytest.raises(Refused):
        add_wards(inspection_round=inspection_round, wards=[make_ward()], by=cast.approver)


def test_a_ward_leaves_only_while_nothing_is_recorded(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    slip, used = enrol(inspection_round, make_ward()), enrol(inspection_round, make_ward())
    answer(used, cast.inspector, {1: "met"})
    client.post(address("round-remove", inspection_round, slip.pk))
    client.post(address("round-remove", inspection_round, used.pk))
    assert list(inspection_round.enrolments.all()) == [used]
    assert Event.objects.about(inspection_round).filter(object_name=str(slip), action="voided").count() == 1
    published = Enrolment.objects.get(round__code="gd1-2019", ward__code="27202")
    with pytest.raises(Refused):
        remove_ward(enrolment=published, by=cast.approver)
    # The next one does not take a place of a list that was printed already.
    (added,) = add_wards(inspection_round=inspection_round, wards=[make_ward()], by=cast.approver)
    assert added.position == 3


def test_a_ward_of_another_round_is_not_found(cast, sign_in):
    inspection_round, other = make_round(), enrol(make_round(status="closed"), make_ward())
    client = sign_in(cast.approver)
    for name in ("round-remove", "ward-reopening-end"):
        assert client.post(address(name, inspection_round, other.pk)).status_code == 404
    for name in ("ward-reopen", "plan-ward"):
        assert client.get(address(name, inspection_round, other.pk)).status_code == 404


# Closing and opening again


def test_closing_lists_what_is_unfinished_and_stops_answers(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    enrolment = enrol(inspection_round, make_ward(name="Dở dang"))
    page = client.get(address("round-close", inspection_round))
    assert (page.context["left"], page.context["shown"]) == (1, [enrolment])
    client.post(address("round-close", inspection_round), {"seen": page.context["seen"]})
    inspection_round.refresh_from_db()
    assert (inspection_round.status, inspection_round.closed_by) == ("closed", cast.approver)
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    with pytest.raises(Refused):
        answer(enrolment, cast.inspector, {1: "met"})
    assert Event.objects.about(inspection_round).get().action == "closed"


def test_nobody_closes_over_a_checklist_that_came_meanwhile(cast, sign_in):
    inspection_round, client = make_round(), sign_in(cast.approver)
    seen = client.get(address("round-close", inspection_round)).context["seen"]
    enrol(inspection_round, make_ward())
    response = client.post(address("round-close", inspection_round), {"seen": seen})
    assert response.url == address("round-close", inspection_round)
    assert Round.objects.get(pk=inspection_round.pk).is_open


def test_closing_twice_is_refused_and_on_record_once(cast, sign_in):
    inspection_round = make_round()
    close_round(inspection_round=inspection_round, by=cast.approver)
    with pytest.raises(Refused):
        close_round(inspection_round=inspection_round, by=cast.approver)
    assert sign_in(cast.approver).get(address("round-close", inspection_round)).status_code == 302
    assert Event.objects.about(inspection_round).count() == 1


def test_inspectors_manage_no_rounds(cast):
    inspection_round = make_round()
    with pytest.raises(Refused):
        close_round(inspection_round=inspection_round, by=cast.inspector)
    with pytest.raises(Refused):
        add_wards(inspection_round=inspection_round, wards=[make_ward()], by=cast.inspector)


@pytest.fixture
def closed_ward(cast) -> Enrolment:
    enrolment = enrol(make_round(), make_ward())
    close_round(inspection_round=enrolment.round, by=cast.approver)
    return Enrolment.objects.select_related("round").get(pk=enrolment.pk)


def test_a_closed_round_opens_for_one_ward_until_a_day(cast, sign_in, closed_ward):
    other, today = enrol(closed_ward.round, make_ward()), timezone.localdate()
    client = sign_in(cast.approver)
    data = {"until": f"{today:%d/%m/%Y}", "reason": "Bổ sung hình ảnh kho"}
    for _press in range(2):
        assert client.post(address("ward-reopen", closed_ward.round, closed_ward.pk), data).status_code == 302
    fresh = Enrolment.objects.select_related("round").get(pk=closed_ward.pk)
    assert fresh.takes_answers
    assert not Enrolment.objects.get(pk=other.pk).takes_answers
    answer(fresh, cast.inspector, {1: "met"})
    event = Event.objects.filter(action="reopened", object_id=closed_ward.pk).get()
    assert event.reason == "Bổ sung hình ảnh kho"
    for page in (address("round", fresh.round), reverse("inspections:checklist", args=[fresh.pk])):
        text = sign_in(cast.inspector).get(page).content.decode()
        assert f"{today:%d/%m/%Y}" in text
        assert "Bổ sung hình ảnh kho" in text
    text = sign_in(cast.leader).get(address("round", fresh.round)).content.decode()
    assert "Bổ sung hình ảnh kho" not in text
    client.post(address("ward-reopening-end", fresh.round, fresh.pk))
    assert not Enrolment.objects.select_related("round").get(pk=fresh.pk).takes_answers


@pytest.mark.parametrize(
    ("until", "reason", "field"), [(-TOMORROW, "Lý do", "until"), (TOMORROW, " ", "reason"), (None, "Lý do", "until")]
)
def test_a_day_that_has_passed_or_no_reason_opens_nothing(cast, sign_in, closed_ward, until, reason, field):
    day = f"{timezone.localdate() + until:%d/%m/%Y}" if until else "31/02/2026"
    response = sign_in(cast.approver).post(
        address("ward-reopen", closed_ward.round, closed_ward.pk), {"until": day, "reason": reason}
    )
    assert list(response.context["form"].errors) == [field]
    assert Enrolment.objects.get(pk=closed_ward.pk).reopened_until is None


def test_an_open_round_is_open_for_all(cast):
    enrolment = enrol(make_round(), make_ward())
    with pytest.raises(Refused):
        reopen_ward(enrolment=enrolment, until=timezone.localdate(), reason="Lý do", by=cast.approver)
    with pytest.raises(Refused):
        reopen_round(inspection_round=enrolment.round, reason="Lý do", by=cast.approver)


def test_opening_the_whole_round_again_ends_single_ones(cast, closed_ward):
    reopen_ward(enrolment=closed_ward, until=timezone.localdate() + TOMORROW, reason="Lý do", by=cast.approver)
    with pytest.raises(Refused):
        reopen_round(inspection_round=closed_ward.round, reason="  ", by=cast.approver)
    reopen_round(inspection_round=closed_ward.round, reason="Kéo dài đợt", by=cast.approver)
    close_round(inspection_round=closed_ward.round, by=cast.approver)
    fresh = Enrolment.objects.select_related("round").get(pk=closed_ward.pk)
    assert (fresh.reopened_until, fresh.reopening_reason, fresh.takes_answers) == (None, "", False)
    end_ward_reopening(enrolment=fresh, by=cast.approver)
    assert [event.action for event in Event.objects.about(fresh)] == ["closed", "reopened", "created"]


def test_past_days_are_refused_by_the_service_too(cast, closed_ward):
    with pytest.raises(ValidationError):
        reopen_ward(enrolment=closed_ward, until=timezone.localdate() - TOMORROW, reason="Lý do", by=cast.approver)


def test_the_page_of_units_asks_little_whatever_their_number(cast, sign_in, django_assert_max_num_queries):
    inspection_round, client = make_round(), sign_in(cast.approver)
    for _district in range(12):
        district = make_district()
        Ward.objects.bulk_create(
            Ward(code=f"{district.code}{n}", name=str(n), kind="phuong", district=district) for n in range(20)
        )
    client.get(address("round-enrol", inspection_round))
    with django_assert_max_num_queries(12):
        client.get(address("round-enrol", inspection_round))


def test_the_way_to_open_one_ward_again(cast, sign_in, closed_ward):
    way = address("ward-reopen", closed_ward.round, closed_ward.pk)
    client = sign_in(cast.approver)
    for page in (address("round-reopen", closed_ward.round), reverse("inspections:checklist", args=[closed_ward.pk])):
        assert way in client.get(page).content.decode()
    page = sign_in(cast.inspector).get(reverse("inspections:checklist", args=[closed_ward.pk]))
    assert way not in page.content.decode()


def test_a_first_day_without_units_is_told_of(cast, sign_in):
    inspection_round = make_round(starts_on=datetime.date(1950, 1, 2))
    Ward.objects.update(valid_from=datetime.date(1975, 4, 30))
    response = sign_in(cast.approver).get(address("round-enrol", inspection_round))
    assert response.context["is_any_in_force"] is False
    assert address("round-edit", inspection_round) in response.content.decode()
