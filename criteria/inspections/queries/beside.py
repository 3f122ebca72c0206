"""The boxes beside the criteria of a checklist, each read once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from archiveportal.accounts.models import User
from criteria.inspections.models import Enrolment, Evidence, Finding, Result, SelfAnswer
from criteria.inspections.queries.kept import Beside, undecided
from criteria.inspections.queries.units import LastTime, findings_of, last_time, self_answers
from criteria.models import Criterion


class AnnotatedLine(Protocol):
    """A line of a checklist, which gets what belongs to its criterion."""

    criterion: Criterion
    kept: list[Beside]
    evidence: list[Evidence]
    finding: Finding | None
    own_answer: SelfAnswer | None
    last: LastTime | None


def put_beside(
    lines: Iterable[AnnotatedLine], enrolment: Enrolment, results: Mapping[int, Result], *, user: User
) -> list[Beside]:
    """Gives each line its evidence, finding, self-assessment, what was found last time, and answers to decide on.

    Returns all the answers that were kept and wait for a decision, for those whom they concern.
    """
    kept = undecided(enrolment.inspection, results, user)
    differing, evidence = defaultdict(list), defaultdict(list)
    for each in kept:
        if each.stands_at_criterion:
            differing[each.row.criterion_id].append(each)
    for piece in evidence_of(enrolment, user):
        evidence[piece.criterion_id].append(piece)
    findings, own, earlier = findings_of(enrolment, user), self_answers(enrolment, user), last_time(enrolment, user)
    for line in lines:
        key = line.criterion.pk
        line.kept, line.evidence = differing[key], evidence[key]
        line.finding, line.own_answer, line.last = findings.get(key), own.get(key), earlier.get(key)
    return kept


def evidence_of(enrolment: Enrolment, user: User) -> Iterable[Evidence]:
    """Return the evidence that was not taken back."""
    pieces = Evidence.objects.visible_to(user).filter(inspection=enrolment.inspection, voided_at__isnull=True)
    return pieces.select_related("file__withdrawal")
