"""Targets of years: set by a decision, adjusted by a later one, and results held against them."""

import datetime
from decimal import Decimal

import pytest

from archiveportal.refusal import Refused
from tests.support.training import make_category, make_course, make_scheme
from training.breakdown import Count
from training.models import Category, Quota, YearTarget
from training.queries import summary_lines, year_lines
from training.services.year_targets import TargetDecision, decide_targets, digest_of_targets
from training.yearly import by_year

FIRST = TargetDecision("Quyết định số 5/QĐ-SNV", datetime.date(2021, 2, 1))
LATER = TargetDecision("Quyết định số 8/QĐ-SNV", datetime.date(2022, 6, 1))


@pytest.fixture
def category(cast) -> Category:
    return make_category(make_scheme(), name="Bồi dưỡng", unit="attendances")


def decide(category, targets, decision=FIRST, **more):
    keyed = {(category.pk, year): target for year, target in targets.items()}
    return decide_targets(scheme=category.scheme, decision=decision, targets=keyed, **more)


def results(category) -> dict:
    (line,) = year_lines(category.scheme, summary_lines(category.scheme))
    return {result.year: result for result in line.years}


def test_an_adjustment_keeps_what_it_replaces(category, cast):
    assert decide(category, {2021: 40, 2022: 50, 2023: None}, by=cast.approver) == 2
    assert decide(category, {2021: 40, 2022: 65}, LATER, by=cast.approver) == 1
    rows = YearTarget.objects.filter(year=2022).values_list("ordinal", "target", "decision")
    assert list(rows) == [(0, 50, FIRST.words), (1, 65, LATER.words)]
    (line,) = summary_lines(category.scheme)
    assert line.attainment.target == 40 + 65
    assert line.target_unit == "attendances"


def test_results_of_a_year_and_so_far(category, cast):
    decide(category, {2021: 40, 2022: 50}, by=cast.approver)
    for day, people in (("2021-03-01", 30), ("2022-03-01", 50), ("2024-03-01", 20)):
        make_course(category, cast.inspector, held_to=datetime.date.fromisoformat(day), participants=people)
    make_course(category, cast.inspector, participants=7)
    found = results(category)
    assert (found[2021].own.people, found[2021].own.target, found[2021].own.percent) == (30, 40, Decimal("75.00"))
    assert (found[2022].so_far.people, found[2022].so_far.target) == (80, 90)
    assert found[2022].so_far.percent == Decimal("88.88")
    assert (found[2024].own.percent, found[2024].so_far.people, found[2024].so_far.target) == (None, 100, 90)
    assert (found[None].own.people, found[None].so_far) == (7, None)


def test_a_lower_bound_stays_one_in_the_years_after():
    counts = {2021: Count(400, is_lower_bound=True), 2022: Count(10, is_lower_bound=False)}
    found = by_year(counts, {2021: 100}, [2021, 2022, 2023], rounding="exact", this_year=2023)
    assert [each.own.is_lower_bound for each in found] == [True, False, False]
    assert [each.so_far.is_lower_bound for each in found] == [True, True, True]
    assert [each.so_far.people for each in found] == [400, 410, 410]


def test_a_year_that_has_not_come_has_no_result():
    counts = {2026: Count(18, is_lower_bound=False), 2029: Count(2, is_lower_bound=False)}
    found = by_year(counts, dict.fromkeys(range(2026, 2030), 20), range(2026, 2030), rounding="exact", this_year=2026)
    assert [each.own.percent for each in found] == [Decimal("90.00"), None, None, Decimal("10.00")]
    assert [each.so_far.result for each in found] == [18, None, None, 20]


@pytest.mark.parametrize(
    ("targets", "decision"),
    [
        ({2030: 5}, FIRST),
        ({2020: 5}, FIRST),
        ({2021: 12_345_678}, FIRST),
        ({2021: -1}, FIRST),
        ({2021: 5}, TargetDecision("")),
    ],
)
def test_what_cannot_be_set_is_refused_whole(category, cast, targets, decision):
    with pytest.raises(Refused):
        decide(category, {2022: 9} | targets, decision, by=cast.approver)
    assert not YearTarget.objects.exists()


def test_a_decision_does_not_adjust_a_later_one(category, cast):
    decide(category, {2021: 40}, LATER, by=cast.approver)
    with pytest.raises(Refused) as refused:
        decide(category, {2021: 50}, FIRST, by=cast.approver)
    assert "01/06/2022" in refused.value.message_dict["decided_on"][0]


def test_targets_are_typed_on_the_page(category, cast, sign_in):
    client, page = sign_in(cast.approver), f"/dao-tao/de-an/{category.scheme.code}/chi-tieu-nam/"
    shown = client.get(page).context["form"]
    data = {shown[name].html_name: shown[name].value() or "" for name in shown.fields}
    data |= {f"c{category.pk}-2021": "1.200", f"c{category.pk}-2022": "x"}
    refused = client.post(page, data)
    assert set(refused.context["form"].errors) == {f"c{category.pk}-2022"}
    data |= {f"c{category.pk}-2022": ""}
    assert set(client.post(page, data).context["form"].errors) == {"decision"}
    assert client.post(page, data | {"decision": "QĐ 5/QĐ-SNV", "decided_on": "1/2/21"}).status_code == 302
    assert YearTarget.objects.get().target == 1200
    stale = client.post(page, data | {"decision": "QĐ 6/QĐ-SNV", f"c{category.pk}-2023": "9"})
    assert stale.status_code == 200
    assert YearTarget.objects.count() == 1


def test_a_whole_target_beside_its_years_is_told(category, cast, sign_in):
    decide(category, {2021: 40, 2022: 50}, by=cast.approver)
    Quota.objects.create(category=category, target=100, unit="attendances")
    (line,) = summary_lines(category.scheme)
    assert line.attainment.target == 100
    page = sign_in(cast.approver).get(f"/dao-tao/de-an/{category.scheme.code}/chi-tieu-nam/").content.decode()
    assert "100" in page
    assert "90" in page
    assert "notice-line warning" in page


def test_the_page_by_year_asks_as_often_for_many_rows(category, cast, sign_in, django_assert_max_num_queries):
    client, page = sign_in(cast.leader), f"/dao-tao/de-an/{category.scheme.code}/theo-nam/"
    decide(category, dict.fromkeys(range(2021, 2026), 5), by=cast.approver)
    for number in range(12):
        make_course(make_category(category.scheme), cast.inspector, held_to=datetime.date(2021 + number % 5, 1, 9))
    with django_assert_max_num_queries(8):
        assert client.get(page).status_code == 200


def test_the_scheme_of_the_report_has_no_years(cast, sign_in):
    page = sign_in(cast.leader).get("/dao-tao/de-an/02-2014/theo-nam/").content.decode()
    assert "<table" not in page


def test_targets_are_not_set_on_a_form_that_is_stale(category, cast):
    made_on = digest_of_targets(category.scheme)
    decide(category, {2021: 40}, by=cast.approver)
    with pytest.raises(Refused):
        decide(category, {2022: 50}, LATER, made_on=made_on, by=cast.approver)
