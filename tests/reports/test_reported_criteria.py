"""By criterion, accepted reports of units that nobody visits stand beside verified answers: marked, and in no sum."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archiveportal.accounts.models import Role
from criteria.inspections.models import Enrolment, SelfAnswer
from criteria.inspections.services import approve_inspection
from criteria.inspections.services.self_reading import accept_report
from reports.results.criteria import criterion_counts
from reports.results.reported import MARK, reported
from reports.results.reported_criteria import reported_counts
from reports.workbooks import Reader
from reports.workbooks.data_tables.of_parts import criteria_data
from reports.workbooks.data_tables.of_reports import ANSWERS, UNITS
from reports.workbooks.data_tables.of_rounds import results_long, summary_data
from reports.workbooks.rounds import criteria_workbook
from tests.support.books import data_of, opened, values, whole
from tests.support.factories import (
    answer,
    enrol,
    make_district,
    make_round,
    make_set,
    make_user,
    make_ward,
    submit_signed,
)
from tests.support.self_assessments import confirmed, handed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def people():
    return {role: make_user(role) for role in (Role.INSPECTOR, Role.APPROVER, Role.LEADERSHIP)}


@pytest.fixture
def inspection_round(people):
    """A round with a verified unit; its criteria are met at it but for the second."""
    found = make_round(make_set(3), asks_self_assessment=True)
    unit = enrol(found, make_ward(make_district()))
    answer(unit, people[Role.INSPECTOR], {1: "met", 2: "not_met", 3: "met"})
    submit_signed(inspection=unit.inspection, by=people[Role.INSPECTOR])
    approve_inspection(inspection=unit.inspection, by=people[Role.APPROVER])
    return found


def reporting(inspection_round, *, name="Tự Báo cáo") -> tuple[Enrolment, dict]:
    ward = make_ward(make_district(), name=name)
    unit = enrol(inspection_round, ward)
    Enrolment.objects.filter(pk=unit.pk).update(way=Enrolment.Way.REPORT)
    unit = Enrolment.objects.select_related("round__criteria_set", "ward").get(pk=unit.pk)
    return unit, {"by": make_user(Role.WARD, ward=ward), "leader": make_user(Role.UNIT_LEADER, ward=ward)}


def accepted(inspection_round, people, outcomes=("met", "met", "not_met"), **named) -> Enrolment:
    """A unit whose own report was accepted; it answered the criteria so."""
    unit, speakers = reporting(inspection_round, **named)
    assessment = confirmed(unit, **speakers)
    for number, outcome in enumerate(outcomes, start=1):
        SelfAnswer.objects.filter(assessment=assessment, criterion__number=number).update(outcome=outcome)
    accept_report(assessment=assessment, seen=assessment.version, by=people[Role.INSPECTOR])
    return unit


def plain_counts(inspection_round) -> dict[tuple[int, str], int]:
    """Return how many accepted reports give each answer to each criterion, as plain SQL has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.criterion_id, a.outcome, COUNT(*) FROM inspections_selfanswer a"
            " JOIN inspections_selfassessment s ON s.id = a.assessment_id"
            " JOIN inspections_enrolment e ON e.id = s.enrolment_id"
            " WHERE e.round_id = %s AND e.way = 'report' AND e.is_left_out = %s AND s.reading = 'accepted'"
            " GROUP BY a.criterion_id, a.outcome",
            [inspection_round.pk, False],
        )
        return {(criterion, outcome): units for criterion, outcome, units in cursor.fetchall()}


def counts_of(viewer, inspection_round):
    columns = list(inspection_round.criteria_set.criteria.all())
    return reported_counts(reported(viewer, inspection_round), columns)


def test_counts_are_those_of_plain_sql_and_apart_from_verified_ones(people, inspection_round):
    before = [count.answers for count in criterion_counts(people[Role.LEADERSHIP], inspection_round)]
    assert counts_of(people[Role.LEADERSHIP], inspection_round) == {}
    accepted(inspection_round, people)
    accepted(inspection_round, people, ("met", "not_met", "not_applicable"))
    waiting, speakers = reporting(inspection_round)
    handed_in(waiting, speakers["by"])
    counts = counts_of(people[Role.LEADERSHIP], inspection_round)
    told = plain_counts(inspection_round)
    for key, count in counts.items():
        assert count.answers == {code: units for (criterion, code), units in told.items() if criterion == key}
    assert [(each.met, each.not_met, each.others) for each in counts.values()] == [(2, 0, 0), (1, 1, 0), (0, 1, 1)]
    assert [count.answers for count in criterion_counts(people[Role.LEADERSHIP], inspection_round)] == before


