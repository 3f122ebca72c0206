"""The lists of rounds and wards: filters, search, order, scope, downloads, and queries that do not grow."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from criteria.inspections.models import Enrolment
from tests.factories import answer, enrol, make_district, make_round, make_user, make_ward

ROUND = reverse("inspections:round", args=["gd1-2019"])


def wards_in(response) -> list[str]:
    return [row.record.ward.full_title for row in response.context["table"].paginated_rows]


def workbook_rows(response) -> list[tuple]:
    return list(load_workbook(io.BytesIO(response.content)).active.iter_rows(min_row=5, values_only=True))


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 26),
        ("q=tan+quy", 1),
        ("q=THANH+an", 1),
        ("q=phuong+14", 2),
        ("kind=xa", 8),
        ("kind=thi_tran", 1),
        ("status=approved", 1),
        ("status=published", 25),
        ("status=not_started", 25),
    ],
)
def test_filters(cast, sign_in, query, count):
    assert len(wards_in(sign_in(cast.inspector).get(f"{ROUND}?{query}"))) == count


def test_bands_filter_into_1_9_and_16(cast, sign_in):
    client = sign_in(cast.leader)
    bands = client.get(ROUND).context["filter"].form.fields["band"].queryset
    assert [len(wards_in(client.get(f"{ROUND}?band={band.pk}"))) for band in bands] == [1, 9, 16]


def test_natural_order_of_wards_and_districts(cast, sign_in):
    names = wards_in(sign_in(cast.inspector).get(f"{ROUND}?sort=district"))
    numbered = [name for name in names if name.startswith("Phường") and name[7].isdigit() and ", Quận" in name]
    assert numbered[:6] == [
        "Phường 11, Quận 3",
        "Phường 3, Quận 4",
        "Phường 12, Quận 5",
        "Phường 4, Quận 6",
        "Phường 14, Quận 6",
        "Phường 3, Quận 8",
    ]
    assert names.index("Phường 2, Quận 10") < names.index("Phường 6, Quận 10") < names.index("Phường 14, Quận 10")


@pytest.mark.parametrize(
    "sort", ["ward", "-ward", "district", "score", "-score", "percent", "position", "status", "-status", "nonsense"]
)
def test_every_order_renders(cast, sign_in, sort):
    assert sign_in(cast.inspector).get(f"{ROUND}?sort={sort}").status_code == 200


@pytest.mark.parametrize(("person", "count"), [("quan10", 3), ("cangio", 5), ("thanhan", 1), ("leader", 26)])
def test_scope_of_rows_counts_choices_and_download(cast, sign_in, person, count):
    client = sign_in(getattr(cast, person))
    response = client.get(ROUND)
    assert len(wards_in(response)) == response.context["counts"].enrolled == count
    districts = response.context["filter"].form.fields["district"].queryset
    assert districts.count() == (18 if person == "leader" else 1)
    assert len(workbook_rows(client.get(f"{ROUND}?tai=xlsx"))) == count


def test_a_filter_with_another_districts_key_shows_nothing_of_it(cast, sign_in):
    other = Enrolment.objects.get(ward__code="27676").ward.district_id
    response = sign_in(cast.quan10).get(f"{ROUND}?district={other}")
    assert all("Quận 10" in name for name in wards_in(response))


def test_the_download_holds_what_the_page_shows(cast, sign_in):
    client = sign_in(cast.inspector)
    page = wards_in(client.get(f"{ROUND}?kind=xa&sort=-score"))
    rows = workbook_rows(client.get(f"{ROUND}?kind=xa&sort=-score&tai=xlsx"))
    assert [row[1] for row in rows] == [name.split(",")[0] for name in page]
    assert rows[0][3] == 16


def test_people_who_see_approved_results_only_learn_nothing_of_drafts(cast, sign_in):
    enrolment = Enrolment.objects.get(ward__code="27202")
    answer(enrolment, cast.inspector, {1: "met"})
    for person in (cast.leader, cast.quan10):
        client = sign_in(person)
        page = client.get(ROUND).content.decode()
        assert "đạt 1" not in page
        assert "chưa nhập" not in page
        assert "status" not in client.get(ROUND).context["table"].columns.names()
        checklist = client.get(reverse("inspections:checklist", args=[enrolment.pk])).content.decode()
        assert "answer-met" not in checklist
        assert "sửa lần cuối" not in checklist
        assert "đang nhập" not in checklist


@pytest.mark.parametrize("name", ["round", "summary", "bands"])
def test_queries_do_not_grow_with_rows(db, sign_in, name):
    inspector = make_user()
    client, counts = sign_in(inspector), []
    round = make_round()
    address = reverse(f"{'inspections' if name == 'round' else 'reports'}:{name}", args=[round.code])
    for wards in (10, 30):
        district = make_district()
        for number in range(wards):
            enrolment = enrol(round, make_ward(district))
            answer(enrolment, inspector, "met" if number % 2 else {1: "met"})
        counts.append(queries(client, address))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("person", ["inspector", "approver", "leader", "quan10", "thanhan", "administrator"])
def test_the_first_page_and_unit_pages_ask_little(cast, sign_in, person):
    client = sign_in(getattr(cast, person))
    ward = Enrolment.objects.get(ward__code="27676" if person == "thanhan" else "27202").ward
    for address in ["/", reverse("wards:detail", args=[ward.pk]), reverse("wards:district", args=[ward.district_id])]:
        assert queries(client, address) <= 12, address


def test_the_checklist_page_asks_little_and_saving_too(cast, sign_in, phuong6, all_answered):
    client = sign_in(cast.inspector)
    address = reverse("inspections:checklist", args=[phuong6.pk])
    assert queries(client, address) <= 12
    data = all_answered(phuong6, 20)
    with CaptureQueriesContext(connection) as captured:
        client.post(address, data)
    # Savepoints of the test's own transaction are no queries of the portal.
    asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(asked) <= 12, "\n".join(sql[:150] for sql in asked)


def test_an_empty_portal_says_how_it_fills(db, sign_in):
    client = sign_in(make_user())
    assert "Đợt mới do lãnh đạo Chi cục mở" in client.get(reverse("inspections:rounds")).content.decode()
    assert "Đợt mới do lãnh đạo Chi cục mở" in client.get("/").content.decode()
