"""Each made-up set the whole way: round, answers, minutes, approval, tables, bands, papers; by plain arithmetic."""

from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.urls import reverse

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.vietnamese import number
from criteria import illustrations
from criteria.building.readiness import refuse_unready
from criteria.building.services.sets import propose_set
from criteria.building.services.whole_set import specification_of
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.papers.minutes import paper_of, word_of
from criteria.inspections.queries.findings import failures_without_recommendation
from criteria.inspections.queries.result_sheet import sheet_of
from criteria.inspections.services import Change, approve_inspection, save_results
from criteria.leaves import answered_of, leaves_of
from criteria.models import CriteriaSet, Criterion
from criteria.services import put_in_force
from criteria.specification import LeafSpec, SetSpecification
from reports.checks.on_round import check_round
from reports.dashboard.data import Dashboard
from reports.documents import report_file
from reports.documents.context import RoundContext
from reports.passages.proposals import proposals
from reports.results.bands import band_counts, band_totals
from reports.results.bars import bar_reasons
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.support.books import data_of, opened, values, whole
from tests.support.factories import enrol, make_district, make_round, make_user, make_ward, submit_signed
from tests.support.papers import opened as opened_paper
from tests.support.papers import words

pytestmark = pytest.mark.django_db

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


@pytest.fixture(params=illustrations.CODES)
def finished(request, db) -> MadeUpRound:
    illustrations.load()
    made = CriteriaSet.objects.get(code=request.param)
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


def text_of(page: Any) -> str:
    return page.content.decode().replace("\u00a0", " ")


def test_the_whole_way_by_plain_arithmetic(finished, client):
    checked_scores(finished)
    checked_bands(finished)
    checked_bars(finished)
    checked_workbook(finished)
    checked_minutes(finished)
    checked_papers(finished)
    checked_pages(finished, client)
    checked_signs(finished, client)
    texts = [found.text for found in check_round(finished.round)]
    assert [text for text in texts if "không khớp" in text or "cộng các phần được" in text] == []


def checked_scores(finished: MadeUpRound) -> None:
    for unit, enrolment in finished.enrolments.items():
        inspection = enrolment.inspection
        points, maximum, deducted, bonus = finished.expected(unit)
        assert (inspection.score, inspection.maximum) == (points, maximum), unit
        assert (inspection.deducted, inspection.bonus) == (deducted, bonus), unit
        assert inspection.open_criteria == 0


def checked_bands(finished: MadeUpRound) -> None:
    expected = {band.label: [] for band in finished.specification.bands}
    for unit in finished.enrolments:
        expected[finished.band(unit)].append(unit)
    counts = band_counts(EVERYTHING, finished.round).bands
    assert {count.band.label: [row.ward.name for row in count.enrolments] for count in counts} == expected

    for unit, (_answers, by_points, held) in BARRED.items() if finished.specification.bars else ():
        points, maximum, *_apart = finished.expected(unit)
        reached = next(band for band in finished.specification.bands if points * 100 / maximum >= band.lower)
        assert (reached.label, finished.band(unit)) == (by_points, held)
    totals = band_totals(EVERYTHING, finished.round, named=len(UNITS)).bands
    assert {count.band.label: [row.ward.name for row in count.enrolments] for count in totals} == expected
    rows = Enrolment.objects.filter(round=finished.round).with_standing().order_by("position")
    in_bands = {band.label: rows.in_band(band) for band in finished.round.criteria_set.bands.all()}
    assert {label: [row.ward.name for row in found] for label, found in in_bands.items()} == expected
    counted = Dashboard(finished.people["leader"], finished.round).by_band
    labels = {band.pk: band.label for band in finished.round.criteria_set.bands.all()}
    assert {labels[key]: wards for key, wards in counted.items()} == {
        label: len(units) for label, units in expected.items() if units
    }


def checked_bars(finished: MadeUpRound) -> None:
    """Nothing is named but what holds a unit below the grade of its points."""
    held = {unit: set(answers) for unit, (answers, *_grades) in BARRED.items() if finished.specification.bars}
    names = {leaf.code: leaf.name for leaf in finished.specification.leaves}
    reasons = bar_reasons(EVERYTHING, finished.round)
    assert {finished.enrolments[unit].pk for unit in held} == set(reasons)
    for unit, codes in held.items():
        reason = reasons[finished.enrolments[unit].pk]
        assert {code for code, name in names.items() if f"“{name}”" in reason} == codes
        assert set(re.findall(r"cao nhất là mức “(.*?)”", reason)) == {finished.band(unit)}


def checked_workbook(finished: MadeUpRound) -> None:
    book = ROUND_KINDS["summary"].write(Reader(EVERYTHING), finished.round, Choices())
    sheet = opened(data_of(book))
    scores = {unit: finished.expected(unit)[0] for unit in finished.enrolments}
    rows = {str(row[1]): list(row) for row in sheet.iter_rows(values_only=True) if len(row) > 2}
    for unit, score in scores.items():
        numbers = [Decimal(str(cell)) for cell in rows[f"Phường {unit}"] if isinstance(cell, int | float)]
        assert score in numbers, unit
    for name in ROUND_KINDS.keys() - {"comparison"}:
        assert data_of(ROUND_KINDS[name].writer(is_data=True)(Reader(EVERYTHING), finished.round, Choices()))
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Cộng")
    assert sum(scores.values()) in [Decimal(str(cell)) for cell in total if isinstance(cell, int | float)]


