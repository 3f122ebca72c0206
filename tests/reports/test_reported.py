"""Accepted reports of units that nobody visits count beside verified results, marked, and never among them."""

from decimal import Decimal
from itertools import chain

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.percent import mean
from criteria.inspections.models import Enrolment, SelfAssessment
from criteria.inspections.queries.areas import division
from criteria.inspections.queries.progress import progress
from criteria.inspections.services.self_reading import accept_report
from reports.results.reported import APART, MARK, heading, reported
from reports.results.rows import unverified, visible_enrolments
from reports.results.table import summary
from reports.workbooks import Reader, summary_workbook
from reports.workbooks.rounds import bands_workbook, districts_workbook
from tests.support.books import data_of, opened, values, whole
from tests.support.factories import enrol, make_round, make_set, make_ward
from tests.support.self_assessments import confirmed, handed_in_by_hand


@pytest.fixture
def mixed(cast):
    """A round with a unit that reports and was accepted, one that waits, and a verified one of another district."""
    inspection_round = make_round(make_set(), asks_self_assessment=True)
    unit = report_only(enrol(inspection_round, cast.thanhan.ward))
    assessment = confirmed(unit, cast.thanhan, cast.ldthanhan)
    enrol(inspection_round, make_ward(cast.quan10.district, "Phường Đã Kiểm tra"))
    handed_in_by_hand(report_only(enrol(inspection_round, make_ward(cast.quan10.district, "Phường Đang chờ"))))
    accept_report(assessment=assessment, seen=assessment.version, by=cast.inspector)
    return inspection_round


def report_only(unit: Enrolment) -> Enrolment:
    Enrolment.objects.filter(pk=unit.pk).update(way="report")
    return Enrolment.objects.get(pk=unit.pk)


def accept_by_hand(unit: Enrolment, score: str, maximum: str) -> None:
    """Accept a report as a row alone, with a score that no answers stand behind."""
    assessment, now = handed_in_by_hand(report_only(unit)), timezone.now()
    leader, reader = (User.objects.get(username=name) for name in ("ldthanhan", "inspector"))
    SelfAssessment.objects.filter(pk=assessment.pk).update(
        confirmed_by=leader, confirmed_at=now, reading="accepted", read_by=reader, read_at=now,
        score=Decimal(score), maximum=Decimal(maximum), open_criteria=0,
    )  # fmt: skip


