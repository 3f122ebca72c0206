"""How the wards of a round answer one criterion."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from criteria.inspections.models import Enrolment
from criteria.inspections.services import approve_inspection
from tests.support.factories import answer, enrol, make_district, make_round, make_set, make_ward, submit_signed

PAGE = reverse("reports:criterion", args=["gd1-2019", "TC07"])


def wards(response) -> list[str]:
    return [row.record.ward.title for row in response.context["table"].rows]


def downloaded(client, query: str = "") -> list[tuple]:
    response = client.get(f"{PAGE}?tai=xlsx{query}")
    sheet = load_workbook(BytesIO(response.content)).active
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if any(row)]


@pytest.fixture
def answered(cast) -> Enrolment:
    """Phường 6, Quận 10 fails every criterion, as approved."""
    enrolment = Enrolment.objects.get(round__code="gd1-2019", position=11)
    answer(enrolment, cast.inspector, "not_met")
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    return enrolment


def test_counts_stand_beside_their_coverage(cast, sign_in, answered):
    count = sign_in(cast.inspector).get(PAGE).context["count"]
    assert (count.met, count.not_met, count.assessed, count.open, count.enrolled) == (1, 1, 2, 24, 26)
    assert count.percent == 50


def test_drafts_are_counted_for_nobody(cast, sign_in):
    answer(Enrolment.objects.get(round__code="gd1-2019", position=11), cast.inspector, {7: "not_met"})
    for who, assessed in (("inspector", 1), ("leader", 1), ("quan10", 0)):
        client = sign_in(getattr(cast, who))
        response = client.get(PAGE)
        assert response.context["count"].assessed == assessed
        assert wards(client.get(f"{PAGE}?answer=not_met")) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [("answer=met", ["Phường Tân Quý"]), ("answer=not_met", ["Phường 6"]), ("answer=open&q=an+lac", ["Phường An Lạc"])],
)
def test_list_filters_by_answer_and_downloads_so(cast, sign_in, answered, query, expected):
    client = sign_in(cast.inspector)
    assert wards(client.get(f"{PAGE}?{query}")) == expected
    assert [row[0] for row in downloaded(client, f"&{query}")] == expected


def test_scope_holds_in_list_and_download(cast, sign_in):
    client = sign_in(cast.quan10)
    assert wards(client.get(PAGE)) == ["Phường 2", "Phường 6", "Phường 14"]
    assert [row[0] for row in downloaded(client)] == ["Phường 2", "Phường 6", "Phường 14"]


def test_neighbours_lead_through_all_columns(cast, sign_in):
    client = sign_in(cast.inspector)
    first = client.get(reverse("reports:criterion", args=["gd1-2019", "TC01"])).context
    assert (first["before"], first["after"].code) == (None, "TC02")
    fact = client.get(reverse("reports:criterion", args=["gd1-2019", "TT01"]))
    assert (fact.context["before"].code, fact.context["after"].code) == ("TC05", "TC06")
    assert fact.context["count"].total is None


def test_unknown_criterion_is_not_found(cast, sign_in):
    assert sign_in(cast.inspector).get(reverse("reports:criterion", args=["gd1-2019", "TC99"])).status_code == 404


def test_number_of_queries_does_not_grow(cast, sign_in, django_assert_max_num_queries):
    client, counts = sign_in(cast.inspector), []
    for number in (10, 40):
        inspection_round = make_round(make_set(4))
        district = make_district()
        for _ in range(number):
            enrol(inspection_round, make_ward(district))
        address = reverse("reports:criterion", args=[inspection_round.code, "TC01"])
        client.get(address)
        for query in ("", f"?district={district.pk}&answer=open"):
            with django_assert_max_num_queries(12) as captured:
                client.get(address + query)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_overview_lists_every_column(cast, sign_in, answered):
    response = sign_in(cast.inspector).get(reverse("reports:criteria", args=["gd1-2019"]))
    assert len(response.context["counts"]) == 24
    assert response.content.decode().count(reverse("reports:criterion", args=["gd1-2019", "TC23"])) >= 1


def test_overview_says_over_how_many_wards_it_counts(cast, sign_in):
    client = sign_in(cast.leader)
    text = client.get(reverse("reports:criteria", args=["gd1-2019"])).content.decode()
    assert "1/26 đơn vị" in text and "chưa đủ để tính tỷ lệ cho cả đợt" in text
    inspection_round = make_round(make_set(4))
    enrolment = enrol(inspection_round, make_ward(make_district()))
    answer(enrolment, cast.inspector, "met")
    submit_signed(inspection=enrolment.inspection, by=cast.inspector)
    enrolment.inspection.refresh_from_db()
    approve_inspection(inspection=enrolment.inspection, by=cast.approver)
    text = client.get(reverse("reports:criteria", args=[inspection_round.code])).content.decode()
    assert "1/1 đơn vị" in text and "chưa đủ" not in text
