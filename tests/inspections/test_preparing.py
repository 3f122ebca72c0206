"""A round before it is opened: who sees it, what it is in, and how each unit is inspected."""

import datetime
import io

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Inspection, Round, Team
from criteria.inspections.queries import not_handed_in, not_reported, progress, work_of
from criteria.inspections.services.self_assessment import hand_in, save_self_answers
from criteria.inspections.services.teams import Member, Plan, shown_of
from reports.closing.services import close_figures
from reports.results.rows import unverified, visible_enrolments
from reports.results.trend import trend
from tests.support.factories import answer, enrol, make_round, make_ward
from tests.support.pages import squeeze

REPORT, REMOTE = Enrolment.Way.REPORT, Enrolment.Way.REMOTE


@pytest.fixture
def draft(cast):
    """A draft with a unit of quận 10 and one of Cần Giờ."""
    inspection_round = make_round(code="kt-2026-1", status=Round.Status.DRAFT)
    for district in (cast.quan10.district, cast.cangio.district):
        enrol(inspection_round, make_ward(district))
    return inspection_round


@pytest.mark.parametrize("status", [Round.Status.OPEN, Round.Status.CLOSED])
def test_the_database_refuses_to_make_an_opened_round_a_draft_again(db, status):
    rounds = Round.objects.filter(pk=make_round(status=Round.Status.DRAFT).pk)
    rounds.update(name="Đợt năm 2026")
    rounds.update(status=status)
    with pytest.raises(DatabaseError, match="a round that was opened is no draft again"), transaction.atomic():
        rounds.update(status=Round.Status.DRAFT)
    assert rounds.get().status == status


def names_of_rounds(client) -> str:
    return client.get(reverse("inspections:rounds")).content.decode()


def test_nobody_sees_a_draft_but_those_who_prepare_rounds(cast, sign_in, draft):
    approvers = [cast.approver, cast.approver2]
    others = [cast.inspector, cast.quan10, cast.cangio, cast.leader]
    for person in approvers:
        assert draft.name in names_of_rounds(sign_in(person))
    page = reverse("inspections:round", args=[draft.code])
    checklist = reverse("inspections:checklist", args=[draft.enrolments.first().pk])
    for person in others:
        client = sign_in(person)
        assert draft.name not in names_of_rounds(client) + client.get("/").content.decode()
        assert [client.get(address).status_code for address in (page, checklist)] == [404, 404]
    for viewer in [*others, EVERYTHING]:
        assert not Round.objects.visible_to(viewer).filter(pk=draft.pk).exists()
        assert not Enrolment.objects.visible_to(viewer).filter(round=draft).exists()
        assert not Inspection.objects.visible_to(viewer).filter(enrolment__round=draft).exists()


@pytest.mark.parametrize("address", ["reports:summary", "reports:dashboard", "reports:criteria", "reports:closings"])
def test_a_draft_has_no_pages_of_figures(cast, sign_in, draft, address):
    arguments = ["dot-kiem-tra", draft.code] if address == "reports:closings" else [draft.code]
    assert sign_in(cast.approver).get(reverse(address, args=arguments)).status_code == 404
    assert draft.code not in {each.code for each in trend(cast.approver)}


def test_a_draft_is_opened_once_and_then_everybody_sees_it(cast, sign_in, draft):
    client, page = sign_in(cast.approver), reverse("inspections:round-prepare", args=[draft.code])
    for _press in range(2):
        assert client.post(page).url == reverse("inspections:round", args=[draft.code])
    events = Event.objects.about(draft)
    assert [each.changes for each in events] == [{"status": ["in_draft", "open"]}]
    assert draft.name in names_of_rounds(sign_in(cast.inspector))


def test_what_is_missing_keeps_a_draft_closed(cast, draft):
    services.assign_wards(
        inspection_round=draft,
        shown={row.pk: shown_of(row) for row in draft.enrolments.all()},
        plan=Plan(way=REPORT),
        by=cast.approver,
    )
    gone = draft.enrolments.first().ward
    gone.valid_to = draft.starts_on - datetime.timedelta(days=1)
    gone.save()
    with override("en"), pytest.raises(Refused) as refusal:
        services.start_round(inspection_round=draft, by=cast.approver)
    assert gone.full_title in refusal.value.message
    assert "does not ask for self-assessments" in refusal.value.message
    empty = make_round(status=Round.Status.DRAFT)
    with override("en"), pytest.raises(Refused, match="No unit is enrolled"):
        services.start_round(inspection_round=empty, by=cast.approver)


