"""What the services of a round write, word for word, and the code by which a page knows a refusal."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from archiveportal.history.models import Event
from archiveportal.refusal import Refused
from criteria.inspections import services
from criteria.inspections.models import Enrolment, Round
from criteria.inspections.services.rounds import fingerprint_of, first_ward_names, unfinished
from criteria.models import CriteriaSet
from tests.support.factories import enrol, make_district, make_set, make_ward
from tests.support.world import DAY, World, make_world, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> World:
    return make_world()


def new_round(criteria_set: CriteriaSet | None = None, **values) -> Round:
    values["criteria_set"] = criteria_set or make_set(2)
    days = {"starts_on": today(), "ends_on": today() + DAY}
    return Round(**{"code": "dot-a", "name": "Đợt A"} | days | values)


def last_event(row) -> Event:
    return Event.objects.about(row).first()


def code_of(way, **options) -> str:
    with pytest.raises(Refused) as refusal:
        way(**options)
    return refusal.value.code


def test_opening_tells_all_that_was_given(world):
    opened = services.open_round(inspection_round=new_round(legal_basis="KH 1"), by=world.approver)
    told = last_event(opened)
    assert (told.action, told.actor_id, told.via) == ("created", world.approver.pk, "page")
    assert {name: pair[1] for name, pair in told.changes.items()} == {
        "name": "Đợt A",
        "kind": "guidance",
        "criteria_set": str(opened.criteria_set),
        "starts_on": str(today()),
        "ends_on": str(today() + DAY),
        "legal_basis": "KH 1",
        "asks_self_assessment": False,
        "status": "open",
        "is_trial": False,
    }


def test_a_code_is_given_once_unless_the_round_is_the_same_and_empty(world):
    first = services.open_round(inspection_round=new_round(), by=world.approver)
    same = {"criteria_set": first.criteria_set}
    assert services.open_round(inspection_round=new_round(**same), by=world.approver).pk == first.pk
    with override("en"), pytest.raises(ValidationError, match="Another round has this code"):
        services.open_round(inspection_round=new_round(**same, name="Khác"), by=world.approver)
    enrol(first, make_ward(make_district()))
    with override("en"), pytest.raises(ValidationError, match="Another round has this code"):
        services.open_round(inspection_round=new_round(**same), by=world.approver)
    assert Round.objects.filter(code="dot-a").count() == 1


def test_a_change_is_saved_and_told_by_its_fields(world):
    changed = world.round
    changed.name, changed.legal_basis = "Đợt khác", "KH 2"
    assert services.update_round(inspection_round=changed, by=world.approver) == ["name", "legal_basis"]
    assert (world.round.name, world.round.legal_basis) == ("Đợt khác", "KH 2")
    assert last_event(changed).changes == {
        "name": [world.enrolment.round.name, "Đợt khác"],
        "legal_basis": ["", "KH 2"],
    }
    events = Event.objects.count()
    assert services.update_round(inspection_round=world.round, by=world.approver) == []
    assert Event.objects.count() == events


def test_a_closed_round_does_not_change(world):
    world.close_round()
    changed = world.round
    changed.name = "Đợt khác"
    assert code_of(services.update_round, inspection_round=changed, by=world.approver) == "closed"
    assert world.round.name == world.enrolment.round.name


def test_another_set_is_taken_only_while_no_ward_is_enrolled_and_if_it_is_complete(world):
    opened = services.open_round(inspection_round=new_round(), by=world.approver)
    opened.criteria_set = make_set(3)
    assert services.update_round(inspection_round=opened, by=world.approver) == ["criteria_set"]
    opened.criteria_set = make_set(0)
    with override("en"), pytest.raises(ValidationError, match="At least one criterion has to count"):
        services.update_round(inspection_round=opened, by=world.approver)
    without_bands = make_set(1)
    without_bands.bands.all().delete()
    opened.criteria_set = without_bands
    with override("en"), pytest.raises(ValidationError, match="no bands yet"):
        services.update_round(inspection_round=opened, by=world.approver)
    of_wards = world.round
    of_wards.criteria_set = make_set(3)
    with override("en"), pytest.raises(ValidationError, match="Wards are enrolled"):
        services.update_round(inspection_round=of_wards, by=world.approver)


def test_closing_and_opening_again_are_told_with_who_and_why(world):
    closed = services.close_round(inspection_round=world.round, by=world.approver)
    assert (world.round.status, world.round.closed_by) == ("closed", world.approver)
    assert world.round.closed_at is not None
    told = last_event(closed)
    assert (told.action, told.changes, told.reason) == ("closed", {"status": ["open", "closed"]}, "")
    assert code_of(services.close_round, inspection_round=closed, by=world.approver) == "closed"
    opened = services.reopen_round(inspection_round=world.round, reason=" Bổ sung ", by=world.approver)
    assert (world.round.status, world.round.closed_by, world.round.closed_at) == ("open", None, None)
    told = last_event(opened)
    assert (told.action, told.changes) == ("reopened", {"status": ["closed", "open"]})
    assert told.reason == "Bổ sung"
    assert code_of(services.reopen_round, inspection_round=opened, reason="Nữa", by=world.approver) == "open"


def test_a_ward_is_opened_alone_once_until_a_day(world):
    options = {"enrolment": world.enrolment, "until": today(), "reason": " Mưa ", "by": world.approver}
    assert code_of(services.reopen_ward, **options) == "open"
    world.close_round()
    events = Event.objects.count()
    for _press in range(2):
        assert services.reopen_ward(**options).pk == world.enrolment.pk
    assert Event.objects.count() == events + 1
    stored = Enrolment.objects.get(pk=world.enrolment.pk)
    assert (stored.reopened_until, stored.reopening_reason) == (today(), "Mưa")
    told = last_event(stored)
    assert (told.action, told.reason) == ("reopened", "Mưa")
    assert told.changes == {"reopened_until": [None, str(today())], "reopening_reason": ["", "Mưa"]}
    services.reopen_ward(**options | {"until": today() + DAY})
    assert list(last_event(stored).changes) == ["reopened_until"]
    for _press in range(2):
        ended = services.end_ward_reopening(enrolment=world.enrolment, by=world.approver)
        assert ended.reopened_until is None
    assert Event.objects.count() == events + 3
    stored.refresh_from_db()
    assert (stored.reopened_until, stored.reopening_reason) == (None, "")
    told = last_event(stored)
    assert (told.action, told.changes) == ("closed", {"reopened_until": [str(today() + DAY), None]})


@pytest.mark.parametrize(("days", "reason", "field"), [(0, " ", "reason"), (-1, "Mưa", "until")])
def test_the_page_learns_which_field_is_refused(world, days, reason, field):
    world.close_round()
    options = {"enrolment": world.enrolment, "until": today() + days * DAY, "reason": reason}
    with pytest.raises(ValidationError) as refusal:
        services.reopen_ward(**options, by=world.approver)
    assert list(refusal.value.message_dict) == [field]


def test_opening_the_round_ends_what_was_open_for_single_wards(world):
    world.close_round()
    options = {"enrolment": world.enrolment, "until": today(), "reason": "Mưa", "by": world.approver}
    services.reopen_ward(**options)
    services.reopen_round(inspection_round=world.round, reason="Làm tiếp", by=world.approver)
    stored = Enrolment.objects.get(pk=world.enrolment.pk)
    assert (stored.reopened_until, stored.reopening_reason) == (None, "")
    assert last_event(stored).changes == {"reopened_until": [str(today()), None]}


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "Phường 1"), (5, "Phường 5"), (6, "Phường 5 and 1 more"), (8, "Phường 5 and 3 more")],
)
def test_a_message_names_five_units_and_counts_the_others(world, count, text):
    wards = [make_ward(name=str(number)) for number in range(1, count + 1)]
    with override("en"):
        sentence = first_ward_names(wards)
    assert sentence.endswith(text) and sentence.count(",") == min(count, 5) - 1


def test_unfinished_are_the_checklists_that_nobody_approved(world):
    second = enrol(world.round, make_ward(make_district()))
    assert [each.pk for each in unfinished(world.round)] == [world.enrolment.pk, second.pk]
    before = fingerprint_of(unfinished(world.round))
    world.submit()
    submitted = fingerprint_of(unfinished(world.round))
    services.approve_inspection(inspection=world.inspection, by=world.approver)
    assert [each.pk for each in unfinished(world.round)] == [second.pk]
    assert len({before, submitted, fingerprint_of(unfinished(world.round))}) == 3
    with override("en"), pytest.raises(ValidationError, match="Checklists changed"):
        services.close_round(inspection_round=world.round, seen=before, by=world.approver)
