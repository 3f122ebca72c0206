"""The order of the days of plan, approval, decision and what follows from it (NĐ 217/2025/NĐ-CP, art. 7.2a, 11.2c).

The plan is submitted, approved and then issued, and a decision that rests on it comes after both. A
plan that was listed as a document of the round may have its number before it is approved.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.office.kinds import PaperKind
from archiveportal.vietnamese import document_date
from criteria.inspections.models import Decision, OfficialPaper, PlanApproval, Round, RoundDocument
from criteria.inspections.models.official_papers import OF_DECISION


@dataclass(frozen=True)
class Dated:
    """A paper by its name and day."""

    name: str
    day: datetime.date

    @property
    def words(self) -> dict[str, str]:
        return {"paper": self.name, "day": document_date(self.day)}


def refuse_approval_after(inspection_round: Round, approved_on: datetime.date) -> None:
    """Refuse an approval after what rests on it: the plan that the portal issued, a decision by the plan."""
    for each in _resting_on_approval(inspection_round):
        if approved_on > each.day:
            message = _("%(paper)s has the day %(day)s and rests on the approval, which cannot come after it.")
            raise ValidationError({"issued_on": message % each.words})


def refuse_decision_before(decision: Decision, issued_on: datetime.date) -> None:
    """Refuse a decision by a plan that comes before the plan or before its approval."""
    _refuse_before(_grounds_of(decision), issued_on)


def refuse_paper_before(paper: OfficialPaper, issued_on: datetime.date) -> None:
    """Refuse a paper that comes before what it names as its ground."""
    _refuse_before(_grounds_of_paper(paper), issued_on)


def _refuse_before(grounds: Iterator[Dated], issued_on: datetime.date) -> None:
    for each in grounds:
        if issued_on < each.day:
            message = _("%(paper)s has the day %(day)s; what rests on it cannot have an earlier day.")
            raise ValidationError({"issued_on": message % each.words})


def _grounds_of_paper(paper: OfficialPaper) -> Iterator[Dated]:
    if paper.kind == PaperKind.PLAN and paper.round.is_specialised:
        yield from _approval_of(paper.round_id)
    elif paper.kind == PaperKind.DECISION and paper.decision is not None:
        yield from _grounds_of(paper.decision)
    elif paper.kind in OF_DECISION and paper.decision is not None and paper.decision.issued_on:
        yield Dated(_("Decision %(number)s") % {"number": paper.decision.number}, paper.decision.issued_on)


def _grounds_of(decision: Decision) -> Iterator[Dated]:
    if decision.ground == Decision.Ground.PLAN:
        yield from _approval_of(decision.round_id)
        yield from sorted(_plans_of(decision.round_id), key=lambda plan: plan.day)[:1]


def _approval_of(inspection_round: int) -> Iterator[Dated]:
    for row in PlanApproval.objects.standing().filter(round=inspection_round):
        yield Dated(_("The approval of the plan, %(number)s,") % {"number": row.number}, row.issued_on)


def _plans_of(inspection_round: int) -> Iterator[Dated]:
    """Yield the plans as they were issued; an amended one follows the first."""
    listed = RoundDocument.objects.filter(round=inspection_round, kind=RoundDocument.Kind.PLAN, voided_at=None)
    for number, day in [*listed.values_list("number", "issued_on"), *_issued_plans(inspection_round)]:
        yield Dated(_("Plan %(number)s") % {"number": number}, day)


def _issued_plans(inspection_round: int) -> list[tuple[str, datetime.date]]:
    rows = OfficialPaper.objects.standing().filter(round=inspection_round, kind=PaperKind.PLAN, state="issued")
    return [(row.number, row.issued_on) for row in rows.only("number", "issued_on") if row.issued_on]


def _resting_on_approval(inspection_round: Round) -> Iterator[Dated]:
    for number, day in _issued_plans(inspection_round.pk):
        yield Dated(_("Plan %(number)s") % {"number": number}, day)
    for row in Decision.objects.issued().filter(round=inspection_round, ground=Decision.Ground.PLAN):
        if row.issued_on:
            yield Dated(_("Decision %(number)s") % {"number": row.number}, row.issued_on)
