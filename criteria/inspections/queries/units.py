"""The boxes beside a criterion: the last result, its finding, what the ward says of itself."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from archiveportal.accounts.models import User
from criteria.given import given_in_words
from criteria.inspections.models import Enrolment, Finding, Inspection, Result, Round, SelfAnswer, SelfAssessment
from criteria.inspections.querysets import counted_rounds
from criteria.outcomes import outcome_of
from wards.models import Succession, Ward

WITHDRAWN = Finding.Status.WITHDRAWN


@dataclass(frozen=True)
class LastTime:
    """The result of the last approved inspection. `predecessor` names the former unit, if it was of
    one."""

    outcome: str
    number: Decimal | None
    text: str
    note: str
    round_name: str
    inspected_on: datetime.date | None
    predecessor: str = ""
    finding: Finding | None = None
    #: the checklist that it is of
    inspection: Inspection | None = None
    #: what it gives at a criterion that is more than met or not, in words
    given: str = ""

    @property
    def is_failure(self) -> bool:
        """Failed by this very unit: failing now is failing again."""
        return outcome_of(self.outcome).is_failure and not self.predecessor


def last_time(enrolment: Enrolment, user: User | None = None) -> dict[int, LastTime]:
    """By the key of a criterion: what the last approved inspection of the same ward found for the same criterion.

    Criteria are the same by the code of the set and their own; versions of the set may differ. A ward that was
    never inspected shows what its predecessor had, under the predecessor's name. With several predecessors nothing
    is shown: their answers are not one answer. With a `user`, only a predecessor that the person may see.
    """
    return last_times([enrolment], user).get(enrolment.pk, {})


def last_times(enrolments: Sequence[Enrolment], user: User | None = None) -> dict[int, dict[int, LastTime]]:
    """Return `last_time` of units of one round by their keys, in a fixed number of queries."""
    if not enrolments:
        return {}
    inspection_round = enrolments[0].round
    wards = {enrolment.ward_id for enrolment in enrolments}
    earlier = _last_inspections(inspection_round, wards)
    former = _only_predecessors(wards - earlier.keys(), user)
    of_former = _last_inspections(inspection_round, {ward.pk for ward in former.values()})
    found: dict[int, tuple[Inspection, str]] = {}
    for enrolment in enrolments:
        before = former.get(enrolment.ward_id)
        if enrolment.ward_id in earlier:
            found[enrolment.pk] = earlier[enrolment.ward_id], ""
        elif before is not None and before.pk in of_former:
            found[enrolment.pk] = of_former[before.pk], before.full_title
    return _answers_of(inspection_round, found)


def _answers_of(inspection_round: Round, found: Mapping[int, tuple[Inspection, str]]) -> dict[int, dict[int, LastTime]]:
    """Return the answers of earlier checklists by the keys of units and of criteria; `found` has the checklist of
    each unit with the name of a predecessor."""
    if not found:
        return {}
    keys = {criterion.code: criterion.pk for criterion in inspection_round.criteria_set.criteria.all()}
    inspections = {inspection.pk for inspection, _predecessor in found.values()}
    findings = {
        (finding.inspection_id, finding.criterion_id): finding
        for finding in Finding.objects.filter(inspection__in=inspections, published_at__isnull=False).exclude(
            status=WITHDRAWN
        )
    }
    answers: dict[int, list[Result]] = {}
    for result in Result.objects.filter(inspection__in=inspections).select_related("criterion", "option"):
        answers.setdefault(result.inspection_id, []).append(result)
    return {
        unit: {
            keys[result.criterion.code]: _last(
                result, earlier, predecessor=predecessor, finding=findings.get((earlier.pk, result.criterion_id))
            )
            for result in answers.get(earlier.pk, [])
            if result.criterion.code in keys
        }
        for unit, (earlier, predecessor) in found.items()
    }


def _last(result: Result, earlier: Inspection, *, predecessor: str, finding: Finding | None) -> LastTime:
    return LastTime(
        outcome=result.outcome,
        number=result.number,
        text=result.text,
        note=result.note,
        round_name=earlier.enrolment.round.name,
        inspected_on=earlier.inspected_on,
        predecessor=predecessor,
        finding=finding,
        inspection=earlier,
        given=given_in_words(result.criterion, result),
    )


def _last_inspections(inspection_round: Round, wards: Collection[int]) -> dict[int, Inspection]:
    """Return the newest approved checklist of each ward in an earlier round with (a version of) the same set."""
    if not wards:
        return {}
    rows = Inspection.objects.filter(
        counted_rounds("enrolment__round__"),
        status=Inspection.Status.APPROVED,
        enrolment__ward__in=wards,
        enrolment__round__starts_on__lt=inspection_round.starts_on,
        enrolment__round__criteria_set__code=inspection_round.criteria_set.code,
    )
    newest = rows.select_related("enrolment__round").order_by("enrolment__round__starts_on", "enrolment__round")
    return {inspection.enrolment.ward_id: inspection for inspection in newest}


def _only_predecessors(wards: Collection[int], user: User | None) -> dict[int, Ward]:
    """Return the predecessor of each ward that has one alone, where the person may see it."""
    if not wards:
        return {}
    pairs = set(
        Succession.objects.filter(successor__in=wards, predecessor__isnull=False).values_list(
            "successor", "predecessor"
        )
    )
    counts = Counter(successor for successor, _predecessor in pairs)
    only = {successor: predecessor for successor, predecessor in pairs if counts[successor] == 1}
    if not only:
        return {}
    seen = Ward.objects.visible_to(user) if user is not None else Ward.objects.all()
    former = {ward.pk: ward for ward in seen.filter(pk__in=only.values()).select_related("district")}
    return {successor: former[predecessor] for successor, predecessor in only.items() if predecessor in former}


def findings_of(enrolment: Enrolment, user: User) -> dict[int, Finding]:
    """By the key of a criterion: the finding that the person may see and that was not withdrawn."""
    findings: QuerySet[Finding] = Finding.objects.visible_to(user).filter(inspection__enrolment=enrolment)
    return {finding.criterion_id: finding for finding in findings.exclude(status=WITHDRAWN)}


def self_answers(enrolment: Enrolment, user: User) -> dict[int, SelfAnswer]:
    """By the key of a criterion: what the ward says of itself, as far as the person may see it."""
    assessments = SelfAssessment.objects.visible_to(user).filter(enrolment=enrolment)
    answers = SelfAnswer.objects.filter(assessment__in=assessments).select_related("changed_by", "option")
    return {answer.criterion_id: answer for answer in answers}
