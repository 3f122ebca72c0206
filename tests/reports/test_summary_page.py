"""The wide table as each role sees it."""

import re

import pytest
from django.urls import reverse

from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services import approve_inspection
from reports.results.table import summary
from tests.support.books import SCORE, download, values, ward_rows
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed
from tests.support.pages import squeeze
from wards.models import District

PAGE = reverse("reports:summary", args=["gd1-2019"])
BOOK = reverse("reports:summary-workbook", args=["gd1-2019"])


def positions(response) -> list[int]:
    return [line.row.position for line in response.context["lines"]]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("inspector", list(range(1, 27))),
        ("approver", list(range(1, 27))),
        ("leader", list(range(1, 27))),
        ("quan10", [10, 11, 12]),
        ("cangio", [18, 19, 20, 21, 22]),
        ("thanhan", [22]),
    ],
)
def test_page_and_workbook_show_the_same_wards(cast, sign_in, who, expected):
    client = sign_in(getattr(cast, who))
    assert positions(client.get(PAGE)) == expected
    assert [row[0] for row in ward_rows(download(client, BOOK))] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=tan+quy", [16]),
        ("?q=da+kao", []),
        ("?kind=thi_tran", [19]),
        ("?district={district}", [10, 11, 12]),
        ("?district={district}&band={middle}", [12]),
        ("?band={top}", [16]),
        ("?status=approved", [16]),
    ],
)
def test_filters_hold_on_page_and_in_workbook(cast, sign_in, query, expected):
    bands = list(Round.objects.get(code="gd1-2019").criteria_set.bands.all())
    district = District.objects.get(code="771").pk
    query = query.format(district=district, top=bands[0].pk, middle=bands[1].pk)
    client = sign_in(cast.inspector)
    page = client.get(PAGE + query)
    assert positions(page) == expected
    if not expected:
        assert 'class="empty"' in page.content.decode()
        return
    assert f"{BOOK}{query}".replace("&", "&amp;") in page.content.decode()
    sheet = download(client, BOOK + query)
    assert [row[0] for row in ward_rows(sheet)] == expected
    assert page.context["table"].scores.enrolled == len(expected)


def test_totals_of_the_workbook_are_those_of_the_page(cast, sign_in):
    client = sign_in(cast.inspector)
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    answer(enrolment, cast.inspector, {1: "met", 2: "not_met"})
    page = client.get(PAGE)
    totals = [count.total for count in page.context["table"].totals]
    # What is not approved is a mark in its row and counts in no total.
    assert totals[:3] == [1, 1, 1]
    assert "answer-not_met" in page.content.decode()
    rows = [row for row in download(client, BOOK).iter_rows(values_only=True) if row[0] == "Cộng"]
    assert [list(row[3:27]) for row in rows] == [totals]
    assert rows[0][SCORE] == page.context["table"].scores.points == 308
    foot = squeeze(page.content.decode()).split("<tfoot>")[1]
    shown = re.findall(r'<td class="fact">(?:<a [^>]*>)?([^<]*)', foot.split("</tr>")[0])
    assert [text or None for text in shown] == [None if total is None else str(total) for total in totals]


def test_filter_choices_name_own_districts_only(cast, sign_in):
    assert districts_to_choose(sign_in(cast.quan10)) == ["Quận 10"]
    assert len(districts_to_choose(sign_in(cast.inspector))) == 18


def districts_to_choose(client) -> list[str]:
    form = client.get(PAGE).context["filter"].form
    return [title for key, title in form.fields["district"].choices if key]


def test_another_district_in_the_filter_opens_nothing(cast, sign_in):
    cangio = District.objects.get(code="787").pk
    client = sign_in(cast.quan10)
    assert positions(client.get(f"{PAGE}?district={cangio}")) == [10, 11, 12]
    assert [row[0] for row in ward_rows(download(client, f"{BOOK}?district={cangio}"))] == [10, 11, 12]


def test_administrator_is_refused(cast, sign_in):
    client = sign_in(cast.administrator)
    names = ("summary", "summary-workbook", "bands", "criteria")
    for address in [reverse(f"reports:{name}", args=["gd1-2019"]) for name in names]:
        assert client.get(address).status_code == 403
    assert client.get(reverse("reports:criterion", args=["gd1-2019", "TC01"])).status_code == 403


def test_unknown_round_and_a_round_of_others_are_not_found(cast, sign_in):
    elsewhere = make_round()
    enrol(elsewhere, make_ward(make_district()))
    for code in ("khong-co", elsewhere.code):
        for name in ("summary", "summary-workbook", "bands", "criteria"):
            assert sign_in(cast.quan10).get(reverse(f"reports:{name}", args=[code])).status_code == 404


