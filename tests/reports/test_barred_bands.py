"""A bar lowers the band of a unit everywhere alike, and every paper says which answer did it."""

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from criteria.models import Bar, BarCondition
from reports.dashboard.data import Dashboard
from reports.documents import report_file
from reports.results.bands import band_counts, band_totals
from reports.results.bars import bar_reasons
from reports.results.districts import district_scores
from reports.results.rows import visible_enrolments
from reports.results.table import summary
from reports.workbooks.catalogue import ROUND_KINDS, Choices
from reports.workbooks.form import Reader
from tests.reports.test_any_set import text_of
from tests.support.books import data_of
from tests.support.papers import words
from tests.support.planted_sets import plant_round, plant_set

pytestmark = pytest.mark.django_db

BANDS = [("Tốt", 80, None), ("Khá", 50, 80), ("Yếu", 0, 50)]


@pytest.fixture
def barred(db):
    """Five points: An has 4 (Tốt) but not the first two, so that it is Khá at best; Bình lacks one of them alone."""
    criteria_set = plant_set("diem-liet", [1, 1, 8, 8, 8], BANDS)
    first, second = criteria_set.criteria.order_by("position")[:2]
    bar = Bar(criteria_set=criteria_set, position=1, highest_band=criteria_set.bands.get(label="Khá"))
    bar.save()
    for leaf in (first, second):
        BarCondition(criteria_set=criteria_set, bar=bar, criterion=leaf, outcome="not_met").save()
    return plant_round(criteria_set, {"An": {3, 4, 5}, "Bình": {1, 3, 4, 5}, "Châu": {1}})


EXPECTED = {"Tốt": ["Bình"], "Khá": ["An"], "Yếu": ["Châu"]}


def test_every_reader_takes_the_worse_band(barred):
    counts = band_counts(EVERYTHING, barred.round)
    assert {each.band.label: [row.ward.name for row in each.enrolments] for each in counts.bands} == EXPECTED
    totals = band_totals(EVERYTHING, barred.round, named=60)
    assert {each.band.label: [row.ward.name for row in each.enrolments] for each in totals.bands} == EXPECTED
    rows = {row.ward: row.band.label for row in summary(EVERYTHING, barred.round).rows()}
    assert rows == {"Phường An": "Khá", "Phường Bình": "Tốt", "Phường Châu": "Yếu"}
    enrolled = visible_enrolments(EVERYTHING, barred.round)
    for band in barred.round.criteria_set.bands.all():
        assert [row.ward.name for row in enrolled.in_band(band)] == EXPECTED[band.label]
    by_band = sum(
        (score.by_band for score in district_scores(EVERYTHING, barred.round)),
        start=type(district_scores(EVERYTHING, barred.round)[0].by_band)(),
    )
    assert sorted(by_band.values()) == [1, 1, 1]
    assert Dashboard(EVERYTHING, barred.round).by_band == by_band


def test_the_answers_that_barred_are_named(client, barred):
    reason = "“Nội dung kiểm tra thứ 1” chưa đạt và “Nội dung kiểm tra thứ 2” chưa đạt nên cao nhất là mức “Khá”"
    reasons = bar_reasons(EVERYTHING, barred.round)
    assert reasons == {barred.enrolments["An"].pk: f"Điểm liệt: {reason}"}
    for kind in ("bands", "summary"):
        book = ROUND_KINDS[kind].write(Reader(EVERYTHING), barred.round, Choices())
        assert reason in text_of(data_of(book))
    text = words(report_file(user=barred.leader, subject=barred.round))
    assert f"(đạt 24/26 điểm): Điểm liệt: {reason}." in text
    client.force_login(barred.leader)
    page = client.get(reverse("reports:units", args=[barred.round.code])).content.decode()
    assert page.count("Khá</span>") == 1


def test_a_set_without_bars_is_asked_for_them_alone(django_assert_num_queries):
    planted = plant_round(plant_set("khong-liet", [1, 1], BANDS), {"An": {1}})
    with django_assert_num_queries(1):
        assert bar_reasons(EVERYTHING, planted.round) == {}