def test_a_draft_takes_no_answers_and_is_neither_closed_nor_opened_again(cast, draft):
    enrolment = draft.enrolments.first()
    for refused in (
        lambda: answer(enrolment, cast.approver, "met"),
        lambda: services.close_round(inspection_round=draft, by=cast.approver),
        lambda: services.reopen_round(inspection_round=draft, reason="Mở", by=cast.approver),
        lambda: services.reopen_ward(enrolment=enrolment, until=draft.ends_on, reason="Mở", by=cast.approver),
        lambda: services.start_round(inspection_round=draft, by=cast.inspector),
    ):
        with pytest.raises(Refused):
            refused()


def assign(enrolment, by, **plan) -> list[Enrolment]:
    shown = {enrolment.pk: shown_of(Enrolment.objects.get(pk=enrolment.pk))}
    return services.assign_wards(inspection_round=enrolment.round, shown=shown, plan=Plan(**plan), by=by)


@pytest.fixture
def asked(cast):
    """A unit in an open round that asks for self-assessments."""
    return enrol(make_round(asks_self_assessment=True), make_ward(cast.quan10.district))


def test_a_unit_that_only_reports_has_no_visit_and_no_work_for_inspectors(cast, asked):
    members = [Member("head", "Trưởng đoàn", person=cast.inspector)]
    team = services.save_team(team=Team(round=asked.round, name="Đoàn 1"), members=members, by=cast.approver)
    assign(asked, cast.approver, sets_team=True, team=team, sets_day=True, planned_on=asked.round.ends_on)
    assert work_of(cast.inspector).filter(pk=asked.pk).exists()
    (changed,) = assign(asked, cast.approver, way=REPORT)
    assert (changed.team, changed.planned_on, changed.way) == (None, None, REPORT)
    assert set(Event.objects.about(changed).first().changes) == {"team", "planned_on", "way"}
    assert not work_of(cast.inspector).filter(pk=asked.pk).exists()
    with override("en"), pytest.raises(Refused, match="No team fills in"):
        answer(Enrolment.objects.get(pk=asked.pk), cast.inspector, "met")
    with override("en"), pytest.raises(Refused, match="they only report"):
        assign(asked, cast.approver, sets_team=True, team=team)
    assert assign(asked, cast.approver, way=REMOTE)[0].way == REMOTE


def test_what_a_team_recorded_stays_the_work_of_a_team(cast, asked):
    answer(asked, cast.inspector, "met")
    with override("en"), pytest.raises(Refused, match="recorded something"):
        assign(asked, cast.approver, way=REPORT)
    unasked = enrol(make_round(), make_ward(cast.quan10.district))
    with override("en"), pytest.raises(Refused, match="does not ask"):
        assign(unasked, cast.approver, way=REPORT)


def test_the_ways_are_chosen_on_the_pages_of_the_plan(cast, sign_in, asked):
    client = sign_in(cast.approver)
    page = reverse("inspections:plan", args=[asked.round.code])
    assert client.post(page, {"ward": f"{asked.pk}:{shown_of(asked)}", "way": REMOTE}).status_code == 302
    asked.refresh_from_db()
    own = reverse("inspections:plan-ward", args=[asked.round.code, asked.pk])
    for day, code in (("", 302), ("01/06/2026", 200)):
        data = {"shown": shown_of(Enrolment.objects.get(pk=asked.pk)), "way": REPORT, "planned_on": day}
        assert client.post(own, data).status_code == code
    assert Enrolment.objects.get(pk=asked.pk).way == REPORT
    assert "tự kiểm tra, báo cáo" in client.get(page).content.decode()


def test_a_trial_is_marked_and_in_no_figure(cast, sign_in):
    trial = make_round(is_trial=True)
    enrolment = enrol(trial, make_ward(cast.quan10.district))
    answer(enrolment, cast.inspector, "met")
    for person in (cast.inspector, cast.approver, cast.quan10):
        client = sign_in(person)
        for name, key in (("round", trial.code), ("checklist", enrolment.pk)):
            assert "Đợt thử" in client.get(reverse(f"inspections:{name}", args=[key])).content.decode()
        assert trial.code not in {each.code for each in trend(person)}
    home = sign_in(cast.leader).get("/").context
    assert trial not in [home["round"], home["newest_with_results"], *home["without_results"]]
    counted = Enrolment.objects.visible_to(cast.leader).counted()
    assert not counted.filter(round=trial).exists()
    with override("en"), pytest.raises(Refused, match="trial round"):
        close_figures(subject=trial, seen=0, by=cast.approver)


