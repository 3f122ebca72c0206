""" "Còn phải làm": what a round lacks before it is opened, and which visits clash."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from archiveportal.workdays import Workdays
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Round, RoundDocument, Team
from criteria.inspections.queries.preparing import preparation
from criteria.inspections.services.teams import Member
from tests.support.factories import enrol, make_round, make_user, make_ward


def on(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-02-17", "Tết Nguyên Đán"),
        ("2026-04-27", "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        ("2026-01-02", "Nghỉ hoán đổi dịp Tết Dương lịch 2026"),
        ("2026-01-10", ""),
        ("2026-08-22", ""),
        ("2026-08-29", "Thứ Bảy"),
        ("2026-08-28", ""),
        ("2030-09-02", "Quốc khánh"),
    ],
)
def test_holidays_weekends_and_swapped_days(day, why):
    assert Workdays().why_off(on(day)).lower() == why.lower()


def test_the_next_working_day_passes_over_tet():
    assert Workdays().next_working_day(on("2026-02-13")) == on("2026-02-23")


@pytest.fixture
def plan(cast):
    """`plan(day, team)`: a visit to a new unit; two teams with one person in both."""
    inspection_round = make_round(
        code="kt-2026-1",
        status=Round.Status.DRAFT,
        asks_self_assessment=True,
        self_assessment_due=on("2026-03-31"),
        deadline=on("2026-11-30"),
    )
    shared, teams = make_user("inspector", full_name="Người Hai Nơi"), []
    for name in ("Đoàn 1", "Đoàn 2"):
        members = [Member("head", f"Trưởng {name}"), Member("member", str(shared), person=shared)]
        team = Team(round=inspection_round, name=name)
        teams.append(services.save_team(team=team, members=members, by=cast.approver))

    def make(day: str | None = None, team: int | None = None) -> Enrolment:
        row = enrol(inspection_round, make_ward(cast.quan10.district))
        row.team, row.planned_on = (None if team is None else teams[team]), (on(day) if day else None)
        row.save()
        return row

    return make


def found(row) -> dict[str, list[int]]:
    with override("en"):
        clashes = preparation(row.round).clashes
    return {clash.title: [line.enrolment for line in clash.lines] for clash in clashes}


def test_a_plan_without_clashes_has_none(plan):
    plan("2026-06-01", 0)
    assert found(plan("2026-06-02", 1)) == {}


def test_each_clash_is_named_with_its_visit(plan):
    early, late, holiday = plan("2026-03-31", 0), plan("2026-12-01", 0), plan("2026-09-02", 0)
    crowd = [plan("2026-06-01", 0) for _ in range(3)]
    two = [plan("2026-06-05", 0), plan("2026-06-05", 1)]
    assert found(early) == {
        "Before the self-assessments are due": [early.pk],
        "After the deadline or outside of the round": [late.pk],
        "On days that are not worked": [holiday.pk],
        "More visits than a day holds": [crowd[-1].pk],
        "One person in two places": [two[0].pk],
    }


def test_units_that_cannot_hand_in_are_counted(cast, plan):
    row, other = plan("2026-06-01", 0), plan("2026-06-02", 0)
    make_user("ward", ward=row.ward)
    points = " ".join(preparation(row.round).open_points)
    assert "1 đơn vị chưa có tài khoản" in points and "31/3/2026 đã qua" in points
    make_user("ward", ward=other.ward)
    coming = timezone.localdate() + datetime.timedelta(days=5)
    Round.objects.filter(pk=row.round_id).update(self_assessment_due=coming)
    fresh = Round.objects.get(pk=row.round_id)
    assert not preparation(fresh).open_points
    Round.objects.filter(pk=row.round_id).update(asks_self_assessment=False, self_assessment_due=None)
    assert not preparation(Round.objects.get(pk=row.round_id)).open_points


def test_somebody_who_visits_for_another_round_is_in_two_places_too(cast, plan):
    row = plan("2026-06-05", 0)
    other = make_round()
    (member,) = row.team.members.filter(person__isnull=False)
    members = [Member("head", member.full_name, person=member.person)]
    team = services.save_team(team=Team(round=other, name="Đoàn khác"), members=members, by=cast.approver)
    Enrolment.objects.filter(pk=enrol(other, make_ward()).pk).update(team=team, planned_on=row.planned_on)
    assert found(row) == {"One person in two places": [row.pk]}
    Round.objects.filter(pk=other.pk).update(is_trial=True)
    assert found(row) == {}


def test_the_page_lists_what_is_missing_in_a_constant_number_of_queries(
    cast, sign_in, plan, django_assert_max_num_queries
):
    row = plan()
    source = make_round()
    RoundDocument.objects.create(round=source, kind="plan", number="1/KH", issued_on=on("2026-01-05"))
    Round.objects.filter(pk=row.round_id).update(copied_from=source, deadline=None)
    client, page = sign_in(cast.approver), reverse("inspections:round-prepare", args=["kt-2026-1"])
    text = client.get(page).content.decode()
    for words in ("chưa được giao cho đoàn nào", "chưa có ngày", "chưa có thời hạn", "Kế hoạch kiểm tra"):
        assert words in text
    for _ in range(10):
        plan("2026-09-02", 0)
    with django_assert_max_num_queries(14):
        assert "Quốc khánh" in client.get(page).content.decode()
