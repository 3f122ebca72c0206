"""The two pages of the ledger: who may open them, what they show, what their filters and downloads give."""

from io import BytesIO
from itertools import chain

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from criteria.inspections.models import Round
from reports.ledger.derivations import PRINTED_ONLY
from reports.ledger.entries import load_entries
from reports.ledger.links import records_address
from reports.models import Discrepancy, Figure
from tests.support.factories import enrol, make_round, make_ward
from training.models import Course
from wards.models import Ward

PAGES = ["reports:figures", "reports:discrepancies"]


def shown(response) -> list[str]:
    return [row.record.code for row in response.context["table"].rows]


def sheet_rows(response) -> list[list]:
    book = load_workbook(BytesIO(response.content))
    return [list(row) for row in book.active.iter_rows(min_row=5, values_only=True)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("inspector", 200),
        ("approver", 200),
        ("administrator", 200),
        ("quan10", 403),
        ("cangio", 403),
        ("thanhan", 403),
        ("leader", 403),
    ],
)
def test_who_may_open_it(cast, sign_in, page, role, status):
    client = sign_in(getattr(cast, role))
    assert client.get(reverse(page)).status_code == status
    assert client.get(reverse(page), {"tai": "xlsx"}).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_it_is_read_only(cast, sign_in, page):
    assert sign_in(cast.inspector).post(reverse(page)).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_without_the_data_of_the_reports(cast, sign_in, page):
    for figure in Figure.objects.all():
        figure.discrepancies.clear()
    Figure.objects.all().delete()
    Discrepancy.objects.all().delete()
    response = sign_in(cast.inspector).get(reverse(page))
    assert response.status_code == 200
    assert b'class="empty"' in response.content


def test_all_figures_stand_on_one_page(cast, sign_in):
    response = sign_in(cast.inspector).get(reverse("reports:figures"))
    text = response.content.decode()
    assert all(f'id="f{code}"' in text for code in Figure.objects.values_list("code", flat=True))
    assert {verdict.value: count for verdict, count in response.context["verdicts"]} == {
        "matches": 80,
        "label_does_not_fit": 2,
        "explained": 5,
        "printed_only": 3,
        "unexplained": 0,
    }


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({"verdict": "explained"}, ["5355-05", "5355-06", "5355-09", "5355-17", "2710-15"]),
        ({"report": "5355", "section": "2710:III.2.a"}, []),
        ({"section": "2710:III.2.a"}, ["2710-42"]),
        ({"section": "5355:I.1.b"}, ["5355-01", "5355-02"]),
        ({"q": "tan binh"}, ["5355-09", "5355-21", "5355-22", "5355-37", "2710-19", "2710-20"]),
        ({"q": "E08"}, ["2710-15"]),
        ({"q": "5355-33"}, ["5355-33"]),
        ({"q": "kinh phi", "report": "2710", "verdict": "matches"}, None),
        ({"changed": "1"}, []),
        ({"verdict": "nonsense"}, []),
    ],
)
def test_figures_are_filtered(cast, sign_in, chosen, codes):
    response = sign_in(cast.inspector).get(reverse("reports:figures"), chosen)
    if codes is None:
        assert {"2710-38", "2710-39"} <= set(shown(response))
    else:
        assert shown(response) == codes


def test_a_changed_record_is_found_by_its_filter(cast, sign_in):
    course = Course.objects.get(report_key="boi-duong-chinh-ly")
    course.as_reported, course.participants = {"participants": 370}, 371
    course.save(update_fields=["as_reported", "participants"])
    client = sign_in(cast.inspector)
    response = client.get(reverse("reports:figures"), {"changed": "1"})
    assert shown(response) == ["2710-06", "2710-32", "2710-34"]
    assert "+1" in response.content.decode()
    assert len(shown(client.get(reverse("reports:figures"), {"changed": "0"}))) == 87


def test_links_lead_where_the_role_may_go(cast, sign_in):
    for_inspector = sign_in(cast.inspector).get(reverse("reports:figures")).content.decode()
    for_administrator = sign_in(cast.administrator).get(reverse("reports:figures")).content.decode()
    bands = reverse("reports:bands", args=["gd1-2019"])
    courses = reverse("reports:courses", args=["02-2014", "ngan-han"])
    ward = reverse("wards:detail", args=[Ward.objects.get(code="27202").pk])
    assert f'href="{bands}#muc-2"' in for_inspector
    assert f'href="{courses}"' in for_inspector
    assert f'href="{ward}"' in for_inspector
    assert f"{reverse('reports:discrepancies')}#D05" in for_administrator
    assert "gd1-2019" not in for_administrator
    assert "/dao-tao/" not in for_administrator


def test_figures_download_as_filtered(cast, sign_in):
    client = sign_in(cast.inspector)
    rows = sheet_rows(client.get(reverse("reports:figures"), {"tai": "xlsx"}))
    assert len(rows) == 90
    assert rows[0][0] == "5355-01"
    percents = {row[0]: row for row in rows}
    assert "40,60 %" in percents["2710-28"]
    assert "D10, E02, E09, E19" in percents["2710-28"]
    some = sheet_rows(client.get(reverse("reports:figures"), {"tai": "xlsx", "verdict": "explained"}))
    assert [row[0] for row in some[-5:]] == ["5355-05", "5355-06", "5355-09", "5355-17", "2710-15"]
    assert len(some) == 5


