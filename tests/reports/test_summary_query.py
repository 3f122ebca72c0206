"""The one query behind page, workbook and figures."""

from decimal import Decimal
from itertools import chain

import pytest
from django.utils import timezone

from archiveportal.accounts.scope import EVERYTHING
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.results.bands import band_counts
from reports.results.criteria import criterion_counts
from reports.results.districts import district_scores
from reports.results.table import summary
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed

HEADINGS = [
    "Ban hành KH", "Triển khai KH", "Ban hành Quy chế", "Ban hành BTH BQ", "Ban hành DM HS", "Số lượng",
    "Trình độ CM", "Trình độ VTLT", "Chỉ đạo lập HS công việc", "Giải quyết chế độ PC", "Kiểm tra thể thức",
    "Mở sổ QL VB theo TT07", "Ứng dụng CNTT quản lý VB (xuất sổ)", "Lập HS công việc (đầy đủ)",
    "Giao nộp HS vào lưu trữ cơ quan (đầy đủ)", "Có Kho", "PCCC", "Quạt thông gió", "Nội quy", "Sổ khai thác",
    "Giá, kệ (có đầy đủ)", "Hộp (có đầy đủ)", "Thu thập HS vào lưu trữ cơ quan (đầy đủ)", "Đã chỉnh lý tài liệu",
]  # fmt: skip


@pytest.fixture
def pilot(baseline) -> Round:
    return Round.objects.get(code="gd1-2019")


def test_columns_stand_in_printed_order_under_two_headers(pilot):
    table = summary(EVERYTHING, pilot)
    assert [criterion.heading for criterion in table.columns] == HEADINGS
    spans = {group.title: len(group.criteria) for group in table.head if group.title}
    assert spans == {"Nhân sự làm công tác VTLT": 3, "Kho Lưu trữ": 5}
    assert list(chain.from_iterable(group.criteria for group in table.head)) == table.columns


def test_published_scores_stand_and_open_cells_stay_open(pilot):
    rows = list(summary(EVERYTHING, pilot).rows())
    assert [row.position for row in rows] == list(range(1, 27))
    assert sum(row.score for row in rows) == 308
    tan_quy = rows[15]
    assert (tan_quy.ward, tan_quy.is_published, tan_quy.score) == ("Phường Tân Quý", False, 23)
    assert tan_quy.cells.count("met") == 23 and tan_quy.cells[5] is None
    tan_dinh = rows[0]
    assert tan_dinh.is_published and tan_dinh.percent == 48 and set(tan_dinh.cells) == {"", None}
    assert tan_dinh.personnel == "CN Luật | 0 | 0"


def test_an_open_criterion_is_nowhere_counted_as_not_met(pilot):
    counts = [count for count in criterion_counts(EVERYTHING, pilot) if count.criterion.is_counted]
    assert {(count.met, count.not_met, count.open, count.assessed) for count in counts} == {(1, 0, 25, 1)}
    assert {count.percent for count in counts} == {Decimal(100)}
    scores = summary(EVERYTHING, pilot).scores
    assert (scores.average, scores.scored, scores.enrolled) == (Decimal("11.85"), 26, 26)


def test_bands_hold_1_9_and_16_wards(pilot):
    counts = band_counts(EVERYTHING, pilot)
    assert [(found.count, found.bounds) for found in counts.bands] == [(1, (23, 23)), (9, (12, 22)), (16, (0, 11))]
    assert counts.unscored == [] and counts.enrolled == 26


def test_districts_name_their_coverage(pilot):
    found = {score.district.title: score for score in district_scores(EVERYTHING, pilot)}
    assert len(found) == 18
    can_gio = found["Huyện Cần Giờ"]
    assert (can_gio.enrolled, can_gio.scored, can_gio.ward_count) == (5, 5, 7)
    assert can_gio.average == Decimal("11.40")  # (15 + 11 + 13 + 6 + 12) / 5


def test_a_ward_without_a_score_is_no_zero(cast):
    inspection_round = make_round(make_set(4))
    scored, unscored = (enrol(inspection_round, make_ward(make_district())) for _ in range(2))
    answer(scored, cast.inspector, "met")
    submit_signed(inspection=scored.inspection, by=cast.inspector)
    approve_inspection(inspection=scored.inspection, by=cast.approver)
    answer(unscored, cast.inspector, {1: "met", 2: "not_met"})
    scores = summary(EVERYTHING, inspection_round).scores
    assert (scores.average, scores.scored, scores.enrolled) == (Decimal("4.00"), 1, 2)
    counts = band_counts(EVERYTHING, inspection_round)
    assert [found.count for found in counts.bands] == [1, 0]
    assert [row.pk for row in counts.unscored] == [unscored.pk]
    row = list(summary(cast.inspector, inspection_round).rows())[1]
    assert (row.score, row.percent, row.band, row.met, row.open) == (None, None, None, 1, 2)


def test_drafts_are_for_those_who_work_on_them(cast):
    inspection_round = make_round(make_set(4))
    enrolment = enrol(inspection_round, make_ward(cast.quan10.district))
    answer(enrolment, cast.inspector, {1: "met", 2: "not_met"})
    for user in (cast.leader, cast.quan10):
        (row,) = summary(user, inspection_round).rows()
        assert (row.cells, row.met, row.status) == (["", "", "", ""], None, "")
        assert {count.assessed for count in summary(user, inspection_round).totals} == {0}
    (row,) = summary(cast.inspector2, inspection_round).rows()
    assert (row.cells, row.met, row.open) == (["met", "not_met", "", ""], 1, 2)


def test_facts_are_added_up_beside_their_coverage(cast, pilot):
    criterion = pilot.criteria_set.criteria.get(code="TT01")
    for position, people in ((1, 2), (2, 3)):
        inspection = Enrolment.objects.get(round=pilot, position=position).inspection
        answer(inspection.enrolment, cast.inspector, "met")
        inspection.results.create(criterion=criterion, number=people, changed_at=timezone.now())
        submit_signed(inspection=inspection, by=cast.inspector)
        approve_inspection(inspection=inspection, by=cast.approver)
    count = summary(EVERYTHING, pilot).totals[5]
    assert (count.total, count.assessed, count.open) == (5, 2, 24)
    assert next(summary(EVERYTHING, pilot).rows()).cells[5] == 2


def test_a_narrowed_table_keeps_to_the_scope(cast, pilot):
    everyone = Enrolment.objects.filter(round=pilot)
    assert [row.position for row in summary(cast.quan10, pilot, everyone).rows()] == [10, 11, 12]
    assert [row.position for row in summary(cast.thanhan, pilot).rows()] == [22]
    assert list(summary(cast.administrator, pilot).rows()) == []


def test_three_queries_however_many_rows(baseline, django_assert_num_queries):
    for wards in (10, 40):
        inspection_round = make_round(make_set(4))
        for _ in range(wards):
            enrol(inspection_round, make_ward(make_district()))
        table = summary(EVERYTHING, inspection_round)
        assert table.columns and table.bands
        # The wards, their answers, the areas that they lie in.
        with django_assert_num_queries(3):
            assert len(list(table.rows())) == wards
