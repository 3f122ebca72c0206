"""The sums of every workbook are the figures of its page, as values."""

import datetime
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.office.kept import forget_rows
from archiveportal.roman import roman, roman_value
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.documents import report_file
from reports.frozen.figures import figures_of
from reports.workbooks import Reader
from reports.workbooks.catalogue import ROUND_KINDS, SCHEME_KINDS, Choices
from reports.workbooks.comparison import comparison_workbook
from tests.support.books import (
    data_of,
    download_data,
    first_row,
    has_formula,
    head_row,
    numbered_rows,
    opened,
    parts,
    sources,
    values,
    whole,
)
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed
from tests.support.papers import words
from training.models import Category, Course, Funding, Quota, Scheme, WorkforceCount


def approved(enrolment, cast, outcomes) -> None:
    answer(enrolment, cast.inspector, outcomes)
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)


@pytest.fixture
def inspection_round(cast) -> Round:
    """Two districts and a ward of none; five wards, four of them approved."""
    inspection_round = make_round(make_set(4), name="Đợt thử")
    quan, huyen = make_district("2"), make_district("Nhà Xa", kind="huyen", ward_count=7)
    wards = [make_ward(quan, "10"), make_ward(huyen, "Lớn"), make_ward(quan, "2"), make_ward(huyen, "Bé"), make_ward()]
    enrolments = [enrol(inspection_round, ward) for ward in wards]
    approved(enrolments[0], cast, {1: "met", 2: "met", 3: "met", 4: "met"})
    approved(enrolments[1], cast, {1: "met", 2: "not_met", 3: "not_met", 4: "not_met"})
    approved(enrolments[2], cast, {1: "met", 2: "met", 3: "not_met", 4: "not_met"})
    approved(enrolments[4], cast, {1: "not_met", 2: "met", 3: "not_met", 4: "not_met"})
    answer(enrolments[3], cast.inspector, {1: "met"})
    return inspection_round


def made(kind: str, inspection_round: Round, user=EVERYTHING, **choices) -> bytes:
    return data_of(ROUND_KINDS[kind].write(Reader(user), inspection_round, Choices(**choices)))


def of_scheme(kind: str, scheme: Scheme) -> bytes:
    return data_of(SCHEME_KINDS[kind].write(Reader(EVERYTHING), scheme))


def table_rows(data: bytes, sheet: int = 0) -> list[list]:
    found = whole(data).worksheets[sheet]
    return [list(row) for row in found.iter_rows(min_row=first_row(found), values_only=True)]


def test_subtotals_of_districts_add_up_to_the_totals(inspection_round):
    rows = table_rows(made("summary-by-district", inspection_round))
    sections = [row for row in rows if row[0] in ("I", "II", "III")]
    assert [row[1] for row in sections] == [
        "Quận 2 (2 đơn vị)",
        "Huyện Nhà Xa (2 đơn vị)",
        "Đơn vị không thuộc quận, huyện (1 đơn vị)",
    ]
    total = next(row for row in rows if row[0] == "Cộng")
    for column in range(3, 8):
        assert sum(row[column] or 0 for row in sections) == total[column]
    assert total[3:8] == [3, 3, 1, 1, 8]
    # Within a district the wards are numbered anew, in the order of the list.
    assert [(row[0], row[1]) for row in rows if isinstance(row[0], int)] == [
        (1, "Phường 10"),
        (2, "Phường 2"),
        (1, "Phường Lớn"),
        (2, "Phường Bé"),
        (1, next(row[1] for row in rows[::-1] if isinstance(row[0], int))),
    ]


def test_totals_are_those_of_the_pages(cast, sign_in, inspection_round):
    client = sign_in(cast.leader)
    page = client.get(reverse("reports:criteria", args=[inspection_round.code]))
    rows = numbered_rows(opened(made("criteria", inspection_round)))
    counts = [[c.met, c.not_met, c.not_applicable, c.open] for c in page.context["counts"]]
    coverage = f"Tính trên {page.context['approved']}/{page.context['counts'][0].enrolled} đơn vị trong đợt"
    sheet = opened(made("criteria", inspection_round))
    assert any(coverage in str(cell.value) for cell in chain.from_iterable(sheet.iter_rows()))
    assert [row[2:6] for row in rows] == counts
    assert [row[6] for row in rows] == [c.assessed for c in page.context["counts"]]
    assert [row[7] and Decimal(str(row[7])) for row in rows] == [c.percent for c in page.context["counts"]]

    page = client.get(reverse("reports:bands", args=[inspection_round.code])).context["counts"]
    rows = table_rows(made("bands", inspection_round))
    assert [row[2] for row in rows[: len(page.bands)]] == [band.count for band in page.bands]
    assert [row[2] for row in rows[len(page.bands) :][:3]] == [page.scored, len(page.unscored), page.enrolled]

    page = client.get(reverse("reports:districts", args=[inspection_round.code])).context["rows"]
    rows = numbered_rows(opened(made("districts", inspection_round)))
    shown = [[score.ward_count, score.enrolled, score.scored, score.average] for score, _ in page]
    assert [[*row[2:5], row[5] and Decimal(str(row[5]))] for row in rows] == shown
    assert [row[6:] for row in rows] == [[count for _, count in counts] for _, counts in page]


