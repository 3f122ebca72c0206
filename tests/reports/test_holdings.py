"""What the units of a round hold and need: sums that plain SQL gives too, with their coverage."""

from __future__ import annotations

import html
import re
from collections import Counter
from decimal import Decimal
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from criteria.indicators import INDICATORS
from criteria.inspections.models import Enrolment, Inspection, Round, SelfAnswer, SelfAssessment
from criteria.models import CriteriaSet
from reports.documents.context import RoundContext
from reports.passages.proposals import proposals
from reports.results.holdings import FigureSource, holdings
from reports.results.holdings_sentences import coverage_sentence, holdings_paragraph
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.support.books import data_of, values, whole
from tests.support.city_round import VISITED, fact_of, is_answered, make_city_round
from tests.support.factories import make_grouping, make_round, make_set, make_user, make_ward
from tests.support.long_pages import LARGEST, MOST_QUERIES

UNITS = 168
SQL = """
SELECT criterion.indicator, COUNT(*), SUM(answer.number)
FROM (
    SELECT result.criterion_id, result.number, inspection.enrolment_id
    FROM inspections_result AS result
    JOIN inspections_inspection AS inspection ON inspection.id = result.inspection_id
    JOIN inspections_enrolment AS enrolment ON enrolment.id = inspection.enrolment_id
    WHERE inspection.status = 'approved' AND enrolment.way <> 'report'
    UNION ALL
    SELECT own.criterion_id, own.number, assessment.enrolment_id
    FROM inspections_selfanswer AS own
    JOIN inspections_selfassessment AS assessment ON assessment.id = own.assessment_id
    JOIN inspections_enrolment AS enrolment ON enrolment.id = assessment.enrolment_id
    WHERE assessment.handed_in_at IS NOT NULL AND enrolment.way = 'report'
) AS answer
JOIN criteria_criterion AS criterion ON criterion.id = answer.criterion_id
JOIN inspections_enrolment AS unit ON unit.id = answer.enrolment_id
WHERE unit.round_id = %s AND criterion.indicator <> '' AND answer.number IS NOT NULL
GROUP BY criterion.indicator
"""


def draft_set() -> CriteriaSet:
    return CriteriaSet.objects.get(code="vtlt-2026")


@pytest.fixture
def of_city(cast) -> Round:
    """28 visited and 140 reporting units in three groups; three units lie in none."""
    wards = [make_ward(None, f"Đơn vị {place}") for place in range(UNITS)]
    grouped = {f"Khu vực {number}": wards[number : UNITS - 3 : 3] for number in range(3)}
    grouping = make_grouping("Khu vực", grouped)
    return make_city_round(draft_set(), wards, by=cast.approver, grouping=grouping)


def expected(of_column: int, places: range) -> tuple[int, Decimal]:
    """Return by arithmetic how many of these units have a number, and its sum."""
    numbers = [fact_of(place, of_column) for place in places if is_answered(place)]
    known = [number for number in numbers if number is not None]
    return len(known), sum(known, Decimal(0))


def test_sums_are_those_of_sql_and_of_arithmetic(of_city):
    table = holdings(EVERYTHING, of_city)
    assert [column.code for column in table.columns] == list(INDICATORS)
    with connection.cursor() as cursor:
        cursor.execute(SQL, [of_city.pk])
        by_sql = {code: (count, Decimal(str(total)).quantize(Decimal("0.01"))) for code, count, total in cursor}
    assert by_sql == {
        column.code: (total.answered, total.total)
        for column, total in zip(table.columns, table.totals.sums, strict=True)
    }
    places = {criterion.indicator: place for place, criterion in enumerate(_indicators(of_city))}
    for column, total in zip(table.columns, table.totals.sums, strict=True):
        verified = expected(places[column.code], range(VISITED))
        reported = expected(places[column.code], range(VISITED, UNITS))
        assert (total.verified_units, total.verified) == verified
        assert (total.reported_units, total.reported) == reported
        assert total.units == UNITS
        assert total.missing == UNITS - verified[0] - reported[0] > 0


def _indicators(inspection_round: Round) -> list:
    return list(inspection_round.criteria_set.criteria.exclude(indicator=""))


