"""The list of units: who sees which, search, filters, order, the download, and the districts below it."""

import datetime
from io import BytesIO
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.support.factories import make_district, make_ward
from wards.models import District, Ward

LIST = "/don-vi/"


def titles(response) -> list[str]:
    return [row.record.full_title for row in response.context["table"].rows]


@pytest.fixture
def inspector(cast, sign_in):
    return sign_in(cast.inspector)


def test_each_role_sees_its_units(cast, sign_in):
    every, quan10 = Ward.objects.count(), {"Phường 2", "Phường 6", "Phường 14"}
    for name, person in cast.all().items():
        response = sign_in(person).get(LIST)
        assert response.status_code == 200
        shown = titles(response)
        if name == "quan10":
            assert set(shown) == {f"{title}, Quận 10" for title in quan10}
        elif name == "cangio":
            assert len(shown) == 5 and all(title.endswith("huyện Cần Giờ") for title in shown)
        elif name in ("thanhan", "ldthanhan"):
            assert shown == ["Xã Thạnh An, huyện Cần Giờ"]
        else:
            assert len(shown) == every == 26


def test_no_foreign_unit_in_page_filter_or_download(cast, sign_in):
    can_gio = District.objects.get(code="787")
    for query in ("", f"?district={can_gio.pk}", "?q=thanh+an", "?kind=xa"):
        client = sign_in(cast.quan10)
        page = client.get(LIST + query).content.decode()
        assert "Cần Giờ" not in page and "Thạnh An" not in page
        sheet = load_workbook(BytesIO(client.get(f"{LIST}{query or '?'}&tai=xlsx").content)).active
        cells = {str(cell.value) for cell in chain.from_iterable(sheet.iter_rows())}
        assert not any("Cần Giờ" in cell or "Thạnh An" in cell for cell in cells)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tan quy", {"Phường Tân Quý, quận Tân Phú", "Phường Tân Quy, Quận 7"}),
        ("TÂN QUÝ", {"Phường Tân Quý, quận Tân Phú", "Phường Tân Quy, Quận 7"}),
        ("da kao", {"Phường Đa Kao, Quận 1"}),
        ("Đa  Kao", {"Phường Đa Kao, Quận 1"}),
        ("tan dinh", {"Phường Tân Định, Quận 1"}),
        ("phuong 6 quan 10", {"Phường 6, Quận 10"}),
        ("phường 06 quận 10", {"Phường 6, Quận 10"}),
        ("can gio", 5),
        ("27676", {"Xã Thạnh An, huyện Cần Giờ"}),
        ("2767", set()),
        ("phuong 1", {"Phường 1, Quận 11", "Phường Tân Định, Quận 1", "Phường Đa Kao, Quận 1"}),
        ("thanh an", {"Xã Thạnh An, huyện Cần Giờ"}),
        ("%", set()),
        ("_", set()),
        ("khong co", set()),
    ],
)
def test_search(inspector, query, expected):
    make_ward(District.objects.get(code="778"), "Tân Quy")
    make_ward(District.objects.get(code="760"), "Đa Kao")
    make_ward(District.objects.get(code="771"), "16")
    shown = titles(inspector.get(LIST, {"q": query}))
    if isinstance(expected, int):
        assert len(shown) == expected
    else:
        assert set(shown) == expected


def test_search_reads_decomposed_letters(inspector):
    import unicodedata

    shown = titles(inspector.get(LIST, {"q": unicodedata.normalize("NFD", "Tân Định")}))
    assert shown == ["Phường Tân Định, Quận 1"]


def test_filters(inspector):
    today = timezone.localdate()
    make_ward(None, "Bến Thành", valid_from=today)
    make_ward(None, "Sau Này", valid_from=today + datetime.timedelta(days=1))
    district = District.objects.get(code="771")
    assert len(titles(inspector.get(f"{LIST}?district={district.pk}"))) == 3
    assert {title.split()[0] for title in titles(inspector.get(f"{LIST}?kind=xa"))} == {"Xã"}
    assert titles(inspector.get(f"{LIST}?period=in-force")) == ["Phường Bến Thành"]
    assert len(titles(inspector.get(f"{LIST}?period=ended"))) == 26


def test_a_column_that_would_be_empty_is_left_out(inspector):
    make_ward(None, "Bến Thành", valid_from=timezone.localdate())
    shown = [inspector.get(LIST + query).context["table"] for query in ("", "?period=", "?period=ended")]
    assert ["district" in table.columns.names() for table in shown] == [False, True, True]


def test_units_that_ended_come_last(inspector):
    today = timezone.localdate()
    make_ward(None, "Sài Gòn", valid_from=today)
    shown = titles(inspector.get(f"{LIST}?period="))
    assert len(shown) == 27 and shown[0] == "Phường Sài Gòn"


def test_a_long_list_is_shown_whole_to_be_printed(inspector):
    district = make_district()
    for number in range(40):
        make_ward(district, f"Thử {number}", valid_from=datetime.date(2020, 1, 1))
    page = inspector.get(f"{LIST}?period=")
    assert len(page.context["table"].page.object_list) == 50
    assert "page=all" in page.content.decode()
    whole = inspector.get(f"{LIST}?period=&page=all")
    assert len(whole.context["table"].page.object_list) == 66
    assert "tất cả các dòng" not in whole.content.decode()
    # Paper says that it has one page of two.
    assert "Bản in này chỉ có một trang" in page.content.decode()
    assert "Bản in này chỉ có một trang" not in whole.content.decode()


