"""A ward in a round of its own with everybody who has to do with it, without the data of the reports."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from archiveportal.accounts.models import Role, User
from criteria.inspections.models import Enrolment, Finding, Inspection, KeptAnswer, Round, RoundDocument
from criteria.inspections.services import approve_inspection
from criteria.models import Criterion
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_round,
    make_set,
    make_user,
    make_ward,
    submit_signed,
)
from tests.support.inspections import published_finding

DAY = datetime.timedelta(days=1)


def today() -> datetime.date:
    return timezone.localdate()


@dataclass
class World:
    """A ward in an open round with nothing recorded yet, and who has to do with it."""

    inspector: User
    colleague: User
    approver: User
    officer: User
    enrolment: Enrolment

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.get(enrolment=self.enrolment)

    @property
    def round(self) -> Round:
        return Round.objects.get(pk=self.enrolment.round_id)

    def criterion(self, code: str = "TC01") -> Criterion:
        return self.enrolment.round.criteria_set.criteria.get(code=code)

    def foreign_criterion(self) -> Criterion:
        return make_set(1).criteria.get()

    def finding(self, **values: Any) -> Finding:
        answer(self.enrolment, self.inspector, "not_met")
        return published_finding(self.enrolment, self.inspector, due_on=today() + DAY, **values)

    def document(self, number: str = "1/KH") -> RoundDocument:
        values = {"round": self.round, "kind": "plan", "number": number, "issued_on": today()}
        return RoundDocument.objects.create(**values)

    def submit(self) -> None:
        answer(self.enrolment, self.inspector, "met")
        submit_signed(inspection=self.inspection, by=self.inspector)

    def approve(self) -> None:
        self.submit()
        approve_inspection(inspection=self.inspection, by=self.approver)

    def close_round(self) -> None:
        Round.objects.filter(pk=self.enrolment.round_id).update(status=Round.Status.CLOSED)

    def kept_answer(self, **values: Any) -> KeptAnswer:
        defaults = {
            "inspection": self.inspection,
            "criterion": self.criterion(),
            "criteria_set": self.round.criteria_set,
            "values": {"outcome": "met", "number": None, "text": "", "note": ""},
            "base_version": 0,
            "reason": KeptAnswer.Reason.LOCKED,
            "submission_id": uuid.uuid4(),
            "via": "offline",
            "sent_by": self.colleague,
            "made_at": timezone.now(),
        }
        return KeptAnswer.objects.create(**defaults | values)


def make_world() -> World:
    ward = make_ward(make_district())
    return World(
        inspector=make_user(Role.INSPECTOR),
        colleague=make_user(Role.INSPECTOR),
        approver=make_user(Role.APPROVER),
        officer=make_user(Role.WARD, ward=ward),
        enrolment=enrol(make_round(make_set(2)), ward),
    )
