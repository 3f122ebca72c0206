"""Enrolling wards in a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from archiveportal.history.models import Action
from archiveportal.history.services import event, record_all
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.models import CriteriaSet
from criteria.scoring import score


@transaction.atomic
def enrol_wards(
    *, round: Round, wards: Sequence, by: Any, via: str, published: Mapping[int, dict[str, Any]] | None = None
) -> list[Enrolment]:
    """Enrols wards behind those already in the round, each with an empty checklist. Freezes the criteria set.

    `published` has what a signed report printed for a ward, by the key of the ward.
    """
    published = published or {}
    CriteriaSet.objects.filter(pk=round.criteria_set_id, frozen_at__isnull=True).update(frozen_at=timezone.now())
    last = round.enrolments.order_by("-position").values_list("position", flat=True).first() or 0
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(**{"round": round, "ward": ward, "position": position} | published.get(ward.pk, {}))
        for position, ward in enumerate(wards, start=last + 1)
    )
    empty = score({}, round.criteria_set.criteria.all())
    Inspection.objects.bulk_create(
        Inspection(enrolment=enrolment, maximum=empty.maximum, open_criteria=empty.open) for enrolment in enrolments
    )
    record_all(event(about=enrolment, by=by, via=via, action=Action.CREATED) for enrolment in enrolments)
    return enrolments
