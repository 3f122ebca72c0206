"""The number beside a criterion reads alike on every page and paper: "25,5 m²"."""

import uuid
from decimal import Decimal
from itertools import chain

import pytest
from django.urls import reverse

from archiveportal.fields import NumberField
from criteria.facts import amount, fact_in_words
from criteria.inspections.models import Inspection
from criteria.inspections.services import Change, approve_inspection, save_results
from criteria.inspections.services.self_assessment import hand_in, save_self_answers
from criteria.models import Criterion
from tests.support.books import opened
from tests.support.factories import enrol, make_round, make_set, submit_signed
from tests.support.papers import words
from wards.models import Ward

AREA = {"number": Decimal("25.50"), "text": "", "note": ""}


@pytest.fixture
def approved(cast):
    """A unit with a store of 25,5 m² (criterion 1) and a yard of as much (a fact alone)."""
    criteria_set = make_set(3)
    criteria, fact = criteria_set.criteria, {"fact_kind": "decimal", "fact_unit": "m²"}
    criteria.filter(code="TC01").update(**fact, fact_label="Diện tích kho", fact_minimum=20)
    alone = {"kind": "fact", "has_outcome": False, "is_counted": False, "number": None}
    Criterion.objects.filter(pk=criteria.get(code="TC02").pk).update(**fact, **alone, fact_label="Diện tích sân")
    enrolment = enrol(make_round(criteria_set, asks_self_assessment=True), Ward.objects.get(code="27202"))
    outcomes = {"TC01": "met", "TC02": "", "TC03": "met"}
    changes = [
        Change(row, 0, {"outcome": outcomes[row.code]} | (AREA if row.fact_kind else AREA | {"number": None}))
        for row in criteria.all()
    ]
    own = save_self_answers(enrolment=enrolment, changes=changes, by=cast.quan10)
    hand_in(enrolment=enrolment, seen=own.version, by=cast.quan10)
    save_results(inspection=enrolment.inspection, changes=changes, by=cast.inspector, submission_id=uuid.uuid4())
    return enrolment


def approve(enrolment, cast):
    inspection = Inspection.objects.get(enrolment=enrolment)
    submit_signed(inspection=inspection, by=cast.inspector)
    approve_inspection(inspection=inspection, by=cast.approver)


def text_of(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


def test_every_page_and_paper_has_the_same_words(approved, cast, sign_in):
    pk, code = approved.pk, approved.round.code
    inspecting = sign_in(cast.inspector)
    assert 'value="25,5"' in text_of(inspecting.get(reverse("inspections:checklist", args=[pk])))
    approve(approved, cast)
    pages = {
        reverse("inspections:checklist", args=[pk]): "Diện tích kho: 25,5 m²",
        reverse("inspections:minutes-print", args=[pk, 1]): "Diện tích kho: 25,5 m²",
        reverse("inspections:self-assessment", args=[pk]): "25,5 m²",
        reverse("inspections:history", args=[pk]): "25,5",
        reverse("wards:detail", args=[approved.ward_id]): "25,5 m²",
        reverse("reports:criterion", args=[code, "TC01"]): "25,5 m²",
        reverse("reports:summary", args=[code]): "25,5",
    }
    for address, said in pages.items():
        page = text_of(inspecting.get(address))
        assert said in page, address
        assert "25,50" not in page and "25.5" not in page, address
    paper = words(inspecting.get(reverse("inspections:minutes-word", args=[pk, 1])).content).replace("\u00a0", " ")
    assert "Diện tích kho: 25,5 m²" in paper and "25,50" not in paper
    book = inspecting.get(reverse("reports:summary-workbook", args=[code])).content
    cells = [cell for cell in chain.from_iterable(opened(book).iter_rows()) if cell.value == 25.5]
    assert [cell.number_format for cell in cells] == ["General", "#,##0.0"]


@pytest.mark.parametrize(
    ("value", "read"), [("25.50", "25,5 m²"), ("20.00", "20 m²"), ("100", "100 m²"), ("1341.25", "1.341,25 m²")]
)
def test_an_amount_has_no_zeros_of_the_database(value, read):
    criterion = Criterion(fact_label="Diện tích kho", fact_unit="m²")
    assert amount(criterion, Decimal(value)) == read
    assert fact_in_words(criterion, Decimal(value), "", label="Diện tích kho") == f"Diện tích kho: {read}"


@pytest.mark.parametrize("typed", ["25,5 m²", "25,5m2", "25.5 M2", " 25,50 mét vuông "])
def test_a_number_is_taken_with_its_unit(typed):
    assert NumberField(places=2).clean(typed) == Decimal("25.5")
