"""Enrolling wards in a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Action, Via
from archiveportal.history.services import event, record_all
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.services.following import take_over_met
from criteria.inspections.services.notices import settle_unit
from criteria.inspections.services.rounds import first_ward_names, locked_round, refuse_closed
from criteria.inspections.services.telling import round_opened
from criteria.models import CriteriaSet
from criteria.scoring import rules_of, score
from wards.models import Ward


@transaction.atomic
def enrol_wards(
    *,
    inspection_round: Round,
    wards: Sequence[Ward],
    by: User | None,
    via: str,
    published: Mapping[int, dict[str, Any]] | None = None,
) -> list[Enrolment]:
    """Enrol wards after those already in the round, each with an empty checklist. Freezes the
    criteria set.

    `published` has what a signed report printed for a ward, by the key of the ward.
    """
    published = published or {}
    CriteriaSet.objects.filter(pk=inspection_round.criteria_set_id, frozen_at__isnull=True).update(
        frozen_at=timezone.now()
    )
    last = inspection_round.enrolments.order_by("-position").values_list("position", flat=True).first() or 0
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(**{"round": inspection_round, "ward": ward, "position": position} | published.get(ward.pk, {}))
        for position, ward in enumerate(wards, start=last + 1)
    )
    criteria_set = inspection_round.criteria_set
    empty = score({}, criteria_set.criteria.all(), rules=rules_of(criteria_set))
    Inspection.objects.bulk_create(
        Inspection(enrolment=enrolment, maximum=empty.maximum, open_criteria=empty.open) for enrolment in enrolments
    )
    record_all(event(about=enrolment, by=by, via=via, action=Action.CREATED) for enrolment in enrolments)
    return enrolments


@transaction.atomic
def add_wards(*, inspection_round: Round, wards: Sequence[Ward], by: User, via: str = Via.PAGE) -> list[Enrolment]:
    """Enrols the wards that are not in the round yet, in the order of their names; those that are stay as they are."""
    inspection_round = locked_round(inspection_round, by)
    refuse_closed(inspection_round)
    gone = [ward for ward in wards if not ward.stands_on(inspection_round.starts_on)]
    if gone:
        message = _("Not enrolled: %(units)s was not in force on the first day of the round (%(day)s).")
        raise Refused(
            message % {"units": first_ward_names(gone), "day": f"{inspection_round.starts_on:%d/%m/%Y}"},
            code="not in force",
        )
    enrolled = set(inspection_round.enrolments.values_list("ward", flat=True))
    new = {ward.pk: ward for ward in wards if ward.pk not in enrolled}
    if not new:
        return []
    log_event("wards enrolled", user=by.pk, round=inspection_round.code, wards=len(new))
    enrolments = enrol_wards(inspection_round=inspection_round, wards=list(new.values()), by=by, via=via)
    if inspection_round.is_open:
        take_over_met(inspection_round, enrolments, via=via)
        round_opened(inspection_round, enrolments, by=by)
    return enrolments


@transaction.atomic
def remove_ward(*, enrolment: Enrolment, by: User, via: str = Via.PAGE) -> None:
    """Takes out a ward that was enrolled by mistake, as long as nothing was recorded for it. Its history stays."""
    inspection_round = locked_round(enrolment.round, by)
    refuse_closed(inspection_round)
    rows = Enrolment.objects.select_related("ward__district", "round", "inspection").select_for_update(of=("self",))
    row = rows.filter(pk=enrolment.pk).first()
    if row is None:
        raise Refused(_("This ward is not in the round any more."), code="gone")
    used = _("Something is recorded for this ward; it stays in the round.")
    # Whoever saves an answer holds this row; what came before us is seen here.
    inspection = Inspection.objects.select_for_update().get(pk=row.inspection.pk)
    if inspection.is_started or row.published_score is not None or row.is_baseline:
        raise Refused(used, code="used")
    # About the round, whose page stays; the page of the row is gone.
    changes = {"ward": (row.ward, None)}
    event(about=inspection_round, by=by, via=via, action=Action.VOIDED, changes=changes, name=str(row)).save(
        force_insert=True
    )
    settle_unit(row)
    try:
        inspection.delete()
        row.delete()
    except ProtectedError as error:
        raise Refused(used, code="used") from error
    log_event("ward taken out of a round", user=by.pk, round=inspection_round.code, ward=row.ward_id)
