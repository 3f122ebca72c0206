"""Every row of the reports' data names its section and quotes the report.

The quotations are held against the texts of the two reports where PORTAL_REPORT_TEXTS names a
folder with 5355.txt and 2710.txt. The project does not carry these texts.
"""

from __future__ import annotations

import csv
import os
import unicodedata
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from archiveportal.baseline import OUTSIDE
from archiveportal.history.models import Event
from criteria import guard as set_guard
from criteria.baseline import SET
from criteria.models import CriteriaSet
from criteria.services import copy_set
from reports.documents.passages import issued_passages

ROOT = Path(__file__).parents[2]
APPS = {"wards": "5355", "criteria": "5355", "training": "2710", "reports": ""}
#: rules of the portal itself, which are of no report
OWN = {"known_errors.csv", "legal_documents.csv"}
TEXTS = os.environ.get("PORTAL_REPORT_TEXTS", "")
MOST_WORDS = 25
#: what is left out between two parts of a quotation: the rest of a line of the appendix
GAP, WIDEST_GAP = " … ", 150
BASIS = import_module("criteria.migrations.0003_basis_of_the_report")
COPIES = import_module("criteria.migrations.0004_basis_of_copies")


def quoted_rows() -> list[tuple[str, str, dict[str, str]]]:
    """Return the rows of all data files with their file and the report that they are of."""
    found = []
    for app, report in APPS.items():
        for path in sorted((ROOT / app / "data").glob("*.csv")):
            if path.name not in OWN:
                with path.open(encoding="utf-8", newline="") as file:
                    found += [(path.name, report or row["report"], row) for row in csv.DictReader(file)]
    return found


ROWS = quoted_rows()


def test_every_row_has_a_section_and_a_short_quotation():
    for name, _report, row in ROWS:
        words = row["quotation"].split()
        assert row["section"], (name, row)
        assert bool(words) == (row["section"] != OUTSIDE), (name, row)
        assert len(words) <= MOST_WORDS, (name, row["quotation"])


def test_only_later_acts_and_own_sentences_are_outside_of_the_reports():
    outside = Counter(name for name, _report, row in ROWS if row["section"] == OUTSIDE)
    own = {"stock_notes.csv", "recommendations.csv", "acts.csv", "citations.csv"}
    # The draft for 2026 is the portal's own: no report has it.
    own |= {f"{name}_2026.csv" for name in ("criteria", "citations", "crosswalk", "recommendations", "stock_notes")}
    assert set(outside) == own | {"pilot_ward_successions.csv"}
    assert len(ROWS) > 400


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_quoted(quotation: str, text: str) -> bool:
    """Tell whether the text has the quotation, word by word; its parts follow each other closely."""
    first, *others = folded(quotation).split(GAP)
    start = text.find(first)
    while start >= 0:
        end, is_whole = start + len(first), True
        for part in others:
            place = text.find(part, end, end + WIDEST_GAP)
            is_whole, end = is_whole and place >= 0, place + len(part)
        if is_whole:
            return True
        start = text.find(first, start + 1)
    return False


if TEXTS:  # else nothing is missing here: the texts are no part of the project

    @pytest.mark.parametrize("report", ["5355", "2710"])
    def test_the_report_says_what_is_quoted(report):
        text = folded((Path(TEXTS) / f"{report}.txt").read_text(encoding="utf-8"))
        quoted = [(name, row["quotation"]) for name, of, row in ROWS if of == report]
        assert [row for row in quoted if not is_quoted(row[1], text)] == []

    @pytest.mark.parametrize("report", ["5355", "2710"])
    def test_passages_are_quoted_word_for_word(report):
        text = folded((Path(TEXTS) / f"{report}.txt").read_text(encoding="utf-8"))
        lines = "\n".join(issued_passages(report).values()).split("\n")
        assert [line for line in lines if folded(line) not in text] == []


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        ("hai ba", True),
        ("một … năm", True),
        ("hai  ba\nbốn", True),
        ("ba hai", False),
        ("năm … một", False),
        ("hai bốn", False),
    ],
)
def test_a_quotation_is_found_word_by_word(quotation, found):
    assert is_quoted(quotation, folded("một hai ba\tbốn năm")) == found


def test_pages_name_the_source_of_a_row(cast, sign_in, baseline):
    client = sign_in(cast.inspector)
    criteria_set = CriteriaSet.objects.get(code="gd1", version=1)
    ward = cast.thanhan.ward
    for address, words in (
        (reverse("wards:detail", args=[ward.pk]), 'I.2: <q lang="vi">xã Long Hòa, Bình Khánh, Thạnh An'),
        (reverse("wards:district", args=[ward.district_id]), "số phường, xã không lấy từ báo cáo"),
        (reverse("criteria:detail", args=[criteria_set.pk]), 'II.2.a: <q lang="vi">hoàn thành các tiêu chí'),
        (reverse("reports:figures"), "có trên 90 người tham dự"),
    ):
        text = " ".join(client.get(address).content.decode().split()).replace("<q lang", "<q lang")
        assert words in text, address


@pytest.fixture
def before_the_guard(baseline):
    """These migrations ran before the guard of sets in use was put up."""
    set_guard.take_down(connection)


def test_the_basis_of_the_criteria_is_what_the_report_says(cast, sign_in, before_the_guard):
    stored = CriteriaSet.objects.filter(code="gd1", version=1)
    before = {name: pair[0] for name, pair in BASIS.VALUES.items()}
    stored.update(**before)
    BASIS.correct_set(apps, None)
    criteria_set = stored.get()
    assert {name: getattr(criteria_set, name) for name in before} == {name: SET[name] for name in before}
    assert "1067" not in criteria_set.legal_basis
    event = Event.objects.get(object_type="criteria.criteriaset", object_id=criteria_set.pk, reason=BASIS.REASON)
    assert set(event.changes) == set(before)
    stored.update(legal_basis="Quyết định khác")
    BASIS.correct_set(apps, None)
    assert stored.get().legal_basis == "Quyết định khác"
    page = sign_in(cast.inspector).get(reverse("criteria:detail", args=[criteria_set.pk])).content.decode()
    assert "hồ sơ hiện ghi “Quyết định khác”" in page


def test_a_later_version_loses_the_basis_that_it_was_copied_with(cast, sign_in, before_the_guard):
    first = CriteriaSet.objects.filter(code="gd1", version=1)
    now = {name: getattr(first.get(), name) for name in BASIS.VALUES}
    first.update(**{name: pair[0] for name, pair in BASIS.VALUES.items()})
    copied = copy_set(criteria_set=first.get(), by=cast.approver)
    # Releases of then copied the note too.
    CriteriaSet.objects.filter(pk=copied.pk).update(note=BASIS.VALUES["note"][0])
    COPIES.correct_copies(apps, None)
    copied.refresh_from_db()
    assert {name: getattr(copied, name) for name in now} == now
    event = Event.objects.get(object_type="criteria.criteriaset", object_id=copied.pk, reason=COPIES.REASON)
    assert set(event.changes) == set(now)
    address = reverse("criteria:detail", args=[copied.pk])
    assert "hồ sơ hiện ghi" not in sign_in(cast.inspector).get(address).content.decode()
    written = f"{BASIS.DECISION}; {BASIS.PLAN}; Quyết định khác."
    CriteriaSet.objects.filter(pk=copied.pk).update(legal_basis=written)
    COPIES.correct_copies(apps, None)
    copied.refresh_from_db()
    assert copied.legal_basis == written
    assert f"hồ sơ hiện ghi “{written}”" in sign_in(cast.inspector).get(address).content.decode()
