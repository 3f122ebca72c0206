"""Deputy heads of teams (NĐ 217/2025/NĐ-CP, art. 12.1): kept, printed, and known of those who left."""

from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from archiveportal.word.writer import Signatures
from criteria.inspections.models import DecisionUnit, Enrolment, Team, TeamChange
from criteria.inspections.papers.minutes import blocks_of, paper_of
from criteria.inspections.services import save_minutes
from criteria.inspections.services.decision_changes import change_team
from criteria.inspections.services.decisions import issue_decision, save_decision
from criteria.inspections.services.minutes_merge import Person
from criteria.inspections.services.teams import Member, members_of, save_team
from tests.inspections.test_minutes_decree import DETAILS
from tests.inspections.test_official_papers import DAY, begin, text_of
from tests.support.decisions import DAY as ONE_DAY
from tests.support.decisions import draft, enrol_units, make_specialised_round
from tests.support.factories import make_round, make_set


def led_team(cast, inspection_round) -> Team:
    members = [
        Member("member", "Lê Viên"),
        Member("secretary", "Võ Thư"),
        Member("deputy", "Phạm Phó", "Phó Trưởng phòng"),
        Member("head", cast.inspector.full_name, person=cast.inspector),
    ]
    return save_team(team=Team(round=inspection_round, name="Đoàn 1"), members=members, by=cast.approver)


@pytest.fixture
def decided(cast):
    planned = make_specialised_round()
    team = led_team(cast, planned)
    made = save_decision(decision=draft(team), enrolments=enrol_units(planned, team), by=cast.approver)
    return issue_decision(decision=made, number="45/QĐ-SNV", issued_on=DAY, by=cast.approver)


def change_of(decision, **values) -> TeamChange:
    usual = {"part": "member", "reason": "Điều động", "number": "60/QĐ-SNV", "issued_on": DAY + 3 * ONE_DAY}
    return TeamChange(decision=decision, **usual | values)


def test_a_team_may_have_deputies_after_its_head(cast):
    team = led_team(cast, make_round(make_set(2)))
    assert [each.part for each in members_of(team)] == ["head", "deputy", "secretary", "member"]
    save_team(team=team, members=[*members_of(team), Member("deputy", "Trần Phó Hai")], by=cast.approver)
    assert [each.full_name for each in members_of(team)][1:3] == ["Phạm Phó", "Trần Phó Hai"]


def test_the_form_of_a_team_offers_the_part(cast, sign_in):
    page = sign_in(cast.approver).get(reverse("inspections:team-add", args=[make_round(make_set(2)).code]))
    assert '<option value="deputy">phó trưởng đoàn</option>' in page.content.decode()


def test_papers_name_the_deputy_with_what_is_to_be_done(cast, decided):
    said = text_of(begin(decided, "decision", cast.approver))
    assert "2. Ông (bà) Phạm Phó, Phó Trưởng phòng - Phó Trưởng đoàn;" in said
    plan = text_of(begin(decided, "conduct_plan", cast.approver))
    assert "Ông (bà) Phạm Phó, Phó Trưởng đoàn: giúp Trưởng đoàn điều hành" in plan
    assert "Phạm Phó, Phó Trưởng đoàn;" in text_of(begin(decided, "announcement", cast.approver))


def test_who_left_keeps_part_and_office_in_papers_of_before(cast, decided):
    gone = decided.team.members.get(part="deputy")
    change_team(change=change_of(decided, comes_name="Đỗ Mới"), leaves=gone, by=cast.approver)
    written = TeamChange.objects.get()
    assert (written.leaves_part, written.leaves_position) == ("deputy", "Phó Trưởng phòng")
    said = text_of(begin(decided, "decision", cast.approver))
    assert "2. Ông (bà) Phạm Phó, Phó Trưởng phòng - Phó Trưởng đoàn;" in said and "Đỗ Mới" not in said
    paper = text_of(begin(decided, "team_change", cast.approver))
    assert "Ông (bà) Phạm Phó thôi làm Phó Trưởng đoàn; bổ sung ông (bà) Đỗ Mới làm Thành viên." in paper
    unit = decided.units.first()
    for days, name in ((1, "Phạm Phó, Phó Trưởng đoàn"), (5, "Đỗ Mới, Thành viên")):
        values = {"announced_on": DAY + days * ONE_DAY, "announced_by": cast.inspector}
        DecisionUnit.objects.filter(pk=unit.pk).update(recorded_at=timezone.now(), **values)
        assert name in text_of(begin(decided, "announcement", cast.approver)), days


def test_a_change_of_before_has_the_part_that_it_is_about(cast, decided):
    gone = decided.team.members.get(part="deputy")
    change_team(change=change_of(decided, part="deputy", comes_name="Đỗ Mới"), leaves=gone, by=cast.approver)
    TeamChange.objects.update(leaves_part="", leaves_position="")
    said = text_of(begin(decided, "decision", cast.approver))
    assert "2. Ông (bà) Phạm Phó - Phó Trưởng đoàn;" in said
    paper = text_of(begin(decided, "team_change", cast.approver))
    assert "Ông (bà) Đỗ Mới thay ông (bà) Phạm Phó làm Phó Trưởng đoàn." in paper


def minutes_of(unit: Enrolment, cast, *people: Person):
    return save_minutes(inspection=unit.inspection, values=DETAILS, people=people, seen=0, by=cast.inspector)


def signatures(minutes) -> list[tuple[str, str]]:
    with translation.override("vi"):
        blocks = blocks_of(paper_of(minutes).content)
    signing = chain.from_iterable(block.blocks for block in blocks if isinstance(block, Signatures))
    return [(each.title, each.name) for each in signing]


def test_minutes_propose_the_deputy_and_the_head_signs(cast, sign_in, decided):
    unit = decided.units.first().enrolment
    page = sign_in(cast.inspector).get(reverse("inspections:minutes", args=[unit.pk]))
    rows = [(row.initial["full_name"], row.initial["part"]) for row in page.context["form"].team.initial_forms]
    assert ("Phạm Phó", "deputy") in rows
    team = [Person("team", "deputy", "Phạm Phó", "Phó Trưởng phòng"), Person("team", "head", "Nguyễn An")]
    assert ("TRƯỞNG ĐOÀN", "Nguyễn An") in signatures(minutes_of(unit, cast, *team))


@pytest.mark.parametrize(
    ("kind", "signs"),
    [("guidance", ("KT. TRƯỞNG ĐOÀN\nPHÓ TRƯỞNG ĐOÀN", "Phạm Phó")), ("specialised", ("TRƯỞNG ĐOÀN", ""))],
)
def test_a_deputy_who_came_alone_signs_where_the_decree_does_not_ask_for_the_head(cast, decided, kind, signs):
    unit = decided.units.first().enrolment
    type(unit.round).objects.filter(pk=unit.round_id).update(kind=kind)
    unit = Enrolment.objects.get(pk=unit.pk)
    deputy = Person("team", "deputy", "Phạm Phó", "Phó Trưởng phòng")
    assert signs in signatures(minutes_of(unit, cast, deputy))
