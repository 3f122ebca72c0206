"""Record that a unit took over another one, whole or in part, and take such a row back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from archiveportal.days import refuse_far_days
from archiveportal.history.models import Action, Via
from archiveportal.history.services import Actor, record
from wards.lines import faults_of_days, refusal_of_cycle
from wards.models import Succession, Ward
from wards.services.units import lock_units

FIELDS = (
    "predecessor",
    "predecessor_name",
    "predecessor_province",
    "successor",
    "successor_code",
    "successor_name",
    "extent",
    "took_effect_on",
    "legal_act",
    "has_gap",
)


@transaction.atomic
def record_succession(*, succession: Succession, by: Actor | None, via: str = Via.PAGE) -> Succession:
    """Add a row. Raise ValidationError where its days contradict those of the units, or it closes
    a circle."""
    lock_units(Ward)
    refuse_far_days(succession.took_effect_on)
    if succession.successor:
        succession.successor_code = succession.successor.code
        succession.successor_name = succession.successor.title
    faults = [*faults_of_days(succession), *refusal_of_cycle(succession)]
    if faults:
        raise ValidationError(faults)
    succession.full_clean()
    succession.save(force_insert=True)
    changes = {name: (None, value) for name in FIELDS if (value := getattr(succession, name)) not in (None, "", False)}
    record(about=succession, by=by, via=via, action=Action.CREATED, changes=changes)
    return succession


@transaction.atomic
def remove_succession(*, succession: Succession, reason: str, by: Actor, via: str = Via.PAGE) -> None:
    """Take back a row that was recorded by mistake; the history keeps what it said."""
    lock_units(Ward)
    stored = Succession.objects.select_for_update(of=("self",)).get(pk=succession.pk)
    changes = {name: (value, None) for name in FIELDS if (value := getattr(stored, name)) not in (None, "", False)}
    record(about=stored, by=by, via=via, action=Action.DELETED, changes=changes, reason=reason)
    stored.delete()
