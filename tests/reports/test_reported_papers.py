"""The Word report and the closings tell of units by their own accepted reports, apart from verified results."""

import pytest

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Round
from criteria.inspections.services.self_reading import accept_report
from reports.closing.services import close_figures
from reports.documents import report_file
from reports.documents.comparing import changed_words, context_for, differences
from reports.frozen.changes import differs
from reports.frozen.events import was_changed_since
from reports.frozen.figures import EDITION, WITH_REPORTED, figures_of
from reports.results.reported import MARK, heading, reported
from tests.reports.test_closing import store  # noqa: F401 (a fixture)
from tests.reports.test_reported import mixed, report_only  # noqa: F401 (a fixture)
from tests.support.factories import enrol, make_round, make_set
from tests.support.papers import opened, words
from tests.support.self_assessments import confirmed


def own_figures(inspection_round) -> dict[str, str]:
    figures = {figure["key"]: figure["value"] for figure in figures_of(inspection_round)}
    return {key: value for key, value in figures.items() if key.startswith("reported")}


def test_a_table_and_a_list_in_the_report(mixed):  # noqa: F811
    content = report_file(user=EVERYTHING, subject=mixed)
    [row] = list(reported(EVERYTHING, mixed).rows())
    assert f"{heading()}: 1 đơn vị" in words(content) and "Ngoài ra, có 01 đơn vị tự kiểm tra, báo cáo" in words(
        content
    )
    tables = [[[cell.text for cell in line.cells] for line in table.rows] for table in opened(content).tables]
    [listed] = [table for table in tables if table[0][-1] == "Nguồn"]
    assert listed[1][1] == row.ward and listed[1][-1] == MARK
    [by_area, _list] = [table for table in tables if table[-1][0] == "Cộng theo báo cáo của đơn vị"]
    assert by_area[-1][1] == "1"


def test_a_report_without_them_says_nothing(baseline):
    of_report = Round.objects.get(code="gd1-2019")
    assert heading() not in words(report_file(user=EVERYTHING, subject=of_report)) and not own_figures(of_report)


def test_figures_of_their_own(mixed):  # noqa: F811
    figures = own_figures(mixed)
    [row] = list(reported(EVERYTHING, mixed).rows())
    assert figures["reported"] == "1" and f"reported.unit.{row.ward_id}" in figures
    assert sum(int(value) for key, value in figures.items() if key.startswith("reported.band.")) == 1
    others = {figure["key"]: figure["value"] for figure in figures_of(mixed)}
    assert (others["enrolled"], others["scored"]) == ("1", "0")
    assert EDITION >= WITH_REPORTED


@pytest.fixture
def waiting(cast):
    """A round whose only report is confirmed and not read."""
    inspection_round = make_round(make_set(), asks_self_assessment=True)
    return confirmed(report_only(enrol(inspection_round, cast.thanhan.ward)), cast.thanhan, cast.ldthanhan)


def test_a_closing_tells_of_a_report_accepted_since(cast, waiting, store):  # noqa: F811
    subject = waiting.enrolment.round
    closing = close_figures(subject=subject, seen=0, by=cast.approver)
    accept_report(assessment=waiting, seen=waiting.version, by=cast.inspector)
    assert was_changed_since(subject, closing.closed_at)
    found = differences(closing, subject)
    assert found.figures and found.lines


def test_a_closing_of_an_earlier_edition_is_unchanged(cast, waiting, store):  # noqa: F811
    subject = waiting.enrolment.round
    closing = close_figures(subject=subject, seen=0, by=cast.approver)
    accept_report(assessment=waiting, seen=waiting.version, by=cast.inspector)
    closing.edition = WITH_REPORTED - 1
    assert not differs(closing, subject) and not differences(closing, subject)
    assert changed_words(closing, context_for(closing, subject)) == []
