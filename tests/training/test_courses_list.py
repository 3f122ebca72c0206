"""The list of courses: filters, search, totals, voided rows, download."""

import datetime
from io import BytesIO
from itertools import chain

import pytest
from openpyxl import load_workbook

from tests.support.training import make_category, make_course, make_scheme
from training.filters import CourseFilter
from training.models import Course
from training.services.courses import void_course
from wards.models import District

LIST = "/dao-tao/de-an/02-2014/khoa/"


def keys(response) -> set[str]:
    return {row.record.report_key for row in response.context["table"].rows}


def test_all_rows_of_the_report(cast, sign_in):
    assert len(keys(sign_in(cast.leader).get(LIST))) == 17


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=cao-dang", {"quan-11-cao-dang"}),
        ("kind=briefing", {"tap-huan-thanh-pho", "tap-huan-so-nganh", "tap-huan-quan-huyen"}),
        ("organiser=department", {"tap-huan-so-nganh"}),
        ("category=dai-hoc&summary=1", {"cu-nhan-van-bang-2"}),
        ("category=dai-hoc&summary=0", {"quan-11-cu-nhan"}),
        ("q=van+bang+2+luu+tru+hoc&category=dai-hoc", {"cu-nhan-van-bang-2", "quan-11-cu-nhan"}),
        ("q=quang+ngai", {"hoc-tap-so-hoa"}),
        ("year=2015", set()),
    ],
)
def test_filters(cast, sign_in, query, found):
    assert keys(sign_in(cast.inspector).get(f"{LIST}?{query}")) == found


def test_both_spellings_of_the_abbreviation_find_the_same(cast, sign_in):
    client = sign_in(cast.inspector)
    assert keys(client.get(f"{LIST}?q=VTTL")) == keys(client.get(f"{LIST}?q=vtlt")) != set()


def test_filter_by_district(cast, sign_in):
    quan8 = District.objects.get(code="776")
    assert keys(sign_in(cast.leader).get(f"{LIST}?district={quan8.pk}")) == {"trung-cap-quan"}


@pytest.mark.parametrize("query", ["category=khong-co", "year=abc", "district=999999", "summary=x", f"q={'a' * 101}"])
def test_a_filter_that_cannot_be_read_finds_nothing_and_says_so(cast, sign_in, query):
    response = sign_in(cast.leader).get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert keys(response) == set()
    assert 'class="error"' in response.content.decode()


def test_year_of_a_course_over_new_year(cast, sign_in):
    scheme = make_scheme()
    category = make_category(scheme)
    days = {"held_from": datetime.date(2022, 12, 1), "held_to": datetime.date(2023, 1, 31)}
    dated = make_course(category, cast.inspector, **days)
    undated = make_course(category, cast.inspector)
    client = sign_in(cast.inspector)

    def found(year: str) -> list[int]:
        table = client.get(f"/dao-tao/de-an/{scheme.code}/khoa/?year={year}").context["table"]
        return [row.record.pk for row in table.rows]

    assert found("2022") == found("2023") == [dated.pk]
    assert found("2024") == []
    assert found("-") == [undated.pk]


def test_totals_over_the_whole_list_by_unit(cast, sign_in):
    scheme = make_scheme()
    persons = make_category(scheme)
    attendances = make_category(scheme, unit="attendances")
    for _number in range(60):  # more than one page
        make_course(persons, cast.inspector, participants=2)
    make_course(attendances, cast.inspector, participants=400, is_lower_bound=True)
    response = sign_in(cast.inspector).get(f"/dao-tao/de-an/{scheme.code}/khoa/")
    table = response.context["table"]
    found = {total.unit: (total.participants, total.is_lower_bound) for total in table.totals}
    assert found == {"persons": (120, False), "attendances": (400, True)}
    assert "61" in table.footer_label and table.footer_totals == "—"
    one_kind = sign_in(cast.inspector).get(f"/dao-tao/de-an/{scheme.code}/khoa/?category={attendances.code}")
    assert one_kind.context["table"].footer_totals == "hơn 400 lượt"
    text = response.content.decode()
    assert "Cộng các dòng cùng loại" in text and "520" not in text


