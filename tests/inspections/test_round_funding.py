"""What a round costs at its units: recorded on a page, of every round, with its history."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections.models import Round
from criteria.inspections.services import close_round, set_round_funding, update_round
from reports.frozen.figures import figures_of
from reports.ledger.entries import load_entries
from tests.support.factories import make_round


def page_of(inspection_round: Round) -> str:
    return reverse("inspections:round-funding", args=[inspection_round.code])


def amount_of(inspection_round: Round) -> Decimal | None:
    return Round.objects.get(pk=inspection_round.pk).funding


def test_an_amount_is_recorded_with_its_history(cast, sign_in):
    made = make_round()
    client = sign_in(cast.approver)
    response = client.post(page_of(made), {"amount": "1.250.000.000", "shown": ""})
    assert response.url == reverse("inspections:round", args=[made.code])
    assert amount_of(made) == 1_250_000_000
    event = Event.objects.about(made).get()
    assert (event.actor_id, event.via, event.changes) == (cast.approver.pk, "page", {"funding": [None, "1250000000"]})
    text = client.get(response.url).content.decode()
    assert "Kinh phí thực hiện tại các đơn vị" in text and "1.250.000.000 đồng" in text
    assert "kinh phí thực hiện tại các đơn vị" in client.get(page_of(made)).content.decode()
    figures = {figure["key"]: figure["value"] for figure in figures_of(Round.objects.get(pk=made.pk))}
    assert figures["funding"] == "1.250.000.000 đồng"


def test_a_closed_round_takes_it_too_and_the_same_again_changes_nothing(cast, sign_in):
    made, client = make_round(), sign_in(cast.approver)
    close_round(inspection_round=made, by=cast.approver)
    assert client.post(page_of(made), {"amount": "0", "shown": ""}).status_code == 302
    before = Event.objects.about(made).count()
    assert client.post(page_of(made), {"amount": "0", "shown": "0"}).status_code == 302
    assert amount_of(made) == 0 and Event.objects.about(made).count() == before


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1234567890123456", "nhiều hơn 15 chữ số"),
        ("-1", "không được âm"),
        ("1,5", "số nguyên"),
        ("mười chín tỷ", "không phải là số"),
        ("", "ghi 0 nếu không chi"),
    ],
)
def test_bad_amounts_are_explained_in_place(cast, sign_in, typed, message):
    pilot = Round.objects.get(code="gd1-2019")
    response = sign_in(cast.approver).post(page_of(pilot), {"amount": typed, "shown": "19.200.000.000"})
    assert response.status_code == 200 and message in response.content.decode()
    assert list(response.context["form"].errors) == ["amount"]
    assert amount_of(pilot) == 19_200_000_000


def test_a_stale_form_is_shown_again_with_both_amounts(cast, sign_in):
    made, client = make_round(), sign_in(cast.approver)
    set_round_funding(inspection_round=made, amount=5_000, shown=None, by=cast.approver)
    response = client.post(page_of(made), {"amount": "6.000", "shown": ""})
    page = response.content.decode()
    assert "5.000 đồng" in page and 'value="6.000"' in page and amount_of(made) == 5_000
    again = {name: response.context["form"].data[name] for name in ("amount", "shown")}
    assert client.post(page_of(made), again).status_code == 302
    assert amount_of(made) == 6_000


@pytest.mark.parametrize("who", ["inspector", "leader", "quan10", "thanhan", "administrator"])
def test_only_those_who_manage_rounds_record_it(cast, sign_in, who):
    made, person = make_round(), getattr(cast, who)
    assert sign_in(person).post(page_of(made), {"amount": "1", "shown": ""}).status_code in (403, 404)
    with pytest.raises(Refused):
        set_round_funding(inspection_round=made, amount=1, shown=None, by=person)
    assert amount_of(made) is None


@pytest.mark.parametrize("amount", [-1, 10**15, Decimal("0.5")])
def test_the_service_refuses_what_the_column_cannot_hold(cast, amount):
    with pytest.raises(ValidationError, match="15"):
        set_round_funding(inspection_round=make_round(), amount=amount, shown=None, by=cast.approver)


def test_a_correction_keeps_what_the_report_had(cast):
    """In either order: the name of the round, too, stays what it was in the report."""
    pilot = Round.objects.get(code="gd1-2019")
    options = {"inspection_round": pilot, "by": cast.approver}
    set_round_funding(amount=20_000_000_000, shown=19_200_000_000, **options)
    pilot.refresh_from_db()
    pilot.name = "Đợt thí điểm"
    update_round(**options)
    set_round_funding(amount=21_000_000_000, shown=20_000_000_000, **options)
    pilot.refresh_from_db()
    assert (pilot.funding, pilot.reported("funding")) == (21_000_000_000, 19_200_000_000)
    assert (pilot.name, pilot.reported("name")) == ("Đợt thí điểm", "Giai đoạn 1 (11/2018 - 10/2019)")
    entry = next(entry for entry in load_entries() if entry.code == "5355-20")
    assert (entry.reported.display, entry.now.display) == ("19 tỷ 200 triệu đồng", "21 tỷ đồng")
    call_command("figures", stdout=StringIO())


def test_the_page_takes_the_same_queries_however_many_corrections(cast, sign_in, django_assert_max_num_queries):
    made, client = make_round(), sign_in(cast.approver)
    client.get(page_of(made))
    for amount in range(1, 4):
        shown = amount_of(made)
        set_round_funding(inspection_round=made, amount=amount, shown=shown, by=cast.approver)
        with django_assert_max_num_queries(9):
            client.get(page_of(made))


@pytest.mark.parametrize("who", ["quan10", "thanhan"])
def test_units_do_not_read_what_the_round_costs_in_all(cast, sign_in, who):
    text = sign_in(getattr(cast, who)).get(reverse("inspections:round", args=["gd1-2019"])).content.decode()
    assert "19.200.000.000" not in text
