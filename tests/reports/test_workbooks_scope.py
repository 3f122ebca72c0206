"""S3: a workbook has the rows that its page lists, per role and choice; no sheet has more."""

from itertools import chain

import pytest
from django.urls import reverse

from criteria.inspections.models import Enrolment, Round
from tests.support.books import download_data, numbered_rows, sources, values, whole
from tests.support.factories import enrol, make_round, make_set
from tests.support.inspections import published_finding
from training.models import Course

ROLES = ["inspector", "approver", "leader", "quan10", "cangio", "thanhan"]
#: the sheet that lists wards
LISTS = {"bang-tong-hop": 0, "bang-tong-hop-quan-huyen": 0, "muc-hoan-thanh": 1, "so-sanh": 0}


def book_of(client, kind: str, code: str = "gd1-2019", **choices) -> bytes:
    response = client.get(reverse("reports:round-workbook", args=[code, kind]), choices)
    assert response.status_code == 200, (kind, choices)
    return response.content


def wards_on_page(client, **choices) -> list[tuple[str, str]]:
    page = client.get(reverse("reports:summary", args=["gd1-2019"]), choices)
    return [(line.row.ward, line.row.area) for line in page.context["lines"]]


def other_round() -> Round:
    inspection_round = make_round(make_set(2), name="Đợt sau")
    for enrolment in Enrolment.objects.filter(round__code="gd1-2019", position__in=[1, 10, 11, 22]):
        enrol(inspection_round, enrolment.ward)
    return inspection_round


@pytest.mark.parametrize("who", ROLES)
def test_wards_are_those_of_the_page(cast, sign_in, who):
    other, client = other_round(), sign_in(getattr(cast, who))
    expected = sorted(wards_on_page(client))
    assert len(expected) == {"quan10": 3, "cangio": 5, "thanhan": 1}.get(who, 26)
    for kind, place in LISTS.items():
        data = book_of(client, kind, **({"voi": other.code} if kind == "so-sanh" else {}))
        rows = numbered_rows(whole(data).worksheets[place])
        assert sorted((row[1], row[2]) for row in rows) == expected, kind
        assert sources(data)["Số bản ghi"] == len(expected)


@pytest.mark.parametrize("who", ["inspector", "leader"])
def test_a_choice_of_district_is_that_of_the_page(cast, sign_in, who):
    other, client, district = other_round(), sign_in(getattr(cast, who)), cast.quan10.district
    expected = sorted(wards_on_page(client, district=district.pk))
    for kind, place in LISTS.items():
        data = book_of(client, kind, quan=district.pk, voi=other.code)
        rows = numbered_rows(whole(data).worksheets[place])
        assert sorted((row[1], row[2]) for row in rows) == expected, kind
        assert sources(data)["Phạm vi"] == "Quận 10"


def test_no_cell_of_any_sheet_names_a_foreign_unit(cast, sign_in):
    other, client = other_round(), sign_in(cast.quan10)
    foreign = ["Thạnh An", "Cần Giờ", "Tân Quý", "Tân Phú", "Hiệp Phú", "Quận 3", "Quận 1,"]
    published_finding(Enrolment.objects.get(ward=cast.thanhan.ward, round__code="gd1-2019"), cast.inspector)
    kinds = [*LISTS, "tieu-chi", "quan-huyen", "kien-nghi"]
    for data in [book_of(client, kind, voi=other.code) for kind in kinds] + [
        download_data(client, reverse("reports:scheme-workbook", args=["02-2014", kind]))
        for kind in ("chi-tieu", "lop", "kinh-phi", "doi-ngu")
    ]:
        rows = chain.from_iterable(map(values, whole(data)))
        texts = [str(value) for value in chain.from_iterable(rows) if value is not None]
        assert not [text for text in texts if any(name in text for name in foreign)]


def test_a_foreign_choice_is_not_found(cast, sign_in):
    hidden = make_round()
    client = sign_in(cast.quan10)
    address = reverse("reports:round-workbook", args=["gd1-2019", "bang-tong-hop"])
    assert client.get(address, {"quan": cast.cangio.district.pk}).status_code == 404
    for choices in ({"voi": hidden.code}, {"voi": "gd1-2019"}, {}):
        address = reverse("reports:round-workbook", args=["gd1-2019", "so-sanh"])
        assert client.get(address, choices).status_code == 404
    assert client.get(reverse("reports:round-workbook", args=["gd1-2019", "khong-co"])).status_code == 404
    assert client.get(reverse("reports:round-workbook", args=[hidden.code, "tieu-chi"])).status_code == 404
    assert client.get(reverse("reports:scheme-workbook", args=["02-2014", "khong-co"])).status_code == 404


