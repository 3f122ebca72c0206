"""Absolute figures of a round whose keys, places, numbers and maxima all differ."""

import re
import uuid
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from archiveportal.refusal import Refused
from criteria.inspections.models import Enrolment
from criteria.inspections.queries.areas import division
from criteria.inspections.queries.findings import failing_again
from criteria.inspections.queries.units import last_time
from criteria.inspections.services import Change, save_answer, save_results
from criteria.inspections.services.sending import Sent
from criteria.models import CriteriaSet
from reports.dashboard.charts.criteria import heat, least_met
from reports.dashboard.charts.picture import Size
from reports.dashboard.data import Dashboard, ranked
from reports.documents import report_file
from reports.results.bands import band_counts
from reports.results.comparison import compare
from reports.results.criteria import criterion_counts
from reports.results.districts import district_scores, totals_by_district
from reports.results.rows import visible_enrolments
from reports.results.table import summary
from reports.results.trend import trend
from tests.support.books import download, numbered_rows, values
from tests.support.factories import make_user
from tests.support.papers import grid
from tests.support.papers import opened as opened_document
from tests.support.uneven_round import UnevenRound, make_uneven_round
from tests.support.used_sets import change_used_set

pytestmark = pytest.mark.django_db

CELLS_BY_WARD = {
    "Phường An": ["met", 3, "met", "not_met", "not_met"],
    "Phường Bình": ["not_met", 4, "not_applicable", "met", "met"],
    "Phường Châu": ["", None, "", "", ""],
    "Phường Dương": ["not_met", 50, "met", "", ""],
    "Phường Én": ["met", None, "not_applicable", "not_applicable", "not_applicable"],
}
#: of a column: met, not met, not applicable; of the fact: how many gave it, and their sum
COUNTS_OF_ALL = [(2, 1, 0), (2, 7), (1, 0, 2), (1, 1, 1), (1, 1, 1)]
COUNTS_OF_DISTRICT_ONE = [(1, 1, 0), (2, 7), (1, 0, 1), (1, 1, 0), (1, 1, 0)]
COUNTS_OF_NOBODY = [(0, 0, 0), (0, None), (0, 0, 0), (0, 0, 0), (0, 0, 0)]
COUNTS_OF_EN = [(1, 0, 0), (0, None), (0, 0, 1), (0, 0, 1), (0, 0, 1)]


@pytest.fixture
def uneven(db) -> UnevenRound:
    return make_uneven_round()


def count_columns(counts) -> list[tuple]:
    return [
        (each.met, each.not_met, each.not_applicable) if each.criterion.has_outcome else (each.facts, each.fact_sum)
        for each in counts
    ]


def address_of(name: str, uneven: UnevenRound, *more: str) -> str:
    return reverse(f"reports:{name}", args=[uneven.round.code, *more])


def test_no_two_numbers_of_the_round_coincide(uneven):
    keys = {enrolment.pk: enrolment.position for enrolment in uneven.enrolments.values()}
    # The keys of PostgreSQL go on from the test before, so that one or two may coincide after all.
    assert sum(key == position for key, position in keys.items()) <= 2
    assert sorted(keys) != sorted(keys, key=keys.get)
    criteria = list(uneven.round.criteria_set.criteria.filter(has_outcome=True))
    assert len({each.number for each in criteria if each.number == each.position}) == 1
    assert [each.pk for each in criteria] != sorted(each.pk for each in criteria)
    maxima = visible_enrolments(EVERYTHING, uneven.round).values_list("standing_maximum", flat=True)
    assert list(maxima) == [4, 3, 10, None, 1]


@pytest.mark.parametrize("part", [None, slice(0, 2), slice(1, 3), slice(3, 5)])
def test_each_part_of_the_table_shows_the_answers_of_its_wards(uneven, part):
    rows = list(summary(uneven.inspector, uneven.round).rows(part))
    expected = list(CELLS_BY_WARD.items())[part or slice(None)]
    assert [(row.ward, row.cells) for row in rows] == expected


def test_every_page_of_the_summary_table_shows_the_answers_of_its_wards(uneven, sign_in, monkeypatch):
    monkeypatch.setattr("reports.rounds.views.PER_PAGE", 2)
    client, shown = sign_in(uneven.inspector), {}
    for page in (1, 2, 3):
        response = client.get(address_of("summary", uneven), {"page": page})
        shown |= {line.row.ward: line.row.cells for line in response.context["lines"]}
    assert shown == CELLS_BY_WARD


def test_scores_have_their_own_maximum_and_percent(uneven):
    rows = {row.ward: row for row in summary(EVERYTHING, uneven.round).rows()}
    figures = {name: (row.score, row.maximum, row.percent) for name, row in rows.items()}
    assert figures == {
        "Phường An": (2, 4, 50),
        "Phường Bình": (2, 3, 67),
        "Phường Châu": (1, 10, 10),
        "Phường Dương": (None, None, None),
        "Phường Én": (1, 1, 100),
    }
    assert rows["Phường Én"].area == "" and rows["Phường Dương"].band is None


