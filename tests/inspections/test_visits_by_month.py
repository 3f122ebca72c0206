"""The visits of a round on a calendar: in their week, with days off, for those who may see them."""

import datetime
from itertools import chain

import pytest
from django.utils import timezone

from criteria.inspections.models import Inspection, Team
from criteria.inspections.queries.visits_by_month import visits_by_month
from tests.support.factories import enrol, make_round, make_ward

DAY = datetime.date


@pytest.fixture
def planned(cast):
    inspection_round = make_round(starts_on=DAY(2026, 11, 1), ends_on=DAY(2027, 2, 27))
    team = Team.objects.create(round=inspection_round, name="Đoàn 1")
    for number, day in enumerate([DAY(2026, 12, 7), DAY(2026, 12, 7), DAY(2026, 12, 31), DAY(2027, 2, 1), None]):
        enrolment = enrol(inspection_round, make_ward(name=f"Phường số {number}"))
        enrolment.planned_on, enrolment.team = day, team if day else None
        enrolment.save(update_fields=["planned_on", "team"])
    return inspection_round


def shown(month) -> dict:
    days = chain.from_iterable(month.weeks)
    return {day.day: [visit.ward.name for visit in day.visits] for day in days if day.visits}


def test_the_month_of_the_next_visit_is_shown(planned, cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        month = visits_by_month(planned, cast.inspector, today=DAY(2026, 11, 29))
    assert shown(month) == {DAY(2026, 12, 7): ["Phường số 0", "Phường số 1"], DAY(2026, 12, 31): ["Phường số 2"]}
    assert (month.first, month.count, month.unplanned) == (DAY(2026, 12, 1), 3, 1)
    assert (month.earlier, month.later) == (None, DAY(2027, 2, 1))
    assert [len(week) for week in month.weeks] == [7] * 5
    assert month.weeks[0][0].day == DAY(2026, 11, 30)


@pytest.mark.parametrize(
    ("today", "first"),
    [(DAY(2026, 12, 8), DAY(2026, 12, 1)), (DAY(2027, 1, 1), DAY(2027, 2, 1)), (DAY(2027, 3, 1), DAY(2027, 2, 1))],
)
def test_after_the_last_visit_the_last_month_is_shown(planned, cast, today, first):
    assert visits_by_month(planned, cast.inspector, today=today).first == first


def test_days_off_say_why(planned, cast):
    month = visits_by_month(planned, cast.inspector, today=DAY(2026, 11, 29), month=DAY(2027, 1, 1))
    days = {day.day.day: day for day in chain.from_iterable(month.weeks) if day.is_of_month}
    assert "Tết" in days[1].holiday
    assert [days[number].is_off for number in (1, 2, 3, 4)] == [True, True, True, False]
    # The weekday stands above the column.
    assert (days[2].holiday, days[3].holiday) == ("", "")
    assert month.count == 0


def test_today_is_marked_in_its_own_month_alone(planned, cast):
    today = DAY(2026, 11, 30)
    for first, count in ((DAY(2026, 11, 1), 1), (DAY(2026, 12, 1), 0)):
        month = visits_by_month(planned, cast.inspector, today=today, month=first)
        assert sum(day.is_today for day in chain.from_iterable(month.weeks)) == count


def test_a_unit_that_only_reports_has_no_visit(planned, cast):
    planned.enrolments.filter(planned_on=DAY(2026, 12, 31)).update(way="report")
    month = visits_by_month(planned, cast.inspector, today=DAY(2026, 11, 29))
    assert DAY(2026, 12, 31) not in shown(month)


def test_the_page_leads_to_checklists_and_other_months(planned, cast, sign_in):
    client, page = sign_in(cast.inspector), f"/dot-kiem-tra/{planned.code}/lich/"
    first = planned.enrolments.order_by("pk").first()
    text = client.get(f"{page}?thang=2026-12").content.decode()
    assert f'href="/phieu/{first.pk}/"' in text
    assert 'href="?thang=2027-02"' in text
    for odd in ("2026-13", "x", "2026-12-01", "9999-12", "0001-01", ""):
        assert client.get(page, {"thang": odd}).status_code == 200
    assert f'href="{page}"' in client.get(f"/dot-kiem-tra/{planned.code}/doan/").content.decode()


def test_that_a_team_was_there_is_for_those_who_work_on_checklists(planned, cast, sign_in):
    own = enrol(planned, make_ward(cast.quan10.district))
    own.planned_on = DAY(2026, 12, 8)
    own.save(update_fields=["planned_on"])
    Inspection.objects.filter(enrolment=own).update(inspected_on=DAY(2026, 12, 8))
    page = f"/dot-kiem-tra/{planned.code}/lich/?thang=2026-12"
    for user, is_told in ((cast.inspector, True), (cast.quan10, False)):
        text = sign_in(user).get(page).content.decode()
        assert own.ward.full_title in text
        assert ("<small>đã kiểm tra</small>" in text) is is_told


def test_a_district_sees_its_own_visits_alone(planned, cast, sign_in):
    assert shown(visits_by_month(planned, cast.quan10, today=timezone.localdate())) == {}