def test_areas_add_up_to_the_whole(of_city):
    table = holdings(EVERYTHING, of_city)
    assert [part.units for part in table.by_area] == [55, 55, 55, 3]
    assert [len(lines) for _part, lines in table.lines_by_area] == [55, 55, 55, 3]
    assert table.by_area[-1].area is None
    for place, total in enumerate(table.totals.sums):
        parts = [part.sums[place] for part in table.by_area]
        assert sum(part.verified + part.reported for part in parts) == total.total
        assert sum(part.answered for part in parts) == total.answered


def test_what_nobody_gave_is_not_zero(of_city):
    table = holdings(EVERYTHING, of_city)
    reasons = Counter(line.why_nothing for line in table.lines)
    assert reasons["chưa có phiếu được duyệt"] == sum(not is_answered(place) for place in range(VISITED))
    assert reasons["chưa gửi tự kiểm tra"] == sum(not is_answered(place) for place in range(VISITED, UNITS))
    before = table.totals.sums
    one = next(line for line in table.lines if line.is_reported)
    SelfAnswer.objects.filter(assessment__enrolment=one.pk).update(number=0)
    again = holdings(EVERYTHING, of_city)
    after = again.totals.sums
    assert [total.answered for total in before] == [total.answered for total in after]
    assert sum(total.reported for total in after) < sum(total.reported for total in before)


def test_an_answer_counts_only_where_it_is_due(of_city):
    """Not a self-assessment that is not handed in, of a unit that is visited, or left out of the plan."""
    before = holdings(EVERYTHING, of_city)
    units = before.totals
    reported = [line.pk for line in before.lines if line.is_reported]
    SelfAssessment.objects.filter(enrolment=reported[0]).update(handed_in_at=None)
    Enrolment.objects.filter(pk=reported[1]).update(way="on_site")
    Enrolment.objects.filter(pk=reported[2]).update(
        is_left_out=True, left_out_reason="Thanh tra", overlap="audit", overlap_source="x"
    )
    verified = [line.pk for line in before.lines if line.source == FigureSource.VERIFIED]
    Inspection.objects.filter(enrolment=verified[0]).update(status="draft")
    after = holdings(EVERYTHING, of_city)
    assert after.totals.reported_units == units.reported_units - 3
    assert after.totals.verified_units == units.verified_units - 1
    assert "đưa ra khỏi kế hoạch" in {line.why_nothing for line in after.lines}


@pytest.mark.parametrize("kept", [0, 1, UNITS], ids=["none", "one", "as made"])
def test_sentences_are_true_of_none_some_and_many(of_city, kept):
    handed_in = SelfAssessment.objects.order_by("pk")
    if kept < UNITS:
        Inspection.objects.update(status="draft")
        handed_in.exclude(pk__in=list(handed_in.values_list("pk", flat=True)[:kept])).update(handed_in_at=None)
    table = holdings(EVERYTHING, of_city)
    said, paragraph = coverage_sentence(table), holdings_paragraph(table)
    verified, reported = table.totals.verified_units, table.totals.reported_units
    texts = [text for _key, text in _proposed(of_city) if text == paragraph]
    if not kept:
        assert said == "Chưa có số liệu của đơn vị nào trong 168 đơn vị của đợt."
        assert paragraph == ""
        return
    assert len(texts) == 1
    answered = verified + reported
    assert f"{answered:02d}/168 đơn vị" in said
    assert f"{UNITS - answered} đơn vị chưa có số liệu, không tính là 0" in said
    assert ("theo phiếu kiểm tra đã duyệt" in said) == bool(verified)
    backlog = table.sum_of("backlog")
    assert ("tài liệu tồn đọng" in paragraph) == bool(backlog.answered)


def _proposed(inspection_round: Round) -> list[tuple[str, str]]:
    return [(each.key, each.text) for each in proposals(RoundContext(EVERYTHING, inspection_round))]