def test_totals_count_what_the_filter_leaves(uneven, sign_in):
    client, first = sign_in(uneven.inspector), uneven.districts[0]
    expected = {
        "": (COUNTS_OF_ALL, 5, 4, Decimal(6)),
        f"?district={first.pk}": (COUNTS_OF_DISTRICT_ONE, 2, 2, Decimal(4)),
        f"?district={uneven.districts[1].pk}": (COUNTS_OF_NOBODY, 2, 1, Decimal(1)),
        "?q=en": (COUNTS_OF_EN, 1, 1, Decimal(1)),
    }
    for query, (columns, enrolled, scored, points) in expected.items():
        table = client.get(address_of("summary", uneven) + query).context["table"]
        scores = table.scores
        assert (scores.enrolled, scores.scored, scores.points) == (enrolled, scored, points), query
        assert count_columns(table.totals) == columns, query


def test_totals_of_the_workbook_count_what_the_filter_leaves(uneven, sign_in):
    client, first = sign_in(uneven.inspector), uneven.districts[0]
    address = address_of("summary-workbook", uneven)
    expected = {
        "": ([2, 7, 1, 1, 1, 6], [3, 2, 3, 3, 3]),
        f"?district={first.pk}": ([1, 7, 1, 1, 1, 4], [2, 2, 2, 2, 2]),
        "?q=en": ([1, None, 0, 0, 0, 1], [1, 0, 1, 1, 1]),
    }
    for query, (totals, assessed) in expected.items():
        rows = values(download(client, address + query))
        place = next(place for place, row in enumerate(rows) if row[0] == "Cộng")
        assert rows[place][3:9] == totals, query
        assert rows[place + 1][3:8] == assessed, query


def test_the_workbook_has_the_marks_of_each_ward(uneven, sign_in):
    rows = numbered_rows(download(sign_in(uneven.inspector), address_of("summary-workbook", uneven)))
    assert [[row[0], row[1], *row[3:9]] for row in rows] == [
        [3, "Phường An", 1, 3, 1, 0, 0, 2],
        [5, "Phường Bình", 0, 4, "KAD", 1, 1, 2],
        [6, "Phường Châu", None, None, None, None, None, 1],
        [8, "Phường Dương", 0, 50, 1, None, None, "đạt 1, còn 2"],
        [9, "Phường Én", 1, None, "KAD", "KAD", "KAD", 1],
    ]


def test_counts_by_criterion_are_of_the_wards_chosen(uneven):
    chosen = Enrolment.objects.filter(ward__district=uneven.districts[0])
    assert count_columns(criterion_counts(EVERYTHING, uneven.round)) == COUNTS_OF_ALL
    counts = criterion_counts(EVERYTHING, uneven.round, chosen.filter(round=uneven.round))
    assert count_columns(counts) == COUNTS_OF_DISTRICT_ONE
    assert [each.open for each in counts] == [0, 0, 0, 0, 0]
    percents = [each.percent for each in criterion_counts(EVERYTHING, uneven.round)]
    assert percents == [Decimal("66.67"), None, 100, 50, 50]


def test_assessed_means_one_thing_everywhere(uneven, sign_in):
    """TC02 of five wards: met in one, not applicable in two, open in two. Three are assessed, and it applies to one."""
    client = sign_in(uneven.leader)
    page = client.get(address_of("criterion", uneven, "TC02")).content.decode()
    assert "đạt: 1/1; đã đánh giá 3/5 đơn vị" in page
    overview = client.get(address_of("criteria", uneven)).content.decode()
    row = overview.partition(">TC02</a>")[2].partition("</tr>")[0]
    assert re.findall(r'data-label="([^"]+)"', row) == [
        "Đạt", "Chưa đạt", "Chưa đánh giá", "Không áp dụng", "Tỷ lệ đạt trên số đơn vị áp dụng",
    ]  # fmt: skip
    assert re.findall(r">([\d,%/]+)<", row) == ["1", "0", "2", "2", "100,00%", "1/1"]
    book = download(client, address_of("round-workbook", uneven, "tieu-chi"))
    in_workbook = next(row for row in numbered_rows(book) if row[1] == "TC02")
    # Met, not met, not applicable, open; assessed; the percent.
    assert in_workbook[2:8] == [1, 0, 2, 2, 3, 100]
    report = report_file(user=EVERYTHING, subject=uneven.round)
    tables = [grid(report, place) for place in range(len(opened_document(report).tables))]
    in_word = next(row for row in chain.from_iterable(tables) if row[1] == "TC02")
    assert in_word[2:] == ["3", "1", "0", "2", "100%"]
    picture = least_met(Dashboard(EVERYTHING, uneven.round), Size(480, 300))
    assert picture.headings[1:] == ["Đạt", "Chưa đạt", "Không áp dụng", "Tỷ lệ đạt trên số đơn vị áp dụng"]
    assert [[cell.text for cell in row[1:]] for row in picture.rows] == [
        ["1", "1", "1", "50,00%"],
        ["1", "1", "1", "50,00%"],
        ["2", "1", "0", "66,67%"],
    ]