def test_districts_stand_by_kind_with_sums_of_their_wards(inspection_round):
    rows = table_rows(made("districts", inspection_round))
    assert [(row[0], row[1]) for row in rows[:6]] == [
        ("I", "Quận"), (1, "Quận 2"), ("II", "Huyện"), (1, "Huyện Nhà Xa"),
        ("III", "Đơn vị không thuộc quận, huyện"), (1, "Đơn vị không thuộc quận, huyện"),
    ]  # fmt: skip
    total = rows[6]
    assert total[1:5] == ["Cộng", None, 5, 4] and total[5] == 2


def test_districts_are_ranked_only_where_it_is_asked_for(cast, sign_in, inspection_round):
    client, address = (
        sign_in(cast.leader),
        reverse("reports:round-workbook", args=[inspection_round.code, "quan-huyen"]),
    )
    plain = opened(download_data(client, address))
    assert plain.cell(head_row(plain), 1).value == "STT"
    ranked = opened(download_data(client, f"{address}?xep-hang=1"))
    assert ranked.cell(head_row(ranked), 1).value == "Hạng"
    rows = numbered_rows(ranked)
    assert [row[0] for row in rows] == [1, 2, 2]
    assert [row[5] for row in rows] == [3, 1, 1]


def test_comparison_matches_units_and_carries_no_score_over(cast, inspection_round):
    later = make_round(inspection_round.criteria_set, name="Đợt sau", starts_on=datetime.date(2027, 1, 1),
                       ends_on=datetime.date(2027, 6, 1))  # fmt: skip
    first = inspection_round.enrolments.get(position=2)
    again, new = enrol(later, first.ward), enrol(later, make_ward(first.ward.district, "Mới"))
    approved(again, cast, {1: "met", 2: "met", 3: "met", 4: "not_met"})
    approved(new, cast, "met")
    data = made("comparison", later, other=inspection_round)
    rows = table_rows(data)
    assert [row[1] for row in rows if row[0] in ("I", "II", "III")] == [
        "Đơn vị có trong cả hai đợt: 1 đơn vị",
        "Chỉ có trong đợt sau: 1 đơn vị",
        "Chỉ có trong đợt trước: 4 đơn vị",
    ]
    both = rows[1]
    assert both[1] == "Phường Lớn" and both[3:] == [1, 4, 25, 3, 4, 75, 2]
    only = next(row for row in rows if row[1] == "Phường Mới")
    assert only[3:6] == [None] * 3 and only[9] is None
    assert data_of(comparison_workbook(Reader(EVERYTHING), inspection_round, later))[:2] == b"PK"
    first_criterion = numbered_rows(whole(data).worksheets[1])[0]
    # Of all wards 75% and 100%; the one ward that both rounds assessed met it both times.
    assert first_criterion[2:8] == [3, 4, 75, 2, 2, 100] and first_criterion[8:] == [1, 1, 1, 0]
    assert whole(data).sheetnames == ["Theo đơn vị", "Theo tiêu chí", "Biểu đồ", "Nguồn"]