def test_writing_methods_are_refused(cast, sign_in):
    assert sign_in(cast.inspector).post(PAGE).status_code == 405
    assert sign_in(cast.inspector).post(BOOK).status_code == 405


def test_page_and_workbook_follow_an_approval(cast, sign_in):
    client, leader = sign_in(cast.inspector), sign_in(cast.leader)
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    answer(enrolment, cast.inspector, {number: "met" if number <= 15 else "not_met" for number in range(1, 24)})
    before = leader.get(PAGE).context["lines"][10].row
    assert (before.score, before.is_published, before.cells[0]) == (11, True, "")
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    after = leader.get(PAGE).context["lines"][10].row
    assert (after.score, after.is_published, after.difference, after.cells[0]) == (15, False, 4, "met")
    assert after.band.position == 2
    row = list(ward_rows(download(client, BOOK)))[10]
    assert row[SCORE] == 15 and [cell for cell in row[3:27] if cell is not None] == [1] * 15 + [0] * 8


def test_every_cell_leads_to_the_checklist(cast, sign_in):
    page = sign_in(cast.inspector).get(PAGE).content.decode()
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=16)
    assert f'{reverse("inspections:checklist", args=[enrolment.pk])}#TC07"' in page
    assert page.count("#TC07") == 26


def test_simulated_rounds_are_marked(cast, sign_in):
    inspection_round = make_round(make_set(4), is_simulated=True)
    enrol(inspection_round, make_ward(make_district()))
    client = sign_in(cast.inspector)
    for name in ("summary", "bands", "criteria"):
        assert (
            'class="tag submitted"'
            in client.get(reverse(f"reports:{name}", args=[inspection_round.code])).content.decode()
        )
    sheet = download(client, reverse("reports:summary-workbook", args=[inspection_round.code]))
    assert any("SỐ LIỆU MÔ PHỎNG" in str(row[0]) for row in values(sheet))
    assert 'class="tag submitted"' not in client.get(PAGE).content.decode()


def test_an_empty_round_says_how_it_fills(cast, sign_in):
    inspection_round = make_round()
    client = sign_in(cast.inspector)
    assert 'class="empty"' in client.get(reverse("reports:summary", args=[inspection_round.code])).content.decode()
    assert list(ward_rows(download(client, reverse("reports:summary-workbook", args=[inspection_round.code])))) == []


def test_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    client, counts = sign_in(cast.inspector), []
    for wards in (10, 40):
        inspection_round = make_round(make_set(4))
        district = make_district()
        for _ in range(wards):
            answer(enrol(inspection_round, make_ward(district)), cast.inspector, {1: "met"})
        for name in ("summary", "bands", "criteria", "summary-workbook"):
            address = reverse(f"reports:{name}", args=[inspection_round.code])
            client.get(address)
            for query in ("", f"?district={district.pk}&band={inspection_round.criteria_set.bands.first().pk}&q=1"):
                # A workbook names the office that issues it.
                most = 13 if name == "summary-workbook" else 12
                with django_assert_max_num_queries(most) as captured:
                    client.get(address + query)
                counts.append((name, query[:9], len(captured)))
    half = len(counts) // 2
    assert counts[:half] == counts[half:]


def test_a_long_table_comes_in_pages(cast, sign_in, monkeypatch):
    monkeypatch.setattr("reports.rounds.views.PER_PAGE", 10)
    client = sign_in(cast.inspector)
    assert positions(client.get(f"{PAGE}?page=3")) == list(range(21, 27))
    assert client.get(f"{PAGE}?page=3").context["table"].scores.points == 308
    assert positions(client.get(PAGE)) == list(range(1, 11))
    assert len(list(summary(cast.inspector, Round.objects.get(code="gd1-2019")).rows())) == 26


@pytest.mark.parametrize(("criteria", "folds"), [(24, False), (25, True)])
def test_units_are_folded_on_a_phone_where_their_criteria_take_many_lines(cast, sign_in, criteria, folds):
    inspection_round = make_round(make_set(criteria))
    enrol(inspection_round, make_ward(make_district()))
    page = sign_in(cast.inspector).get(reverse("reports:summary", args=[inspection_round.code])).content.decode()
    assert ('class="summary folds fits-30"' in page) == folds
    assert page.split('<table class="summary')[1].split("</main>")[0].count("<details") == 2 * folds