def test_a_filter_says_what_it_left_of_the_list(inspector):
    page = inspector.get(f"{LIST}?kind=xa").content.decode()
    said = page.partition('class="filter-said"')[2].partition("</p>")[0]
    assert "Loại đơn vị: Xã" in said and "8 dòng" in " ".join(said.split())
    assert "filter-said" not in inspector.get(LIST).content.decode()


def test_bad_filters_find_nothing_and_are_told(inspector):
    for query in ("district=x", "district=999999", "kind=x", "period=x", "q=%00"):
        response = inspector.get(f"{LIST}?{query}")
        assert response.status_code == 200 and not titles(response), query
        assert response.context["filter"].form.errors, query


def test_bad_pages_and_orders_change_nothing(inspector):
    for query in ("page=99", "sort=x"):
        assert len(titles(inspector.get(f"{LIST}?{query}"))) == 26, query


def test_natural_order(inspector):
    shown = titles(inspector.get(LIST))
    assert shown.index("Phường 2, Quận 10") < shown.index("Phường 6, Quận 10") < shown.index("Phường 14, Quận 10")
    assert shown.index("Phường 11, Quận 3") < shown.index("Phường 2, Quận 10") < shown.index("Phường 1, Quận 11")
    assert shown.index("Phường Tân Quý, quận Tân Phú") < shown.index("Xã An Phú Tây, huyện Bình Chánh")
    by_name = titles(inspector.get(f"{LIST}?sort=unit"))
    assert [title.split(",")[0] for title in by_name[:4]] == ["Phường 1", "Phường 2", "Phường 3", "Phường 3"]


def test_rows_lead_to_the_unit_and_its_district(inspector):
    ward = Ward.objects.get(code="27676")
    page = inspector.get(LIST).content.decode()
    assert f'href="/don-vi/{ward.pk}/"' in page and f'href="/don-vi/quan-huyen/{ward.district_id}/"' in page


def test_the_download_has_days_as_days_and_no_column_of_links(inspector):
    sheet = load_workbook(BytesIO(inspector.get(f"{LIST}?q=tan+dinh&tai=xlsx").content)).active
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert len(rows) == 2
    assert rows[1][:3] == ("Phường Tân Định", "Quận 1", "26734")
    assert datetime.datetime(2025, 6, 30) in rows[1]
    assert not any("<" in str(cell) for cell in chain.from_iterable(rows))


def test_districts_say_how_many_of_their_wards_are_recorded(inspector):
    districts = {district.code: district for district in inspector.get(LIST).context["districts"]}
    assert len(districts) == 24
    assert (districts["771"].recorded_wards, districts["771"].ward_count) == (3, 15)
    assert districts["769"].recorded_wards == 0
    assert sum(district.recorded_wards for district in districts.values()) == 26
    page = inspector.get(LIST).content.decode()
    assert f'href="?district={districts["771"].pk}&amp;day=31/12/2019"' in page


def test_an_office_sees_its_own_district_in_full(cast, sign_in):
    (district,) = sign_in(cast.quan10).get(LIST).context["districts"]
    assert district.code == "771" and district.recorded_wards == 3
    assert sign_in(cast.thanhan).get(LIST).context["districts"] == []


def test_buttons_to_change_are_for_those_who_may(cast, sign_in):
    for name, person in cast.all().items():
        page = sign_in(person).get(LIST).content.decode()
        may = name == "administrator"
        assert ("/don-vi/them/" in page) == may
        assert ("/sua/" in page) == may


def test_as_many_queries_for_40_rows_as_for_10(cast, sign_in):
    for person in (cast.inspector, cast.administrator, cast.quan10):
        client = sign_in(person)
        district = District.objects.get(code="771")
        counts = []
        for size in (10, 40):
            while Ward.objects.visible_to(person).count() < size:
                make_ward(district)
            with CaptureQueriesContext(connection) as queries:
                client.get(LIST)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12, person


def test_a_get_writes_no_unit(inspector):
    make_district()
    before = list(Ward.objects.values()), list(District.objects.values())
    inspector.get(LIST)
    assert (list(Ward.objects.values()), list(District.objects.values())) == before
    assert inspector.post(LIST).status_code == 405


def test_names_are_shown_as_text(inspector):
    make_ward(None, "<script>alert(1)</script>")
    page = inspector.get(LIST).content.decode()
    assert "<script>alert(1)" not in page and "&lt;script&gt;alert(1)" in page


def test_the_list_offers_the_kinds_that_occur_for_the_person(cast, sign_in, city):
    def offered(person) -> set[str]:
        choices = sign_in(person).get(LIST).context["filter"].form.fields["kind"].choices
        return {str(key) for key, _title in choices if key}

    assert offered(cast.inspector) == {"phuong", "xa", "thi_tran", "dac_khu"}
    assert offered(cast.thanhan) == {"xa"}
