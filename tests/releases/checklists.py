"""Bring checklists into every state, with evidence, minutes, findings and answers that were kept."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.utils import timezone

from archiveportal.history.models import Via
from archiveportal.history.services import digest
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Finding, Inspection, KeptAnswer, Result, Round
from criteria.inspections.services import BLANK, Change, findings, replies, self_assessment
from criteria.inspections.services.evidence import (
    CAPTION,
    add_evidence,
    describe_evidence,
    void_evidence,
)
from criteria.inspections.services.minutes import Person
from criteria.inspections.services.sending import Sent
from tests.support.factories import visit_today
from tests.support.inspections import photograph

#: outcome of every criterion in turn
PATTERN = ["met", "not_met", "met", "met", "not_met"]


def work_on_round_of_reports(inspection_round: Round, cast: Any) -> None:
    """Approve one ward of the report, leave one as a draft and one with signed minutes."""
    wards = inspection_round.enrolments.select_related("round__criteria_set", "ward")
    approved, draft = (wards.get(ward__code=code) for code in ("27202", "27676"))
    fill_in(approved, cast.kiemtra)
    settle_conflicts(approved, cast)
    show_evidence(approved, cast.kiemtra)
    write_minutes(approved, cast.kiemtra)
    sign(approved, cast.kiemtra)
    submit(approved, cast.kiemtra)
    approve(approved, cast)
    fill_in(draft, cast.kiemtra2, count=9)
    signed = wards.exclude(pk__in=[approved.pk, draft.pk]).order_by("position")[0]
    fill_in(signed, cast.kiemtra2)
    sign(signed, cast.kiemtra2)


def work_on_second_round(inspection_round: Round, cast: Any) -> None:
    """Let the units assess themselves, and approve a checklist that had a finding."""
    enrolments = list(
        inspection_round.enrolments.filter(ward__district__code="771")
        .select_related("round__criteria_set", "ward")
        .order_by("position")
    )
    cast.people["quan10"].refresh_from_db()
    for enrolment in enrolments[:2]:
        saved = self_assessment.save_self_answers(enrolment=enrolment, changes=answers(enrolment), by=cast.quan10)
        assessment = self_assessment.hand_in(enrolment=enrolment, seen=saved.version, by=cast.quan10)
    reason = "Giải trình thêm tiêu chí 2"
    self_assessment.hand_back(assessment=assessment, reason=reason, by=cast.kiemtra)
    checked = enrolments[0]
    fill_in(checked, cast.kiemtra)
    (finding,) = find(checked, cast.kiemtra, ["TC02"])
    sign(checked, cast.kiemtra)
    submit(checked, cast.kiemtra)
    approve(checked, cast)
    reply(finding, cast.quan10)


def bring_into_every_state(inspection_round: Round, cast: Any) -> None:
    """Leave a draft, then signed, submitted, returned, approved and reopened checklists."""
    rows = inspection_round.enrolments.select_related("round__criteria_set", "ward__district")
    draft, signed, submitted, returned, approved, reopened = rows.order_by("position")
    by = cast.kiemtra
    fill_in(draft, by, count=5)
    leave_conflict(draft, cast)
    for enrolment in (signed, submitted, returned, approved, reopened):
        fill_in(enrolment, by)
        show_evidence(enrolment, by)
    write_minutes(submitted, by)
    found = find(approved, by, ["TC02", "TC05", "TC07", "TC10", "TC12", "TC15"])
    findings.withdraw_finding(finding=found.pop(), seen=1, reason="Trùng", by=by)
    changed_later = find(reopened, by, ["TC02"])[0]
    for enrolment in (signed, submitted, returned, approved, reopened):
        sign(enrolment, by)
    for enrolment in (submitted, returned, approved, reopened):
        submit(enrolment, by)
    services.return_inspection(inspection=stored(returned), by=cast.lanhdaochicuc, reason="Bổ sung tiêu chí 3")
    for enrolment in (approved, reopened):
        approve(enrolment, cast)
    answer_findings(found, approved, cast)
    services.reopen_inspection(inspection=stored(reopened), by=cast.lanhdaochicuc, reason="Sai sót ở tiêu chí 2")
    services.open_supplement(inspection=stored(reopened), reason="Theo yêu cầu", by=by)
    changed_later.refresh_from_db()
    findings.write_finding(
        inspection=stored(reopened),
        criterion=changed_later.criterion,
        recommendation="Bố trí kho theo thiết kế",
        due_on=timezone.localdate() + datetime.timedelta(days=60),
        seen=changed_later.version,
        by=by,
    )


def finish_waiting(inspection_round: Round, cast: Any) -> None:
    """Approve a supplement, so that the first closing of the round differs from today's figures."""
    returned = inspection_round.enrolments.select_related("round", "ward").get(
        inspection__status="returned", inspection__return_reason__startswith="Bổ sung"
    )
    services.open_supplement(inspection=stored(returned), reason="Bổ sung", by=cast.kiemtra)
    sign(returned, cast.kiemtra)
    submit(returned, cast.kiemtra)
    approve(returned, cast)
    # Another one comes back, so that a returned checklist is left.
    submitted = inspection_round.enrolments.get(inspection__status="submitted")
    services.return_inspection(inspection=stored(submitted), by=cast.lanhdaochicuc, reason="Bổ sung hồ sơ")
    signed = inspection_round.enrolments.get(inspection__status="signed")
    submit(signed, cast.kiemtra)


