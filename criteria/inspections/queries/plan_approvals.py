"""Plans of specialised rounds whose approval by the chairperson of the People's Committee is not recorded (art. 7.2a).

Inspections that were directed, or that follow signs of a breach, rest on no plan and need no approval.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from archiveportal.office.kinds import PaperKind
from archiveportal.scope import Viewer
from criteria.inspections.models import Decision, Enrolment, OfficialPaper, PlanApproval, Round, RoundDocument


def unapproved_plans(viewer: Viewer, rounds: Iterable[Round]) -> list[Round]:
    """Return those of the rounds that have a plan and no approval on record. One query, none without such rounds."""
    running = {each.pk: each for each in rounds if each.is_specialised and not each.is_closed}
    if not running:
        return []
    rows = _without_approval(Round.objects.visible_to(viewer)).filter(pk__in=running)
    found = set(rows.values_list("pk", flat=True))
    return [each for key, each in running.items() if key in found]


def lacks_plan_approval(inspection_round: Round) -> bool:
    """Tell whether a round has a plan whose approval is not recorded."""
    if not inspection_round.is_specialised:
        return False
    return _without_approval(Round.objects.filter(pk=inspection_round.pk)).exists()


def inspection_lacks_approval(enrolment: Enrolment) -> bool:
    """Tell whether the inspection of a unit rests on a plan whose approval is not recorded."""
    decisions = Decision.objects.standing().filter(units__enrolment=enrolment)
    if decisions.exists() and not decisions.filter(ground=Decision.Ground.PLAN).exists():
        return False
    return lacks_plan_approval(enrolment.round)


def _without_approval(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Narrow rounds to those with a plan, as a paper, a document or the ground of a decision, and no approval."""
    of_round = {"round": OuterRef("pk")}
    papers = OfficialPaper.objects.standing().filter(kind=PaperKind.PLAN, **of_round)
    documents = RoundDocument.objects.filter(kind=RoundDocument.Kind.PLAN, voided_at=None, **of_round)
    decisions = Decision.objects.standing().filter(ground=Decision.Ground.PLAN, **of_round)
    has_plan = Q(Exists(papers.order_by())) | Q(Exists(documents.order_by())) | Q(Exists(decisions.order_by()))
    approvals = PlanApproval.objects.standing().filter(**of_round)
    return rounds.filter(has_plan).exclude(Exists(approvals.order_by()))