def plain_sums(inspection_round):
    """Return units, points by district, as plain SQL has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.district_id, COUNT(*), SUM(s.score) FROM inspections_selfassessment s"
            " JOIN inspections_enrolment e ON e.id = s.enrolment_id JOIN wards_ward w ON w.id = e.ward_id"
            " WHERE e.round_id = %s AND e.way = 'report' AND e.is_left_out = %s AND s.reading = 'accepted'"
            " GROUP BY w.district_id",
            [inspection_round.pk, False],
        )
        return {district: (units, Decimal(str(points))) for district, units, points in cursor.fetchall()}


@pytest.mark.parametrize("is_listed", [False, True])
def test_sums_are_those_of_plain_sql(cast, mixed, is_listed):
    for number, score in enumerate(("1", "0.5", "1.25")):
        accept_by_hand(enrol(mixed, make_ward(cast.quan10.district, f"Phường Tự báo cáo {number}")), score, "2")
    own = reported(EVERYTHING, mixed, divided=division(EVERYTHING, mixed), is_listed=is_listed)
    found = {of_area.area.pk: (of_area.units, of_area.points) for of_area in own.sums}
    assert found == plain_sums(mixed) and len(found) == 2
    assert own.total.units == sum(units for units, _points in found.values()) == len(list(own.rows()))
    assert sum(count for _band, count in own.by_band) == own.total.units
    assert own.total.average == mean(sum(points for _units, points in found.values()), own.total.units)


def test_they_stand_apart_from_what_was_verified(cast, mixed):
    counts = unverified(cast.leader, mixed)
    assert (counts.accepted, counts.reported) == (1, 2)
    assert [row.ward.name for row in visible_enrolments(cast.leader, mixed)] == ["Phường Đã Kiểm tra"]
    rows = Enrolment.objects.visible_to(cast.leader).filter(round=mixed).with_standing()
    counted = progress(rows)
    assert (counted.accepted, counted.scored, counted.approved) == (1, 0, 0)
    assert counted.accepted_average == reported(cast.leader, mixed).total.average and counted.average is None
    assert summary(cast.leader, mixed).scores.scored == 0


def test_each_account_sees_its_own_units(cast, mixed):
    assert [row.ward_id for row in reported(cast.leader, mixed).rows()] == [cast.thanhan.ward_id]
    assert [row.ward_id for row in reported(cast.thanhan, mixed).rows()] == [cast.thanhan.ward_id]
    own = reported(cast.quan10, mixed)
    assert not own and list(own.rows()) == [] and own.sums == []


def test_no_query_where_nothing_was_accepted(cast, django_assert_num_queries):
    inspection_round = make_round(make_set())
    counts = unverified(cast.leader, inspection_round)
    with django_assert_num_queries(0):
        own = reported(cast.leader, inspection_round, counts=counts)
        assert not own and list(own.rows()) == []


def test_rows_beneath_the_summary_table(cast, mixed, sign_in, django_assert_max_num_queries):
    client, address = sign_in(cast.leader), reverse("reports:summary", args=[mixed.code])
    client.get(address)
    with django_assert_max_num_queries(12):
        page = client.get(address)
    [row] = page.context["reported_rows"]
    content = page.content.decode()
    assert row.ward in content.split('id="tu-bao-cao"')[1] and row.ward not in content.split('id="tu-bao-cao"')[0]
    assert "của đơn vị" in content.split('id="tu-bao-cao"')[1]
    for query, units in (
        ("?q=khong-co", 0),
        ("?status=approved", 0),
        ("?status=reported", 1),
        (f"?band={row.band.pk}", 1),
    ):
        assert len(sign_in(cast.inspector).get(address + query).context["reported_rows"]) == units, query


def test_pages_of_their_own(cast, mixed, sign_in, monkeypatch):
    monkeypatch.setattr("reports.rounds.views.REPORTED_PER_PAGE", 2)
    for number in range(4):
        accept_by_hand(enrol(mixed, make_ward(cast.quan10.district, f"Phường Tự báo cáo {number}")), "1", "2")
    pages = [
        sign_in(cast.leader).get(f"{reverse('reports:summary', args=[mixed.code])}?reported={number}").context
        for number in (1, 2, 3)
    ]
    assert [len(page["reported_rows"]) for page in pages] == [2, 2, 1]
    assert {page["reported"].total.units for page in pages} == {5}


@pytest.mark.parametrize("by_district", [False, True])
def test_a_block_of_the_workbook(cast, mixed, by_district):
    book = data_of(summary_workbook(summary(cast.leader, mixed), by_district=by_district))
    rows = [[value for value in row if value is not None] for row in values(opened(book))]
    begins = next(place for place, row in enumerate(rows) if row and str(row[0]).startswith(heading()))
    total = next(place for place, row in enumerate(rows) if row and row[0] == "Cộng")
    assert total < begins
    [unit] = [row for row in rows[begins:] if any(str(value).startswith(MARK) for value in row)]
    [own] = list(reported(cast.leader, mixed).rows())
    assert own.ward in unit and unit[-1] == own.score
    assert not any(str(value).startswith(MARK) for value in chain.from_iterable(rows[:begins]))
    assert any(row and row[0] == "Cộng theo báo cáo của đơn vị" and row[-1] == own.score for row in rows[begins:])
    assert any(APART in row for row in whole(book)["Nguồn"].iter_rows(values_only=True))


@pytest.mark.parametrize("name", ["bands", "criteria", "districts", "dashboard"])
def test_a_block_of_each_page(cast, mixed, sign_in, name, django_assert_max_num_queries):
    client, address = sign_in(cast.leader), reverse(f"reports:{name}", args=[mixed.code])
    client.get(address)
    with django_assert_max_num_queries(16 if name == "dashboard" else 12):
        page = client.get(address)
    block = page.content.decode().split('id="tu-bao-cao"')[1]
    assert page.context["reported"].total.units == 1 and "không tính vào" in block
    assert 'id="tu-bao-cao"' not in sign_in(cast.quan10).get(address.replace("toan-canh/x", "")).content.decode()


@pytest.mark.parametrize("write", [bands_workbook, districts_workbook])
def test_a_block_of_other_workbooks(cast, mixed, write):
    book = whole(data_of(write(Reader(cast.leader), mixed)))
    rows = list(chain.from_iterable(sheet.iter_rows(values_only=True) for sheet in book.worksheets))
    assert any(row[0] and str(row[0]).startswith(heading()) for row in rows)
    assert any(APART in row for row in rows)
    own = whole(data_of(write(Reader(cast.quan10), mixed)))
    told = chain.from_iterable(sheet.iter_rows(values_only=True) for sheet in own.worksheets)
    assert not any(str(row[0]).startswith(heading()) for row in told)