def test_all_units_answered_leave_nothing_to_be_said_of_missing_ones(cast):
    wards = [make_ward(None, f"Đủ {place}") for place in (1, 2)]
    inspection_round = make_city_round(draft_set(), wards, by=cast.approver, visited=0)
    SelfAnswer.objects.all().delete()
    SelfAssessment.objects.all().delete()
    for enrolment in inspection_round.enrolments.all():
        own = SelfAssessment.objects.create(
            enrolment=enrolment,
            handed_in_by=cast.approver,
            handed_in_at=enrolment.round.starts_on.isoformat() + "T00:00Z",
        )
        for criterion in _indicators(inspection_round):
            SelfAnswer.objects.create(assessment=own, criterion=criterion, number=2, changed_at=own.handed_in_at)
    paragraph = holdings_paragraph(holdings(EVERYTHING, inspection_round))
    assert "chưa có số liệu" not in paragraph
    assert "02/02 đơn vị" in paragraph
    assert "Tài liệu nhận bàn giao: 4 mét giá" in paragraph


def test_the_page_is_small_and_asks_little(of_city, cast, sign_in):
    client, address = sign_in(cast.approver), reverse("reports:holdings", args=[of_city.code])
    client.get(address)
    for query in ("", "?lacking=backlog", "?source=reported&page=2", "?q=1"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address + query)
        assert response.status_code == 200
        assert len(queries) <= MOST_QUERIES, [each["sql"] for each in queries]
        assert len(response.content) < LARGEST
    assert (
        reverse("reports:holdings", args=[of_city.code])
        in client.get(reverse("reports:bands", args=[of_city.code])).content.decode()
    )


def test_filters_name_the_units_that_are_missing(of_city, cast, sign_in):
    client, address = sign_in(cast.approver), reverse("reports:holdings", args=[of_city.code])
    table = holdings(EVERYTHING, of_city)
    page = client.get(f"{address}?lacking=backlog").context["page"]
    assert page.paginator.count == table.sum_of("backlog").missing == table.units.filter(table.lacks("backlog")).count()
    counts = [client.get(f"{address}?source={each}").context["page"].paginator.count for each in FigureSource]
    sources = Counter(line.source if line.values else FigureSource.NONE for line in table.lines)
    assert counts == [sources[each] for each in FigureSource]
    whole = client.get(f"{address}?lacking=any").context["page"].paginator.count
    assert whole == sum(len(line.values) < len(table.columns) for line in table.lines)
    assert sum(counts) == UNITS
    first = of_city.grouping.groups.order_by("position")[0]
    assert client.get(f"{address}?group={first.pk}").context["page"].paginator.count == 55
    assert client.get(f"{address}?lacking=nothing").context["page"].paginator.count == 0


def test_a_set_without_indicators_has_no_table(cast, sign_in):
    inspection_round = make_round(make_set())
    client = sign_in(cast.approver)
    address = reverse("reports:holdings", args=[inspection_round.code])
    page = client.get(address)
    assert page.status_code == 200
    assert page.context["sums"] == []
    assert 'class="empty"' in page.content.decode()
    assert "bieu/hien-trang.xlsx" not in page.content.decode()
    assert address not in client.get(reverse("reports:bands", args=[inspection_round.code])).content.decode()
    offered = html.unescape(client.get(reverse("reports:index")).content.decode())
    assert f"{inspection_round.code}/bieu/hien-trang.xlsx" not in offered


def test_units_see_their_own_alone_and_leadership_all(of_city, cast, sign_in):
    own = of_city.enrolments.select_related("ward").filter(way="report", self_assessment__handed_in_at__isnull=False)[0]
    officer = make_user(Role.WARD, ward=own.ward)
    table = holdings(officer, of_city)
    assert [line.pk for line in table.lines] == [own.pk]
    assert table.lines[0].values
    address = reverse("reports:holdings", args=[of_city.code])
    shown = sign_in(officer).get(address)
    assert shown.context["page"].paginator.count == 1
    leader = holdings(cast.leader, of_city)
    everything = holdings(EVERYTHING, of_city)
    assert [total.total for total in leader.totals.sums] == [total.total for total in everything.totals.sums]
    book = reverse("reports:round-workbook", args=[of_city.code, "hien-trang"])
    assert sign_in(cast.leader).get(book).status_code == 200
    # The facts of the table alone: the answers of a self-assessment stay with the unit and the team.
    assert not SelfAssessment.objects.visible_to(cast.leader).exists()


