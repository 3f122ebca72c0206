"""How far a round is: counts by status, district, team and inspector, and who has not handed in."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from criteria.inspections.models import Enrolment, Inspection, Round, Team
from criteria.inspections.queries import progress
from criteria.inspections.services import approve_inspection, return_inspection, sign_minutes
from tests.support.factories import answer, enrol, make_district, make_round, make_ward, submit_signed

#: one ward in each state, in the order of the round
STATES = ["not_started", "under_way", "signed", "submitted", "returned", "approved"]


def made(cast, inspection_round: Round, state: str, district) -> Enrolment:
    enrolment = enrol(inspection_round, make_ward(district, name=state))
    if state == "not_started":
        return enrolment
    answer(enrolment, cast.inspector, {1: "met"} if state == "under_way" else "met")
    inspection = enrolment.inspection
    if state == "signed":
        sign_minutes(inspection=inspection, signed_on=timezone.localdate(), by=cast.inspector)
    elif state != "under_way":
        submit_signed(inspection=inspection, by=cast.inspector)
        if state == "returned":
            return_inspection(inspection=inspection, by=cast.approver, reason="Thiếu ảnh")
        if state == "approved":
            approve_inspection(inspection=inspection, by=cast.approver)
    return enrolment


@pytest.fixture
def six(cast) -> Round:
    inspection_round, district = make_round(deadline=timezone.localdate() + datetime.timedelta(days=3)), make_district()
    for state in STATES:
        made(cast, inspection_round, state, district)
    return inspection_round


def page_of(inspection_round: Round, query: str = "") -> str:
    return reverse("inspections:round-progress", args=[inspection_round.code]) + query


def test_every_state_is_counted_once(six, cast):
    counts = progress(six.enrolments.visible_to(cast.inspector).with_standing())
    assert [getattr(counts, state) for state in STATES] == [1] * 6
    assert (counts.handed_in, counts.not_handed_in) == (2, 4)


@pytest.mark.usefixtures("noon")
def test_the_page_counts_by_district_team_and_inspector(six, cast, sign_in):
    team, empty = (Team.objects.create(round=six, name=name) for name in ("Đoàn 1", "Đoàn 2"))
    six.enrolments.filter(position__lte=2).update(team=team)
    context = sign_in(cast.inspector).get(page_of(six)).context
    (district,) = context["areas"]
    assert district.progress.enrolled == 6
    by_team = {part.title: part.progress.enrolled for part in context["teams"]}
    assert by_team == {team.name: 2, empty.name: 0, "": 4}
    inspector, nobody = context["inspectors"]
    assert (inspector.title, inspector.progress.enrolled, inspector.progress.signed) == (str(cast.inspector), 5, 1)
    assert (nobody.key, nobody.progress.not_started) == (None, 1)
    assert context["days_left"] == 3


def test_who_has_not_handed_in_can_be_copied(six, cast, sign_in):
    client = sign_in(cast.approver)
    context = client.get(page_of(six)).context
    assert [row.ward.name for row in context["late"]] == ["not_started", "under_way", "signed", "returned"]
    assert "còn 04 đơn vị" in context["sentence"]
    assert "approved" not in context["sentence"]
    context = client.get(page_of(six, "?team=none&q=signed")).context
    assert [row.ward.name for row in context["late"]] == ["signed"]


def test_of_more_units_than_a_sentence_names_the_first_are_listed(six, cast, sign_in, monkeypatch):
    views, texts = "criteria.inspections.views.rounds", "criteria.inspections.papers.round_texts"
    for place in (views, texts):
        monkeypatch.setattr(f"{place}.NAMED", 3)
    monkeypatch.setattr(f"{views}.LISTED", 2)
    response = sign_in(cast.approver).get(page_of(six))
    assert [row.ward.name for row in response.context["late"]] == ["not_started", "under_way"]
    assert response.context["sentence"].endswith("còn 04 đơn vị chưa được trình duyệt phiếu kiểm tra.")
    assert "2 đơn vị đầu trong số 4 đơn vị" in " ".join(response.content.decode().split())


def test_all_handed_in_is_said_so(cast, sign_in):
    inspection_round = make_round()
    made(cast, inspection_round, "approved", None)
    context = sign_in(cast.inspector).get(page_of(inspection_round)).context
    assert not context["late"]
    assert "tất cả" in context["sentence"]


def test_signed_wards_can_be_filtered_and_stand_in_the_table(six, cast, sign_in):
    client = sign_in(cast.inspector)
    response = client.get(reverse("inspections:round", args=[six.code]) + "?status=signed")
    assert [row.record.ward.name for row in response.context["table"].paginated_rows] == ["signed"]
    assert response.context["counts"].signed == 1
    assert client.get("/").status_code == 200


def test_only_those_who_see_drafts_see_progress(six, cast, sign_in):
    Enrolment.objects.filter(round=six, position=1).update(ward=cast.thanhan.ward)
    for person in (cast.leader, cast.thanhan, cast.administrator):
        assert sign_in(person).get(page_of(six)).status_code == 403
    # The leader counts what is approved, as the summary table does.
    page = sign_in(cast.leader).get(reverse("inspections:round", args=[six.code]))
    assert page.context["counts"].approved == 1
    assert "status=signed" not in page.content.decode()


def test_statuses_are_all_counted():
    assert {*STATES} - {"not_started", "under_way"} == {*Inspection.Status.values} - {"draft"}


def test_a_round_without_wards_is_not_said_to_be_done(cast, sign_in):
    inspection_round = make_round()
    page = (
        sign_in(cast.approver).get(reverse("inspections:round-progress", args=[inspection_round.code])).content.decode()
    )
    assert "tất cả đơn vị" not in page
