"""The summary table under headings of several levels, on the page, in the workbook and in Word."""

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from reports.documents import report_file
from reports.results.table import summary
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.support.books import data_of, head_row, opened
from tests.support.papers import opened as opened_document
from tests.support.planted_sets import plant_100_leaves

pytestmark = pytest.mark.django_db


@pytest.fixture
def planted(db):
    return plant_100_leaves()


def test_headings_span_what_lies_below_them(planted):
    rows = summary(EVERYTHING, planted.round).head_rows
    assert [len(row) for row in rows] == [5, 10, 20, 100]
    assert {cell.over for cell in rows[0]} == {20}
    assert [cell.title for cell in rows[1][:2]] == ["1. Đề mục 1", "2. Đề mục 2"]
    assert rows[0][3].title == "IV. Đề mục IV"
    assert [cell.title for cell in rows[3][:2]] == ["1.1.1. Mục 1", "1.1.2. Mục 2"]


def test_the_page_of_100_leaves_stays_small(client, planted):
    client.force_login(planted.leader)
    response = client.get(reverse("reports:summary", args=[planted.round.code]))
    page = response.content.decode()
    assert 'colspan="20"' in page
    assert 'colspan="5"' in page
    assert page.count('class="leaf"') == 100
    assert len(response.content) < 300_000


def test_the_workbook_repeats_headings_and_names_on_every_page(planted):
    book = ROUND_KINDS["summary"].write(Reader(EVERYTHING), planted.round, Choices())
    sheet = opened(data_of(book))
    first = head_row(sheet)
    assert sheet.print_title_rows == f"${first}:${first + 3}"
    assert sheet.print_title_cols == "$A:$C"
    assert sheet.page_setup.fitToWidth == 2
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert f"D{first}:W{first}" in merged
    assert f"D{first + 1}:M{first + 1}" in merged
    assert f"A{first}:A{first + 3}" in merged
    assert sheet.cell(first + 3, 4).value == "1.1.1. Mục 1"


def test_word_parts_the_table_and_each_part_names_the_units(planted):
    tables = opened_document(report_file(user=planted.leader, subject=planted.round)).tables[-3:]
    columns = [[cell.text for cell in table.rows[-2].cells] for table in tables]
    assert [row[1] for row in columns] == ["Phường Châu"] * 3
    assert [len(row) for row in columns] == [43, 43, 24]
    assert columns[0][3:8] == ["1", "1", "0", "1", "1"]
    assert columns[2][-1] == "2"
    assert tables[2].rows[-1].cells[-1].text == "366,5"
    assert tables[0].rows[3].cells[3].text == "1.1.1. Mục 1"
