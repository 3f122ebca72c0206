"""A bar lowers the band of a unit everywhere alike, and every paper says which answer did it."""

import uuid
from decimal import Decimal

import pytest
from django.urls import reverse

from archiveportal.accounts.models import Role
from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.queries.bars import bars_that_lower
from criteria.inspections.services import Change, approve_inspection, save_results
from criteria.models import Band, Bar, BarCondition
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
from tests.support.factories import enrol, make_round, make_user, make_ward, submit_signed
from tests.support.mixed_sets import make_mixed_set
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
    # Châu lacks both as well, and its points alone give the lowest band.
    return plant_round(criteria_set, {"An": {3, 4, 5}, "Bình": {1, 3, 4, 5}, "Châu": {5}})


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
    pages = {
        name: [
            client.get(reverse(address, args=[enrolment.ward_id if address == "wards:detail" else enrolment.pk]))
            for address in ("inspections:checklist", "wards:detail", "inspections:result-sheet")
        ]
        for name, enrolment in barred.enrolments.items()
    }
    for name, shown in pages.items():
        assert ["Xếp loại bị giới hạn" in page.content.decode() for page in shown] == [name == "An"] * 3
    page = client.get(reverse("reports:units", args=[barred.round.code])).content.decode()
    assert page.count("Khá</span>") == 1


def test_a_set_without_bars_is_asked_for_them_alone(django_assert_num_queries):
    planted = plant_round(plant_set("khong-liet", [1, 1], BANDS), {"An": {1}})
    with django_assert_num_queries(1):
        assert bar_reasons(EVERYTHING, planted.round) == {}


@pytest.mark.parametrize(
    ("points", "held_at", "named"),
    [
        # A bar at the band of the score, or above it, lowers nothing.
        (90, ["Tốt"], []),
        (60, ["Tốt", "Khá"], []),
        (40, ["Yếu", "Khá"], []),
        # Of several the lowest binds, each of those at it.
        (90, ["Khá", "Yếu"], ["Yếu"]),
        (90, ["Yếu", "Khá", "Yếu"], ["Yếu", "Yếu"]),
        (60, ["Khá", "Yếu", "Tốt"], ["Yếu"]),
    ],
)
def test_only_bars_that_bind_are_named(points, held_at, named):
    bands = {label: Band(label=label, lower_percent=lower, upper_percent=upper) for label, lower, upper in BANDS}
    true_bars = [Bar(highest_band=bands[label]) for label in held_at]
    binding = bars_that_lower(true_bars, bands.values(), points=Decimal(points), maximum=Decimal(100))
    assert [bar.highest_band.label for bar in binding] == named


def test_the_page_of_a_unit_names_options_that_bar(client):
    """10,5 of 20 points are half of them: the first leaf that is not met and the last option hold the unit below."""
    inspection_round = make_round(make_mixed_set())
    criteria = {each.code: each for each in inspection_round.criteria_set.criteria.all()}
    inspector = make_user(Role.INSPECTOR)
    enrolment = enrol(inspection_round, make_ward(None, "An"))
    answers = {
        "MET": {"outcome": "not_met", "note": "Chưa"},
        "CHOICE": {"option": criteria["CHOICE"].options.last().pk},
        "RATIO": {"number": Decimal(5), "of_number": Decimal(5)},
        "MEASURE": {"number": Decimal(20)},
        "DATE": {"day": criteria["DATE"].deadline},
        "PART1": {"number": Decimal("0.2")},
        "PART2": {"number": Decimal("2.8")},
        "MINUS": {"outcome": "met"},
        "PLUS": {"outcome": "met"},
    }
    inspection = enrolment.inspection
    changes = [Change(criteria[code], 0, values) for code, values in answers.items()]
    save_results(inspection=inspection, changes=changes, by=inspector, submission_id=uuid.uuid4())
    inspection.refresh_from_db()
    assert inspection.score == Decimal("10.5")
    submit_signed(inspection=inspection, by=inspector)
    approve_inspection(inspection=inspection, by=make_user(Role.APPROVER))
    reason = (
        "Xếp loại bị giới hạn ở mức “Dưới 50%” vì tiêu chí “Nội dung MET” chưa đạt "
        "và tiêu chí “Nội dung CHOICE” được chọn là “Không có”."
    )
    client.force_login(make_user(Role.LEADERSHIP))
    addresses = [
        reverse("inspections:checklist", args=[enrolment.pk]),
        reverse("wards:detail", args=[enrolment.ward_id]),
        reverse("inspections:result-sheet", args=[enrolment.pk]),
    ]
    for address in addresses:
        assert reason in client.get(address).content.decode().replace("\u00a0", " ")
    in_report = (
        "Điểm liệt: “Nội dung MET” chưa đạt và “Nội dung CHOICE” được chọn là “Không có” nên cao nhất là mức “Dưới 50%”"
    )
    assert bar_reasons(EVERYTHING, inspection_round) == {enrolment.pk: in_report}
