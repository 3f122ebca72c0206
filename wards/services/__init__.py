"""Every write to units from a page or a list: with history, one after the other."""

from wards.services.contacts import CONTACT_FIELDS, save_contact, save_contacts
from wards.services.groups import (
    GROUP_FIELDS,
    GROUPING_FIELDS,
    assign_units,
    create_group,
    create_grouping,
    remove_group,
    update_group,
    update_grouping,
)
from wards.services.lists import take_in_units
from wards.services.successions import record_succession, remove_succession
from wards.services.units import (
    DISTRICT_FIELDS,
    WARD_FIELDS,
    create_district,
    create_ward,
    needs_reason,
    overlap,
    update_district,
    update_ward,
    update_wards,
)

__all__ = [
    "CONTACT_FIELDS",
    "DISTRICT_FIELDS",
    "GROUPING_FIELDS",
    "GROUP_FIELDS",
    "WARD_FIELDS",
    "assign_units",
    "create_district",
    "create_group",
    "create_grouping",
    "create_ward",
    "needs_reason",
    "overlap",
    "record_succession",
    "remove_group",
    "remove_succession",
    "save_contact",
    "save_contacts",
    "take_in_units",
    "update_district",
    "update_group",
    "update_grouping",
    "update_ward",
    "update_wards",
]
