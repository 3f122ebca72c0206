"""A number of points has a comma wherever it is printed in Vietnamese: on pages, in papers, in words of workbooks."""

import re
from html import unescape
from itertools import chain
from typing import Any

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from criteria import illustrations
from criteria.building.outline import outline_of
from criteria.inspections.papers.minutes import paper_of, word_of
from criteria.inspections.papers.result_sheet import word_of_sheet
from criteria.inspections.queries.result_sheet import sheet_of
from criteria.leaves import leaves_of
from criteria.models import CriteriaSet
from criteria.services import copy_set
from reports.documents import report_file
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.support.books import data_of, values, whole
from tests.support.made_up_rounds import MadeUpRound, finish_round
from tests.support.papers import words

pytestmark = pytest.mark.django_db
#: digits, a point and one or two digits: no thousands ("1.234"), no day ("01.02.2026"), no number of a heading
POINT = re.compile(r"(?<![\d.,\w-])\d+\.\d{1,2}(?!\w|\.\d)")
#: attributes that are read out or shown
SHOWN = re.compile(r'\s(?:title|aria-label|placeholder|value|alt|data-label|content)="([^"]*)"')
ROUND_PAGES = ("summary", "bands", "districts", "criteria", "units", "dashboard")


@pytest.fixture(params=illustrations.CODES)
def finished(request) -> MadeUpRound:
    return finish_round(request.param)


def numbers_of(criteria_set: CriteriaSet) -> set[str]:
    """Return the numbers of headings and criteria, which have points: "1.1", and "I.1.1" without what is above."""
    found = {leaf.shown_number for leaf in leaves_of(criteria_set)}
    found |= {leaf.listed_number for leaf in leaves_of(criteria_set)}
    found |= {section.number for section in criteria_set.sections.all()}
    for branch in outline_of(criteria_set).branches:
        found |= {branch.proposed, *(leaf.proposed for leaf in branch.leaves)}
    return found


def points_in(text: str, numbers: set[str]) -> set[str]:
    return {found for found in POINT.findall(text) if found not in numbers}


def shown_text(page: str) -> str:
    """Return what a page shows or reads out."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    attributes = " \n ".join(SHOWN.findall(page))
    return unescape(re.sub(r"<[^>]*>", " ", page) + " \n " + attributes)


def addresses_of(finished: MadeUpRound) -> list[str]:
    code, key = finished.round.code, finished.round.criteria_set_id
    enrolment = finished.enrolments["An"]
    of_round = [reverse(f"reports:{name}", args=[code]) for name in ROUND_PAGES]
    of_round += [reverse("reports:criterion", args=[code, each]) for each in finished.given["An"]][::5]
    of_unit = [
        reverse(f"inspections:{name}", args=[enrolment.pk])
        for name in ("checklist", "blank", "history", "guidance", "minutes", "result-sheet", "result-print", "mending")
    ]
    of_unit += [reverse("wards:detail", args=[enrolment.ward.pk])]
    of_unit += [reverse("inspections:minutes-print", args=[enrolment.pk, 1])]
    return [*of_round, *of_unit, reverse("criteria:detail", args=[key]), reverse("criteria:preview", args=[key])]


def addresses_of_draft(draft: CriteriaSet) -> list[str]:
    """Return the pages on which a version is built."""
    pages = ("build", "build-head", "build-bands", "build-crosswalk", "preview", "detail", "edit")
    found = [reverse(f"criteria:{name}", args=[draft.pk]) for name in pages]
    found += [reverse("criteria:build-leaf", args=[draft.pk, leaf.pk]) for leaf in draft.criteria.all()[:12]]
    return found + [reverse("criteria:build-section", args=[draft.pk, each.pk]) for each in draft.sections.all()[:3]]


def papers_of(finished: MadeUpRound) -> dict[str, str]:
    leader, enrolment = finished.people["leader"], finished.enrolments["An"]
    minutes = word_of(paper_of(enrolment.inspection.minutes.get()), address="https://x", search_address="https://x")
    return {
        "report": words(report_file(user=leader, subject=finished.round)),
        "minutes": words(minutes),
        "result": words(word_of_sheet(sheet_of(enrolment, leader))),
    }


def texts_of_books(finished: MadeUpRound) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ROUND_KINDS.keys() - {"comparison"}:
        for kind in (ROUND_KINDS[name].write, ROUND_KINDS[name].writer(is_data=True)):
            sheets = whole(data_of(kind(Reader(EVERYTHING), finished.round, Choices()))).worksheets
            cells: Any = chain.from_iterable(chain.from_iterable(values(sheet) for sheet in sheets))
            found[name] = found.get(name, "") + "\n".join(cell for cell in cells if isinstance(cell, str))
    return found


def test_no_number_of_points_has_a_decimal_point(finished, client):
    numbers = numbers_of(finished.round.criteria_set)
    wrong: dict[str, set[str]] = {}
    for name, text in (papers_of(finished) | texts_of_books(finished)).items():
        wrong[name] = points_in(text, numbers)
    draft = copy_set(criteria_set=finished.round.criteria_set, by=finished.people["approver"])
    client.force_login(finished.people["approver"])
    for address in [*addresses_of(finished), *addresses_of_draft(draft)]:
        page = client.get(address, follow=True)
        assert page.status_code == 200, address
        wrong[address] = points_in(shown_text(page.content.decode()), numbers)
    assert {place: found for place, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đạt 2.5 điểm", {"2.5"}),
        ("(0.2/0.3)", {"0.2", "0.3"}),
        ("1.234 hộ, 01.02.2026, mục 1.1, A.1.2, 7,5", set()),
    ],
)
def test_what_is_found(text, found):
    assert points_in(text, {"1.1"}) == found
