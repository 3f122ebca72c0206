"""Criteria that are verified from a distance, by the evidence: a whole unit by its way, single ones by a mark."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import record
from archiveportal.refusal import Refused
from criteria.inspections.models import DistantCheck, Enrolment, Inspection
from criteria.inspections.services.gate import locked, refuse_unless_editable
from criteria.leaves import answered_of, leaves_of
from criteria.models import Criterion


def is_distant_unit(enrolment: Enrolment) -> bool:
    return enrolment.way == Enrolment.Way.REMOTE


def distant_criteria(inspection: Inspection) -> frozenset[int]:
    """Return the keys of the criteria that are verified from a distance: all of them in a unit of that way."""
    if is_distant_unit(inspection.enrolment):
        leaves = leaves_of(inspection.enrolment.round.criteria_set)
        return frozenset(criterion.pk for criterion in answered_of(leaves))
    return marked_criteria([inspection.pk]).get(inspection.pk, frozenset())


def marked_criteria(inspections: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the keys of the criteria that are marked as verified from a distance, by checklist."""
    found: dict[int, set[int]] = {}
    marks = DistantCheck.objects.filter(inspection__in=inspections, is_distant=True)
    for inspection, criterion in marks.values_list("inspection", "criterion"):
        found.setdefault(inspection, set()).add(criterion)
    return {inspection: frozenset(criteria) for inspection, criteria in found.items()}


@transaction.atomic
def mark_distant(
    *, inspection: Inspection, criterion: Criterion, is_distant: bool, by: User, via: str = Via.PAGE
) -> DistantCheck | None:
    """Say that a criterion is verified from a distance, or on the spot after all, while its answer can change.

    The minutes print it. None where nothing was marked and nothing is to be.
    """
    inspection = locked(inspection)
    refuse_unless_editable(inspection, by)
    if criterion.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    if is_distant_unit(inspection.enrolment):
        raise Refused(_("This unit is inspected from a distance as a whole. Change its way of inspection in the plan."))
    check = DistantCheck.objects.filter(inspection=inspection, criterion=criterion).first()
    before = bool(check and check.is_distant)
    if before == is_distant:
        return check
    check = check or DistantCheck(inspection=inspection, criterion=criterion)
    check.is_distant, check.marked_by, check.marked_at = is_distant, by, timezone.now()
    check.save()
    changes = {"is_distant": (before, is_distant)}
    record(about=inspection, name=str(criterion), by=by, via=via, changes=changes)
    return check
