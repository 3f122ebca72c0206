"""The round of the reports: closed for entry until somebody opens it for the paper checklists."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from archiveportal.history.models import Event
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Round
from tests.support.factories import answer

MIGRATION = import_module("criteria.inspections.migrations.0010_close_round_of_reports")
PAGE = reverse("inspections:round", args=["gd1-2019"])


def closed_by_migration() -> Round:
    MIGRATION.close_round(apps, None)
    return Round.objects.get(code="gd1-2019")


def test_an_installation_in_which_nobody_worked_gets_it_closed_with_one_event(baseline):
    before = Event.objects.count()
    assert closed_by_migration().is_closed
    assert closed_by_migration().is_closed
    (told,) = Event.objects.order_by("-pk")[: Event.objects.count() - before]
    assert (told.action, told.via, told.changes) == ("closed", "command", {"status": ["open", "closed"]})


def used_by_an_answer(cast):
    answer(Enrolment.objects.get(round__code="gd1-2019", ward__code="27202"), cast.inspector, {1: "met"})


def used_by_a_change(cast):
    inspection_round = Round.objects.get(code="gd1-2019")
    inspection_round.legal_basis = "Sửa"
    services.update_round(inspection_round=inspection_round, by=cast.approver)


def used_by_opening(cast):
    inspection_round = Round.objects.get(code="gd1-2019")
    services.close_round(inspection_round=inspection_round, by=cast.approver)
    services.reopen_round(inspection_round=inspection_round, reason="Nhập phiếu giấy", by=cast.approver)


@pytest.mark.parametrize("use", [used_by_an_answer, used_by_a_change, used_by_opening])
def test_a_round_in_which_somebody_worked_stays_open(cast, use):
    use(cast)
    before = Event.objects.count()
    assert closed_by_migration().is_open
    assert Event.objects.count() == before


def test_one_button_opens_it_for_the_paper_checklists(cast, sign_in):
    closed_by_migration()
    client = sign_in(cast.approver)
    assert 'form="paper"' in client.get(PAGE).content.decode()
    assert 'form="paper"' not in sign_in(cast.inspector).get(PAGE).content.decode()
    client.post(reverse("inspections:round-reopen", args=["gd1-2019"]), {"reason": "Nhập phiếu giấy"})
    assert Round.objects.get(code="gd1-2019").is_open
    assert 'form="paper"' not in client.get(PAGE).content.decode()