def test_voided_rows_are_shown_on_request_and_never_counted(cast, sign_in):
    scheme = make_scheme()
    category = make_category(scheme)
    kept = make_course(category, cast.inspector, participants=5)
    gone = make_course(category, cast.inspector, participants=70)
    void_course(course=gone, reason="Nhập trùng", base_version=1, by=cast.inspector)
    client, address = sign_in(cast.inspector), f"/dao-tao/de-an/{scheme.code}/khoa/"

    def found(query: str) -> set[int]:
        return {row.record.pk for row in client.get(address + query).context["table"].rows}

    assert found("") == {kept.pk}
    assert found("?voided=1") == {kept.pk, gone.pk}
    assert found("?voided=only") == {gone.pk}
    response = client.get(f"{address}?voided=1")
    assert response.context["table"].totals[0].participants == 5
    assert response.content.decode().count('class="voided') == 1


def test_names_sort_naturally(cast, sign_in):
    scheme = make_scheme()
    category = make_category(scheme)
    for name in ("Lớp 10", "Lớp 2", "Đợt 1", "Ấp 3"):
        make_course(category, cast.inspector, name=name)
    table = sign_in(cast.leader).get(f"/dao-tao/de-an/{scheme.code}/khoa/?sort=name").context["table"]
    assert [row.record.name for row in table.rows] == ["Ấp 3", "Đợt 1", "Lớp 2", "Lớp 10"]


@pytest.mark.parametrize("query", ["", "?category=trung-cap", "?q=hoc+tap&sort=-participants", "?voided=1"])
def test_the_download_has_the_rows_of_the_list(cast, sign_in, query):
    first = Course.objects.get(report_key="hoc-tap-da-nang")
    void_course(course=first, reason="=Thử", base_version=1, by=cast.inspector)
    client = sign_in(cast.inspector)
    listed = [row.record for row in client.get(LIST + query).context["table"].rows]
    response = client.get(f"{LIST}{query}{'&' if query else '?'}tai=xlsx")
    sheet = load_workbook(BytesIO(response.content)).active
    _headings, *rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == [course.name for course in listed]
    assert [row[5] for row in rows] == [course.participants for course in listed]
    assert [row[-1] or "" for row in rows] == [course.void_reason for course in listed]
    bounds = [bool(row[7]) for row in rows]
    assert bounds == [course.is_lower_bound for course in listed]
    cells = chain.from_iterable(sheet.iter_rows())
    assert all(cell.data_type != "f" for cell in cells)


def test_the_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    scheme = make_scheme()
    category = make_category(scheme)
    districts = list(District.objects.all()[:3])
    client, counts = sign_in(cast.inspector), []
    for more in (10, 30):
        for _number in range(more):
            make_course(category, cast.inspector, organiser="district", organiser_districts=districts)
        with django_assert_max_num_queries(12) as captured:
            response = client.get(f"/dao-tao/de-an/{scheme.code}/khoa/")
        counts.append(len(captured))
    assert len(response.context["table"].rows) == 40
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["sort=nonsense", "page=abc", "page=99", "sort=-participants,name"])
def test_odd_addresses_do_not_break_the_list(cast, sign_in, query):
    assert sign_in(cast.leader).get(f"{LIST}?{query}").status_code == 200


@pytest.mark.parametrize(("years", "local"), [((2014, 2020), {"district"}), ((2026, 2030), {"commune"})])
def test_the_filter_offers_organisers_of_the_years(cast, years, local):
    District.objects.filter(valid_to=None).update(valid_to="2025-06-30")
    scheme = make_scheme(starts_year=years[0], ends_year=years[1])
    form = CourseFilter({}, scheme=scheme, user=cast.inspector).form
    assert {code for code, _label in form.fields["organiser"].choices} == {"", "city", "department"} | local
