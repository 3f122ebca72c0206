"""Decisions on specialised inspections: what they must have, how they go on, who sees them."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from criteria.inspections.models import Decision, DecisionUnit, Enrolment, Round, TeamChange
from criteria.inspections.services import update_round
from criteria.inspections.services.decision_changes import (
    change_team,
    decide_pause,
    extend_decision,
    resume_decision,
    review_conditions,
    suspend_decision,
)
from criteria.inspections.services.decisions import (
    announce_decision,
    issue_decision,
    save_decision,
    void_decision,
)
from criteria.inspections.services.teams import Member, members_of, save_team
from tests.support.decisions import (
    DAY,
    PLAN,
    announce,
    draft,
    enrol_units,
    extension,
    head_of,
    make_decision,
    make_specialised_round,
    make_team,
    suspension,
)
from tests.support.factories import make_round, make_set

TODAY = localdate


def refused_by(call, field: str | None = None) -> str:
    """Return the message of the refusal; at `field` if one is named."""
    with pytest.raises(ValidationError) as raised, translation.override("en"):
        call()
    if field is None:
        return " ".join(raised.value.messages)
    return " ".join(raised.value.message_dict[field])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"grounds": " "}, "grounds"),
        ({"ground": ""}, "ground"),
        ({"contents": ""}, "contents"),
        ({"days_allowed": 11}, "days_allowed"),
        ({"period_from": datetime.date(2026, 2, 1), "period_to": datetime.date(2026, 1, 1)}, "period_to"),
    ],
)
def test_a_decision_without_what_the_decree_asks_is_refused_at_its_field(cast, values, field):
    team = make_team(make_specialised_round(), cast)
    rows = enrol_units(team.round, team)
    assert refused_by(lambda: save_decision(decision=draft(team, **values), enrolments=rows, by=cast.approver), field)
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_a_round_of_guidance_has_no_decision_and_stays_without_the_decree(cast):
    inspection_round = make_round(make_set(2))
    team = make_team(inspection_round, cast)
    rows = enrol_units(inspection_round, team)
    said = refused_by(lambda: save_decision(decision=draft(team), enrolments=rows, by=cast.approver))
    assert "inspection and guidance" in said
    assert inspection_round.kind == Round.Kind.GUIDANCE


@pytest.mark.django_db
def test_units_stand_in_one_decision_and_with_its_team(cast):
    decision = make_decision(cast)
    team = decision.team
    rows = [unit.enrolment for unit in decision.units.all()]
    again = draft(team, title="Quyết định khác")
    assert "Another decision names" in refused_by(
        lambda: save_decision(decision=again, enrolments=rows, by=cast.approver), "units"
    )
    other = make_team(team.round, cast, head=cast.inspector2, name="Đoàn 2")
    others = enrol_units(team.round, other)
    assert "Another team visits" in refused_by(
        lambda: save_decision(decision=again, enrolments=others, by=cast.approver), "units"
    )
    reporting = enrol_units(team.round, team, 1, way=Enrolment.Way.REPORT)
    assert "No team inspects" in refused_by(
        lambda: save_decision(decision=again, enrolments=reporting, by=cast.approver), "units"
    )


@pytest.mark.django_db
def test_the_same_form_twice_makes_one_decision(cast):
    team = make_team(make_specialised_round(), cast)
    rows = enrol_units(team.round, team)
    made = [save_decision(decision=draft(team), enrolments=rows, by=cast.approver) for _press in range(2)]
    assert made[0].pk == made[1].pk
    assert DecisionUnit.objects.count() == 2


@pytest.mark.django_db
def test_a_decision_is_issued_before_its_announcement(cast):
    decision = make_decision(cast, issued_on=TODAY() - 5 * DAY)
    unit = decision.units.first()
    early = TODAY() - 6 * DAY
    assert "cannot be announced before" in refused_by(
        lambda: announce_decision(unit=unit, announced_on=early, by=cast.inspector), "announced_on"
    )
    assert "still to come" in refused_by(
        lambda: announce_decision(unit=unit, announced_on=TODAY() + DAY, by=cast.inspector), "announced_on"
    )
    announce(decision, cast, TODAY() - 4 * DAY)
    said = refused_by(
        lambda: issue_decision(decision=decision, number="9/QĐ-SNV", issued_on=TODAY() - DAY, by=cast.approver),
        "issued_on",
    )
    assert "cannot be issued after that" in said


@pytest.mark.django_db
def test_a_draft_is_not_announced_and_only_the_head_enters_the_day(cast):
    team = make_team(make_specialised_round(), cast)
    made = save_decision(decision=draft(team), enrolments=enrol_units(team.round, team), by=cast.approver)
    unit = made.units.first()
    assert "no number and day" in refused_by(
        lambda: announce_decision(unit=unit, announced_on=TODAY(), by=cast.inspector)
    )
    issue_decision(decision=made, number="1/QĐ-SNV", issued_on=TODAY(), by=cast.approver)
    for person in (cast.inspector2, cast.approver):
        said = refused_by(lambda person=person: announce_decision(unit=unit, announced_on=TODAY(), by=person))
        assert cast.inspector.full_name in said
    announce_decision(unit=unit, announced_on=TODAY(), by=cast.inspector)
    unit.refresh_from_db()
    assert unit.announced_on == TODAY()


@pytest.mark.django_db
def test_a_head_who_is_elsewhere_that_day_has_to_be_confirmed(cast):
    decision = make_decision(cast)
    other = make_team(make_specialised_round(), cast)
    (elsewhere,) = enrol_units(other.round, other, 1, planned_on=TODAY() - DAY)
    unit = decision.units.first()

    def record(**more):
        announce_decision(unit=unit, announced_on=TODAY() - DAY, by=cast.inspector, **more)

    said = refused_by(record, "announced_on")
    assert elsewhere.ward.full_title in said
    assert cast.inspector.full_name in said
    record(is_confirmed=True)
    unit.refresh_from_db()
    assert unit.announced_on == TODAY() - DAY


@pytest.mark.django_db
def test_an_issued_decision_does_not_change(cast):
    decision = make_decision(cast)
    rows = [unit.enrolment for unit in decision.units.all()]
    decision.contents = "Nội dung khác"
    assert "does not change" in refused_by(lambda: save_decision(decision=decision, enrolments=rows, by=cast.approver))
    with pytest.raises(DatabaseError, match="an issued decision does not change"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(days_allowed=3)
    decision.refresh_from_db()
    decision.clock_starts, decision.signer_name = "each", "Trần Văn Bình"
    save_decision(decision=decision, enrolments=rows, by=cast.approver)
    decision.refresh_from_db()
    assert (decision.clock_starts, decision.signer_name) == ("each", "Trần Văn Bình")


@pytest.mark.django_db
def test_a_decision_is_voided_with_a_reason_until_it_is_announced(cast):
    decision = make_decision(cast)
    assert refused_by(lambda: void_decision(decision=decision, reason=" ", by=cast.approver), "reason")
    announce(decision, cast, TODAY())
    assert "stopped instead" in refused_by(lambda: void_decision(decision=decision, reason="Nhầm", by=cast.approver))
    other = make_decision(cast)
    assert void_decision(decision=other, reason="Ban hành nhầm", by=cast.approver).is_voided


@pytest.mark.django_db
def test_an_inspection_is_extended_once_by_five_days_at_most(cast):
    decision = make_decision(cast)
    for days in (0, 6):
        assert refused_by(
            lambda days=days: extend_decision(extension=extension(decision, days=days), by=cast.approver), "days"
        )
    assert refused_by(lambda: extend_decision(extension=extension(decision, ground="x"), by=cast.approver), "ground")
    extend_decision(extension=extension(decision), by=cast.approver)
    extend_decision(extension=extension(decision), by=cast.approver)
    said = refused_by(lambda: extend_decision(extension=extension(decision, number="22/QĐ"), by=cast.approver))
    assert "extended already" in said


@pytest.mark.django_db
def test_a_pause_needs_its_reason_and_ends_once(cast):
    decision = make_decision(cast)
    wrong = [({"reason": " "}, "reason"), ({"ground": "unit_gone"}, "ground"), ({"number": ""}, "number")]
    for values, field in wrong:
        assert refused_by(
            lambda values=values: suspend_decision(suspension=suspension(decision, **values), by=cast.approver), field
        )
    assert "was not paused" in refused_by(lambda: decide_pause(decision=decision, moves_end=True, by=cast.approver))
    paused = suspend_decision(suspension=suspension(decision), by=cast.approver)
    assert "paused already" in refused_by(
        lambda: suspend_decision(suspension=suspension(decision, number="30/QĐ"), by=cast.approver)
    )
    early = TODAY() - DAY
    assert refused_by(lambda: resume_decision(suspension=paused, until_on=early, by=cast.approver), "until_on")
    assert resume_decision(suspension=paused, until_on=TODAY(), by=cast.approver).until_on == TODAY()
    assert decide_pause(decision=decision, moves_end=False, by=cast.approver).pause_moves_end is False


@pytest.mark.django_db
def test_a_stop_has_one_of_the_grounds_of_the_decree_and_nothing_follows(cast):
    decision = make_decision(cast)
    stop = {"kind": "stop", "ground": "unit_gone", "reason": "Sáp nhập"}
    suspend_decision(suspension=suspension(decision, **stop), by=cast.approver)
    assert "stopped already" in refused_by(
        lambda: suspend_decision(suspension=suspension(decision, number="40/QĐ"), by=cast.approver)
    )


def change(decision: Decision, **values) -> TeamChange:
    usual = {"part": "head", "reason": "Chuyển công tác", "number": "25/QĐ-SNV", "issued_on": TODAY()}
    return TeamChange(decision=decision, **usual | values)


@pytest.mark.django_db
def test_the_head_is_changed_by_a_paper_alone(cast):
    decision = make_decision(cast)
    team = decision.team
    for member in team.members.all():
        review_conditions(member=member, is_reviewed=True, by=cast.approver)
    others = [each for each in members_of(team) if each.part != "head"]
    members = [Member("head", cast.inspector2.full_name, "", cast.inspector2), *others]
    assert "on its page" in refused_by(lambda: save_team(team=team, members=members, by=cast.approver))
    new = {"comes_person": cast.inspector2, "comes_name": cast.inspector2.full_name}
    assert "head already" in refused_by(
        lambda: change_team(change=change(decision, **new), leaves=None, by=cast.approver), "leaves"
    )
    assert "head leaves" in refused_by(
        lambda: change_team(change=change(decision), leaves=head_of(decision), by=cast.approver), "comes_name"
    )
    assert refused_by(
        lambda: change_team(change=change(decision, reason=" ", **new), leaves=head_of(decision), by=cast.approver),
        "reason",
    )
    change_team(change=change(decision, **new), leaves=head_of(decision), by=cast.approver)
    assert head_of(decision).person == cast.inspector2
    # The conditions of a new member are not reviewed yet; those of the others stay.
    assert head_of(decision).conditions_reviewed_on is None
    assert team.members.get(part="member").conditions_reviewed_on == TODAY()


@pytest.mark.django_db
def test_a_new_head_who_is_elsewhere_has_to_be_confirmed(cast):
    decision = make_decision(cast)
    Enrolment.objects.filter(team=decision.team).update(planned_on=TODAY() + DAY)
    other = make_team(make_specialised_round(), cast, head=cast.inspector2)
    enrol_units(other.round, other, 1, planned_on=TODAY() + DAY)
    new = {"comes_person": cast.inspector2, "comes_name": cast.inspector2.full_name}
    leaves = head_of(decision)
    said = refused_by(
        lambda: change_team(change=change(decision, **new), leaves=leaves, by=cast.approver), "comes_name"
    )
    assert cast.inspector2.full_name in said
    change_team(change=change(decision, **new), leaves=leaves, is_confirmed=True, by=cast.approver)
    assert head_of(decision).person == cast.inspector2


@pytest.mark.django_db
def test_the_kind_of_a_round_stays_while_its_decisions_stand(cast):
    inspection_round = make_decision(cast).round
    inspection_round.kind = Round.Kind.GUIDANCE
    assert refused_by(lambda: update_round(inspection_round=inspection_round, by=cast.approver), "kind")


@pytest.mark.django_db
def test_units_see_issued_decisions_that_name_them(cast):
    decision = make_decision(cast)
    first, second = (unit.enrolment for unit in decision.units.order_by("pk"))
    Enrolment.objects.filter(pk=first.pk).update(ward=cast.thanhan.ward)
    assert list(Decision.objects.visible_to(cast.thanhan)) == [decision]
    assert [row.enrolment_id for row in DecisionUnit.objects.visible_to(cast.thanhan)] == [first.pk]
    assert not Decision.objects.visible_to(cast.quan10).exists()
    assert not Decision.objects.visible_to(cast.administrator).exists()
    assert Decision.objects.visible_to(cast.leader).count() == 1
    other = save_decision(
        decision=draft(decision.team, title="Nháp"),
        enrolments=enrol_units(decision.round, decision.team, 1),
        by=cast.approver,
    )
    assert other not in Decision.objects.visible_to(cast.leader)
    assert other in Decision.objects.visible_to(cast.inspector)
    void_decision(decision=decision, reason="Nhầm", by=cast.approver)
    assert not Decision.objects.visible_to(cast.thanhan).exists()
    assert second.ward.full_title


@pytest.mark.django_db
def test_the_pages_carry_a_decision_to_its_announcement(cast, sign_in):
    team = make_team(make_specialised_round(), cast)
    rows = enrol_units(team.round, team)
    approver, inspector = sign_in(cast.approver), sign_in(cast.inspector)
    typed = {
        "title": "Kiểm tra chuyên ngành",
        "team": team.pk,
        "ground": "plan",
        "grounds": "",
        "contents": "Văn thư, lưu trữ",
        "days_allowed": "10",
        "clock_starts": "first",
        "units": [row.pk for row in rows],
    }
    address = reverse("inspections:decision-add", args=[team.round.code])
    begun = approver.get(address).context["form"]
    assert begun["title"].value() == "Kiểm tra chuyên ngành việc chấp hành pháp luật về văn thư, lưu trữ"
    refused = approver.post(address, typed)
    assert "khoản 2 Điều 11" in refused.content.decode()
    assert approver.post(address, typed | {"grounds": PLAN}).status_code == 302
    decision = Decision.objects.get()
    page = reverse("inspections:decision", args=[team.round.code, decision.pk])
    issue = {"action": "issue", "issue-number": "12/QĐ-SNV", "issue-issued_on": f"{TODAY():%d/%m/%Y}"}
    assert approver.post(page, issue).status_code == 302
    unit = decision.units.order_by("pk").first()
    said = {"action": "announce", "unit_row": unit.pk, "announce-announced_on": f"{TODAY():%d/%m/%Y}"}
    assert inspector.post(page, said).status_code == 302
    shown = inspector.get(page).content.decode()
    assert f"{TODAY() + 9 * DAY:%d/%m/%Y}" in shown
    longer = {
        "action": "extend",
        "extend-days": "6",
        "extend-ground": "complex",
        "extend-words": "Nhiều hồ sơ",
        "extend-number": "13/QĐ-SNV",
        "extend-issued_on": f"{TODAY():%d/%m/%Y}",
    }
    assert "không quá 05 ngày" in approver.post(page, longer).content.decode()
    assert approver.post(page, longer | {"extend-days": "3"}).status_code == 302
    assert f"{TODAY() + 12 * DAY:%d/%m/%Y}" in inspector.get(page).content.decode()
    assert inspector.post(page, {"action": "void", "void-reason": "x"}).status_code == 200
    decision.refresh_from_db()
    assert not decision.is_voided


@pytest.mark.django_db
def test_the_pages_of_decisions_ask_a_fixed_number_of_questions(cast, sign_in, django_assert_max_num_queries):
    decision = make_decision(cast, units=12)
    announce(decision, cast, *[TODAY()] * 12)
    client = sign_in(cast.inspector)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("inspections:decisions", args=[decision.round.code])).status_code == 200
    with django_assert_max_num_queries(20):
        address = reverse("inspections:decision", args=[decision.round.code, decision.pk])
        assert client.get(address).status_code == 200


def test_a_refused_end_of_a_pause_is_shown_again(cast, sign_in):
    decision = make_decision(cast)
    paused = suspend_decision(suspension=suspension(decision), by=cast.approver)
    address = reverse("inspections:decision", args=[decision.round.code, decision.pk])
    sent = {"action": "resume", "suspension": paused.pk, "resume-until_on": "31022026"}
    client = sign_in(cast.approver)
    assert 'name="resume-until_on"' in client.get(address).content.decode()
    page = client.post(address, sent)
    assert page.status_code == 200
    assert 'value="31022026"' in page.content.decode() and 'data-draft="typed"' in page.content.decode()


@pytest.mark.django_db
def test_the_pages_of_decisions_lead_to_their_papers_and_leave_an_open_end_open(cast, sign_in):
    decision = make_decision(cast, period_from=TODAY() - 300 * DAY)
    suspend_decision(suspension=suspension(decision), by=cast.approver)
    client, code = sign_in(cast.inspector), decision.round.code
    address = f"{reverse('inspections:round-papers', args=[code])}#decision-{decision.pk}"
    page = client.get(reverse("inspections:decision", args=[code, decision.pk])).content.decode()
    assert f'href="{address}"' in page
    assert f"{TODAY():%d/%m/%Y} – …" in page and "– —" not in " ".join(page.split())
    assert f'href="{address}"' in client.get(reverse("inspections:decisions", args=[code])).content.decode()
    issued = client.get(reverse("inspections:round-papers", args=[code])).content.decode()
    assert f'id="decision-{decision.pk}"' in issued


@pytest.mark.django_db
def test_a_round_of_guidance_asks_no_unit_for_a_decision(sign_in, cast, phuong6):
    assert not phuong6.round.is_specialised
    page = sign_in(cast.approver).get(reverse("inspections:decisions", args=[phuong6.round.code]))
    assert page.context["left"] == []
