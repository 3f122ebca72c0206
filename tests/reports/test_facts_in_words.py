"""A fact in words has a column in which they are read; sections of facts alone have no score."""

from __future__ import annotations

from itertools import chain

import pytest
from django.urls import reverse

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.result_sheet import sheet_of
from criteria.models import Criterion
from reports.documents import report_file
from reports.documents.appendix import WORDS_OF_FACTS
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.support.books import data_of, opened
from tests.support.factories import make_user
from tests.support.papers import opened as opened_paper
from tests.support.papers import words
from tests.support.planted_sets import PlantedRound, plant_24_points, plant_round, plant_set

pytestmark = pytest.mark.django_db

BANDS = [("Đạt", 50, None), ("Chưa đạt", 0, 50)]


@pytest.fixture
def with_words(db) -> PlantedRound:
    """Four criteria of one point each, and the names of former units in a section of their own."""
    criteria_set = plant_set("co-chu", [1, 1, 1, 1], BANDS)
    fact = {"kind": "fact", "has_outcome": False, "is_counted": False, "fact_kind": "text"}
    about = {"heading": "Đơn vị cũ", "name": "Các đơn vị cũ", "group": "Hiện trạng", "printed_group": "Hiện trạng"}
    Criterion(criteria_set=criteria_set, position=9, code="CU", **about, **fact).save()
    return plant_round(criteria_set, {"An": {1, 2, 3}, "Bình": {1}})


def heads_of(content: bytes) -> list[str]:
    """Return the headings of all tables of a paper."""
    heads = (table.rows[0].cells for table in opened_paper(content).tables)
    return [cell.text for cell in chain.from_iterable(heads)]


def test_a_column_of_words_is_wider_in_workbook_and_report(with_words):
    sheet = opened(data_of(ROUND_KINDS["summary"].write(Reader(EVERYTHING), with_words.round, Choices())))
    cells = [cell for cell in chain.from_iterable(sheet.iter_rows(max_row=20)) if cell.value in ("Đơn vị cũ", "Mục 1")]
    widths = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in cells}
    assert widths["Đơn vị cũ"] > 3 * widths["Mục 1"]
    paper = opened_paper(report_file(user=EVERYTHING, subject=with_words.round, has_notes=False))
    table = next(table for table in paper.tables if table.cell(0, 0).text == "STT")
    assert round(table.columns[-2].width.cm, 1) == WORDS_OF_FACTS


def test_result_sheets_score_no_facts_and_count_criteria_as_such(with_words, client):
    enrolment = Enrolment.objects.get(pk=with_words.enrolments["Bình"].pk)
    sheet = sheet_of(enrolment, with_words.leader)
    assert [section.is_scored for section in sheet.sections] == [True, False]
    client.force_login(make_user(Role.LEADERSHIP))
    page = client.get(reverse("inspections:result-sheet", args=[enrolment.pk])).content.decode()
    assert "0/0" not in page and '<th scope="col">Điểm</th>' not in page
    content = client.get(reverse("inspections:result-word", args=[enrolment.pk])).content
    heads = heads_of(content)
    assert "Kiến nghị" in heads and "Điểm" not in heads
    assert "Hiện trạng\n0" not in words(content)


def test_result_sheets_in_points_say_what_each_costs(client):
    planted = plant_24_points()
    client.force_login(make_user(Role.LEADERSHIP))
    content = client.get(reverse("inspections:result-word", args=[planted.enrolments["Dương"].pk])).content
    heads = heads_of(content)
    assert "Điểm" in heads


def test_a_set_without_such_facts_has_no_table_of_them(with_words):
    sheet = opened(data_of(ROUND_KINDS["holdings"].write(Reader(EVERYTHING), with_words.round, Choices())))
    cells = set(map(str, chain.from_iterable(sheet.iter_rows(values_only=True))))
    assert "Phường An" not in cells and "Số đơn vị có số liệu" not in cells