def test_change_is_told_of_the_units_that_both_rounds_have_a_result_of(cast, inspection_round):
    """All units: 9 points of 4 against 7 of 2. The two in both rounds went from 1 and 2 to 3 and 2."""
    later = make_round(inspection_round.criteria_set, name="Đợt sau", starts_on=datetime.date(2027, 1, 1),
                       ends_on=datetime.date(2027, 6, 1))  # fmt: skip
    wards = {position: inspection_round.enrolments.get(position=position).ward for position in (1, 2, 3, 4)}
    approved(enrol(later, wards[2]), cast, {1: "met", 2: "met", 3: "met", 4: "not_met"})
    approved(enrol(later, wards[3]), cast, {1: "met", 2: "not_met", 3: "not_met", 4: "met"})
    approved(enrol(later, make_ward(wards[1].district, "Mới")), cast, "met")
    # Enrolled in both, with a result in one round at most.
    enrol(later, wards[1])
    approved(enrol(later, wards[4]), cast, "not_met")
    data = made("comparison", later, other=inspection_round)
    totals = {row[0]: row[3:] for row in table_rows(data) if isinstance(row[0], str)}
    of = "của 2 đơn vị có kết quả ở cả hai đợt"
    assert totals["Số đơn vị có kết quả của từng đợt"] == [4, None, None, 4, None, None, None]
    assert totals["Bình quân số tiêu chí đạt của từng đợt"] == [2, None, None, 2.25, None, None, None]
    assert totals["Số đơn vị có kết quả ở cả hai đợt"] == [2, None, None, 2, None, None, None]
    assert totals[f"Bình quân số tiêu chí đạt {of}"] == [1.5, None, None, 2.5, None, None, 1]
    assert totals[f"Tỷ lệ đạt (%) {of}; tăng, giảm theo điểm %"] == [None, None, 37.5, None, None, 62.5, 25]
    second = numbered_rows(whole(data).worksheets[1])[1]
    assert second[2:8] == [3, 4, 75, 2, 4, 50] and second[8:] == [2, 1, 1, 0]
    chart = values(whole(data)["Biểu đồ"])
    assert [f"Bình quân số tiêu chí đạt {of}"] in [[row[0]] for row in chart]
    assert [row[:2] for row in chart if row[0] in (inspection_round.name, later.name)] == [
        ["Đợt thử", 1.5],
        ["Đợt sau", 2.5],
    ]


def test_changes_are_those_of_the_exact_shares(cast):
    """From 2/3 to 1/3 is -33,33 points, in the averages (5/3 to 4/3) and at every criterion alike."""
    criteria_set = make_set(2)
    earlier, later = make_round(criteria_set), make_round(criteria_set, name="Đợt sau")
    before = [{1: "met", 2: "met"}, {1: "met", 2: "met"}, {1: "not_met", 2: "met"}]
    after = [{1: "met", 2: "met"}, {1: "not_met", 2: "met"}, {1: "not_met", 2: "met"}]
    for first, second in zip(before, after, strict=True):
        ward = make_ward()
        approved(enrol(earlier, ward), cast, first)
        approved(enrol(later, ward), cast, second)
    data = made("comparison", later, other=earlier)
    assert numbered_rows(whole(data).worksheets[1])[0][2:] == [2, 3, 66.67, 1, 3, 33.33, 3, 2, 1, -33.33]
    # Units of no district: no column of districts.
    totals = {row[0]: row[2:] for row in table_rows(data) if isinstance(row[0], str)}
    of = "của 3 đơn vị có kết quả ở cả hai đợt"
    # 1,67 and 1,33; 83,33% and 66,67%.
    assert totals[f"Bình quân số tiêu chí đạt {of}"] == [1.67, None, None, 1.33, None, None, -0.33]
    assert totals[f"Tỷ lệ đạt (%) {of}; tăng, giảm theo điểm %"][6] == -16.67


def test_rounds_without_a_common_result_have_no_change_and_no_chart(cast, inspection_round):
    later = make_round(inspection_round.criteria_set, name="Đợt sau", starts_on=datetime.date(2027, 1, 1),
                       ends_on=datetime.date(2027, 6, 1))  # fmt: skip
    approved(enrol(later, make_ward()), cast, "met")
    data = made("comparison", later, other=inspection_round)
    assert whole(data).sheetnames == ["Theo đơn vị", "Theo tiêu chí", "Nguồn"]
    assert all(row[8] == 0 and row[11] is None for row in numbered_rows(whole(data).worksheets[1]))
    told = [row[1] for row in values(whole(data)["Nguồn"])]
    assert "Không có đơn vị nào có kết quả ở cả hai đợt nên không có tăng, giảm và biểu đồ." in told


def test_results_out_of_different_maxima_are_compared_by_their_percent(cast, inspection_round):
    later = make_round(make_set(5), name="Đợt sau", starts_on=datetime.date(2027, 1, 1),
                       ends_on=datetime.date(2027, 6, 1))  # fmt: skip
    approved(
        enrol(later, inspection_round.enrolments.get(position=2).ward),
        cast,
        {1: "met", 2: "met", **dict.fromkeys((3, 4, 5), "not_met")},
    )
    data = made("comparison", later, other=inspection_round)
    rows = [row for row in table_rows(data) if isinstance(row[0], str) and "của 1 đơn vị" in row[0]]
    assert [row[9] for row in rows] == [None, 15]
    chart = values(whole(data)["Biểu đồ"])
    assert [row[1] for row in chart if row[0] in (inspection_round.name, later.name)] == [25, 40]