def stored(enrolment: Enrolment) -> Inspection:
    rows = Inspection.objects.select_related("enrolment__round__criteria_set", "enrolment__ward")
    return rows.get(enrolment=enrolment)


def answers(enrolment: Enrolment, count: int = 100) -> list[Change]:
    criteria = enrolment.round.criteria_set.criteria.filter(is_counted=True).order_by("position")
    versions = dict(stored(enrolment).results.values_list("criterion_id", "version"))
    return [
        Change(
            criterion,
            versions.get(criterion.pk, 0),
            {**BLANK, "outcome": PATTERN[index % len(PATTERN)], "note": f"Ghi chú {index}"},
        )
        for index, criterion in enumerate(criteria[:count])
    ]


def fill_in(enrolment: Enrolment, by: Any, count: int = 100) -> None:
    """Answer the first criteria of a checklist; the fact of the set is given a number too."""
    changes = answers(enrolment, count)
    fact = enrolment.round.criteria_set.criteria.filter(fact_kind="decimal").first()
    for change in changes:
        if fact and change.criterion.pk == fact.pk:
            change.values["number"] = Result._meta.get_field("number").to_python("18.50")
    saved = services.save_results(inspection=stored(enrolment), changes=changes, by=by, submission_id=uuid.uuid4())
    assert not saved.is_refused


def send(enrolment: Enrolment, by: Any, base: int, via: str, **values: str) -> Any:
    sent = Sent(
        "TC01",
        enrolment.round.criteria_set_id,
        base,
        uuid.uuid4(),
        timezone.now(),
        typed={"outcome": "", "note": "", **values},
    )
    return services.save_answer(pk=enrolment.pk, sent=sent, by=by, via=via)


def leave_conflict(enrolment: Enrolment, cast: Any) -> None:
    """Send an answer from a device on which the answer of a colleague was not known."""
    send(enrolment, cast.kiemtra, 1, Via.AUTOSAVE, outcome="not_met", note="Chưa")
    send(enrolment, cast.kiemtra2, 1, Via.OFFLINE, outcome="met", note="Khác")


def settle_conflicts(enrolment: Enrolment, cast: Any) -> None:
    """Take one answer that was kept, and drop another."""
    leave_conflict(enrolment, cast)
    _settle(True, 2, cast.kiemtra)
    send(enrolment, cast.kiemtra2, 1, Via.OFFLINE, outcome="not_met", note="Không lấy")
    _settle(False, 3, cast.kiemtra)


