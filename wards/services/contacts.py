"""Write what the directory says of a unit."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from archiveportal.history.models import Action, Via
from archiveportal.history.services import Actor, differences, record, refuse_stale
from wards.contacts import UnitContact
from wards.models import Ward

CONTACT_FIELDS = ("mailbox", "telephone", "seat", "stores", "chairman", "officers")


@transaction.atomic
def save_contact(
    *,
    contact: UnitContact,
    made_on: str | None = None,
    confirms: bool = False,
    confirmed_on: datetime.date | None = None,
    by: Actor,
    via: str = Via.PAGE,
) -> list[str]:
    """Save what differs from the stored entry; return the names of those fields. Raise `Stale`.

    The unit that saves its own confirms it with that, also where nothing differs. `confirmed_on` is
    the day on which it did so on paper.
    """
    # Two people who add the first entry of a unit at once are told of each other.
    Ward.objects.select_for_update().get(pk=contact.ward_id)
    stored = UnitContact.objects.filter(ward=contact.ward_id).first()
    before = stored or UnitContact(ward=contact.ward)
    contact.pk, contact.confirmed_on = before.pk, confirmed_on or before.confirmed_on
    if stored and made_on is not None:
        refuse_stale(stored=stored, typed=contact, names=CONTACT_FIELDS, made_on=made_on)
    if confirms:
        contact.confirmed_on = timezone.localdate()
    changes = differences(before, contact, (*CONTACT_FIELDS, "confirmed_on"))
    if not changes:
        return []
    contact.save(force_insert=stored is None)
    action = Action.CHANGED if stored else Action.CREATED
    record(about=contact, by=by, via=via, action=action, changes=changes)
    return [*changes]
