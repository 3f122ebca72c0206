"""Rounds of sets that share neither the points nor the number of criteria with phase 1."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from archiveportal.accounts.models import Role, User
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from criteria.models import Band, CriteriaSet, Criterion, Section
from tests.support.factories import answer, enrol, make_district, make_round, make_user, make_ward, submit_signed

MET, NOT_MET = "met", "not_met"


@dataclass
class PlantedRound:
    """A round with the points of its criteria and the answers of its wards, from which plain arithmetic follows."""

    round: Round
    points: list[Decimal]
    #: the numbers of the criteria that each ward meets
    met: dict[str, set[int]]
    inspector: User
    approver: User
    leader: User
    enrolments: dict[str, Enrolment] = field(default_factory=dict)

    @property
    def maximum(self) -> Decimal:
        return sum(self.points, Decimal(0))

    def score(self, ward: str) -> Decimal:
        return sum((self.points[number - 1] for number in self.met[ward]), Decimal(0))


def plant_set(code: str, points: list[Decimal], bands: list[tuple[str, int, int | None]], **values) -> CriteriaSet:
    """Make a set with a criterion for each of `points`, in sections of five, and bands (label, from, up to)."""
    criteria_set = CriteriaSet.objects.create(code=code, name=f"Bộ trồng {code}", **values)
    for number, worth in enumerate(points, start=1):
        section = (number - 1) // 5 + 1
        Criterion(
            criteria_set=criteria_set,
            position=number,
            number=number,
            code=f"M{number:03d}",
            heading=f"Mục {number}",
            printed_group=f"Nhóm {section}",
            name=f"Nội dung kiểm tra thứ {number}",
            group=f"Nhóm {section}",
            points=worth,
        ).save()
    for position, (label, lower, upper) in enumerate(bands, start=1):
        Band(criteria_set=criteria_set, position=position, label=label, lower_percent=lower, upper_percent=upper).save()
    return criteria_set


def plant_round(criteria_set: CriteriaSet, met: dict[str, set[int]], **values) -> PlantedRound:
    """Make a round in which the wards, half of them in either of two districts, are approved with these answers."""
    inspector, approver = make_user(Role.INSPECTOR), make_user(Role.APPROVER)
    districts = [make_district("Đông"), make_district("Tây")]
    days = {"starts_on": datetime.date(2026, 2, 1), "ends_on": datetime.date(2026, 11, 30)}
    planted = PlantedRound(
        round=make_round(criteria_set, **{"name": f"Đợt của {criteria_set.code}", **days, **values}),
        points=[criterion.points for criterion in criteria_set.criteria.filter(has_outcome=True)],
        met=met,
        inspector=inspector,
        approver=approver,
        leader=make_user(Role.LEADERSHIP),
    )
    for place, (name, numbers) in enumerate(met.items()):
        enrolment = enrol(planted.round, make_ward(districts[place % 2], name))
        answers = {number: MET if number in numbers else NOT_MET for number in range(1, len(planted.points) + 1)}
        answer(enrolment, inspector, answers)
        submit_signed(inspection=enrolment.inspection, by=inspector)
        approve_inspection(inspection=enrolment.inspection, by=approver)
        planted.enrolments[name] = enrolment
    return planted


def plant_24_points() -> PlantedRound:
    """Make 24 points over 23 criteria: the last one is worth two."""
    points = [Decimal(1)] * 22 + [Decimal(2)]
    bands = [("Hoàn thành tất cả", 100, None), ("Từ 50% đến dưới 100%", 50, 100), ("Dưới 50%", 0, 50)]
    everything = set(range(1, 24))
    met = {"An": everything, "Bình": everything - {23}, "Châu": everything - {1, 2}, "Dương": {1, 2, 23}}
    return plant_round(plant_set("24-diem", points, bands), met)


def plant_100_points() -> PlantedRound:
    """Make 100 points, some of them halves, in seven sections with five grades."""
    points = [Decimal(2), Decimal(4), Decimal("2.5"), Decimal("1.5"), Decimal(4)] * 7 + [Decimal(2)]
    grades = [("Xuất sắc", 90, None), ("Tốt", 80, 90), ("Khá", 65, 80), ("Trung bình", 50, 65), ("Yếu", 0, 50)]
    everything = set(range(1, 37))
    met = {
        "An": everything,
        "Bình": everything - {3, 8},
        "Châu": everything - {1, 2, 4},
        "Dương": set(range(1, 25)),
        "Én": {4, 9, 14, 3},
    }
    return plant_round(plant_set("100-diem", points, grades), met)


def plant_100_leaves() -> PlantedRound:
    """Make 100 leaves under headings of three levels: five parts, each with two sections of two headings."""
    points = [Decimal("0.2"), Decimal("0.3"), Decimal("7.5"), Decimal(1), Decimal("0.5")] * 20
    criteria_set = plant_set("100-muc", points, [("Đạt", 50, None), ("Chưa đạt", 0, 50)])
    position = count(1)
    leaves = list(criteria_set.criteria.all())
    for part in range(5):
        top = _section(criteria_set, position, number=["I", "II", "III", "IV", "V"][part], parent=None)
        for half in (1, 2):
            middle = _section(criteria_set, position, number=str(half), parent=top)
            for low in (1, 2):
                bottom = _section(criteria_set, position, number=f"{half}.{low}", parent=middle)
                first = part * 20 + (half - 1) * 10 + (low - 1) * 5
                for leaf in leaves[first : first + 5]:
                    leaf.section, leaf.group, leaf.printed_group = bottom, top.title, ""
                    leaf.printed_number = f"{bottom.number}.{leaf.number - first}"
                    leaf.save()
    everything = set(range(1, 101))
    met = {"An": everything, "Bình": everything - {3, 8, 100}, "Châu": {1, 2, 4, 5}}
    return plant_round(criteria_set, met)


def _section(criteria_set: CriteriaSet, position: count, *, number: str, parent: Section | None) -> Section:
    section = Section(
        criteria_set=criteria_set, parent=parent, position=next(position), number=number, title=f"Đề mục {number}"
    )
    section.save()
    return section
