"""The page of a decision says why a step was refused, also where the form of the step is gone by then."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from criteria.inspections.models import Decision
from criteria.inspections.services.decision_changes import suspend_decision
from criteria.inspections.services.decisions import void_decision
from tests.support.decisions import announce, make_decision, suspension
from tests.support.factories import enrol, make_round, make_ward
from tests.support.pages import squeeze

PAPER = {"number": "13/QĐ-SNV", "issued_on": "31/12/2025"}


def page_of(decision: Decision) -> str:
    return reverse("inspections:decision", args=[decision.round.code, decision.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["extend", "suspend", "issue", "announce"])
def test_a_step_at_a_decision_that_was_voided_meanwhile(cast, sign_in, step):
    decision = make_decision(cast, units=1)
    void_decision(decision=decision, reason="Nhầm", by=cast.approver)
    sent = {
        "extend": {"days": "3", "ground": "complex", "words": "Nhiều hồ sơ", **PAPER},
        "suspend": {"kind": "pause", "ground": "force_majeure", "reason": "Bão", "from_on": "31/12/2025", **PAPER},
        "issue": PAPER,
        "announce": {"announced_on": f"{localdate():%d/%m/%Y}"},
    }[step]
    named = {f"{step}-{name}": value for name, value in sent.items()}
    person = cast.inspector if step == "announce" else cast.approver
    page = sign_in(person).post(page_of(decision), named | {"action": step, "unit_row": decision.units.get().pk})
    text = squeeze(page.content.decode())
    assert "Chưa lưu" in text
    assert "Quyết định này đã hủy." in text or "chưa có số và ngày ký" in text


@pytest.mark.django_db
def test_what_is_refused_is_said_without_the_name_of_a_column(cast, sign_in):
    decision = make_decision(cast, units=1)
    paused = suspend_decision(suspension=suspension(decision), by=cast.approver)
    sent = {"action": "resume", "suspension": paused.pk, "resume-until_on": "01/01/2026"}
    text = squeeze(sign_in(cast.approver).post(page_of(decision), sent).content.decode())
    assert "Ngày kết thúc không được trước ngày bắt đầu" in text and ">until_on<" not in text


@pytest.mark.django_db
def test_members_are_named_as_one_writes_them(cast, sign_in):
    text = squeeze(sign_in(cast.approver).get(page_of(make_decision(cast, units=1))).content.decode())
    assert "</b>, Phó Chi cục trưởng" in text


@pytest.mark.django_db
def test_the_minutes_say_that_decision_or_announcement_is_missing(cast, sign_in):
    decision = make_decision(cast, units=1)
    unit, client = decision.units.get(), sign_in(cast.inspector)
    address = reverse("inspections:minutes", args=[unit.enrolment_id])
    said = f'Chưa ghi ngày công bố quyết định với đơn vị (khoản 1 Điều 15): <a href="{page_of(decision)}"'
    assert said in squeeze(client.get(address).content.decode())
    announce(decision, cast, localdate())
    assert "Chưa ghi ngày công bố" not in client.get(address).content.decode()
    Decision.objects.filter(pk=decision.pk).update(voided_at=timezone.now(), void_reason="Nhầm")
    assert "Chưa có quyết định đã ban hành nêu đơn vị này" in client.get(address).content.decode()
    guided = enrol(make_round(), make_ward())
    page = client.get(reverse("inspections:minutes", args=[guided.pk])).content.decode()
    assert "Chưa có quyết định đã ban hành" not in page
