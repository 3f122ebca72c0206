"""Teams of a round, and the plan of their visits."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Round, Team
from criteria.inspections.services import assign_wards, close_round, reopen_ward, save_team
from criteria.inspections.services.teams import Member, Plan, shown_of
from tests.support.factories import enrol, make_district, make_grouping, make_round, make_ward
from tests.support.pages import squeeze

MONDAY = datetime.date(2026, 11, 23)


def address(name: str, inspection_round: Round, *more) -> str:
    return reverse(f"inspections:{name}", args=[inspection_round.code, *more])


@pytest.fixture
def inspection_round(db) -> Round:
    return make_round(deadline=datetime.date(2026, 12, 31))


def rows(*people: dict, name: str = "Đoàn số 1", **more) -> dict:
    data = {"name": name, "rows": "6"} | more
    for place in range(6):
        row = {"part": "member", "person": "", "full_name": "", "position": ""}
        row |= people[place] if place < len(people) else {}
        data |= {f"m{place}-{key}": value for key, value in row.items()}
    return data


@pytest.fixture
def team(cast, inspection_round) -> Team:
    members = [Member("head", str(cast.inspector), "", cast.inspector)]
    return save_team(team=Team(round=inspection_round, name="Đoàn số 1"), members=members, by=cast.approver)


def test_a_team_is_made_of_accounts_and_of_people_without_one(cast, sign_in, inspection_round):
    guest = {"part": "secretary", "full_name": "Trần  Thị B", "position": "Sở Tư pháp"}
    data = rows(guest, {"part": "head", "person": cast.inspector.pk}, {"person": cast.approver.pk})
    client = sign_in(cast.approver)
    # Pressed twice, it is one team.
    assert [client.post(address("team-add", inspection_round), data).status_code for _press in range(2)] == [302, 302]
    team = inspection_round.teams.get()
    assert [(m.part, m.full_name, m.person) for m in team.members.all()] == [
        ("head", cast.inspector.full_name, cast.inspector),
        ("secretary", "Trần Thị B", None),
        ("member", cast.approver.full_name, cast.approver),
    ]
    assert Event.objects.about(team).get().changes["name"] == [None, "Đoàn số 1"]


@pytest.mark.parametrize("heads", [0, 2])
def test_a_team_has_one_head(cast, sign_in, inspection_round, heads):
    people = [{"part": "head", "full_name": f"Người {number}"} for number in range(heads)] + [{"full_name": "Người C"}]
    response = sign_in(cast.approver).post(address("team-add", inspection_round), rows(*people))
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert response.context["form"].members[heads]["full_name"].value() == "Người C"
    assert not inspection_round.teams.exists()


def test_nobody_stands_in_a_team_twice_and_only_those_who_inspect(cast, sign_in, inspection_round):
    client = sign_in(cast.approver)
    twice = rows({"part": "head", "person": cast.inspector.pk}, {"person": cast.inspector.pk})
    assert client.post(address("team-add", inspection_round), twice).context["form"].non_field_errors()
    for outsider in (cast.quan10, cast.administrator, cast.leader):
        response = client.post(address("team-add", inspection_round), rows({"part": "head", "person": outsider.pk}))
        assert response.context["form"].members[0].errors
        with pytest.raises(Refused):
            member = Member("head", outsider.full_name, "", outsider)
            save_team(team=Team(round=inspection_round, name="X"), members=[member], by=cast.approver)
    assert not inspection_round.teams.exists()


def test_an_office_without_a_name_is_no_person(cast, sign_in, inspection_round):
    response = sign_in(cast.approver).post(address("team-add", inspection_round), rows({"position": "Sở Tư pháp"}))
    assert "full_name" in response.context["form"].members[0].errors


def test_somebody_may_be_in_two_teams_and_the_page_says_so(cast, sign_in, inspection_round, team):
    second = [Member("head", "Người khác"), Member("member", str(cast.inspector), "", cast.inspector)]
    save_team(team=Team(round=inspection_round, name="Đoàn số 2"), members=second, by=cast.approver)
    assert sign_in(cast.approver).get(address("teams", inspection_round)).context["several"] == [
        cast.inspector.full_name
    ]


def test_two_teams_of_one_name_are_refused(cast, sign_in, inspection_round, team):
    response = sign_in(cast.approver).post(
        address("team-add", inspection_round), rows({"part": "head", "full_name": "Khác"})
    )
    assert list(response.context["form"].errors) == ["name"]


def test_a_stale_team_form_is_refused_and_shows_what_stands(cast, sign_in, inspection_round, team):
    client = sign_in(cast.approver)
    edit = address("team-edit", inspection_round, team.pk)
    first = rows({"part": "head", "person": cast.inspector2.pk}, version=team.version)
    assert client.post(edit, first).status_code == 302
    response = client.post(edit, rows({"part": "head", "full_name": "Người khác"}, version=team.version))
    assert response.status_code == 200
    assert cast.inspector2.full_name in str(response.context["form"].non_field_errors())
    assert team.members.get().person == cast.inspector2
    again = rows({"part": "head", "full_name": "Người khác"}, version=response.context["form"].data["version"])
    assert client.post(edit, again).status_code == 302
    assert [event.action for event in Event.objects.about(team)] == ["changed", "changed", "created"]


def test_a_team_without_wards_goes_and_its_history_stays(cast, sign_in, inspection_round, team):
    enrolment = enrol(inspection_round, make_ward())
    Enrolment.objects.filter(pk=enrolment.pk).update(team=team)
    client = sign_in(cast.approver)
    client.post(address("team-remove", inspection_round, team.pk))
    assert inspection_round.teams.exists()
    Enrolment.objects.filter(pk=enrolment.pk).update(team=None)
    client.post(address("team-remove", inspection_round, team.pk))
    assert not inspection_round.teams.exists()
    assert Event.objects.about(inspection_round).filter(object_name=str(team), action="voided").exists()


# The plan


def ticks(*enrolments) -> list[str]:
    return [f"{each.pk}:{shown_of(Enrolment.objects.get(pk=each.pk))}" for each in enrolments]


def test_ticked_wards_get_a_team_and_days_spread_over_working_days(cast, sign_in, inspection_round, team):
    wards = [enrol(inspection_round, make_ward()) for _number in range(12)]
    data = {"ward": ticks(*wards), "team": team.pk, "planned_on": "26/11/2026", "per_day": "5"}
    client = sign_in(cast.approver)
    assert client.post(address("plan", inspection_round), data).status_code == 302
    days = list(inspection_round.enrolments.order_by("position").values_list("planned_on__day", flat=True))
    # Thursday, Friday, and the Monday behind the weekend.
    assert days == [26] * 5 + [27] * 5 + [30] * 2
    assert inspection_round.enrolments.filter(team=team).count() == 12
    event = Event.objects.filter(object_type="inspections.enrolment", action="changed").first()
    assert event.changes["team"] == [None, "Đoàn số 1"]
    # The same form again is based on the old version: nothing is overwritten or recorded twice.
    assert client.post(address("plan", inspection_round), data | {"per_day": ""}).status_code == 200
    assert Event.objects.filter(object_type="inspections.enrolment", action="changed").count() == 12


def test_what_is_left_alone_stays(cast, inspection_round, team):
    ward = enrol(inspection_round, make_ward())
    assign_wards(
        inspection_round=inspection_round, shown={ward.pk: "|"}, plan=Plan(True, team, True, MONDAY), by=cast.approver
    )
    shown = {ward.pk: f"{team.pk}|{MONDAY}"}
    assign_wards(
        inspection_round=inspection_round, shown=shown, plan=Plan(sets_day=True, planned_on=None), by=cast.approver
    )
    ward = Enrolment.objects.get(pk=ward.pk)
    assert (ward.team, ward.planned_on) == (team, None)


@pytest.mark.parametrize(
    ("day", "warnings"), [("21/11/2026", 1), ("22/11/2026", 1), ("23/11/2026", 0), ("24/11/2026", 1)]
)
def test_a_day_at_the_weekend_is_warned_of(cast, sign_in, inspection_round, day, warnings):
    data = {"ward": ticks(enrol(inspection_round, make_ward())), "planned_on": day}
    response = sign_in(cast.approver).post(address("plan", inspection_round), data, follow=True)
    tags = [message.level_tag for message in response.context["messages"]]
    assert tags == ["success"] + ["warning"] * warnings


def test_a_day_after_the_deadline_is_warned_of(cast, sign_in, inspection_round):
    Round.objects.filter(pk=inspection_round.pk).update(deadline=datetime.date(2026, 11, 24))
    late, client = enrol(inspection_round, make_ward(name="Trễ hạn")), sign_in(cast.approver)
    response = client.post(
        address("plan", inspection_round), {"ward": ticks(late), "planned_on": "25/11/2026"}, follow=True
    )
    assert Enrolment.objects.get(pk=late.pk).planned_on == datetime.date(2026, 11, 25)
    (warning,) = [str(message) for message in response.context["messages"] if message.level_tag == "warning"]
    assert "Trễ hạn" in warning and "24/11/2026" in warning
    alone = {"team": "", "planned_on": "23/11/2026", "shown": "|2026-11-25"}
    page = client.post(address("plan-ward", inspection_round, late.pk), alone, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["success"]


def test_a_stale_tick_changes_nothing_at_all(cast, sign_in, inspection_round, team):
    first, second = enrol(inspection_round, make_ward()), enrol(inspection_round, make_ward(name="Đã đổi"))
    data = {"ward": ticks(first, second), "planned_on": "24/11/2026"}
    assign_wards(inspection_round=inspection_round, shown={second.pk: "|"}, plan=Plan(True, team), by=cast.approver)
    response = sign_in(cast.approver).post(address("plan", inspection_round), data)
    assert "Đã đổi" in str(response.context["form"].non_field_errors())
    assert not inspection_round.enrolments.filter(planned_on__isnull=False).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"planned_on": "31/12/2025"}, "planned_on"),
        ({"planned_on": "01/01/2027"}, "planned_on"),
        ({"planned_on": "31/02/2026"}, "planned_on"),
        ({"planned_on": "", "per_day": "3", "team": "none"}, "planned_on"),
        ({"per_day": "0"}, "per_day"),
        ({"no_day": "on"}, "planned_on"),
        ({"planned_on": ""}, "team"),
        ({"team": "999999"}, "team"),
        ({"ward": []}, "__all__"),
        ({"ward": ["abc", "1:x|y", "99999999:|"]}, "__all__"),
    ],
)
def test_a_plan_that_cannot_be_is_shown_again(cast, sign_in, inspection_round, changes, field):
    ward = enrol(inspection_round, make_ward())
    data = {"ward": ticks(ward), "planned_on": "24/11/2026"} | changes
    response = sign_in(cast.approver).post(address("plan", inspection_round), data)
    assert list(response.context["form"].errors) == [field]
    assert Enrolment.objects.get(pk=ward.pk).planned_on is None


def test_teams_and_wards_of_another_round_are_refused(cast, sign_in, inspection_round, team):
    other = enrol(make_round(), make_ward())
    response = sign_in(cast.approver).post(address("plan", inspection_round), {"ward": ticks(other), "team": team.pk})
    assert response.context["form"].non_field_errors()
    with pytest.raises(Refused):
        assign_wards(inspection_round=other.round, shown={other.pk: "|"}, plan=Plan(True, team), by=cast.approver)
    assert Enrolment.objects.get(pk=other.pk).team is None


def test_a_closed_round_is_planned_only_for_wards_open_again(cast, sign_in, inspection_round, team):
    shut, again = enrol(inspection_round, make_ward()), enrol(inspection_round, make_ward())
    close_round(inspection_round=inspection_round, by=cast.approver)
    reopen_ward(enrolment=again, until=datetime.date(2099, 1, 1), reason="Bổ sung", by=cast.approver)
    client = sign_in(cast.approver)
    assert client.get(address("plan", inspection_round)).context["enrolments"] == [again]
    data = {"team": team.pk, "planned_on": "15/02/2027"}
    assert client.post(address("plan", inspection_round), data | {"ward": ticks(again)}).status_code == 302
    assert client.post(address("plan", inspection_round), data | {"ward": ticks(shut)}).status_code == 200
    assert list(inspection_round.enrolments.filter(team=team)) == [again]


def test_one_ward_alone_and_its_stale_form(cast, sign_in, inspection_round, team):
    ward, client = enrol(inspection_round, make_ward()), sign_in(cast.approver)
    page = address("plan-ward", inspection_round, ward.pk)
    data = {"team": team.pk, "planned_on": "24/11/2026", "shown": "|"}
    assert client.post(page, data).status_code == 302
    response = client.post(page, data | {"planned_on": "25/11/2026"})
    assert response.status_code == 200
    again = data | {"planned_on": "25/11/2026", "shown": response.context["form"]["shown"].value()}
    assert client.post(page, again).status_code == 302
    assert Enrolment.objects.get(pk=ward.pk).planned_on == datetime.date(2026, 11, 25)


def test_filters_of_the_plan(cast, sign_in, inspection_round, team):
    district = make_district()
    first, second = enrol(inspection_round, make_ward(district)), enrol(inspection_round, make_ward())
    Enrolment.objects.filter(pk=first.pk).update(team=team)
    client = sign_in(cast.approver)
    for query, found in [
        (f"district={district.pk}", [first]),
        ("team=none", [second]),
        (f"team={team.pk}", [first]),
        ("team=999", []),
        ("q=%00", []),
    ]:
        assert client.get(f"{address('plan', inspection_round)}?{query}").context["enrolments"] == found, query


def test_the_schedule_of_a_team_can_be_copied_into_a_letter(cast, sign_in, inspection_round, team):
    ward = enrol(inspection_round, make_ward(make_district(name="Tân Thử"), name="6"))
    assign_wards(
        inspection_round=inspection_round, shown={ward.pk: "|"}, plan=Plan(True, team, True, MONDAY), by=cast.approver
    )
    (plan,) = sign_in(cast.inspector).get(address("teams", inspection_round)).context["plans"]
    assert plan.text == (
        f"Đoàn số 1 (Trưởng đoàn: {cast.inspector.full_name}):\n- Thứ Hai, ngày 23/11/2026: Phường 6, quận Tân Thử."
    )


def test_a_district_sees_the_days_of_its_own_wards_alone(cast, sign_in):
    enrolments = Enrolment.objects.filter(round__code="gd1-2019")
    team = Team.objects.create(round=enrolments[0].round, name="Đoàn số 1")
    enrolments.update(team=team, planned_on=MONDAY)
    (plan,) = sign_in(cast.quan10).get(address("teams", team.round)).context["plans"]
    assert plan.wards == 3
    assert "Thạnh An" not in plan.text


@pytest.mark.parametrize("name", ["teams", "plan", "round-progress", "round"])
def test_queries_do_not_grow_with_wards_and_teams(cast, sign_in, inspection_round, name):
    client, counts = sign_in(cast.approver), []
    for wards, teams in ((10, 2), (30, 6)):
        made = [
            save_team(
                team=Team(round=inspection_round, name=f"Đoàn {wards}.{number}"),
                members=[Member("head", f"Người {number}"), Member("member", "X", "", cast.inspector)],
                by=cast.approver,
            )
            for number in range(teams)
        ]
        for number in range(wards):
            ward = enrol(inspection_round, make_ward(make_district() if number % 5 == 0 else None))
            Enrolment.objects.filter(pk=ward.pk).update(team=made[number % teams], planned_on=MONDAY)
        client.get(address(name, inspection_round))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(name, inspection_round))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14, counts


def test_teams_of_a_round_with_groups_name_the_areas_that_they_go_to(cast, sign_in, team):
    north, south, alone = (make_ward(None, name) for name in ("Một", "Hai", "Ba"))
    more = make_ward(None, "Bốn")
    grouping = make_grouping("Khu vực", {"Bắc": [north], "Nam": [south, more]})
    Round.objects.filter(pk=team.round_id).update(grouping=grouping)
    inspection_round = Round.objects.get(pk=team.round_id)
    for ward in (alone, south, north, more):
        Enrolment.objects.filter(pk=enrol(inspection_round, ward).pk).update(team=team, planned_on=MONDAY)
    response = sign_in(cast.approver).get(address("teams", inspection_round))
    (plan,) = response.context["plans"]
    assert plan.goes_to == [("Bắc", 1), ("Nam", 2), (response.context["divided"].rest, 1)]
    assert "Nam (2)" in squeeze(response.content.decode())
    Round.objects.filter(pk=inspection_round.pk).update(grouping=None)
    assert sign_in(cast.approver).get(address("teams", inspection_round)).context["plans"][0].goes_to == []


def test_the_team_form_asks_little_whatever_the_number_of_rows(
    cast, sign_in, inspection_round, django_assert_max_num_queries
):
    members = [Member("head", "A"), *(Member("member", f"Người {number}") for number in range(20))]
    team = save_team(team=Team(round=inspection_round, name="Đoàn đông"), members=members, by=cast.approver)
    client = sign_in(cast.approver)
    client.get(address("team-edit", inspection_round, team.pk))
    with django_assert_max_num_queries(12):
        client.get(address("team-edit", inspection_round, team.pk))
