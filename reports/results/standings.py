"""The wards of a round with their standing results, for lists of very many.

Read as plain values: an enrolment with its ward, district and checklist as rows of the database took
2.2 s for 10,600 wards, these 0.15 s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from archiveportal.scope import Viewer
from criteria.inspections.models import Inspection, Round
from reports.results.rows import visible_enrolments
from wards.models import District, Ward
from wards.titles import DistrictNames, WardNames

APPROVED = Inspection.Status.APPROVED
CHUNK = 5000


# Not frozen: that would take twice as long for each.
@dataclass(slots=True)
class StandingRow:
    """A ward in a round. The standing score is the approved one, else the one that a report printed."""

    #: of the enrolment
    pk: int
    position: int
    ward: WardNames
    inspection_id: int
    status: str
    version: int
    standing_score: Decimal | None
    standing_maximum: Decimal | None
    published_score: Decimal | None
    published_maximum: Decimal | None
    published_personnel: str
    #: key of the highest band that the answers allow
    standing_bar: int | None

    @property
    def ward_id(self) -> int:
        return self.ward.pk

    @property
    def is_approved(self) -> bool:
        return self.status == APPROVED

    @property
    def is_started(self) -> bool:
        """As `Inspection.is_started`."""
        return self.version > 0 or self.is_approved


UNIT = (
    "ward", "ward__kind", "ward__name", "ward__sort_key", "ward__district", "ward__district__kind",
    "ward__district__name",
)  # fmt: skip
RESULT = (
    "pk", "position", "inspection", "inspection__status", "inspection__version", "standing_score", "standing_maximum",
    "published_score", "published_maximum", "published_personnel", "standing_bar",
)  # fmt: skip


class WardReader:
    """Makes the names of wards out of values in the order of `UNIT`; those of a district are made once."""

    def __init__(self) -> None:
        self.districts: dict[int | None, DistrictNames | None] = {None: None}

    def names_of(self, values: Sequence[Any]) -> WardNames:
        ward, kind, name, sort_key, district_id, district_kind, district = values
        if district_id not in self.districts:
            self.districts[district_id] = DistrictNames(district_id, District.KINDS[district_kind], district)
        return WardNames(ward, kind, Ward.KINDS[kind], name, sort_key, self.districts[district_id])


def standings(viewer: Viewer, inspection_round: Round, chosen: Q | None = None) -> Iterator[StandingRow]:
    """Yield the wards that a person sees, or those `chosen` of them, in printed order. One query."""
    enrolments = visible_enrolments(viewer, inspection_round)
    rows = (enrolments.filter(chosen) if chosen else enrolments).values_list(*UNIT, *RESULT)
    reader = WardReader()
    for row in rows.iterator(chunk_size=CHUNK):
        pk, position, *result = row[len(UNIT) :]
        yield StandingRow(pk, position, reader.names_of(row[: len(UNIT)]), *result)
