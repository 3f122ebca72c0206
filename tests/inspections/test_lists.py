"""The lists of rounds and wards: filters, search, order, scope, downloads, and queries that do not grow."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from criteria.inspections.models import Enrolment
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_user, make_ward

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
        ("q=Ph%C6%B0%E1%BB%9Dng+6%2C+Qu%E1%BA%ADn+10", 1),
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
    districts = [key for key, _title in response.context["filter"].form.fields["district"].choices if key]
    assert len(districts) == (18 if person == "leader" else 1)
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
        checklist = checklist.partition("<main")[2]
        assert "answer-met" not in checklist
        assert "sửa lần cuối" not in checklist
        assert "đang nhập" not in checklist


@pytest.mark.parametrize("name", ["round", "summary", "bands", "districts"])
def test_queries_do_not_grow_with_rows(db, sign_in, name):
    inspector = make_user()
    client, counts = sign_in(inspector), []
    inspection_round = make_round()
    address = reverse(f"{'inspections' if name == 'round' else 'reports'}:{name}", args=[inspection_round.code])
    for wards in (10, 30):
        district = make_district()
        for number in range(wards):
            enrolment = enrol(inspection_round, make_ward(district))
            answer(enrolment, inspector, "met" if number % 2 else {1: "met"})
        counts.append(queries(client, address))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("person", ["inspector", "approver", "leader", "quan10", "thanhan", "administrator"])
def test_the_first_page_and_unit_pages_ask_little(cast, sign_in, person):
    client = sign_in(getattr(cast, person))
    ward = Enrolment.objects.get(ward__code="27676" if person == "thanhan" else "27202").ward
    for address in ["/", reverse("wards:detail", args=[ward.pk]), reverse("wards:district", args=[ward.district_id])]:
        assert queries(client, address) <= 14, address


def test_the_checklist_page_asks_little_and_saving_too(cast, sign_in, phuong6, all_answered):
    client = sign_in(cast.inspector)
    address = reverse("inspections:checklist", args=[phuong6.pk])
    assert queries(client, address) <= 18
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


@pytest.mark.parametrize("sort", ["score", "-score", "status"])
def test_pages_of_tied_rows_show_every_ward_once(db, sign_in, sort):
    inspection_round = make_round()
    enrolments = [enrol(inspection_round, make_ward()) for _ in range(120)]
    answer(enrolments[0], make_user(), {1: "met"})
    client, seen = sign_in(make_user()), []
    address = reverse("inspections:round", args=[inspection_round.code])
    for page in (1, 2, 3):
        rows = client.get(f"{address}?sort={sort}&page={page}").context["table"].paginated_rows
        seen += [row.record.pk for row in rows]
    assert sorted(seen) == sorted(enrolment.pk for enrolment in enrolments)


def test_wards_without_a_score_come_last_in_both_directions(cast, sign_in):
    inspection_round = make_round()
    scored, unscored = (
        enrol(inspection_round, make_ward(), published_score=1, published_maximum=4),
        enrol(inspection_round, make_ward()),
    )
    client = sign_in(cast.inspector)
    for sort in ("score", "-score"):
        rows = (
            client.get(f"{reverse('inspections:round', args=[inspection_round.code])}?sort={sort}")
            .context["table"]
            .rows
        )
        assert [row.record.pk for row in rows] == [scored.pk, unscored.pk]


@pytest.mark.parametrize(
    "query", ["per_page=-1", "per_page=-5&page=2", "page=abc", "page=999", "page=-1", "q=%00", "district=abc"]
)
def test_strange_addresses_are_answered(cast, sign_in, query):
    for name in ("inspections:round", "reports:summary"):
        assert sign_in(cast.inspector).get(f"{reverse(name, args=['gd1-2019'])}?{query}").status_code == 200


def test_a_filter_that_cannot_be_read_finds_nothing(cast, sign_in):
    response = sign_in(cast.inspector).get(f"{ROUND}?kind=xa&status=bogus")
    assert wards_in(response) == []
    assert response.context["filter"].form.errors


def test_bands_by_decimal_points_filter_as_they_are_shown(db, sign_in):
    """4,1 of 20,5 points is exactly 20 %: in the band, on both databases."""
    criteria_set = make_set(2)
    criteria_set.bands.filter(position=1).update(lower_percent=20)
    criteria_set.bands.filter(position=2).update(upper_percent=20)
    inspection_round = make_round(criteria_set)
    enrol(inspection_round, make_ward(), published_score=Decimal("4.1"), published_maximum=Decimal("20.5"))
    band = criteria_set.bands.get(position=1)
    response = sign_in(make_user()).get(f"{reverse('inspections:round', args=[inspection_round.code])}?band={band.pk}")
    assert len(wards_in(response)) == 1


def test_queries_do_not_grow_with_rounds(cast, sign_in):
    """District page, list of rounds and first page: the counts of all rounds come together."""
    district = Enrolment.objects.get(ward__code="27202").ward.district
    client, counts = sign_in(cast.inspector), []
    addresses = [reverse("wards:district", args=[district.pk]), reverse("inspections:rounds"), "/"]
    for rounds in (2, 6):
        for _ in range(rounds):
            enrol(make_round(deadline="2026-12-31"), make_ward(district))
        counts.append([queries(client, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14, counts


def test_tabs_of_a_round_keep_what_was_chosen(cast, sign_in):
    client = sign_in(cast.approver)
    chosen = "q=phuong&district=1&kind=phuong"
    page = client.get(f"/dot-kiem-tra/gd1-2019/?{chosen}&status=approved&page=2").content.decode().replace("&amp;", "&")
    for view in ("tien-do", "van-ban", "doan"):
        assert f'href="/dot-kiem-tra/gd1-2019/{view}/?{chosen}"' in page
    assert f'href="/kien-nghi/?round=gd1-2019&{chosen}"' in page
    # What is not the same in every view stays where it was chosen.
    tabs = page.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    assert "status=" not in tabs and "page=" not in tabs
