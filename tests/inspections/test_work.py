"""What waits for a person: the inspector's day, the approver's decisions, answers that were kept."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from criteria.inspections.models import Enrolment, KeptAnswer, Round, Team, TeamMember
from criteria.inspections.queries import turns, with_kept_answers, work_of
from criteria.inspections.queries.work import ANY_DAY, COMING, RETURNED, TODAY
from criteria.inspections.services import return_inspection, sign_minutes
from tests.support.factories import answer, enrol, make_round, make_ward, submit_signed

DAY = datetime.timedelta(days=1)


@pytest.fixture
def inspection_round(cast) -> Round:
    """The only open round."""
    Round.objects.update(status="closed")
    return make_round(starts_on=timezone.localdate() - 30 * DAY, ends_on=timezone.localdate() + 30 * DAY)


def planned(inspection_round: Round, day: datetime.date | None, **values) -> Enrolment:
    enrolment = enrol(inspection_round, make_ward())
    Enrolment.objects.filter(pk=enrolment.pk).update(planned_on=day, **values)
    return enrolment


def test_returned_first_then_today_then_the_coming_days_then_the_rest(cast, inspection_round):
    today = timezone.localdate()
    rest, tomorrow, now, late = (planned(inspection_round, day) for day in (None, today + DAY, today, today - DAY))
    returned = planned(inspection_round, today + 5 * DAY)
    answer(returned, cast.inspector, "met")
    submit_signed(inspection=returned.inspection, by=cast.inspector)
    return_inspection(inspection=returned.inspection, by=cast.approver, reason="Thiếu ảnh kho")
    work = list(work_of(cast.inspector))
    assert work == [returned, late, now, tomorrow, rest]
    assert [turn.turn for turn in turns(work)] == [RETURNED, TODAY, COMING, ANY_DAY]


def test_a_deadline_that_came_counts_as_today(cast, inspection_round):
    Round.objects.filter(pk=inspection_round.pk).update(deadline=timezone.localdate())
    planned(inspection_round, timezone.localdate() + 3 * DAY)
    assert [row.turn for row in work_of(cast.inspector)] == [TODAY]


def test_each_row_says_how_many_answers_are_given(cast, inspection_round):
    enrolment = planned(inspection_round, None)
    answer(enrolment, cast.inspector, {1: "met", 2: "not_met"})
    ((row,),) = [turn.enrolments for turn in turns(work_of(cast.inspector))]
    assert (row.answered, row.asked) == (2, 4)


def test_signed_minutes_wait_to_be_submitted_and_submitted_ones_for_nobody_here(cast, inspection_round):
    signed, submitted = planned(inspection_round, None), planned(inspection_round, None)
    for each in (signed, submitted):
        answer(each, cast.inspector, "met")
    sign_minutes(inspection=signed.inspection, signed_on=timezone.localdate(), by=cast.inspector)
    submit_signed(inspection=submitted.inspection, by=cast.inspector)
    assert list(work_of(cast.inspector)) == [signed]


def test_who_is_in_a_team_sees_that_teams_wards_there_and_all_elsewhere(cast, inspection_round):
    team = Team.objects.create(round=inspection_round, name="Đoàn 1")
    TeamMember.objects.create(team=team, person=cast.inspector, full_name="A", part="head")
    mine, other = planned(inspection_round, None, team=team), planned(inspection_round, None)
    elsewhere = planned(make_round(), None)
    assert set(work_of(cast.inspector)) == {mine, elsewhere}
    assert set(work_of(cast.inspector2)) == {mine, other, elsewhere}
    second = Team.objects.create(round=inspection_round, name="Đoàn 2")
    TeamMember.objects.create(team=second, person=cast.inspector, full_name="A")
    assert work_of(cast.inspector).count() == 2


def test_the_first_page_has_the_wards_of_the_own_team_alone_and_counts_the_others(cast, inspection_round, sign_in):
    team = Team.objects.create(round=inspection_round, name="Đoàn 1")
    mine, other_round = planned(inspection_round, None, team=team), make_round()
    elsewhere = [planned(other_round, timezone.localdate()) for _number in range(3)]
    answer(elsewhere[2], cast.inspector, {1: "met"})
    client = sign_in(cast.inspector)
    assert len(client.get("/").context["work"]) == 4
    TeamMember.objects.create(team=team, person=cast.inspector, full_name="A", part="head")
    context = client.get("/").context
    # What the person began stays in view.
    assert (set(context["work"]), context["other_work"]) == ({mine, elsewhere[2]}, 2)
    page = client.get("/?viec=tat-ca")
    assert (set(page.context["work"]), page.context["other_work"]) == ({mine, *elsewhere}, 0)
    assert page.context["to_load"][0] == mine and page.context["work"][0] != mine


def test_a_ward_open_again_is_work_and_its_day_is_the_deadline(cast, inspection_round):
    enrolment = planned(inspection_round, None)
    Round.objects.filter(pk=inspection_round.pk).update(status="closed", deadline=timezone.localdate() - DAY)
    assert not work_of(cast.inspector).exists()
    until = timezone.localdate() + 3 * DAY
    Enrolment.objects.filter(pk=enrolment.pk).update(reopened_until=until, reopening_reason="Bổ sung")
    (row,) = work_of(cast.inspector)
    assert (row.turn, row.due_on) == (ANY_DAY, until)


@pytest.mark.parametrize("person", ["quan10", "thanhan", "leader", "administrator"])
def test_nothing_waits_for_people_who_do_not_inspect(cast, inspection_round, person):
    planned(inspection_round, None)
    assert not work_of(getattr(cast, person)).exists()
    assert not with_kept_answers(getattr(cast, person)).exists()


def kept(enrolment: Enrolment, by, **values) -> KeptAnswer:
    return KeptAnswer.objects.create(
        inspection=enrolment.inspection,
        criteria_set=enrolment.round.criteria_set,
        values={},
        base_version=0,
        reason="locked",
        submission_id=uuid.uuid4(),
        via="offline",
        sent_by=by,
        made_at=timezone.now(),
        **values,
    )


def test_answers_that_were_kept_are_for_their_author_and_for_approvers(cast, inspection_round):
    enrolment = planned(inspection_round, None)
    for _number in range(2):
        kept(enrolment, cast.inspector)
    kept(enrolment, cast.inspector2, decision="dropped", decided_by=cast.approver, decided_at=timezone.now())
    assert [row.kept for row in with_kept_answers(cast.inspector)] == [2]
    assert [row.kept for row in with_kept_answers(cast.approver)] == [2]
    assert not with_kept_answers(cast.inspector2).exists()


def test_the_home_shows_the_reason_and_one_tap_to_the_checklist(cast, sign_in, inspection_round):
    returned = planned(inspection_round, None)
    answer(returned, cast.inspector, "met")
    submit_signed(inspection=returned.inspection, by=cast.inspector)
    return_inspection(inspection=returned.inspection, by=cast.approver, reason="Thiếu ảnh kho")
    kept(returned, cast.inspector)
    for person in (cast.inspector, cast.approver):
        page = sign_in(person).get("/").content.decode()
        assert "Thiếu ảnh kho" in page
        assert f'href="/phieu/{returned.pk}/"' in page


@pytest.mark.parametrize("person", ["inspector", "approver"])
def test_the_home_asks_as_much_for_ten_wards_as_for_forty(cast, sign_in, inspection_round, person):
    client, counts = sign_in(getattr(cast, person)), []
    for wards, teams in ((10, 2), (30, 6)):
        made = [Team.objects.create(round=inspection_round, name=f"Đoàn {wards}.{number}") for number in range(teams)]
        for number in range(wards):
            planned(inspection_round, timezone.localdate() + number * DAY, team=made[number % teams])
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14, counts
