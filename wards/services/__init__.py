"""Every write to units from a page or a list: with history, one after the other."""

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
)

__all__ = [
    "DISTRICT_FIELDS",
    "WARD_FIELDS",
    "create_district",
    "create_ward",
    "needs_reason",
    "overlap",
    "record_succession",
    "remove_succession",
    "update_district",
    "update_ward",
]