def checked_minutes(finished: MadeUpRound) -> None:
    """Each criterion has a number of its own in the table, the total and the findings; what is apart is said once."""
    for enrolment in finished.enrolments.values():
        content = word_of(paper_of(enrolment.inspection.minutes.get()), address="https://x", search_address="https://x")
        (table,) = (each for each in opened_paper(content).tables if each.cell(0, 1).text == "Tiêu chí")
        numbers = [row.cells[0].text for row in table.rows[1:]]
        assert len(set(numbers)) == len(numbers)
        text = words(content).replace("\u00a0", " ")
        total = next(line for line in text.split("\n") if line.startswith("Tổng số: "))
        assert total.count("trong đó") == any(leaf.sign for leaf in finished.specification.leaves)
        for listed in re.findall(r"\(([^()]*)\)", total):
            assert set(listed.split(", ")) <= set(numbers)
        assert set(re.findall(r"^- Tiêu chí ([^:]*):", text, re.MULTILINE)) <= set(numbers)


def checked_papers(finished: MadeUpRound) -> None:
    text = words(report_file(user=finished.people["leader"], subject=finished.round)).replace("\u00a0", " ")
    for unit in finished.enrolments:
        assert number(finished.expected(unit)[0]) in text
    for band in finished.specification.bands:
        assert band.label in text
    assert "Báo cáo ghi" not in text
    asks_of_holdings = finished.round.criteria_set.criteria.exclude(indicator="").exists()
    assert ("Hiện trạng tài liệu, kho, số hóa" in text) == asks_of_holdings


def text_of_book(data: bytes) -> list[str]:
    rows = chain.from_iterable(values(sheet) for sheet in whole(data).worksheets)
    return list(map(str, chain.from_iterable(rows)))


def checked_signs(finished: MadeUpRound, client: Any) -> None:
    """A deduction and a bonus are marked where criteria are listed; a bonus is nothing to put right."""
    leaves = list(finished.round.criteria_set.criteria.exclude(kind="parts"))
    marked = {leaf.name_on_paper for leaf in leaves if leaf.sign}
    assert all(name.endswith(("(điểm trừ)", "(điểm thưởng)")) for name in marked)
    for kind, other in (("criteria", None), ("comparison", make_round(finished.round.criteria_set))):
        book = ROUND_KINDS[kind].write(Reader(EVERYTHING), finished.round, Choices(other=other))
        cells = set(text_of_book(data_of(book)))
        assert marked <= cells
        assert not {leaf.name for leaf in leaves if leaf.sign} & cells
        numbers = {
            leaf.listed_number for leaf in answered_of(leaves_of(finished.round.criteria_set)) if leaf.has_outcome
        }
        assert numbers <= cells
    page = text_of(client.get(reverse("reports:criteria", args=[finished.round.code])))
    assert page.count("điểm thưởng</span>") == sum(leaf.sign == "bonus" for leaf in leaves)
    assert page.count("điểm trừ</span>") == sum(leaf.sign == "deduction" for leaf in leaves)
    proposed = " ".join(each.text for each in proposals(RoundContext(EVERYTHING, finished.round)))
    assert not [leaf.name for leaf in leaves if leaf.sign == "bonus" and leaf.name in proposed]
    for enrolment in finished.enrolments.values():
        sheet = sheet_of(enrolment, finished.people["leader"])
        assert not [each for each in sheet.to_mend if each.line.criterion.sign == "bonus"]
        failed = failures_without_recommendation(enrolment.inspection)
        assert not [each for each in failed if each.sign == "bonus"]


def checked_pages(finished: MadeUpRound, client: Any) -> None:
    client.force_login(finished.people["leader"])
    code = finished.round.code
    table = text_of(client.get(reverse("reports:summary", args=[code])))
    for unit in finished.enrolments:
        assert number(finished.expected(unit)[0]) in table
    for name in ("bands", "districts", "criteria", "units", "dashboard"):
        page = client.get(reverse(f"reports:{name}", args=[code]))
        assert page.status_code == 200, name


def test_two_rounds_of_a_set_are_compared(finished):
    wards = [enrolment.ward for enrolment in finished.enrolments.values()]
    later = run_round(finished.round.criteria_set, finished.people, year=2027, shift=3, wards=wards)
    checked_scores(later)
    book = ROUND_KINDS["comparison"].write(Reader(EVERYTHING), later.round, Choices(other=finished.round))
    data = ROUND_KINDS["comparison"].writer(is_data=True)
    assert data_of(data(Reader(EVERYTHING), later.round, Choices(other=finished.round)))
    rows = opened(data_of(book)).iter_rows(values_only=True)
    cells = [str(cell) for cell in chain.from_iterable(rows) if cell is not None]
    for unit in finished.enrolments:
        assert any(unit in cell for cell in cells)
    shown = {Decimal(cell) for cell in cells if cell.lstrip("-").replace(".", "", 1).isdigit()}
    for unit in finished.enrolments:
        points, maximum, *_apart = later.expected(unit)
        points_before, maximum_before, *_apart = finished.expected(unit)
        # Out of another maximum there is no change in points.
        assert maximum != maximum_before or points - points_before in shown
