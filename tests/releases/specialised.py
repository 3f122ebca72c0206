"""A specialised inspection in the story of a release: plan, approval, decision, announcement, changes, papers."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override

from archiveportal.office.kinds import PaperKind
from criteria.inspections import services
from criteria.inspections.models import (
    Decision,
    Enrolment,
    Extension,
    OfficialPaper,
    PlanApproval,
    Round,
    Suspension,
    Team,
    TeamChange,
)
from criteria.inspections.papers.official.blocks import IssuedAs, word_of, words_of
from criteria.inspections.papers.official.reading import subject_of
from criteria.inspections.services import official_papers as papers
from criteria.inspections.services.decision_changes import (
    change_team,
    extend_decision,
    review_conditions,
    suspend_decision,
)
from criteria.inspections.services.decisions import announce_decision, issue_decision, save_decision
from criteria.inspections.services.plan_approvals import save_approval, void_approval
from criteria.inspections.services.teams import Member, Plan, shown_of
from criteria.models import CriteriaSet
from tests.support.pdf import pdf_of
from wards.models import Ward

DAY = datetime.timedelta(days=1)


def inspect_by_decree(cast: Any, criteria_set: CriteriaSet, wards: list[Ward]) -> Round:
    """Plan a specialised inspection, have it approved, decide, announce, extend and pause it, change its team."""
    by, today = cast.lanhdaochicuc, timezone.localdate()
    inspection_round = Round(
        code="chuyen-nganh-2026",
        name="Kiểm tra chuyên ngành năm 2026",
        kind=Round.Kind.SPECIALISED,
        criteria_set=criteria_set,
        starts_on=datetime.date(2026, 1, 5),
        ends_on=datetime.date(2026, 12, 31),
    )
    services.open_round(inspection_round=inspection_round, by=by)
    services.add_wards(inspection_round=inspection_round, wards=wards, by=by)
    team = _team_with_deputy(inspection_round, cast)
    _record_approvals(inspection_round, today - 30 * DAY, by)
    _issue(papers.About(PaperKind.PLAN, inspection_round), "15/KH-SNV", today - 20 * DAY, by)
    decision = _decide(inspection_round, team, by)
    unit = decision.units.order_by("pk")[0]
    announce_decision(unit=unit, announced_on=today - 2 * DAY, is_confirmed=True, by=cast.kiemtra2)
    _change_course(decision, today, cast)
    _issue(papers.About(PaperKind.CONDUCT_PLAN, inspection_round, decision), "16/KH-ĐKT", today - DAY, by)
    return inspection_round


def _team_with_deputy(inspection_round: Round, cast: Any) -> Team:
    members = [
        Member("head", cast.kiemtra2.full_name, person=cast.kiemtra2),
        Member("deputy", cast.kiemtra.full_name, "Phó Trưởng phòng", cast.kiemtra),
        Member("secretary", "Lê Thị Thư", "Chuyên viên"),
        Member("member", "Khách mời", "Trung tâm Lưu trữ lịch sử"),
    ]
    team = Team(round=inspection_round, name="Đoàn kiểm tra chuyên ngành")
    return services.save_team(team=team, members=members, by=cast.lanhdaochicuc)


def _record_approvals(inspection_round: Round, day: datetime.date, by: Any) -> None:
    """Record an approval and void it, then the right one with its scan, and correct who signed."""
    values = {"round": inspection_round, "issued_on": day, "signer_title": "Chủ tịch", "signer_name": "Trần Văn B"}
    mistaken = save_approval(approval=PlanApproval(number="511/QĐ-UBND", **values), by=by)
    void_approval(approval=mistaken, reason="Ghi nhầm số", by=by)
    scan = SimpleUploadedFile("phe-duyet.pdf", pdf_of([["Phê duyệt kế hoạch"]]), "application/pdf")
    approval = save_approval(approval=PlanApproval(number="512/QĐ-UBND", **values), upload=scan, by=by)
    approval.signer_title = "KT. Chủ tịch, Phó Chủ tịch"
    save_approval(approval=approval, by=by)


def _decide(inspection_round: Round, team: Team, by: Any) -> Decision:
    enrolments = list(inspection_round.enrolments.order_by("position"))
    shown = {enrolment.pk: shown_of(enrolment) for enrolment in enrolments}
    services.assign_wards(inspection_round=inspection_round, shown=shown, plan=Plan(sets_team=True, team=team), by=by)
    decision = Decision(
        round=inspection_round,
        team=team,
        title="Kiểm tra chuyên ngành về văn thư, lưu trữ",
        ground=Decision.Ground.PLAN,
        grounds="Kế hoạch số 15/KH-SNV",
        contents="Việc lập hồ sơ\nKho lưu trữ",
        signer_name="Lê Minh Đức",
    )
    made = save_decision(decision=decision, enrolments=Enrolment.objects.filter(round=inspection_round), by=by)
    for member in team.members.all():
        review_conditions(member=member, is_reviewed=True, by=by)
    day = timezone.localdate() - 5 * DAY
    return issue_decision(decision=made, number="45/QĐ-SNV", issued_on=day, by=by)


def _change_course(decision: Decision, today: datetime.date, cast: Any) -> None:
    """Extend the inspection and pause it; the head leaves, and so does the deputy."""
    by = cast.lanhdaochicuc
    extension = Extension(decision=decision, days=5, ground="complex", words="Nhiều hồ sơ", number="46/QĐ-SNV")
    extension.issued_on = today
    extend_decision(extension=extension, by=by)
    pause = Suspension(decision=decision, kind="pause", ground="force_majeure", reason="Bão", number="47/QĐ-SNV")
    pause.issued_on = pause.from_on = today
    suspend_decision(suspension=pause, by=by)
    paper = {"decision": decision, "number": "48/QĐ-SNV", "issued_on": today, "reason": "Điều động"}
    leaves = decision.team.members.get(part="secretary")
    change_team(change=TeamChange(part="secretary", comes_name="Đỗ Thị Mới", **paper), leaves=leaves, by=by)
    change_team(change=TeamChange(part="deputy", **paper), leaves=decision.team.members.get(part="deputy"), by=by)


def _issue(about: papers.About, number: str, day: datetime.date, by: Any) -> OfficialPaper:
    """Write a paper, make the copy to sign, and record number, day and signed copy."""
    paper = papers.draft_paper(about=about, by=by)
    with override("vi"):
        words = words_of(subject_of(paper, by))
        to_sign = word_of(words, IssuedAs(), made_at=timezone.now())
        numbered = word_of(words, IssuedAs(number, day), made_at=timezone.now())
    paper = papers.make_to_sign(paper=paper, made=papers.MadeWord("a.docx", to_sign), words=words.as_stored(), by=by)
    made = papers.MadeWord("b.docx", numbered)
    paper = papers.issue_paper(paper=paper, number=papers.Number(number, day), made=made, by=by)
    signed = SimpleUploadedFile("da-ky.pdf", pdf_of([[f"Số: {number}"]]), "application/pdf")
    return papers.add_signed_copy(paper=paper, upload=signed, by=by)
