"""What is done with decisions on specialised inspections, for the test of the history."""

from django.utils.timezone import localdate

from criteria.inspections import services
from criteria.inspections.models import TeamChange
from criteria.inspections.services import decision_changes, decisions
from criteria.inspections.services.minutes_merge import HandedOver, Person
from tests.history.paper_stories import record_approvals, write_papers
from tests.support.decisions import DAY, draft, enrol_units, extension, head_of, make_decision, suspension


def decide_inspections(watch, cast):
    """A decision is written, issued, announced, extended, paused; its head changes; another one is voided."""
    decision, by = make_decision(cast), cast.approver
    decision.signer_name = "Trần Văn Bình"
    rows = [unit.enrolment for unit in decision.units.all()]
    watch(decisions.save_decision, decision=decision, enrolments=rows, by=by)
    watch(decisions.issue_decision, decision=decision, number="7/QĐ-SNV", issued_on=localdate() - DAY, by=by)
    unit = decision.units.first()
    watch(decisions.announce_decision, unit=unit, announced_on=localdate(), is_confirmed=True, by=cast.inspector)
    values = {"place": "Trụ sở", "copies": 2, "refusal_reason": "Chưa thống nhất", "verified_result": "Đủ hồ sơ"}
    people = [Person("witness", "witness", "Phạm Thị Chứng"), Person("other", "other", "Công ty chỉnh lý")]
    watch(
        services.save_minutes,
        inspection=unit.enrolment.inspection,
        values=values | {"started_at": None, "ended_at": None},
        people=people,
        received=[HandedOver("Danh mục hồ sơ")],
        seen=0,
        by=cast.inspector,
    )
    watch(decision_changes.extend_decision, extension=extension(decision), by=by)
    paused = watch(decision_changes.suspend_decision, suspension=suspension(decision, unit=unit), by=by)
    watch(decision_changes.resume_decision, suspension=paused, until_on=localdate(), by=by)
    watch(decision_changes.decide_pause, decision=decision, moves_end=True, by=by)
    head = head_of(decision)
    watch(decision_changes.review_conditions, member=head, is_reviewed=True, by=by)
    new = {"comes_person": cast.inspector2, "comes_name": cast.inspector2.full_name, "reason": "Chuyển công tác"}
    change = TeamChange(decision=decision, part="head", number="8/QĐ-SNV", issued_on=localdate(), **new)
    watch(decision_changes.change_team, change=change, leaves=head, by=by)
    other = draft(decision.team, title="Quyết định nhầm")
    units = enrol_units(decision.round, decision.team, 1)
    watch(decisions.save_decision, decision=other, enrolments=units, by=by)
    watch(decisions.void_decision, decision=other, reason="Lập nhầm", by=by)


STORIES = [decide_inspections, write_papers, record_approvals]
