"""Write what the directory says of units."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from archiveportal.history.models import Action, Via
from archiveportal.history.services import Actor, differences, event, record_all, refuse_stale
from archiveportal.statements import rows_with, update_all
from wards.contacts import UnitContact
from wards.models import Ward

CONTACT_FIELDS = ("mailbox", "telephone", "seat", "stores", "chairman", "officers")


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
    day = timezone.localdate() if confirms else confirmed_on
    (names,) = save_contacts(contacts=[contact], made_on=[made_on], confirmed_on=[day], by=by, via=via)
    return names


@transaction.atomic
def save_contacts(
    *,
    contacts: Sequence[UnitContact],
    made_on: Sequence[str | None],
    confirmed_on: Sequence[datetime.date | None],
    by: Actor | None,
    via: str = Via.PAGE,
) -> list[list[str]]:
    """Save what differs from the stored entries, all or none; return the names of the fields of each. Raise `Stale`."""
    keys = [contact.ward_id for contact in contacts]
    # Two people who add the first entry of a unit at once are told of each other.
    wards = {ward.pk: ward for ward in rows_with(Ward.objects.select_for_update().order_by("pk"), "pk", keys)}
    stored = {row.ward_id: row for row in rows_with(UnitContact.objects.all(), "ward", keys)}
    changes = []
    for contact, shown, day in zip(contacts, made_on, confirmed_on, strict=True):
        contact.ward = wards[contact.ward_id]
        changes.append(_changes(contact, stored.get(contact.ward_id), shown, day=day))
    differing = [(contact, changed) for contact, changed in zip(contacts, changes, strict=True) if changed]
    new = [contact for contact, _changed in differing if contact.pk is None]
    update_all([contact for contact, _changed in differing if contact.pk], (*CONTACT_FIELDS, "confirmed_on"))
    UnitContact.objects.bulk_create(new)
    begun = {contact.ward_id for contact in new}
    events = []
    for contact, changed in differing:
        action = Action.CREATED if contact.ward_id in begun else Action.CHANGED
        events.append(event(about=contact, by=by, via=via, action=action, changes=changed))
    record_all(events)
    return [[*changed] for changed in changes]


def _changes(
    contact: UnitContact, stored: UnitContact | None, made_on: str | None, *, day: datetime.date | None
) -> dict[str, tuple]:
    """Give an entry its key and the day of its confirmation; return what differs from the stored one."""
    before = stored or UnitContact(ward=contact.ward)
    contact.pk, contact.confirmed_on = before.pk, day or before.confirmed_on
    if stored and made_on is not None:
        refuse_stale(stored=stored, typed=contact, names=CONTACT_FIELDS, made_on=made_on)
    return differences(before, contact, (*CONTACT_FIELDS, "confirmed_on"))
