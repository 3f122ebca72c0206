"""What a unit is called, in headings and in sentences, be it a row of the database or its names alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

#: kinds of offices of the City: their names keep their capitals in a sentence, and they are no UBND
OFFICES = frozenset({"so", "ban", "co_quan", "su_nghiep"})
#: kinds that are no word of the name: "Trung tâm Lưu trữ lịch sử"
KINDS_APART = frozenset({"co_quan", "su_nghiep"})


class Titled:
    """A unit with a kind and a name without its kind: "10", "Tân Định"."""

    __slots__ = ()

    if TYPE_CHECKING:
        name: Any
        kind: Any

        def get_kind_display(self) -> str: ...

    @property
    def title(self) -> str:
        """As a heading or a cell begins: "Phường Tân Định", "Quận 10", "Sở Y tế"."""
        return self.name if self._kind in KINDS_APART else f"{self.get_kind_display()} {self.name}"

    @property
    def in_sentence(self) -> str:
        """Within a sentence by NĐ 30/2020, Phụ lục II: "phường Tân Định", but "Phường 11", "Sở Y tế"."""
        if self.name[:1].isdigit() or self._kind in OFFICES:
            return self.title
        return f"{self.get_kind_display().lower()} {self.name}"

    @property
    def body(self) -> str:
        """The body that answers for the unit, in a sentence: "UBND phường Tân Định", "Sở Y tế"."""
        return self._body("UBND")

    @property
    def body_in_full(self) -> str:
        return self._body("Ủy ban nhân dân")

    def _body(self, words: str) -> str:
        return self.title if self._kind in OFFICES else f"{words} {self.in_sentence}"

    @property
    def _kind(self) -> str:
        """Return the kind; lists of very many rows have none for districts."""
        return getattr(self, "kind", "")


class TitledWard(Titled):
    """A ward that may lie in a district."""

    __slots__ = ()

    if TYPE_CHECKING:
        district: Any

    @property
    def full_title(self) -> str:
        """ "Phường 11, Quận 3", "Xã Thạnh An, huyện Cần Giờ"."""
        return f"{self.title}, {self.district.in_sentence}" if self.district else self.title

    @property
    def full_in_sentence(self) -> str:
        """ "Phường 11, Quận 3", "xã Thạnh An, huyện Cần Giờ"."""
        return f"{self.in_sentence}, {self.district.in_sentence}" if self.district else self.in_sentence


@dataclass(slots=True)
class DistrictNames(Titled):
    """The names of a district, for lists of very many wards: a row of the database takes four times as long."""

    pk: int
    kind_label: str
    name: str

    def get_kind_display(self) -> str:
        return self.kind_label


@dataclass(slots=True)
class DistrictOfList(Titled):
    """A district among very many, with what a page of totals says of it."""

    pk: int
    code: str
    kind: str
    kind_label: str
    name: str
    ward_count: int | None
    #: whether it is in force on the day that the list is about
    stands: bool

    # Tables are kept by area; no field of it changes.
    def __hash__(self) -> int:
        return hash(self.pk)

    def get_kind_display(self) -> str:
        return self.kind_label

    def __str__(self) -> str:
        return self.title


@dataclass(slots=True)
class WardNames(TitledWard):
    """The names of a ward, as `DistrictNames`."""

    pk: int
    kind: str
    kind_label: str
    name: str
    sort_key: str
    district: DistrictNames | None

    def get_kind_display(self) -> str:
        return self.kind_label

    @property
    def district_id(self) -> int | None:
        return self.district.pk if self.district else None
