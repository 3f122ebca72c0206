"""The list of findings and what the first pages say of them."""

import datetime
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import Role
from criteria.inspections.models import Enrolment, Finding
from criteria.inspections.queries.findings import due, failing_again, listed
from criteria.inspections.services import approve_inspection
from tests.support.books import opened
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
from tests.support.inspections import published_finding

DAY = datetime.timedelta(days=1)


@pytest.fixture
def many(cast) -> list[Finding]:
    """One published finding on each ward of phase 1: overdue, soon, far off in turn."""
    days = [timezone.localdate() - DAY, timezone.localdate() + DAY, timezone.localdate() + 60 * DAY]
    enrolments = Enrolment.objects.filter(round__code="gd1-2019").order_by("position")
    return [published_finding(each, cast.inspector, due_on=days[n % 3]) for n, each in enumerate(enrolments)]


def shown(response) -> set[int]:
    return {row.record.pk for row in response.context["table"].rows}


def test_everyone_sees_the_findings_of_own_units(cast, many, sign_in):
    address = reverse("inspections:findings")
    everything = {finding.pk for finding in many}
    for person, district in ((cast.quan10, "771"), (cast.cangio, "787")):
        own = set(
            Finding.objects.filter(inspection__enrolment__ward__district__code=district).values_list("pk", flat=True)
        )
        assert own and shown(sign_in(person).get(address)) == own
    for person in (cast.inspector, cast.approver, cast.leader):
        assert shown(sign_in(person).get(address)) == everything
    foreign = Finding.objects.filter(inspection__enrolment__ward__district__code="787").first()
    answer_ = sign_in(cast.quan10).get(address, {"district": foreign.inspection.enrolment.ward.district_id})
    assert foreign.pk not in shown(answer_)


def test_filters(cast, many, sign_in):
    inspector, address = sign_in(cast.inspector), reverse("inspections:findings")
    Finding.objects.filter(pk=many[0].pk).update(status="answered")
    Finding.objects.filter(pk=many[1].pk).update(status="withdrawn")
    Finding.objects.filter(pk=many[2].pk).update(published_at=None)
    assert shown(inspector.get(address, {"status": "answered"})) == {many[0].pk}
    assert shown(inspector.get(address, {"status": "withdrawn"})) == {many[1].pk}
    assert shown(inspector.get(address, {"status": "unpublished"})) == {many[2].pk}
    assert many[1].pk not in shown(inspector.get(address))
    late = shown(inspector.get(address, {"due": "overdue"}))
    assert late and all(Finding.objects.get(pk=key).is_overdue for key in late) and many[0].pk not in late
    assert shown(inspector.get(address, {"status": "nonsense"})) == set()
    assert shown(inspector.get(address, {"round": "gd1-2019", "q": "phuong 6 quan 10"}))
    # What was withdrawn or is not published is no choice for others.
    assert shown(sign_in(cast.leader).get(address, {"status": "withdrawn"})) == set()


def test_the_workbook_has_the_rows_of_the_list(cast, many, sign_in):
    district, address = sign_in(cast.quan10), reverse("inspections:findings")
    text = "=HYPERLINK(1)"
    own = Finding.objects.filter(inspection__enrolment__ward__district__code="771")
    own.update(recommendation=text)
    sheet = opened(district.get(address, {"tai": "xlsx"}).content)
    cells = chain.from_iterable(sheet.iter_rows())
    found = [cell for cell in cells if cell.value == text]
    assert len(found) == own.count() and all(cell.data_type == "s" for cell in found)


def test_queries_do_not_grow(cast, sign_in):
    enrolments = list(Enrolment.objects.filter(round__code="gd1-2019"))
    inspector, counts = sign_in(cast.inspector), []
    for number in (3, 24):
        for enrolment in enrolments[:number]:
            published_finding(enrolment, cast.inspector, due_on=timezone.localdate() - DAY)
        inspector.get(reverse("inspections:findings"))
        with CaptureQueriesContext(connection) as queries:
            inspector.get(reverse("inspections:findings"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("noon")
def test_what_is_due(cast, many):
    own = due(cast.quan10)
    mine = Finding.objects.filter(inspection__enrolment__ward__district__code="771")
    assert own.waiting == mine.count() and own.findings[0].due_on == timezone.localdate() - DAY
    Finding.objects.filter(pk=many[0].pk).update(status="answered")
    team = due(cast.inspector)
    assert (team.waiting, [each.pk for each in team.findings]) == (1, [many[0].pk])
    assert due(cast.thanhan).waiting == 1


@pytest.fixture
def again(db):
    """A ward that failed criteria 1 and 2 in 2024 and fails 1 and 3 in 2026."""
    inspector, approver = make_user(Role.INSPECTOR), make_user(Role.APPROVER)
    ward, criteria_set = make_ward(make_district()), make_set(criteria=3)
    old = enrol(make_round(criteria_set, starts_on=datetime.date(2024, 1, 1)), ward)
    answer(old, inspector, {1: "not_met", 2: "not_met", 3: "met"})
    submit_signed(inspection=old.inspection, by=inspector)
    approve_inspection(inspection=old.inspection, by=approver)
    new = enrol(make_round(criteria_set), ward)
    answer(new, inspector, {1: "not_met", 2: "met", 3: "not_met"})
    return new, inspector


def test_repeat_failures_are_marked(again, sign_in):
    new, inspector = again
    first, other = published_finding(new, inspector, "TC01"), published_finding(new, inspector, "TC03")
    outcomes = {finding.pk: finding.last_outcome for finding in listed(inspector)}
    assert outcomes == {first.pk: "not_met", other.pk: "met"}
    page = sign_in(inspector).get(reverse("inspections:findings"), {"again": "1"})
    assert shown(page) == {first.pk}


def test_the_round_names_what_fails_again_without_a_recommendation(again, sign_in):
    new, inspector = again
    (result,) = failing_again(inspector, new.round)
    assert result.criterion.code == "TC01" and not result.has_finding
    page = sign_in(inspector).get(reverse("inspections:findings"), {"round": new.round.code})
    assert [each.pk for each in page.context["unwritten"]] == [result.pk]
    published_finding(new, inspector, "TC01")
    assert [each.has_finding for each in failing_again(inspector, new.round)] == [True]


def test_the_last_recommendation_is_proposed_for_a_repeat(again, sign_in):
    new, inspector = again
    old = Enrolment.objects.get(ward=new.ward, round__starts_on__year=2024)
    published_finding(old, inspector, "TC01", recommendation="Bố trí kho trong năm 2024")
    page = sign_in(inspector).get(reverse("inspections:finding-write", args=[new.pk, "TC01"]))
    assert page.context["last"].is_failure
    assert page.context["form"]["recommendation"].value() == "Bố trí kho trong năm 2024"
