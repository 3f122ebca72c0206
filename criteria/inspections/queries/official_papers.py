"""What the page of the papers of a round shows: its decisions and units, each with its papers and those to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from archiveportal.accounts.models import User
from archiveportal.office.kinds import PaperKind
from criteria.inspections.models import Decision, DecisionUnit, Enrolment, OfficialPaper, Round
from criteria.inspections.models.official_papers import OF_DECISION, OF_ROUND
from criteria.inspections.services.official_papers import About, may_write

#: what one unit gets; the minutes of the announcement need a decision
OF_ONE_UNIT = (PaperKind.VISIT_NOTICE, PaperKind.ANNOUNCEMENT, PaperKind.REMEDY_LETTER)
FOR_GUIDANCE = (PaperKind.VISIT_NOTICE, PaperKind.RESULT_REPORT, PaperKind.REMEDY_LETTER)
#: units that the page offers to begin a paper for
MOST_UNITS = 400


@dataclass
class PaperGroup:
    """The papers on the round, on one decision, or on units, with the kinds that the person may begin."""

    title: str
    decision: Decision | None = None
    papers: list[OfficialPaper] = field(default_factory=list)
    kinds: Sequence[PaperKind] = ()
    units: Sequence[Enrolment] = ()


def groups_of(user: User, inspection_round: Round) -> list[PaperGroup]:
    """Return the papers of a round that a person sees, in the order of the work."""
    papers = OfficialPaper.objects.visible_to(user).filter(round=inspection_round)
    papers = papers.select_related("decision", "enrolment__ward", "signed", "numbered", "to_sign").defer("content")
    decisions = Decision.objects.visible_to(user).filter(round=inspection_round).select_related("team")
    units = DecisionUnit.objects.visible_to(user).select_related("enrolment__ward")
    groups = [PaperGroup("", kinds=_kinds(user, inspection_round, OF_ROUND))]
    by_decision = {}
    for decision in decisions.prefetch_related(Prefetch("units", units)):
        kinds = () if decision.is_voided else (*OF_DECISION, *OF_ONE_UNIT)
        group = PaperGroup(decision.title, decision, kinds=_kinds(user, inspection_round, kinds, decision=decision))
        group.units = [unit.enrolment for unit in decision.units.all()] if group.kinds else ()
        by_decision[decision.pk] = group
    of_units = PaperGroup("", kinds=_kinds(user, inspection_round, FOR_GUIDANCE if not by_decision else ()))
    if of_units.kinds:
        rows = Enrolment.objects.visible_to(user).filter(round=inspection_round, is_left_out=False)
        of_units.units = list(rows.select_related("ward").order_by("position")[:MOST_UNITS])
    for paper in papers:
        own = by_decision.get(paper.decision_id) if paper.decision_id else None
        (own or (of_units if paper.enrolment_id else groups[0])).papers.append(paper)
    return [*groups, *by_decision.values(), of_units]


def _kinds(
    user: User, inspection_round: Round, kinds: Sequence[PaperKind], *, decision: Decision | None = None
) -> list[PaperKind]:
    return [kind for kind in kinds if may_write(user, About(kind, inspection_round, decision))]
