"""Every step of a finding from every state by every role."""

import uuid

import pytest
from django.utils import timezone

from archiveportal.refusal import Refused
from criteria.inspections.models import Finding, FindingReply
from criteria.inspections.services.findings import close_finding, withdraw_finding
from criteria.inspections.services.replies import answer_finding, judge_reply
from tests.support.factories import answer
from tests.support.inspections import published_finding

STATES = [state.value for state in Finding.Status]
#: step: the states from which it leads on, and where to
WAYS = {
    "answer_finding": {"open": "answered"},
    "judge_reply (accept)": {"answered": "closed"},
    "judge_reply (refuse)": {"answered": "open"},
    "close_finding": {"open": "closed"},
    "withdraw_finding": {"open": "withdrawn", "answered": "withdrawn"},
}
UNITS = {"quan10"}
INSPECTORS = {"inspector", "inspector2", "approver", "approver2"}


def take(step, finding, by):
    """Take a step on the finding as its page shows it."""
    common = {"finding": finding, "seen": finding.version, "by": by}
    steps = {
        "answer_finding": lambda: answer_finding(text="Đã bố trí", submission_id=uuid.uuid4(), **common),
        "judge_reply (accept)": lambda: judge_reply(accept=True, **common),
        "judge_reply (refuse)": lambda: judge_reply(accept=False, reason="Thiếu ảnh", **common),
        "close_finding": lambda: close_finding(reason="Đã xem tại chỗ", **common),
        "withdraw_finding": lambda: withdraw_finding(reason="Ghi nhầm", **common),
    }
    return steps[step]()


@pytest.fixture
def brought_to(cast, phuong6):
    """`brought_to(state)`: a published finding of Phường 6 in that state, its checklist still open."""
    answer(phuong6, cast.inspector, "not_met")

    def make(state):
        values = {"status": state}
        if state == "closed":
            values |= {"closed_by": cast.inspector, "closed_at": timezone.now()}
        finding = published_finding(phuong6, cast.inspector, **values)
        if state == "answered":
            common = {"finding": finding, "submission_id": uuid.uuid4()}
            FindingReply.objects.create(text="Đã làm", answered_by=cast.quan10, **common)
        return finding

    return make


def status(finding):
    return Finding.objects.get(pk=finding.pk).status


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", WAYS)
def test_every_step_from_every_state(cast, brought_to, step, state):
    finding = brought_to(state)
    by = cast.quan10 if step == "answer_finding" else cast.inspector2
    if (step, state) == ("withdraw_finding", "withdrawn"):
        # Taken twice, it is taken once.
        take(step, finding, by)
    elif state in WAYS[step]:
        take(step, finding, by)
    else:
        with pytest.raises(Refused):
            take(step, finding, by)
    assert status(finding) == WAYS[step].get(state, state)


@pytest.mark.parametrize("step", WAYS)
def test_every_step_by_every_role(cast, brought_to, step):
    state = next(iter(WAYS[step]))
    finding = brought_to(state)
    allowed = UNITS if step == "answer_finding" else INSPECTORS
    for name, person in cast.all().items():
        if name not in allowed:
            with pytest.raises(Refused):
                take(step, finding, person)
    assert status(finding) == state