def test_the_page_reads_its_own_units_alone(of_city, cast, sign_in):
    """Page by page, the lines are those of the whole table in its order; a page without a table reads nothing."""
    client, address = sign_in(cast.approver), reverse("reports:holdings", args=[of_city.code])
    pages = [client.get(f"{address}?page={number}").context["lines"] for number in range(1, 6)]
    assert [len(lines) for lines in pages] == [40, 40, 40, 40, 8]
    assert [shown.line for shown in chain.from_iterable(pages)] == holdings(EVERYTHING, of_city).lines
    without = make_round(make_set())
    client.get(reverse("reports:holdings", args=[without.code]))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("reports:holdings", args=[without.code]))
    assert not [each["sql"] for each in queries if '"inspections_result"' in each["sql"]]
    assert not [each["sql"] for each in queries if '"inspections_selfanswer"' in each["sql"]]


def test_many_areas_are_on_several_pages(cast, sign_in):
    wards = [make_ward(None, f"Đơn vị {place}") for place in range(31)]
    grouping = make_grouping("Cụm", {f"Cụm {place:02d}": [ward] for place, ward in enumerate(wards)})
    inspection_round = make_city_round(draft_set(), wards, by=cast.approver, grouping=grouping)
    client, address = sign_in(cast.approver), reverse("reports:holdings", args=[inspection_round.code])
    shown = {query: client.get(address + query).context["areas"] for query in ("", "?trang=2", "?trang=all")}
    assert [len(areas) for areas in shown.values()] == [30, 1, 31]
    assert [area.title for area in shown[""] + shown["?trang=2"]] == [area.title for area in shown["?trang=all"]]


def test_a_sum_has_no_tail_of_binary_fractions(of_city):
    SelfAnswer.objects.update(number="0.10")
    reported = [total for total in holdings(EVERYTHING, of_city).totals.sums if total.reported_units]
    assert reported
    assert [str(total.reported) for total in reported] == [
        str(Decimal("0.10") * total.reported_units) for total in reported
    ]


def _values(book) -> dict[str, list[list]]:
    return {sheet.title: values(sheet) for sheet in whole(data_of(book)).worksheets}


def test_the_workbook_has_the_same_figures(of_city):
    kind, table = ROUND_KINDS["holdings"], holdings(EVERYTHING, of_city)
    sheets = _values(kind.write(Reader(EVERYTHING), of_city, Choices()))
    assert list(sheets) == ["Hiện trạng", "Mức độ đầy đủ", "Chưa có số liệu", "Nguồn"]
    total = next(row for row in sheets["Hiện trạng"] if row[1] == f"Cộng {UNITS} đơn vị")
    assert [Decimal(str(value)) for value in total[3:15]] == [each.total for each in table.totals.sums]
    parts = [row for row in sheets["Hiện trạng"] if row[0] in ("I", "II", "III", "IV")]
    assert [row[1] for row in parts] == ["Khu vực 0", "Khu vực 1", "Khu vực 2", "Đơn vị chưa xếp khu vực"]
    coverage = [row for row in sheets["Mức độ đầy đủ"] if isinstance(row[0], int)]
    assert [(row[8], row[9]) for row in coverage] == [(each.answered, each.missing) for each in table.totals.sums]
    missing = [row for row in sheets["Chưa có số liệu"] if isinstance(row[0], int)]
    assert len(missing) == sum(len(line.values) < len(table.columns) for line in table.lines)
    data = _values(kind.write_data(Reader(EVERYTHING), of_city, Choices()))["Bảng dữ liệu"]
    assert len(data) == UNITS + 1
    place = data[0].index("Tình trạng tài liệu: tồn đọng (mét giá)")
    known = [Decimal(str(row[place])) for row in data[1:] if row[place] is not None]
    backlog = table.sum_of("backlog")
    assert (len(known), sum(known)) == (backlog.answered, backlog.total)


def test_a_table_without_groups_and_an_empty_round(cast, sign_in):
    wards = [make_ward(None, "Một mình")]
    inspection_round = make_city_round(draft_set(), wards, by=cast.approver)
    empty = make_round(draft_set())
    for each in (inspection_round, empty):
        assert sign_in(cast.approver).get(reverse("reports:holdings", args=[each.code])).status_code == 200
        book = _values(ROUND_KINDS["holdings"].write(Reader(EVERYTHING), each, Choices()))
        assert "Hiện trạng" in book
    text = re.sub(r"\s+", " ", coverage_sentence(holdings(EVERYTHING, empty)))
    assert text == ""
