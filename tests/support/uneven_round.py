"""A small round in which no two numbers coincide by accident.

Primary keys have holes and follow neither the order of the table nor the numbers of the criteria;
maxima differ from ward to ward; a round of another set has the same wards and criterion codes.

| No. | ward | district | TC01 | facts | TC02 | TC03 | TC04 | score |
|---|---|---|---|---|---|---|---|---|
| 3 | An | Quận Một | met | 3 | met | not met | not met | 2/4, 50% |
| 5 | Bình | Quận Một | not met | 4 | n/a | met | met | 2/3, 67% |
| 6 | Châu | Quận Hai | | | | | | 1/10, published, 10% |
| 8 | Dương | Quận Hai | not met | 50 | met | | | draft |
| 9 | Én | none | met | | n/a | n/a | n/a | 1/1, 100% |
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from archiveportal.accounts.models import Role, User
from criteria.inspections.models import Enrolment, Inspection, Round
from criteria.inspections.services import Change, approve_inspection, save_results
from criteria.models import CriteriaSet, Criterion
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_round,
    make_set,
    make_user,
    make_ward,
    submit_signed,
)
from wards.models import District, Ward

MET, NOT_MET, NOT_APPLICABLE, OPEN = "met", "not_met", "not_applicable", ""

#: by ward: place in the table, answers to TC01 to TC04, number of the fact
ROWS: dict[str, tuple[int, list[str], int | None]] = {
    "Én": (9, [MET, NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE], None),
    "Châu": (6, [], None),
    "An": (3, [MET, MET, NOT_MET, NOT_MET], 3),
    "Dương": (8, [NOT_MET, MET], 50),
    "Bình": (5, [NOT_MET, NOT_APPLICABLE, MET, MET], 4),
}
APPROVED = ("Én", "An", "Bình")


@dataclass
class UnevenRound:
    """The round with the people and rows that tests name."""

    round: Round
    #: a round of the year before, of another set with the same criterion codes; An met TC04 alone
    other_round: Round
    inspector: User
    approver: User
    leader: User
    #: Quận Một has An and Bình, Quận Hai has Châu and Dương
    districts: tuple[District, District]
    enrolments: dict[str, Enrolment]

    def criterion(self, code: str) -> Criterion:
        return self.round.criteria_set.criteria.get(code=code)


def make_uneven_round() -> UnevenRound:
    """Make the round, its neighbour and everybody in them."""
    inspector, approver = make_user(Role.INSPECTOR), make_user(Role.APPROVER)
    first, second = (make_district(name) for name in ("Một", "Hai"))
    district_by_ward = {"An": first, "Bình": first, "Châu": second, "Dương": second}
    wards = {name: _make_ward_after_hole(district_by_ward.get(name), name) for name in ROWS}
    other_round = _make_other_round(wards, inspector=inspector, approver=approver)
    criteria_set = _make_set_with_fact()
    inspection_round = make_round(criteria_set, name="Đợt lệch", starts_on=datetime.date(2026, 1, 1))
    published = {"published_score": Decimal(1), "published_maximum": Decimal(10)}
    enrolments = {}
    for name, (position, outcomes, fact) in ROWS.items():
        enrolment = enrol(inspection_round, wards[name], **(published if name == "Châu" else {}))
        Enrolment.objects.filter(pk=enrolment.pk).update(position=position)
        enrolments[name] = Enrolment.objects.select_related("round__criteria_set").get(pk=enrolment.pk)
        if outcomes:
            save_outcomes(enrolments[name], outcomes=outcomes, fact=fact, by=inspector)
        if name in APPROVED:
            _approve(enrolments[name].inspection, inspector=inspector, approver=approver)
    return UnevenRound(
        round=inspection_round,
        other_round=other_round,
        inspector=inspector,
        approver=approver,
        leader=make_user(Role.LEADERSHIP),
        districts=(first, second),
        enrolments=enrolments,
    )


def save_outcomes(enrolment: Enrolment, *, outcomes: list[str], fact: int | None, by: User, **options: Any) -> None:
    """Answer TC01 and the following criteria in their order, and the fact where there is one."""
    criteria = {c.code: c for c in enrolment.round.criteria_set.criteria.all()}
    blank = {"outcome": "", "number": None, "text": "", "note": ""}
    answers = {f"TC{number:02d}": outcome for number, outcome in enumerate(outcomes, start=1)}
    changes = [
        Change(criteria[code], 0, blank | {"outcome": outcome, "note": "Không có kho"})
        for code, outcome in answers.items()
    ]
    if fact is not None:
        changes.append(Change(criteria["TT01"], 0, blank | {"number": Decimal(fact)}))
    inspection = enrolment.inspection
    save_results(inspection=inspection, changes=changes, by=by, submission_id=uuid.uuid4(), **options)


def _make_ward_after_hole(district: District | None, name: str) -> Ward:
    make_ward(district, f"{name} cũ").delete()
    return make_ward(district, name)


def _make_set_with_fact() -> CriteriaSet:
    """Four criteria and a fact in the second column, so that no column has the place of its number."""
    criteria_set = make_set(criteria=2, allows_not_applicable=True)
    second = criteria_set.criteria.get(code="TC02")
    second.delete()
    common = {"criteria_set": criteria_set, "group": "Mục thử"}
    for number, position in ((4, 5), (2, 3), (3, 4)):
        code = f"TC{number:02d}"
        Criterion(position=position, number=number, code=code, heading=code, name=code, **common).save()
    fact = {"kind": "fact", "has_outcome": False, "is_counted": False, "fact_kind": Criterion.FactKind.INTEGER}
    Criterion(position=2, code="TT01", heading="Số người", name="Số người", **fact, **common).save()
    return criteria_set


def _make_other_round(wards: dict[str, Ward], *, inspector: User, approver: User) -> Round:
    days = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
    other_round = make_round(make_set(criteria=4), name="Đợt khác bộ", **days)
    for name in ("Dương", "An"):
        enrolment = enrol(other_round, wards[name])
        outcomes = dict.fromkeys((1, 2, 3), NOT_MET) | {4: MET}
        answer(enrolment, inspector, outcomes if name == "An" else MET)
        _approve(enrolment.inspection, inspector=inspector, approver=approver)
    return other_round


def _approve(inspection: Inspection, *, inspector: User, approver: User) -> None:
    submit_signed(inspection=inspection, by=inspector)
    approve_inspection(inspection=inspection, by=approver)
