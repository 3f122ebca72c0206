"""Narrowing what a person sees to one district, so that every figure follows without a filter of its own."""

from __future__ import annotations

from typing import Any

from wards.models import District


class Within:
    """A person whose view ends at one district. All else about the person stays as it is.

    The district has to be one that the person sees: take it from `District.objects.visible_to(person)`.
    """

    ward = ward_id = None
    sees_all_units = False

    def __init__(self, person: Any, district: District) -> None:
        self.person, self.district, self.district_id = person, district, district.pk

    def __getattr__(self, name: str) -> Any:
        return getattr(self.person, name)


def within(person: Any, district: District | None) -> Any:
    """People of a ward keep their ward: a district is never more than what they see."""
    return person if district is None or not person.sees_all_units else Within(person, district)