@pytest.mark.parametrize("who", ROLES)
def test_findings_are_those_of_the_list(cast, sign_in, who):
    enrolments = list(Enrolment.objects.filter(round__code="gd1-2019", position__in=[10, 11, 22]))
    for enrolment in enrolments:
        published_finding(enrolment, cast.inspector)
        published_finding(enrolment, cast.inspector, "TC02", published_at=None)
        published_finding(enrolment, cast.inspector, "TC03", status="withdrawn")
    client = sign_in(getattr(cast, who))
    page = client.get(reverse("inspections:findings"), {"round": "gd1-2019"})
    expected = sorted(
        (found.inspection.enrolment.ward.title, str(found.criterion)) for found in page.context["table"].data
    )
    data = book_of(client, "kien-nghi")
    assert sorted((row[1], row[2]) for row in numbered_rows(whole(data).worksheets[0])) == expected
    assert len(expected) == {"quan10": 2, "cangio": 1, "thanhan": 1, "leader": 3}.get(who, 6)


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("query", [{}, {"organiser": "city"}, {"category": "ngan-han"}, {"q": "so hoa"}])
def test_courses_are_those_of_the_list(cast, sign_in, who, query):
    client = sign_in(getattr(cast, who))
    page = client.get(reverse("training:courses", args=["02-2014"]), query)
    expected = sorted(course.name for course in page.context["table"].data)
    address = reverse("reports:scheme-workbook", args=["02-2014", "lop"])
    data = client.get(address, query).content
    assert sorted(row[1] for row in numbered_rows(whole(data).worksheets[0])) == expected
    assert (sources(data)["Điều kiện lọc"] == "Không lọc") is not bool(query)


def test_city_wide_sheets_of_training_are_for_those_who_see_all_courses(cast, sign_in):
    names = {
        who: whole(
            download_data(sign_in(getattr(cast, who)), reverse("reports:scheme-workbook", args=["02-2014", "chi-tieu"]))
        ).sheetnames
        for who in ("leader", "quan10")
    }
    assert names["leader"] == ["Theo nội dung", "Theo năm", "Theo đơn vị tổ chức", "Biểu đồ", "Nguồn"]
    assert names["quan10"] == ["Theo nội dung", "Biểu đồ", "Nguồn"]


def test_the_agency_is_that_of_the_person(cast, sign_in):
    expected = {
        "leader": ["UBND THÀNH PHỐ HỒ CHÍ MINH", "SỞ NỘI VỤ"],
        "quan10": ["UBND QUẬN 10", "PHÒNG NỘI VỤ"],
        "thanhan": ["UBND HUYỆN CẦN GIỜ", "UBND XÃ THẠNH AN"],
    }
    for who, agencies in expected.items():
        rows = values(whole(book_of(sign_in(getattr(cast, who)), "tieu-chi")).worksheets[0])
        assert [rows[0][0], rows[1][0]] == agencies


@pytest.mark.parametrize("kind", ["chi-tieu", "kinh-phi", "doi-ngu"])
def test_totals_of_training_are_those_of_the_city_for_whoever_takes_them(cast, sign_in, kind):
    for user in (cast.leader, cast.quan10):
        data = download_data(sign_in(user), reverse("reports:scheme-workbook", args=["02-2014", kind]))
        assert sources(data)["Phạm vi"] == "Toàn Thành phố"


def test_courses_outside_the_totals_are_those_of_the_district(cast, sign_in):
    course = Course.objects.filter(enters_summary=False).earliest("pk")
    course.organiser_districts.add(cast.quan10.district)
    data = download_data(sign_in(cast.quan10), reverse("reports:scheme-workbook", args=["02-2014", "chi-tieu"]))
    assert sources(data)["Phạm vi"] == "Toàn Thành phố; các lớp ngoài phần tổng hợp: Quận 10"