def _settle(take: bool, seen: int, by: Any) -> None:
    kept = KeptAnswer.objects.get(decision="")
    services.settle_kept(kept=kept, take=take, seen=seen, by=by, via=Via.PAGE)


def show_evidence(enrolment: Enrolment, by: Any) -> None:
    inspection = stored(enrolment)
    criterion = enrolment.round.criteria_set.criteria.get(code="TC01")
    for caption in ("Kho tầng trệt", "Chụp nhầm"):
        evidence = add_evidence(
            inspection=inspection,
            criterion=criterion,
            upload_id=uuid.uuid4(),
            upload=photograph(),
            caption=caption,
            by=by,
        )
        if caption == "Chụp nhầm":
            void_evidence(evidence=evidence, reason="Nhầm phường", by=by)
        else:
            made_on = digest(evidence, CAPTION)
            describe_evidence(evidence=evidence, caption="Kho tầng 1", made_on=made_on, by=by)


def write_minutes(enrolment: Enrolment, by: Any) -> None:
    visit_today(stored(enrolment))
    values = {
        "started_at": None,
        "ended_at": None,
        "place": "Ủy ban nhân dân",
        "ward_remarks": "Thống nhất",
        "copies": 3,
        "recommendations": "Sớm bố trí kho.",
    }
    people = [Person("ward", "leader", "Trần Văn Bình", "Phó Chủ tịch")]
    services.save_minutes(inspection=stored(enrolment), values=values, people=people, seen=0, by=by)


def sign(enrolment: Enrolment, by: Any) -> None:
    inspection = stored(enrolment)
    visit_today(inspection)
    today = timezone.localdate()
    minutes = services.sign_minutes(inspection=stored(enrolment), signed_on=today, by=by)
    services.keep_scans(minutes=minutes, uploads=[photograph("bien-ban.jpg")], by=by)


def submit(enrolment: Enrolment, by: Any) -> None:
    services.submit_inspection(inspection=stored(enrolment), by=by)


def approve(enrolment: Enrolment, cast: Any) -> None:
    services.approve_inspection(inspection=stored(enrolment), by=cast.lanhdaochicuc)


def find(enrolment: Enrolment, by: Any, codes: list[str]) -> list[Finding]:
    due_on = timezone.localdate() + datetime.timedelta(days=30)
    criteria = enrolment.round.criteria_set.criteria
    return [
        findings.write_finding(
            inspection=stored(enrolment),
            criterion=criteria.get(code=code),
            recommendation="Bố trí kho lưu trữ",
            due_on=due_on,
            seen=0,
            by=by,
        )
        for code in codes
    ]


def answer_findings(found: list[Finding], enrolment: Enrolment, cast: Any) -> None:
    """Accept the second answer to the first finding, leave one waiting, refuse one, close one."""
    by, unit = cast.kiemtra, cast.xathu
    assert unit.ward_id == enrolment.ward_id
    accepted, waiting, refused, closed, moved = found
    for accept in (False, True):
        reply(accepted, unit)
        judge(accepted, accept, by)
    reply(waiting, unit)
    reply(refused, unit)
    judge(refused, False, by)
    closed.refresh_from_db()
    findings.close_finding(finding=closed, reason="Đã xem tại chỗ", seen=closed.version, by=by)
    moved.refresh_from_db()
    findings.move_deadline(
        finding=moved,
        due_on=timezone.localdate() + datetime.timedelta(days=90),
        reason="Mưa bão",
        seen=moved.version,
        by=by,
    )


def reply(finding: Finding, by: Any) -> None:
    finding.refresh_from_db()
    replies.answer_finding(
        finding=finding,
        text="Đã bố trí kho",
        uploads=[photograph()],
        submission_id=uuid.uuid4(),
        seen=finding.version,
        by=by,
    )


def judge(finding: Finding, accept: bool, by: Any) -> None:
    finding.refresh_from_db()
    replies.judge_reply(finding=finding, accept=accept, reason="Còn thiếu", seen=finding.version, by=by)
