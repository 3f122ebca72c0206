"""Each made-up set the whole way: round, answers, minutes, approval, tables, bands, papers; by plain arithmetic."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from archiveportal import excel
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.vietnamese import number
from criteria import illustrations
from criteria.inspections.models import Enrolment
from criteria.inspections.papers.minutes import paper_of, word_of
from criteria.inspections.queries.findings import failures_without_recommendation
from criteria.inspections.queries.result_sheet import sheet_of
from criteria.leaves import answered_of, leaves_of
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
from tests.support.factories import make_round
from tests.support.made_up_rounds import BARRED, UNITS, MadeUpRound, finish_round, run_round
from tests.support.papers import opened as opened_paper
from tests.support.papers import words

pytestmark = pytest.mark.django_db


@pytest.fixture(params=illustrations.CODES)
def finished(request, db) -> MadeUpRound:
    return finish_round(request.param)


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
    for cell in chain.from_iterable(sheet.iter_rows(max_row=12)):
        if str(cell.value).startswith("VII. "):
            # Over two narrow columns.
            assert sheet.row_dimensions[cell.row].height >= 4 * excel.LINE
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
    checked_numbers(finished, client)
    page = text_of(client.get(reverse("inspections:result-sheet", args=[finished.enrolments["An"].pk])))
    leaves = answered_of(leaves_of(finished.round.criteria_set))
    assert [leaf.code for leaf in leaves if escape(leaf.numbered_name) not in page] == []
    page = text_of(client.get(reverse("reports:bands", args=[code])))
    reasons = bar_reasons(EVERYTHING, finished.round)
    assert page.count("Điểm liệt: ") == len(reasons)
    assert all(escape(reason) in page for reason in reasons.values())


def checked_numbers(finished: MadeUpRound, client: Any) -> None:
    """Pages without the headings of the set name a criterion by the number that the reports and the form print."""
    code = finished.round.code
    pages = {name: text_of(client.get(reverse(f"reports:{name}", args=[code]))) for name in ("units", "dashboard")}
    leaves = [leaf for leaf in answered_of(leaves_of(finished.round.criteria_set)) if leaf.has_outcome]
    assert len({leaf.listed_number for leaf in leaves}) == len(leaves)
    for leaf in leaves:
        for name, page in pages.items():
            assert f"{leaf.listed_number}. " in page, (name, leaf.listed_number)
        assert f"{leaf.listed_number}. {escape(leaf.heading)}" in pages["units"]
    one = leaves[-1]
    page = text_of(client.get(reverse("reports:criterion", args=[code, one.code])))
    assert f"Tiêu chí {one.listed_number}" in " ".join(page.split())
    ward = finished.enrolments["An"].ward
    page = text_of(client.get(reverse("wards:detail", args=[ward.pk])))
    assert [leaf.listed_number for leaf in leaves if f">{leaf.listed_number}</span>" not in page] == []


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
