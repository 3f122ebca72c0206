"""A set with three levels of headings and leaves of every kind, for tests."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from criteria.models import (
    Band,
    Bar,
    BarCondition,
    CriteriaSet,
    Criterion,
    LegalAct,
    Option,
    RatioStep,
    Section,
    SetBasis,
    SetKind,
)
from criteria.outcomes import NOT_MET
from tests.support.factories import make_set

#: code: (kind, points, further values); the maximum is 20
LEAVES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "MET": ("met", "7.5", {}),
    "CHOICE": ("choice", "3", {}),
    "RATIO": ("ratio", "4", {}),
    "MEASURE": ("measure", "0.5", {"threshold": 20, "fact_unit": "m²"}),
    "DATE": ("date", "2", {"deadline": datetime.date(2026, 6, 30)}),
    "PART1": ("part", "0.2", {}),
    "PART2": ("part", "2.8", {}),
    "MINUS": ("met", "2", {"sign": "deduction"}),
    "PLUS": ("met", "1", {"sign": "bonus"}),
}
OPTIONS = (("Đầy đủ", "3"), ("Một phần", "1.25"), ("Không có", "0"))
STEPS = ((80, "4"), (50, "2.5"), (0, "0.75"))


def make_mixed_set(**values: Any) -> CriteriaSet:
    """Make a set of 20 points in sections I, I.1 and I.1.1, with a deduction, a bonus and a bar."""
    rules = {"allows_not_applicable": True, "allows_not_shown": True, "allows_excused": True}
    rules |= {"deduction_cap": Decimal(3), "bonus_cap": Decimal(1), "announced_total": Decimal(20)}
    criteria_set = make_set(criteria=0, **rules | values)
    section = None
    for position, number in enumerate(("I", "1", "1.1"), start=1):
        section = Section(
            criteria_set=criteria_set,
            parent=section,
            position=position,
            number=number,
            title=f"Mục {number}",
        )
        section.save()
    _add_leaves(criteria_set, section)
    choice, ratio = (criteria_set.criteria.get(code=code) for code in ("CHOICE", "RATIO"))
    for position, (text, points) in enumerate(OPTIONS, start=1):
        Option(criteria_set=criteria_set, criterion=choice, position=position, text=text, points=points).save()
    for lower_percent, points in STEPS:
        RatioStep(criteria_set=criteria_set, criterion=ratio, lower_percent=lower_percent, points=points).save()
    _add_bar(criteria_set)
    return criteria_set


def _add_leaves(criteria_set: CriteriaSet, section: Section | None) -> None:
    common = {"criteria_set": criteria_set, "section": section, "group": "Mục I"}
    parent = Criterion(
        position=len(LEAVES) + 1,
        code="PARTS",
        heading="Gồm",
        name="Gồm hai thành phần",
        kind="parts",
        points=3,
        has_outcome=False,
        is_counted=False,
        **common,
    )
    parent.save()
    for number, (code, (kind, points, further)) in enumerate(LEAVES.items(), start=1):
        Criterion(
            position=number,
            number=number,
            printed_number=f"1.1.{number}",
            code=code,
            heading=code,
            name=f"Nội dung {code}",
            kind=kind,
            points=Decimal(points),
            parent=parent if kind == "part" else None,
            **common,
            **further,
        ).save()
    fact = {"kind": "fact", "has_outcome": False, "is_counted": False, "fact_kind": "decimal"}
    Criterion(position=len(LEAVES) + 2, code="FACT", heading="Mét giá", name="Số mét giá", **fact, **common).save()


def _add_bar(criteria_set: CriteriaSet) -> None:
    """Hold at the lower band whoever has not met the first leaf and has chosen the last option."""
    bar = Bar(
        criteria_set=criteria_set, position=1, highest_band=Band.objects.get(criteria_set=criteria_set, position=2)
    )
    bar.save()
    met, choice = (criteria_set.criteria.get(code=code) for code in ("MET", "CHOICE"))
    BarCondition(criteria_set=criteria_set, bar=bar, criterion=met, outcome=NOT_MET).save()
    BarCondition(criteria_set=criteria_set, bar=bar, criterion=choice, option=choice.options.last()).save()


def add_scope(criteria_set: CriteriaSet) -> None:
    """Say which units and which act a set is made for."""
    SetKind(criteria_set=criteria_set, kind="xa").save()
    act, _made = LegalAct.objects.get_or_create(
        number="1/TT-THU",
        defaults={"kind": "Thông tư", "title": "Thử", "issuer": "Bộ Thử", "issued_on": datetime.date(2025, 1, 1)},
    )
    SetBasis(criteria_set=criteria_set, act=act, articles="Điều 3").save()