def test_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.inspector)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("reports:figures"))
    template = Course.objects.get(report_key="boi-duong-10-ngay")
    inspection_round = Round.objects.get(code="gd1-2019")
    for number in range(30):
        enrol(inspection_round, make_ward(name=f"Thử {number}"))
        Course(
            category=template.category,
            name=f"Lớp {number}",
            participants=1,
            unit=template.unit,
            organiser=template.organiser,
            enters_summary=True,
        ).save()
    make_round()
    with django_assert_max_num_queries(12) as many:
        client.get(reverse("reports:figures"))
    assert len(few) == len(many)


def test_discrepancies_make_few_queries(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.inspector)
    with django_assert_max_num_queries(15):  # nine of them read the records behind the figures
        client.get(reverse("reports:discrepancies"))


def rows_of(response) -> list:
    """Return the discrepancies of a page, from all its groups."""
    return list(chain.from_iterable(rows for _category, rows in response.context["groups"]))


def test_discrepancies_stand_with_their_evidence(cast, sign_in):
    for_inspector = sign_in(cast.inspector).get(reverse("reports:discrepancies"))
    cases = {row.code: row for row in rows_of(for_inspector)}
    assert len(cases) == Discrepancy.objects.standing().count()
    for row in cases.values():
        assert {entry.code for entry, _address in row.evidence} == {figure.code for figure in row.figures.all()}
    (entry, address) = next(pair for pair in cases["D05"].evidence if pair[0].code == "5355-05")
    assert (entry.figure.printed, entry.reported.display) == ("6", "4")
    assert address == reverse("reports:districts", args=["gd1-2019"])
    assert cases["D18"].records == [reverse("reports:criterion", args=["gd1-2019", "TC16"])]
    assert not cases["E17"].records
    client = sign_in(cast.inspector)
    evidence = chain.from_iterable(row.evidence for row in cases.values())
    ways = {address for _entry, address in evidence if address}
    ways.update(*(row.records for row in cases.values()))
    assert all(client.get(address).status_code == 200 for address in ways)
    for_administrator = sign_in(cast.administrator).get(reverse("reports:discrepancies")).content.decode()
    assert "gd1-2019" not in for_administrator


def test_every_figure_with_records_has_a_way_to_them(cast, sign_in):
    client = sign_in(cast.inspector)
    entries = {entry.code: records_address(entry.now.source, cast.inspector) for entry in load_entries()}
    assert {code for code, address in entries.items() if not address} == PRINTED_ONLY
    for address in sorted(set(filter(None, entries.values()))):
        assert client.get(address).status_code == 200, address


def test_discrepancies_stand_by_class_and_severity(cast, sign_in):
    response = sign_in(cast.inspector).get(reverse("reports:discrepancies"))
    groups = {category.value: [row.severity for row in rows] for category, rows in response.context["groups"]}
    assert list(groups) == ["figures", "wording", "open"]
    weights = ["high", "medium", "low"]
    for severities in (groups["figures"], groups["wording"]):
        assert severities == sorted(severities, key=weights.index) and set(severities) == set(weights)
    assert set(groups["open"]) == {""}
    assert sum(map(len, groups.values())) == response.context["total"]
    text = response.content.decode()
    assert all(f'id="{code}"' in text for code in Discrepancy.objects.values_list("code", flat=True))
    assert f"{reverse('reports:figures')}#f5355-05" in text


def test_what_is_no_discrepancy_left_the_list_with_a_reason(cast, sign_in):
    """The codes stay known, so that a link to one of them arrives; nothing counts or quotes them."""
    client = sign_in(cast.inspector)
    response = client.get(reverse("reports:discrepancies"))
    codes = ["D17", "D20", "D21", "D24", "E10", "E11", "E18"]
    assert sorted(row.code for row in response.context["withdrawn"]) == codes
    assert all(row.local_withdrawn in response.content.decode() for row in response.context["withdrawn"])
    assert not set(codes) & {row.code for row in rows_of(response)}
    assert not Figure.objects.filter(discrepancies__code__in=codes)
    listed = {row[0] for row in sheet_rows(client.get(reverse("reports:discrepancies"), {"tai": "xlsx"}))}
    assert len(listed) == response.context["total"] and not listed & set(codes)
    home = sign_in(cast.administrator).get(reverse("home"))
    assert home.context["discrepancies"] == len(listed)


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ({"report": "2710", "severity": "high"}, ["E01", "E05", "E06"]),
        ({"report": "2710", "category": "figures"}, ["E01", "E07", "E22", "E08"]),
        ({"category": "open", "severity": "low"}, []),
        ({"kind": "rounding"}, ["D10"]),
        ({"q": "bo tai chinh"}, ["E05"]),
        ({"severity": "nonsense"}, []),
    ],
)
def test_discrepancies_are_filtered_also_in_the_workbook(cast, sign_in, chosen, codes):
    client = sign_in(cast.inspector)
    response = client.get(reverse("reports:discrepancies"), chosen)
    assert [row.code for row in rows_of(response)] == codes
    rows = sheet_rows(client.get(reverse("reports:discrepancies"), {**chosen, "tai": "xlsx"}))
    assert [row[0] for row in rows] == codes


def test_texts_follow_the_language_of_the_screen(cast, sign_in):
    client = sign_in(cast.inspector)
    assert "Thành phố" in client.get(reverse("reports:discrepancies")).content.decode()
    client.cookies["django_language"] = "en"
    text = client.get(reverse("reports:discrepancies")).content.decode()
    assert "show 4 from the list, note the 6" in text
    assert "Hiển thị 4 theo danh sách" not in text