@pytest.fixture
def reporting(cast):
    """A round with a visited unit and two that only report, of which one has handed in."""
    due = timezone.localdate() + datetime.timedelta(days=1)
    inspection_round = make_round(asks_self_assessment=True, self_assessment_due=due)
    rows = [enrol(inspection_round, make_ward(cast.quan10.district)) for _ in range(3)]
    for row in rows[1:]:
        assign(row, cast.approver, way=REPORT)
    row = Enrolment.objects.select_related("round__criteria_set").get(pk=rows[1].pk)
    changes = [
        services.Change(each, 0, services.BLANK | {"outcome": "met"}) for each in row.round.criteria_set.criteria.all()
    ]
    saved = save_self_answers(enrolment=row, changes=changes, by=cast.quan10)
    hand_in(enrolment=row, seen=saved.version, by=cast.quan10)
    return inspection_round


def test_the_page_of_a_unit_says_what_it_reported(cast, reporting, sign_in):
    visited, reported, awaited = reporting.enrolments.order_by("pk")
    client = sign_in(cast.approver)
    pages = {row.pk: client.get(f"/don-vi/{row.ward_id}/").content.decode() for row in (visited, reported, awaited)}
    address = reverse("inspections:self-assessment", args=[reported.pk])
    score = reporting.criteria_set.criteria.count()
    assert f'href="{address}">{score}/{score}</a>' in squeeze(pages[reported.pk])
    assert "Chưa nhập kết quả nào" in pages[visited.pk]
    for row in (reported, awaited):
        assert "tự kiểm tra, báo cáo" in pages[row.pk] and "Chưa nhập kết quả nào" not in pages[row.pk]
    # Leadership reads verified results alone.
    assert address not in sign_in(cast.leader).get(f"/don-vi/{reported.ward_id}/").content.decode()


def test_the_list_of_self_assessments_is_searched(cast, reporting, sign_in):
    visited, reported, awaited = reporting.enrolments.select_related("ward").order_by("pk")
    client, page = sign_in(cast.approver), reverse("inspections:self-round", args=[reporting.code])
    for query, rows in (
        ("", [visited, reported, awaited]),
        ("?state=handed_in", [reported]),
        ("?state=open&way=report", [awaited]),
        (f"?q={visited.ward.name}", [visited]),
        ("?state=never", []),
    ):
        answered = client.get(page + query).context
        assert [row.record.enrolment for row in answered["table"].rows] == rows, query
        assert (answered["enrolled"], answered["handed_in"]) == (3, 1)


def test_units_that_report_are_counted_apart_and_are_not_unchecked_for_ever(cast, reporting):
    rows = Enrolment.objects.visible_to(cast.approver).filter(round=reporting).with_standing()
    counts = progress(rows)
    assert (counts.enrolled, counts.visited, counts.not_started, counts.not_handed_in) == (3, 1, 1, 1)
    assert (counts.reporting, counts.reported, counts.not_reported) == (2, 1, 1)
    assert not_handed_in(rows).count() == not_reported(rows).count() == 1
    answer(rows.get(way="on_site"), cast.inspector, "met")
    reported = Inspection.objects.filter(enrolment__in=rows.filter(way=REPORT)).order_by("enrolment__position")
    assert [each.state for each in reported] == ["đã báo cáo tự kiểm tra", "chờ báo cáo tự kiểm tra"]


def test_verified_tables_leave_them_out_and_say_so(cast, sign_in, reporting):
    sentence = "Không gồm 2 đơn vị tự kiểm tra, báo cáo (đã báo cáo: 1)."
    client = sign_in(cast.approver)
    for page in ("summary", "bands", "criteria", "districts", "dashboard"):
        assert sentence in client.get(reverse(f"reports:{page}", args=[reporting.code])).content.decode()
    assert visible_enrolments(cast.approver, reporting).count() == 1
    listed = client.get(reverse("inspections:round", args=[reporting.code]), {"status": "reported"})
    assert [row.record.way for row in listed.context["table"].rows] == [REPORT]
    book = client.get(reverse("reports:summary-workbook", args=[reporting.code]))
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content) if book.streaming else book.content))["Nguồn"]
    assert sentence in {value for (_label, value) in sheet.iter_rows(max_col=2, values_only=True)}
    before = unverified(cast.approver, make_round())
    assert before.sentence == ""