def test_a_district_where_a_criterion_applies_nowhere_is_assessed(uneven, monkeypatch):
    monkeypatch.setattr(Dashboard, "heat_is_of_wards", False)
    picture = heat(Dashboard(EVERYTHING, uneven.round), Size(900, 300))
    without_district = next(row for row in picture.rows if row[0].text == "Đơn vị không thuộc quận, huyện")
    assert [cell.text for cell in without_district[1:5]] == ["1/1", *["Không áp dụng"] * 3]
    assert picture.legend[-2:] == [("hatch", "Chưa đánh giá"), ("not_applicable", "Không áp dụng")]


def test_the_blank_checklist_has_a_column_for_each_answer_of_its_set(uneven, sign_in):
    page = sign_in(uneven.inspector).get(reverse("inspections:blank", args=[uneven.enrolments["Dương"].pk]))
    assert "".join(page.content.decode().split()).count("<th>Khôngápdụng</th>") == 1


def test_districts_have_their_own_totals(uneven):
    scores = {
        each.district and each.district.name: (each.enrolled, each.scored, each.points, each.average)
        for each in district_scores(EVERYTHING, uneven.round)
    }
    assert scores == {"Một": (2, 2, 4, 2), "Hai": (2, 1, 1, 1), None: (1, 1, 1, 1)}
    totals = {
        each.district and each.district.name: count_columns(each.counts)
        for each in totals_by_district(summary(EVERYTHING, uneven.round))
    }
    assert totals == {"Một": COUNTS_OF_DISTRICT_ONE, "Hai": COUNTS_OF_NOBODY, None: COUNTS_OF_EN}
    only_first = Enrolment.objects.filter(ward__name="Bình")
    (narrowed,) = totals_by_district(summary(EVERYTHING, uneven.round, only_first))
    assert count_columns(narrowed.counts) == [(0, 1, 0), (1, 4), (0, 0, 1), (1, 0, 0), (1, 0, 0)]
    assert (narrowed.scores.enrolled, narrowed.scores.points) == (1, 2)


def test_bands_compare_shares_and_not_points(uneven):
    counts = band_counts(EVERYTHING, uneven.round)
    upper, lower = counts.bands
    assert [each.ward.name for each in upper.enrolments] == ["An", "Bình", "Én"]
    assert [each.ward.name for each in lower.enrolments] == ["Châu"]
    assert [each.ward.name for each in counts.unscored] == ["Dương"]
    assert (upper.published, lower.published) == (0, 1)
    assert (upper.bounds, upper.maximum) == (None, 4)
    assert (counts.scored, counts.enrolled) == (4, 5)
    rows = visible_enrolments(EVERYTHING, uneven.round)
    assert [each.ward.name for each in rows.in_band(upper.band)] == ["An", "Bình", "Én"]
    assert [each.ward.name for each in rows.in_band(lower.band)] == ["Châu"]


@pytest.mark.parametrize("column", ["score", "percent"])
def test_wards_are_sorted_by_the_share_of_their_own_maximum(uneven, sign_in, column):
    address = reverse("inspections:round", args=[uneven.round.code])
    page = sign_in(uneven.leader).get(address, {"sort": f"-{column}", "scored": "1"})
    shares = [row.record.standing_ratio for row in page.context["table"].rows]
    assert sorted(filter(None, shares), reverse=True) == pytest.approx([1, 2 / 3, 0.5, 0.1])
    names = [row.record.ward.name for row in page.context["table"].rows if row.record.standing_score]
    assert names == ["Én", "Bình", "An", "Châu"]


def test_the_wards_behind_an_answer_are_those_counted(uneven, sign_in):
    client = sign_in(uneven.inspector)
    expected = {
        ("TC01", "met"): ["An", "Én"],
        ("TC01", "not_met"): ["Bình"],
        ("TC02", "not_applicable"): ["Bình", "Én"],
        ("TC04", "met"): ["Bình"],
        ("TC03", "open"): ["Châu", "Dương"],
    }
    for (code, answer), names in expected.items():
        page = client.get(address_of("criterion", uneven, code), {"answer": answer})
        assert [row.record.ward.name for row in page.context["table"].rows] == names, (code, answer)
        query = {"criterion": code, "answer": answer}
        page = client.get(address_of("units", uneven), query)
        assert [row.record.ward.name for row in page.context["table"].rows] == names, (code, answer)


