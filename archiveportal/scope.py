"""Rights of a viewer and the units it sees. Names no model: querysets of every app use it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol, Self, overload

from django.db.models import Q


class Right(StrEnum):
    """Rights that code and templates check: `user.can_approve`, `@needs("can_approve")`."""

    #: districts and wards of the whole City
    SEES_ALL_UNITS = "sees_all_units"
    #: rounds and their approved or published results, of the units in scope
    SEES_RESULTS = "sees_results"
    #: a round at a glance: the City, or the own district; a single ward has its own page
    SEES_DASHBOARD = "sees_dashboard"
    #: checklists before they are approved
    SEES_UNAPPROVED_RESULTS = "sees_unapproved_results"
    #: training schemes and their totals
    SEES_TRAINING = "sees_training"
    #: courses of every organiser, not only those of the own district
    SEES_ALL_COURSES = "sees_all_courses"
    #: the reports on rounds and schemes as documents: they are of the whole City
    SEES_REPORTS = "sees_reports"
    #: the figures of the two reports and their contradictions: for those who work on them
    SEES_LEDGER = "sees_ledger"
    #: fill and submit checklists, record training
    CAN_INSPECT = "can_inspect"
    #: return or approve checklists of others; rounds, criteria sets, quotas, reports
    CAN_APPROVE = "can_approve"
    #: answer findings, and assess own wards where a round asks for it
    ANSWERS_FOR_UNITS = "answers_for_units"
    #: confirm, as their leader, what own units say of themselves
    CONFIRMS_SELF_ASSESSMENT = "confirms_self_assessment"
    CAN_MANAGE_ACCOUNTS = "can_manage_accounts"
    #: add and correct districts and wards
    CAN_MANAGE_UNITS = "can_manage_units"
    #: what was done to accounts and units, so that the administrator works under the eyes of others
    SEES_ADMINISTRATION = "sees_administration"


#: rights that end where a scope is narrowed to some units
OF_THE_WHOLE_CITY = frozenset(
    {Right.SEES_ALL_UNITS, Right.SEES_ALL_COURSES, Right.SEES_REPORTS, Right.SEES_ADMINISTRATION}
)

#: rights that only people of the units hold
OF_UNITS = frozenset({Right.ANSWERS_FOR_UNITS, Right.CONFIRMS_SELF_ASSESSMENT})


Keys = Iterable[int] | None


class HasRights(Protocol):
    @property
    def rights(self) -> frozenset[Right]: ...


class _Held:
    """An attribute that says whether the right of its own name is held; a name without a right fails at import."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.right = Right(name)

    @overload
    def __get__(self, holder: None, owner: type | None = None) -> Self: ...

    @overload
    def __get__(self, holder: HasRights, owner: type | None = None) -> bool: ...

    def __get__(self, holder: HasRights | None, owner: type | None = None) -> Self | bool:
        return self if holder is None else self.right in holder.rights


class AnswersRights:
    """Adds one attribute per right to a class that has `rights`."""

    sees_all_units = _Held()
    sees_results = _Held()
    sees_dashboard = _Held()
    sees_unapproved_results = _Held()
    sees_training = _Held()
    sees_all_courses = _Held()
    sees_reports = _Held()
    sees_ledger = _Held()
    can_inspect = _Held()
    can_approve = _Held()
    answers_for_units = _Held()
    confirms_self_assessment = _Held()
    can_manage_accounts = _Held()
    can_manage_units = _Held()
    sees_administration = _Held()

    @property
    def speaks_for_units(self: HasRights) -> bool:
        """Tell whether the person is of the units and not of the office: answers for them, or leads one."""
        return bool(self.rights & OF_UNITS)


class Account(HasRights, Protocol):
    """A person as a scope is made from it."""

    district_id: int | None
    ward_id: int | None

    @property
    def former_wards(self) -> frozenset[int]: ...


class Viewer(Protocol):
    """A person or a scope: whatever `visible_to` takes."""

    @property
    def scope(self) -> Scope: ...


@dataclass(frozen=True)
class Scope(AnswersRights):
    """Rights over a set of units. `None` for districts or wards sets no limit; with both, a ward must satisfy both."""

    rights: frozenset[Right]
    districts: frozenset[int] | None = None
    wards: frozenset[int] | None = None
    #: answers the keys of the units that the own ward took over, when somebody asks for them
    find_former_wards: Callable[[], frozenset[int]] = field(default=frozenset, compare=False)
    #: the day on which units must be in force; without it, units of all times
    as_of: datetime.date | None = None

    @classmethod
    def of(cls, account: Account) -> Scope:
        """Return the scope of an account: all units, its district, its ward, or no unit at all."""
        if Right.SEES_ALL_UNITS in account.rights:
            return cls(account.rights)
        if account.district_id:
            return cls(account.rights, districts=frozenset({account.district_id}))
        own_ward = {account.ward_id} if account.ward_id else set()
        return cls(account.rights, wards=frozenset(own_ward), find_former_wards=lambda: account.former_wards)

    @property
    def scope(self) -> Scope:
        return self

    def within(self, *, districts: Keys = None, wards: Keys = None) -> Scope:
        """Narrow the scope to units, given by their keys. The result never sees more than this scope does."""
        if districts is None and wards is None:
            return self
        chosen_wards = frozenset(wards or ())
        return replace(
            self,
            rights=self.rights - OF_THE_WHOLE_CITY,
            districts=_intersection(self.districts, districts),
            wards=_intersection(self.wards, None if wards is None else chosen_wards),
            find_former_wards=lambda: self.former_wards if wards is None else self.former_wards & chosen_wards,
        )

    @property
    def former_wards(self) -> frozenset[int]:
        """Return the keys of the units that the own ward took over: their approved results are
        read, nothing else of them."""
        return self.find_former_wards()

    def reads_ward(self, key: int, district: int | None) -> bool:
        """Tell whether the page of a ward opens, by its key and that of its district."""
        if self.districts is not None and district not in self.districts:
            return False
        return self.wards is None or key in self.wards or key in self.former_wards

    def on(self, day: datetime.date) -> Scope:
        """Return the same scope over the units in force on a day."""
        return replace(self, as_of=day)

    def of_wards(self, path: str = "") -> Q:
        """Return the condition on the ward behind `path` ("enrolment__ward"); without a path, on the row itself."""
        condition = Q()
        if self.districts is not None:
            district = f"{path}__district" if path else "district"
            condition &= Q(**{f"{district}__in": sorted(self.districts)})
        if self.wards is not None:
            condition &= Q(**{f"{path or 'pk'}__in": sorted(self.wards)})
        return condition

    def of_former_wards(self, path: str = "") -> Q | None:
        """Return the condition on the units that the own ward took over; None where there are none."""
        if not self.former_wards:
            return None
        condition = Q(**{f"{path or 'pk'}__in": sorted(self.former_wards)})
        if self.districts is not None:
            district = f"{path}__district" if path else "district"
            condition &= Q(**{f"{district}__in": sorted(self.districts)})
        return condition


def _intersection(limit: frozenset[int] | None, chosen: Keys) -> frozenset[int] | None:
    if chosen is None:
        return limit
    return frozenset(chosen) if limit is None else limit & frozenset(chosen)