def test_bands_of_the_pilot(baseline):
    data = made("bands", Round.objects.get(code="gd1-2019"))
    rows = table_rows(data)
    assert [(row[0], row[2], row[3]) for row in rows[:3]] == [("I", 1, 4), ("II", 9, 35), ("III", 16, 62)]
    listed = table_rows(data, 1)
    assert sum(isinstance(row[0], int) for row in listed) == 26
    assert whole(data)["Biểu đồ"]._charts


def test_charts_keep_their_values_and_name_their_cells(baseline):

    for data, numbers in (
        (made("bands", Round.objects.get(code="gd1-2019")), ["1", "9", "16"]),
        (of_scheme("attainment", Scheme.objects.get()), ["47.67", "40.6", "59.41", "269.49"]),
    ):
        chart = parts(data)["xl/charts/chart1.xml"]
        assert "'Biểu đồ'!$B$" in chart
        for number in numbers:
            assert f"<v>{number}</v>" in chart or f"<c:v>{number}</c:v>" in chart


def test_attainment_by_year_and_organiser_adds_up(baseline):
    scheme = Scheme.objects.get()
    course = Course.objects.get(category__code="trung-cap", enters_summary=True)
    Course.objects.filter(pk=course.pk).update(held_from=datetime.date(2014, 9, 1), held_to=datetime.date(2016, 6, 1))
    book = whole(of_scheme("attainment", scheme))
    by_category = {row[1]: row[3] for row in numbered_rows(book["Theo nội dung"])}
    years = book["Theo năm"]
    heads = [cell.value for cell in years[head_row(years)]]
    assert heads[3:] == [*map(str, range(2014, 2021)), "Chưa rõ", "Cộng"]
    for row in numbered_rows(years):
        assert row[-1] == by_category[row[1]] == sum(value or 0 for value in row[3:-1])
    row = next(row for row in numbered_rows(years) if row[1] == "Trung cấp")
    assert dict(zip(heads, row, strict=True))["2016"] == 320
    organisers = numbered_rows(book["Theo đơn vị tổ chức"])
    for row in organisers[:7]:
        assert row[-1] == sum(value or 0 for value in row[3:-1])
    assert [row[-1] for row in organisers[:7]] == list(by_category.values())[:7]
    outside = {(row[1], row[2]): row[3:] for row in organisers[7:]}
    names = {course.participants: course.name for course in Course.objects.all()}
    assert outside[names[3070], "người"] == [None, 3070, None, "—"]
    assert outside[names[7934], "người"] == [None, None, 7934, "—"]
    assert {row[-1] for row in organisers[7:]} == {"—"}


def test_only_courses_that_are_alike_are_added_up(baseline, sign_in, cast):
    """Neither 3.070 and 7.934 people (E14) nor courses, briefings and tours together."""
    data = of_scheme("courses", Scheme.objects.get())
    page = sign_in(cast.leader).get(reverse("training:courses", args=["02-2014"])).context["table"]
    rows = [[row[1], row[2], row[8], row[9], row[13]] for row in table_rows(data) if row[1] and "Cộng " in row[1]]
    assert rows == [
        ["Cộng 3 dòng", "Thành phố", 1272, "lượt", "có"],
        ["Cộng 3 dòng", "Thành phố", 45, "lượt", "có"],
    ]
    assert [row[2] for row in rows] == [total.participants for total in page.totals if total.rows > 1]
    assert len(page.totals) == 13 and page.footer_totals == "—"


def test_money_and_workforce(baseline):
    scheme = Scheme.objects.get()
    Funding.objects.create(scheme=scheme, source="district", amount=1_000_000)
    rows = table_rows(of_scheme("funding", scheme))
    assert rows[0][:3] == ["I", "Kinh phí đào tạo, bồi dưỡng (2014 - 2020)", 4_608_678_000]
    assert rows[1][3].startswith("Bốn tỷ sáu trăm lẻ bảy triệu")
    assert {row[2] for row in rows} == {4_608_678_000, 4_607_678_000, 1_000_000, None}
    WorkforceCount.objects.create(scheme=scheme, counted_on=datetime.date(2021, 1, 1), total=0, qualified=0)
    rows = numbered_rows(opened(of_scheme("workforce", scheme)))
    assert rows[0][1] == datetime.datetime(2020, 7, 3) and rows[0][2:4] == [3995, 1302]
    assert Decimal(str(rows[0][4])) == Decimal("32.59") and rows[1][4] is None


