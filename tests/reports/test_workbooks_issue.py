"""The summary table is attached to a report, whose number it never bears."""

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Round
from reports.closing.services import close_figures, record_issue
from reports.models import ClosedFile, Closing
from reports.workbooks import Reader
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from tests.reports.test_closing import approve, details, store  # noqa: F401 (a fixture)
from tests.support.books import data_of, download_data, head_row, opened, values
from tests.support.factories import enrol, make_district, make_round, make_ward

DRAFT = "(Kèm theo Báo cáo số ………/BC-SNV ngày … tháng … năm …… của Sở Nội vụ)"
KINDS = ["summary", "summary-by-district"]


def attached(data: bytes) -> str:
    """The last line in brackets above the table."""
    sheet = opened(data)
    above = [row[0] for row in values(sheet)[: head_row(sheet) - 1] if isinstance(row[0], str)]
    return next((line for line in reversed(above) if line.startswith("(")), "")


def line_of(inspection_round: Round, kind: str = "summary") -> str:
    found = Round.objects.get(pk=inspection_round.pk)
    return attached(data_of(ROUND_KINDS[kind].write(Reader(EVERYTHING), found, Choices())))


@pytest.fixture
def mine(cast) -> Round:
    """A round of two wards, one of them approved; its report is issued."""
    found = make_round()
    approve(enrol(found, make_ward(make_district("Mười"), name="Cũ")), cast)
    enrol(found, make_ward(make_district()))
    closing = close_figures(subject=found, seen=0, by=cast.approver)
    record_issue(closing=closing, details=details(number="77/BC-SNV"), version=1, by=cast.approver)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_from_the_records_bears_no_number(mine, kind):
    for found in (mine, Round.objects.get(code="gd1-2019")):
        assert line_of(found, kind) == DRAFT


def test_the_page_of_the_table_gives_the_same(mine, cast, sign_in):
    for address in (
        reverse("reports:summary-workbook", args=[mine.code]),
        reverse("reports:round-workbook", args=[mine.code, "bang-tong-hop-quan-huyen"]),
    ):
        assert attached(download_data(sign_in(cast.leader), address)) == DRAFT


def test_a_round_without_a_report_names_what_it_stands_on(mine, cast):
    plain = make_round()
    assert line_of(plain) == DRAFT
    Round.objects.update(legal_basis="Kế hoạch 01/KH-SNV")
    assert line_of(plain) == "(Theo Kế hoạch 01/KH-SNV)"
    # Once there was a report, the table is a draft of it and no paper of its own.
    assert line_of(mine) == DRAFT


def test_the_table_that_closing_keeps_was_made_before_the_number(mine, cast):
    closed_again = close_figures(subject=mine, seen=1, by=cast.approver)
    for closing in (Closing.objects.get(round=mine, sequence=1), closed_again):
        file = ClosedFile.objects.get(closing=closing, file__name__endswith=".xlsx").file
        with file.original.open("rb") as content:
            assert attached(content.read()) == DRAFT


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_a_district_is_the_districts_own(cast, sign_in, kind):
    inspection_round = Round.objects.get(code="gd1-2019")
    address = reverse("reports:round-workbook", args=[inspection_round.code, ROUND_KINDS[kind].slug])
    for data in (
        download_data(sign_in(cast.quan10), address),
        download_data(sign_in(cast.leader), f"{address}?quan={cast.quan10.district_id}"),
    ):
        assert attached(data) == "(Kết quả của Quận 10)"
        assert not any("của Sở Nội vụ" in str(row) for row in values(opened(data)))