def test_the_page_and_the_workbook_say_the_same(people, inspection_round, sign_in):
    address = reverse("reports:criteria", args=[inspection_round.code])
    client = sign_in(people[Role.LEADERSHIP])
    assert "theo báo cáo của đơn vị" not in client.get(address).content.decode()
    accepted(inspection_round, people)
    accepted(inspection_round, people, ("met", "not_met", "not_applicable"))
    page = client.get(address)
    assert "Đạt, theo báo cáo của đơn vị" in page.content.decode()
    shown = [own.cells for _count, _answers, own in page.context["rows"]]
    sheet = opened(data_of(criteria_workbook(Reader(people[Role.LEADERSHIP]), inspection_round)))
    rows = [row for row in values(sheet) if str(row[1]).startswith("Tiêu chí thử")]
    assert [row[-3:] for row in rows] == shown == [[2, 0, 0], [1, 1, 0], [0, 1, 1]]
    table = opened(data_of(criteria_data(Reader(people[Role.LEADERSHIP]), inspection_round)))
    rows = [row for row in values(table) if row[1] and str(row[1]).startswith("TC")]
    assert [row[-4:-1] for row in rows] == shown


def test_each_account_sees_its_own_units(people, inspection_round):
    unit = accepted(inspection_round, people)
    assert counts_of(make_user(Role.WARD, ward=unit.ward), inspection_round)
    assert counts_of(make_user(Role.DISTRICT, district=make_district()), inspection_round) == {}
    assert counts_of(make_user(Role.DISTRICT, district=unit.ward.district), inspection_round)


def test_single_answers_are_for_those_who_read_the_reports(people, inspection_round):
    unit = accepted(inspection_round, people)
    for reader, reads in (
        (people[Role.INSPECTOR], True),
        (people[Role.LEADERSHIP], False),
        (make_user(Role.WARD, ward=unit.ward), True),
        (make_user(Role.WARD, ward=make_ward(unit.ward.district)), False),
    ):
        book = whole(data_of(results_long(Reader(reader), inspection_round)))
        assert (ANSWERS in book.sheetnames) == reads, reader.role
    answers = whole(data_of(results_long(Reader(people[Role.INSPECTOR]), inspection_round)))[ANSWERS]
    given = [row for row in answers.iter_rows(values_only=True) if MARK in row]
    assert [row[-4] for row in given] == [1, 1, 0]


def test_raw_data_list_the_units_that_report_apart(people, inspection_round):
    assert UNITS not in whole(data_of(summary_data(Reader(people[Role.LEADERSHIP]), inspection_round))).sheetnames
    accepted(inspection_round, people, name="Riêng Một")
    book = whole(data_of(summary_data(Reader(people[Role.LEADERSHIP]), inspection_round)))
    listed = [row for row in book[UNITS].iter_rows(values_only=True) if MARK in row]
    assert len(listed) == 1 and "Phường Riêng Một" in listed[0]
    verified = book[book.sheetnames[0]]
    assert all("Phường Riêng Một" not in row for row in verified.iter_rows(values_only=True))


def test_the_progress_of_areas_has_the_reports_apart(people, inspection_round, sign_in):
    address = reverse("inspections:round-progress", args=[inspection_round.code])
    client = sign_in(people[Role.INSPECTOR])
    assert "bình quân theo báo cáo" not in client.get(address).content.decode()
    unit = accepted(inspection_round, people)
    page = client.get(address)
    by_title = {part.title: part.progress for part in page.context["areas"]}
    counts = by_title[unit.ward.district.title]
    assert (counts.reporting, counts.reported, counts.accepted) == (1, 1, 1)
    assert "bình quân theo báo cáo" in page.content.decode()


def test_a_constant_number_of_queries(people, inspection_round, sign_in):
    client, found = sign_in(people[Role.LEADERSHIP]), []
    pages = [reverse("reports:criteria", args=[inspection_round.code])]
    for units in (1, 5):
        for _number in range(units):
            accepted(inspection_round, people)
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page)
            found.append(len(queries))
    assert found[0] == found[1]