def test_the_cost_of_the_pilot_is_that_of_its_units(cast, sign_in):
    """19,2 billion at 26 units: neither of the inspection nor of the scheme, and shown to the City's people alone."""
    pilot, scheme = Round.objects.get(code="gd1-2019"), Scheme.objects.get()
    label = "Kinh phí thực hiện thí điểm giai đoạn 1 tại các đơn vị (đồng)"
    assert sources(made("bands", pilot))[label] == 19_200_000_000
    address = reverse("reports:round-workbook", args=["gd1-2019", "muc-hoan-thanh"])
    assert label not in sources(download_data(sign_in(cast.quan10), address))
    told = str(list(map(values, whole(of_scheme("funding", scheme)))))
    assert "19200000000" not in told and "KIỂM TRA" not in told
    text = words(report_file(user=EVERYTHING, subject=pilot))
    assert (
        "Kinh phí thực hiện thí điểm giai đoạn 1 tại 26 UBND phường, xã, thị trấn là 19 tỷ 200 triệu đồng"
    ) in text.replace("\u00a0", " ")
    later = make_round(funding=Decimal(2_000_000))
    enrol(later, make_ward())
    by_key = {figure["key"]: figure for figure in figures_of(later)}
    assert by_key["funding"]["sentence"] == "Kinh phí thực hiện tại 01 đơn vị là 2 triệu đồng."


def test_findings_with_dates_and_days(cast):
    from django.utils import timezone

    from tests.support.inspections import published_finding

    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    late = timezone.localdate() - datetime.timedelta(days=9)
    published_finding(enrolment, cast.inspector, due_on=late)
    (row,) = numbered_rows(opened(made("findings", enrolment.round, cast.leader)))
    assert row[1:3] == ["Phường 6", str(enrolment.round.criteria_set.criteria.get(code="TC01"))]
    assert (row[4].date(), row[5], row[6], row[7]) == (late, "đang khắc phục", None, 9)


@pytest.mark.parametrize("kind", ROUND_KINDS)
def test_an_empty_round_gives_a_table_that_says_so(db, kind):
    empty, other = make_round(), make_round()
    data = made(kind, empty, other=other)
    texts = [row[0] for row in chain.from_iterable(map(values, whole(data)))]
    if kind == "results-long":
        # A table to compute with has its header row alone.
        assert texts[:2] == ["Mã đợt", "NGUỒN SỐ LIỆU"]
    else:
        assert kind == "criteria" or "Không có số liệu trong phạm vi đã chọn." in texts
    assert not has_formula(data)


@pytest.mark.parametrize("kind", SCHEME_KINDS)
def test_a_scheme_without_rows_and_with_targets_of_zero(db, kind):
    scheme = Scheme.objects.create(code="trong", name="Đề án mới", legal_basis="QĐ", starts_year=2026, ends_year=2030)
    assert whole(of_scheme(kind, scheme)).sheetnames[-1] == "Nguồn"
    category = Category.objects.create(scheme=scheme, position=1, code="x", name="Loại", kind="degree", unit="persons")
    Quota.objects.create(category=category, target=0, unit="persons")
    data = of_scheme(kind, scheme)
    assert not has_formula(data)
    if kind == "attainment":
        row = next(row for row in numbered_rows(opened(data)) if row[1] == "Loại")
        assert row[3:] == [0, 0, "người", "—"]


def test_roman_numbers():
    assert [roman(n) for n in (1, 4, 9, 14, 18, 24, 40, 99, 816)] == [
        "I", "IV", "IX", "XIV", "XVIII", "XXIV", "XL", "XCIX", "DCCCXVI",
    ]  # fmt: skip
    assert all(roman_value(roman(n)) == n for n in range(1, 40))
    assert {roman_value(text) for text in ("", "IIII", "VX", "C", "XL", "1", "i")} == {None}


@pytest.mark.parametrize("kind", ROUND_KINDS)
def test_number_of_queries_does_not_grow(cast, django_assert_max_num_queries, kind):
    counts = []
    other = make_round()
    for wards in (5, 30):
        inspection_round = make_round(make_set(3))
        for _ in range(wards):
            answer(enrol(inspection_round, make_ward(make_district())), cast.inspector, {1: "met"})
        forget_rows()
        with django_assert_max_num_queries(20) as queries:
            made(kind, Round.objects.get(pk=inspection_round.pk), cast.inspector, other=other)
        counts.append(len(queries))
    assert counts[0] == counts[1]