def test_a_district_sees_its_own_figures_alone(uneven):
    person = make_user(Role.DISTRICT, district=uneven.districts[0])
    assert count_columns(summary(person, uneven.round).totals) == COUNTS_OF_DISTRICT_ONE
    assert [row.position for row in summary(person, uneven.round).rows()] == [3, 5]
    assert summary(person, uneven.round).scores.points == 4
    dashboard = Dashboard(person, uneven.round)
    assert (dashboard.enrolled, dashboard.approved, dashboard.average) == (2, 2, 2)


def test_the_dashboard_counts_by_each_maximum(uneven):
    dashboard = Dashboard(EVERYTHING, uneven.round)
    assert dashboard.distribution == {(1, 1): 1, (1, 10): 1, (2, 3): 1, (2, 4): 1}
    first, second = (band.pk for band in dashboard.bands)
    assert dashboard.by_band == {first: 3, second: 1}
    assert (dashboard.average, dashboard.approved, dashboard.maximum) == (Decimal("1.50"), 3, 4)
    assert [each.criterion.code for each in dashboard.least_met] == ["TC03", "TC04", "TC01"]
    one = Dashboard(EVERYTHING, uneven.round, district_id=uneven.districts[0].pk)
    assert count_columns(one.criteria) == [each for each in COUNTS_OF_DISTRICT_ONE if len(each) == 3]
    ranks = [(place.title, place.rank) for place in ranked(one.places)]
    assert ranks == [("Phường Bình", 1), ("Phường An", 2)]


def test_the_years_show_points_of_what_could_be_reached(uneven):
    earlier, later = trend(EVERYTHING)
    assert (earlier.points, earlier.maximum, earlier.percent) == (5, 8, 63)
    assert (later.points, later.maximum, later.percent) == (6, 18, 33)
    (first, now) = trend(EVERYTHING, division(EVERYTHING, uneven.round), uneven.districts[0].pk)
    assert (first.points, first.maximum, first.percent) == (1, 4, 25)
    assert (now.points, now.maximum, now.percent) == (4, 7, 57)


def test_rounds_of_two_sets_are_compared_by_score_alone(uneven):
    comparison = compare(EVERYTHING, uneven.round, uneven.other_round)
    assert comparison.criteria == []
    (an,) = comparison.in_both.wards
    assert (an.row.ward, an.difference) == ("Phường An", 1)
    assert comparison.in_both.percents == (25, 50)


def test_a_round_is_not_compared_with_itself(uneven):
    with pytest.raises(ValueError, match="a comparison needs two"):
        compare(EVERYTHING, uneven.round, type(uneven.round).objects.get(pk=uneven.round.pk))


def test_the_answer_of_another_set_is_no_earlier_answer(uneven):
    assert last_time(uneven.enrolments["An"]) == {}
    assert list(failing_again(uneven.inspector, uneven.round)) == []
    # A version of the same set, with its criteria under the same codes, is compared.
    change_used_set(uneven.other_round.criteria_set, code=uneven.round.criteria_set.code, version=7)
    again = [result.criterion.code for result in failing_again(uneven.inspector, uneven.round)]
    assert again == ["TC03"]
    compared = compare(EVERYTHING, uneven.round, CriteriaSet.objects.get(version=7).rounds.get())
    figures = {each.after.criterion.code: (each.both, each.met_before, each.met_after) for each in compared.criteria}
    assert figures == {"TC01": (1, 0, 1), "TC02": (1, 0, 1), "TC03": (1, 0, 0), "TC04": (1, 1, 0)}


def test_an_answer_to_another_set_is_not_taken(uneven):
    foreign = uneven.other_round.criteria_set.criteria.get(code="TC03")
    inspection = uneven.enrolments["Dương"].inspection
    values_of_answer = {"outcome": "met", "number": None, "text": "", "note": ""}
    with pytest.raises(Refused, match="không thuộc bộ tiêu chí"):
        save_results(
            inspection=inspection,
            changes=[Change(foreign, 0, values_of_answer)],
            by=uneven.inspector,
            submission_id=uuid.uuid4(),
        )
    sent = Sent(
        code="TC03",
        criteria_set=foreign.criteria_set_id,
        base_version=0,
        submission_id=uuid.uuid4(),
        made_at=timezone.now(),
        typed={"outcome": "met", "note": ""},
    )
    received = save_answer(
        pk=uneven.enrolments["Dương"].pk,
        sent=sent,
        by=uneven.inspector,
        via="page",
    )
    assert (received.state, received.kept.reason, received.kept.criterion) == ("kept", "replaced", foreign)
    assert not inspection.results.filter(criterion__code="TC03").exists()
