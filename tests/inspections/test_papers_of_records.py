"""Papers on pauses and changes of the team: each is on a record of its own, whose number and day are offered."""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from archiveportal.office.kinds import PaperKind
from criteria import illustrations
from criteria.inspections.models import Decision, DecisionUnit, Suspension, TeamChange
from criteria.inspections.papers.official.blocks import words_of
from criteria.inspections.papers.official.lacking import lacking_in
from criteria.inspections.papers.official.reading import subject_of
from criteria.inspections.services import official_papers as services
from criteria.inspections.services.decision_changes import change_team
from criteria.models import CriteriaSet
from tests.inspections.test_official_papers import DAY, begin, decided, issued, stored_words, text_of
from tests.support.factories import enrol, make_round, make_ward
from tests.support.inspections import published_finding

__all__ = ["decided"]


def paused(decision: Decision, number: str, day: int) -> Suspension:
    days = {"from_on": DAY + datetime.timedelta(days=day), "issued_on": DAY, "reason": f"Lũ lần {day}"}
    return Suspension.objects.create(decision=decision, kind="pause", ground="force_majeure", number=number, **days)


def test_each_pause_has_a_paper_of_its_own(cast, decided):
    first, _second = paused(decided, "50/QĐ-CCVTLT", 1), paused(decided, "51/QĐ-CCVTLT", 4)
    paper = begin(decided, "pause", cast.approver)
    assert "lần 1" in text_of(paper) and "lần 4" not in text_of(paper)
    made = services.MadeWord("a.docx", b"PK")
    waiting = services.make_to_sign(paper=paper, made=made, words=stored_words(paper), by=cast.approver)
    other = begin(decided, "pause", cast.approver)
    assert other.pk != paper.pk and "lần 4" in text_of(other), "the first one is not issued yet"
    services.issue_paper(paper=waiting, number=services.Number(first.number, DAY), made=made, by=cast.approver)
    assert "lần 4" in text_of(other)
    issued(other, cast.approver, number="52/QĐ-CCVTLT")
    third = begin(decided, "pause", cast.approver)
    assert "lần" not in text_of(third), "what is not recorded is left open"
    assert subject_of(third, cast.approver).suspension is None
    paused(decided, "53/QĐ-CCVTLT", 9)
    assert "lần 9" in text_of(third)


def test_changes_of_the_team_go_by_their_number(cast, decided):
    for number, name in (("60/QĐ-CCVTLT", "Lê B"), ("60/QĐ-CCVTLT", "Lê C"), ("61/QĐ-CCVTLT", "Lê D")):
        TeamChange.objects.create(
            decision=decided, part="member", comes_name=name, reason="Điều động", number=number, issued_on=DAY
        )
    paper = begin(decided, "team_change", cast.approver)
    assert "Lê C" in text_of(paper) and "Lê D" not in text_of(paper)
    issued(paper, cast.approver, number="60/QĐ-CCVTLT")
    other = begin(decided, "team_change", cast.approver)
    assert "Lê D" in text_of(other) and "Lê C" not in text_of(other)


def test_number_and_day_of_the_record_are_offered(cast, decided, sign_in):
    record = paused(decided, "50/QĐ-CCVTLT", 1)
    paper = begin(decided, "pause", cast.approver)
    made = services.MadeWord("a.docx", b"PK")
    services.make_to_sign(paper=paper, made=made, words=stored_words(paper), by=cast.approver)
    page = sign_in(cast.approver).get(reverse("inspections:round-paper", args=[decided.round.code, paper.pk]))
    offered = page.context["number"].initial
    assert (offered["number"], offered["issued_on"]) == (record.number, record.issued_on)


def of_same_team(decided: Decision, cast, **values) -> Decision:
    """Another decision that the same team carries out at a unit of its own."""
    usual = {"number": "46/QĐ-CCVTLT", "issued_on": DAY, "title": decided.title, "contents": "Kho lưu trữ"}
    usual |= {"ground": "directed", "grounds": "Văn bản số 9/UBND"}
    other = Decision.objects.create(round=decided.round, team=decided.team, **usual | values)
    unit = enrol(decided.round, make_ward())
    DecisionUnit.objects.create(decision=other, enrolment=unit)
    return other


def new_head(decision: Decision, cast, **values) -> TeamChange:
    usual = {"part": "head", "comes_name": "Trần Văn Mới", "reason": "Điều động", "number": "60/QĐ-CCVTLT"}
    change = TeamChange(decision=decision, issued_on=DAY + datetime.timedelta(days=3), **usual | values)
    return change_team(change=change, leaves=decision.team.members.get(part="head"), by=cast.approver)


