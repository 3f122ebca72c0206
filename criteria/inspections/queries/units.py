"""The boxes beside a criterion: the last result, its finding, what the ward says of itself."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from archiveportal.accounts.models import User
from criteria.given import given_in_words
from criteria.inspections.models import Enrolment, Finding, Inspection, SelfAnswer, SelfAssessment
from criteria.inspections.querysets import counted_rounds
from criteria.outcomes import outcome_of
from wards.models import Ward

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
    earlier, predecessor = _last_inspection(enrolment, enrolment.ward_id), ""
    if earlier is None:
        former = _only_predecessor(enrolment, user)
        earlier = _last_inspection(enrolment, former.pk) if former else None
        predecessor = former.full_title if former and earlier else ""
    if earlier is None:
        return {}
    keys = {criterion.code: criterion.pk for criterion in enrolment.round.criteria_set.criteria.all()}
    findings = {
        finding.criterion_id: finding
        for finding in earlier.findings.filter(published_at__isnull=False).exclude(status=WITHDRAWN)
    }
    return {
        keys[result.criterion.code]: LastTime(
            outcome=result.outcome,
            number=result.number,
            text=result.text,
            note=result.note,
            round_name=earlier.enrolment.round.name,
            inspected_on=earlier.inspected_on,
            predecessor=predecessor,
            finding=findings.get(result.criterion_id),
            inspection=earlier,
            given=given_in_words(result.criterion, result),
        )
        for result in earlier.results.select_related("criterion", "option")
        if result.criterion.code in keys
    }


def _last_inspection(enrolment: Enrolment, ward: int) -> Inspection | None:
    """Return the newest approved checklist of the ward in an earlier round with (a version of) the
    same set."""
    return (
        Inspection.objects.filter(
            counted_rounds("enrolment__round__"),
            status=Inspection.Status.APPROVED,
            enrolment__ward=ward,
            enrolment__round__starts_on__lt=enrolment.round.starts_on,
            enrolment__round__criteria_set__code=enrolment.round.criteria_set.code,
        )
        .select_related("enrolment__round")
        .order_by("-enrolment__round__starts_on", "-enrolment__round")
        .first()
    )


def _only_predecessor(enrolment: Enrolment, user: User | None) -> Ward | None:
    former = list(
        Ward.objects.filter(successions__successor=enrolment.ward_id).select_related("district").distinct()[:2]
    )
    if len(former) != 1:
        return None
    is_seen = user is None or Ward.objects.visible_to(user).filter(pk=former[0].pk).exists()
    return former[0] if is_seen else None


def findings_of(enrolment: Enrolment, user: User) -> dict[int, Finding]:
    """By the key of a criterion: the finding that the person may see and that was not withdrawn."""
    findings: QuerySet[Finding] = Finding.objects.visible_to(user).filter(inspection__enrolment=enrolment)
    return {finding.criterion_id: finding for finding in findings.exclude(status=WITHDRAWN)}


def self_answers(enrolment: Enrolment, user: User) -> dict[int, SelfAnswer]:
    """By the key of a criterion: what the ward says of itself, as far as the person may see it."""
    assessments = SelfAssessment.objects.visible_to(user).filter(enrolment=enrolment)
    answers = SelfAnswer.objects.filter(assessment__in=assessments).select_related("changed_by", "option")
    return {answer.criterion_id: answer for answer in answers}
