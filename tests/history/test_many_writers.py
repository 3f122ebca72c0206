"""Several people at once, each on an own connection: one is first, the others hear of it."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, product
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from archiveportal.accounts.models import Role
from archiveportal.history.models import Event, Via
from criteria.inspections.models import Enrolment, KeptAnswer, Result, Submission
from criteria.inspections.services import BLANK, Change, save_answer, save_results
from criteria.inspections.services.sending import Sent
from tests.support.factories import make_user
from wards.models import Ward

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "TC05"


@pytest.fixture
def enrolment(baseline) -> Enrolment:
    return _enrolment()


def _enrolment(ward: str = "27202") -> Enrolment:
    """As a request reads it: nobody shares rows in memory."""
    enrolments = Enrolment.objects.select_related("round__criteria_set", "inspection", "ward__district")
    return enrolments.get(round__code="gd1-2019", ward__code=ward)


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """All pieces of work at the same moment, each in a thread; what they gave, in order."""
    start = threading.Barrier(len(work))

    def one(piece: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return piece()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result() for done in [pool.submit(one, piece) for piece in work]]


def send(by: Any, base: int, note: str, *, ward: str = "27202", code: str = CODE, submission_id: Any = None) -> Any:
    enrolment = _enrolment(ward)
    sent = Sent(
        code=code,
        criteria_set=enrolment.round.criteria_set_id,
        base_version=base,
        submission_id=submission_id or uuid.uuid4(),
        made_at=timezone.now(),
        typed={"outcome": "met", "note": note},
    )
    return save_answer(pk=enrolment.pk, sent=sent, by=by, via=Via.AUTOSAVE)


def save_page(by: Any, base: int, note: str, *, submission_id: Any = None) -> Any:
    enrolment = _enrolment()
    criterion = enrolment.round.criteria_set.criteria.get(code=CODE)
    change = Change(criterion, base, {**BLANK, "outcome": "met", "note": note})
    return save_results(
        inspection=enrolment.inspection, changes=[change], by=by, submission_id=submission_id or uuid.uuid4()
    )


ROUNDS, WRITERS = 50, 6


def test_one_answer_sent_by_six_people_fifty_times(enrolment):
    """R1: a version decides. The five others each get both values, and theirs is kept."""
    people = [make_user(Role.INSPECTOR) for _ in range(WRITERS)]
    states, shown = Counter(), 0
    for turn in range(ROUNDS):
        notes = [f"{turn}/{place}" for place in range(WRITERS)]
        work = [
            lambda by=by, note=note, turn=turn: send(by, turn, note) for by, note in zip(people, notes, strict=True)
        ]
        received = together(work)
        (first,) = [note for note, each in zip(notes, received, strict=True) if each.state == "saved"]
        assert Result.objects.get(inspection=enrolment.inspection).note == first
        for note, each in zip(notes, received, strict=True):
            states[each.state] += 1
            if each.state == "conflict":
                shown += each.theirs.note == first and each.kept.values["note"] == note
    assert states == {"saved": ROUNDS, "conflict": ROUNDS * (WRITERS - 1)}
    assert shown == ROUNDS * (WRITERS - 1)
    result = Result.objects.get(inspection=enrolment.inspection)
    assert result.version == ROUNDS
    told = [event.changes["note"][1] for event in Event.objects.filter(via=Via.AUTOSAVE)]
    assert sorted(told) == sorted(f"{turn}/{place}" for turn, place in product(range(ROUNDS), range(WRITERS)))
    assert Event.objects.about(enrolment.inspection).filter(via=Via.AUTOSAVE).count() == ROUNDS
    assert Event.objects.about(*KeptAnswer.objects.all()).count() == ROUNDS * (WRITERS - 1)


def test_one_page_saved_by_six_people_fifty_times(enrolment):
    people = [make_user(Role.INSPECTOR) for _ in range(WRITERS)]
    saved = refused = 0
    for turn in range(ROUNDS):
        work = [lambda by=by, turn=turn: save_page(by, turn, f"{turn}/{by.pk}") for by in people]
        results = together(work)
        (first,) = [by for by, each in zip(people, results, strict=True) if not each.is_refused]
        saved += 1
        for each in results:
            for theirs in each.conflicts.values():
                refused += theirs.note == f"{turn}/{first.pk}" and theirs.changed_by == first
    assert (saved, refused) == (ROUNDS, ROUNDS * (WRITERS - 1))
    assert Result.objects.get(inspection=enrolment.inspection).version == ROUNDS
    assert Event.objects.about(enrolment.inspection).filter(via=Via.PAGE).count() == ROUNDS


def test_eight_people_write_a_hundred_answers_each(enrolment):
    """R2: nobody meets a locked database."""
    people = [make_user(Role.INSPECTOR) for _ in range(8)]
    wards = list(Ward.objects.filter(enrolments__isnull=False).exclude(code="27019").values_list("code", flat=True))

    def write(place: int) -> list[str]:
        return [send(people[place], turn, f"{turn}", ward=wards[place]).state for turn in range(100)]

    states = together([lambda place=place: write(place) for place in range(8)])
    assert Counter(chain.from_iterable(states)) == {"saved": 800}
    assert list(Result.objects.filter(note="99").values_list("version", flat=True)) == [100] * 8
    assert Event.objects.filter(via=Via.AUTOSAVE).count() == 800


@pytest.mark.parametrize("turn", range(5))
def test_the_same_answer_ten_times_at_once_is_one(enrolment, turn):
    """R7: a double click, or a device that sends again what it had no answer to."""
    by, same = make_user(Role.INSPECTOR), uuid.uuid4()
    received = together([lambda: send(by, 0, "như nhau", submission_id=same) for _ in range(10)])
    assert {(each.state, each.version) for each in received} == {("saved", 1)}
    assert Submission.objects.count() == Event.objects.filter(via=Via.AUTOSAVE).count() == 1
    assert not KeptAnswer.objects.exists()


def test_a_number_that_another_checklist_used_stops_nothing(enrolment):
    by, same = make_user(Role.INSPECTOR), uuid.uuid4()
    received = [send(by, 0, "như nhau", ward=ward, submission_id=same) for ward in ("27202", "27676", "27202")]
    assert [each.state for each in received] == ["saved"] * 3
    assert Result.objects.filter(note="như nhau").count() == 2


def test_the_same_conflict_ten_times_at_once_is_one(enrolment):
    by, other, same = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR), uuid.uuid4()
    send(other, 0, "của người khác")
    received = together([lambda: send(by, 0, "của tôi", submission_id=same) for _ in range(10)])
    assert {(each.state, each.version, each.theirs.note) for each in received} == {("conflict", 1, "của người khác")}
    assert KeptAnswer.objects.count() == 1
    assert Event.objects.about(KeptAnswer.objects.get()).count() == 1


def test_the_same_page_ten_times_at_once_is_one(enrolment):
    by, same = make_user(Role.INSPECTOR), uuid.uuid4()
    saved = together([lambda: save_page(by, 0, "như nhau", submission_id=same) for _ in range(10)])
    assert {(tuple(each.applied), each.is_refused) for each in saved} == {(tuple(saved[0].applied), False)}
    assert saved[0].applied and Submission.objects.count() == Event.objects.filter(via=Via.PAGE).count() == 1


def test_two_people_send_the_same_value_at_once(enrolment):
    """They agree: one answer, no conflict, and both pages say that it is saved."""
    people = [make_user(Role.INSPECTOR) for _ in range(2)]
    received = together([lambda by=by: send(by, 0, "như nhau") for by in people])
    assert {(each.state, each.version) for each in received} == {("saved", 1)}
    assert Submission.objects.count() == 2 and Event.objects.filter(via=Via.AUTOSAVE).count() == 1
