"""Rounds under the made-up sets, from the first answer to the approval; what they come to by plain arithmetic."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from archiveportal.accounts.models import Role
from criteria import illustrations
from criteria.building.readiness import refuse_unready
from criteria.building.services.sets import propose_set
from criteria.building.services.whole_set import specification_of
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import Change, approve_inspection, save_results
from criteria.models import CriteriaSet, Criterion
from criteria.services import put_in_force
from criteria.specification import LeafSpec, SetSpecification
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward, submit_signed

ZERO, HALF = Decimal(0), Decimal("0.5")
UNITS = ("An", "Bình", "Châu", "Dương", "Én", "Giang")
DAY = datetime.timedelta(days=1)


@dataclass
class Given:
    """An answer, and what it is worth by the words of the sheet."""

    values: dict[str, Any]
    #: what the points are taken from the maximum for: "points", "left out" or "full"
    counts: str = "points"
    points: Decimal = ZERO
    #: as the sheet names it in a condition of a điểm liệt
    outcome: str = ""


@dataclass
class MadeUpRound:
    round: Round
    specification: SetSpecification
    people: dict[str, Any]
    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    given: dict[str, dict[str, Given]] = field(default_factory=dict)

    def expected(self, unit: str) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """Return points, maximum, deduction and bonus of a unit."""
        points = maximum = deducted = bonus = ZERO
        for leaf in self.specification.leaves:
            given = self.given[unit].get(leaf.code)
            if given is None or leaf.kind == "fact":
                continue
            if leaf.sign == "deduction":
                deducted += given.points
            elif leaf.sign == "bonus":
                bonus += given.points
            else:
                points += leaf.points if given.counts == "full" else given.points
                maximum += ZERO if given.counts == "left out" else leaf.points
        said = self.specification
        deducted = deducted if said.deduction_cap is None else min(deducted, said.deduction_cap)
        bonus = bonus if said.bonus_cap is None else min(bonus, said.bonus_cap)
        return min(max(points - deducted + bonus, ZERO), maximum), maximum, deducted, bonus

    def band(self, unit: str) -> str:
        """Return the grade by the bounds of the sheet, lowered by what bars it."""
        points, maximum, _deducted, _bonus = self.expected(unit)
        reached = points if self.specification.bands_by == "points" else points * 100 / maximum
        labels = [band.label for band in self.specification.bands]
        place = next(place for place, band in enumerate(self.specification.bands) if reached >= band.lower)
        for bar in self.specification.bars:
            given = self.given[unit]
            if all(_is_given(given[each.criterion], each) for each in bar.conditions):
                place = max(place, labels.index(bar.highest_band))
        return labels[place]


def _is_given(given: Given, condition: Any) -> bool:
    if condition.option:
        return given.values.get("option_text") == condition.option
    return given.outcome == condition.outcome


def give(leaf: LeafSpec, said: SetSpecification, *, turn: int) -> Given:
    """Return the answer of a unit to a criterion: another one in each turn."""
    note = "Ghi chú minh họa"
    if leaf.kind == "fact":
        return _fact(leaf, turn)
    if turn % 11 == 7 and said.allows_not_applicable and not leaf.sign:
        counts = "full" if said.not_applicable_counts == "full" else "left out"
        return Given({"outcome": "not_applicable", "note": note}, counts, outcome="not_applicable")
    if turn % 11 == 9 and said.allows_excused and not leaf.sign:
        counts = "full" if said.not_applicable_counts == "full" else "left out"
        return Given({"outcome": "excused", "note": note}, counts, outcome="excused")
    if turn % 11 == 5 and said.allows_not_shown and not leaf.sign:
        return Given({"outcome": "not_shown", "note": note}, outcome="not_shown")
    return GIVERS[leaf.kind](leaf, turn)


#: by unit of the set with điểm liệt: the answers that bar it, and the grade that its points alone would give
BARRED = {
    "Én": ({"I-2": "not_met"}, "Tốt", "Trung bình"),
    "Giang": ({"II-1": "not_met", "II-3": "not_shown"}, "Khá", "Yếu"),
}


def barred(leaf: LeafSpec, outcome: str) -> Given:
    """Return the best answer, or the one that a bar names."""
    if outcome:
        return Given({"outcome": outcome, "note": "Điểm liệt (minh họa)"}, outcome=outcome)
    best = {"met": 1, "choice": 0, "ratio": 0, "measure": 1}
    return GIVERS[leaf.kind](leaf, best[leaf.kind])


def _met(leaf: LeafSpec, turn: int) -> Given:
    outcome = "met" if turn % 3 else "not_met"
    earns = (outcome == "met") != (leaf.sign == "deduction")
    values = {"outcome": outcome, "note": "" if outcome == "met" else "Chưa đạt (minh họa)"}
    return Given(values, points=leaf.points if earns else ZERO, outcome=outcome)


def _choice(leaf: LeafSpec, turn: int) -> Given:
    option = leaf.options[turn % len(leaf.options)]
    return Given({"option_text": option.text}, points=option.points)


def _part(leaf: LeafSpec, turn: int) -> Given:
    points = (leaf.points * (turn % 3) / 2).quantize(Decimal("0.01"))
    return Given({"number": points}, points=points)


def _ratio(leaf: LeafSpec, turn: int) -> Given:
    part = (40, 38, 33, 27, 20, 11, 4)[turn % 7]
    reached = [step.points for step in leaf.steps if part * 100 >= step.lower_percent * 40]
    return Given({"number": Decimal(part), "of_number": Decimal(40)}, points=reached[-1])


def _measure(leaf: LeafSpec, turn: int) -> Given:
    size = leaf.threshold + (turn % 3 - 1)
    is_reached = size <= leaf.threshold if leaf.threshold_rule == "at_most" else size >= leaf.threshold
    return Given({"number": size}, points=leaf.points if is_reached else ZERO)


def _date(leaf: LeafSpec, turn: int) -> Given:
    day = leaf.deadline + DAY * (turn % 3 - 1)
    return Given({"day": day}, points=leaf.points if day <= leaf.deadline else ZERO)


def _fact(leaf: LeafSpec, turn: int) -> Given:
    return Given({"number": Decimal(turn) + HALF})


GIVERS = {
    "met": _met,
    "choice": _choice,
    "part": _part,
    "ratio": _ratio,
    "measure": _measure,
    "date": _date,
}


def values_of(criterion: Criterion, given: Given) -> dict[str, Any]:
    values = {"outcome": "", "number": None, "text": "", "note": ""} | given.values
    text = values.pop("option_text", "")
    return values | {"option": criterion.options.get(text=text).pk} if text else values


def run_round(made: CriteriaSet, people: dict[str, Any], *, year: int, shift: int, wards: list[Any]) -> MadeUpRound:
    """Inspect all units in a round of the set, from the first answer to the approval."""
    days = {"starts_on": datetime.date(year, 1, 5), "ends_on": datetime.date(year, 12, 20)}
    done = MadeUpRound(make_round(made, **days), specification_of(made), people)
    leaves = {leaf.code: leaf for leaf in done.specification.leaves if leaf.kind != "parts"}
    criteria = {row.code: row for row in made.criteria.all()}
    for place, ward in enumerate(wards):
        enrolment = enrol(done.round, ward)
        given = {
            code: give(leaf, done.specification, turn=place * 5 + turn * (place + 1) + shift)
            for turn, (code, leaf) in enumerate(leaves.items())
        }
        if done.specification.bars and ward.name in BARRED:
            named = BARRED[ward.name][0]
            given = {code: barred(leaf, named.get(code, "")) for code, leaf in leaves.items()}
        changes = [Change(criteria[code], 0, values_of(criteria[code], each)) for code, each in given.items()]
        by = people["inspector"]
        save_results(inspection=enrolment.inspection, changes=changes, by=by, submission_id=uuid.uuid4())
        enrolment.inspection.refresh_from_db()
        submit_signed(inspection=enrolment.inspection, by=by)
        approve_inspection(inspection=enrolment.inspection, by=people["approver"])
        enrolment.inspection.refresh_from_db()
        done.enrolments[ward.name], done.given[ward.name] = enrolment, given
    return done


def finish_round(code: str) -> MadeUpRound:
    """Put a made-up set in force and inspect six units by it."""
    illustrations.load()
    made = CriteriaSet.objects.get(code=code)
    people = {
        "inspector": make_user(Role.INSPECTOR),
        "approver": make_user(Role.APPROVER),
        "leader": make_user(Role.LEADERSHIP),
    }
    refuse_unready(made)
    propose_set(criteria_set=made, by=people["approver"])
    put_in_force(criteria_set=CriteriaSet.objects.get(pk=made.pk), by=make_user(Role.APPROVER))
    made.refresh_from_db()
    districts = [make_district("Đông"), make_district("Tây")]
    wards = [make_ward(districts[place % 2], name) for place, name in enumerate(UNITS)]
    return run_round(made, people, year=2026, shift=0, wards=wards)