def test_a_change_of_the_team_is_one_of_all_decisions_that_it_carries_out(cast, decided):
    other, voided = of_same_team(decided, cast), of_same_team(decided, cast, number="47/QĐ-CCVTLT")
    Decision.objects.filter(pk=voided.pk).update(voided_at=timezone.now(), void_reason="Nhầm")
    later = of_same_team(decided, cast, number="48/QĐ-CCVTLT", issued_on=DAY + datetime.timedelta(days=9))
    new_head(decided, cast)
    assert [row.team_changes.count() for row in (decided, other, voided, later)] == [1, 1, 0, 0]
    text = text_of(begin(other, "team_change", cast.approver))
    assert "số 45/QĐ-CCVTLT" in text and "số 46/QĐ-CCVTLT" in text and "48/QĐ" not in text
    assert "Ông (bà) Trần Văn Mới thay ông (bà) Nguyễn Thị Lan làm Trưởng đoàn" in text


def test_who_only_leaves_keeps_the_part(cast, decided):
    change = TeamChange(decision=decided, part="secretary", reason="Nghỉ", number="61/QĐ-CCVTLT", issued_on=DAY)
    change_team(change=change, leaves=decided.team.members.get(full_name="Lê B"), by=cast.approver)
    assert "Ông (bà) Lê B thôi làm Thành viên" in text_of(begin(decided, "team_change", cast.approver))


def test_papers_of_an_earlier_day_have_the_team_of_that_day(cast, decided):
    new_head(decided, cast)
    unit = decided.units.first()
    for day, name in ((1, "Nguyễn Thị Lan"), (5, "Trần Văn Mới")):
        values = {"announced_on": DAY + datetime.timedelta(days=day), "announced_by": cast.inspector}
        DecisionUnit.objects.filter(pk=unit.pk).update(recorded_at=timezone.now(), **values)
        assert f"{name}, Trưởng đoàn" in text_of(begin(decided, "announcement", cast.approver)), day
    said = text_of(begin(decided, "decision", cast.approver))
    assert "1. Ông (bà) Nguyễn Thị Lan - Trưởng đoàn" in said and "Trần Văn Mới" not in said
    assert "Trần Văn Mới, Trưởng đoàn" in text_of(begin(decided, "conduct_plan", cast.approver))


def test_papers_say_from_which_announcement_the_days_count(cast, decided):
    first = text_of(begin(decided, "decision", cast.approver))
    assert "10 ngày, tính từ ngày công bố quyết định kiểm tra tại đơn vị đầu tiên" in first
    Decision.objects.filter(pk=decided.pk).update(clock_starts="each")
    for kind in ("decision", "conduct_plan"):
        text = text_of(begin(decided, kind, cast.approver))
        assert "10 ngày tại mỗi đơn vị, tính từ ngày công bố quyết định kiểm tra tại đơn vị đó" in text
    alone = of_same_team(decided, cast, clock_starts="each")
    assert "10 ngày, tính từ ngày công bố quyết định kiểm tra." in text_of(begin(alone, "decision", cast.approver))
    assert "thủ trưởng đơn vị nêu tại Điều 1" in text_of(begin(alone, "decision", cast.approver))


def test_papers_tell_nobody_to_come_where_a_unit_is_inspected_from_a_distance(cast, decided):
    near = text_of(begin(decided, "conduct_plan", cast.approver))
    assert "Trụ sở của đối tượng kiểm tra." in near and "đối với nội dung kiểm tra từ xa" not in near
    decided.round.enrolments.update(way="remote")
    for kind in ("visit_notice", "announcement", "conduct_plan"):
        text = text_of(begin(decided, kind, cast.approver))
        assert "trực tuyến" in text and "Địa điểm: trụ sở" not in text, kind
        assert "tại trụ sở" not in text and "rụ sở của đối tượng" not in text, kind


def test_what_has_no_result_yet_is_said_beside_the_paper(cast, decided):
    for kind in ("result_report", "remedy_letter"):
        paper = begin(decided, kind, cast.approver)
        subject = subject_of(paper, cast.approver)
        with override("en"):
            found = "; ".join(map(str, lacking_in(subject, words_of(subject))))
        assert "No approved result yet: " in found and decided.units.first().enrolment.ward.full_title in found


def test_the_subject_of_a_decision_begins_as_officials_write_it(cast, decided):
    short = of_same_team(decided, cast, title="Kiểm tra công tác lưu trữ")
    assert "Về việc kiểm tra công tác lưu trữ" in text_of(begin(short, "decision", cast.approver))


def test_a_letter_names_criteria_by_the_numbers_of_their_headings(cast):
    illustrations.load()
    inspection_round = make_round(CriteriaSet.objects.get(code="minh-hoa-diem-liet"))
    unit = enrol(inspection_round, make_ward())
    published_finding(unit, cast.inspector, code="II-1")
    about = services.About(PaperKind.REMEDY_LETTER, inspection_round, None, unit)
    text = text_of(services.draft_paper(about=about, by=cast.approver))
    assert "1. Tiêu chí II.1 (" in text and "yêu cầu" in text
