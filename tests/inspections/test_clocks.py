"""The period of a specialised inspection: from the announcement, as days, with extension, pause and stop."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from criteria.inspections.models import DecisionUnit, Enrolment, Minutes, Notice, Suspension
from criteria.inspections.services.clock_notices import tell_of_clocks
from criteria.inspections.services.clocks import clocks, due_day, with_pauses
from criteria.inspections.services.decision_changes import (
    decide_pause,
    extend_decision,
    resume_decision,
    suspend_decision,
)
from tests.support.decisions import DAY, announce, extension, make_decision, suspension

TODAY = localdate
FIRST = datetime.date(2026, 6, 1)


def pause(first: int, last: int | None) -> Suspension:
    """A pause from and to days of June 2026."""
    until = FIRST.replace(day=last) if last else None
    return Suspension(kind="pause", from_on=FIRST.replace(day=first), until_on=until)


def test_the_day_of_the_announcement_is_the_first_of_ten():
    assert due_day(FIRST, 10) == datetime.date(2026, 6, 10)
    assert due_day(FIRST, 15) == datetime.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("pauses", "day"),
    [
        ([], None),
        ([pause(3, 5)], 13),
        # Days paused twice are counted once.
        ([pause(3, 5), pause(4, 6)], 14),
        # After the period nothing is left to move; the second begins within the moved period.
        ([pause(12, 14)], None),
        ([pause(3, 5), pause(12, 13)], 15),
        ([pause(3, None)], 18),
    ],
)
def test_pauses_move_the_last_day_by_their_days(pauses, day):
    moved = with_pauses(FIRST, due_day(FIRST, 10), pauses, today=datetime.date(2026, 6, 10))
    assert moved == (FIRST.replace(day=day) if day else None)


@pytest.mark.django_db
def test_without_an_announcement_no_clock_runs(cast):
    make_decision(cast)
    assert {clock.last_on for clock in clocks(cast.approver)} == {None}
    assert not any(clock.is_running for clock in clocks(cast.approver))


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "second"), [("first", 9), ("each", 12)])
def test_which_announcement_starts_the_days_is_a_setting(cast, starts, second):
    decision = make_decision(cast, clock_starts=starts)
    announce(decision, cast, TODAY() - 3 * DAY, TODAY())
    days = [clock.last_on for clock in clocks(cast.approver)]
    assert days == [TODAY() + 6 * DAY, TODAY() + (second - 3) * DAY]


@pytest.mark.django_db
def test_an_extension_moves_the_last_day(cast):
    decision = make_decision(cast, units=1)
    announce(decision, cast, TODAY() - 12 * DAY)
    (clock,) = clocks(cast.approver)
    assert (clock.is_lapsed, clock.days_over) == (True, 3)
    extend_decision(extension=extension(decision), by=cast.approver)
    (clock,) = clocks(cast.approver)
    assert (clock.is_extended, clock.is_lapsed, clock.days_left, clock.is_near) == (True, False, 2, True)


@pytest.mark.django_db
def test_with_a_pause_both_days_stand_and_a_person_decides(cast):
    decision = make_decision(cast, units=1)
    announce(decision, cast, TODAY() - 9 * DAY)
    days = {"from_on": TODAY() - 4 * DAY, "until_on": TODAY() - 2 * DAY}
    suspend_decision(suspension=suspension(decision, **days), by=cast.approver)
    (clock,) = clocks(cast.approver)
    assert (clock.due_on, clock.due_on_with_pause) == (TODAY(), TODAY() + 3 * DAY)
    assert (clock.last_on, clock.awaits_word_on_pause) == (TODAY(), True)
    decide_pause(decision=decision, moves_end=True, by=cast.approver)
    (clock,) = clocks(cast.approver)
    assert (clock.last_on, clock.awaits_word_on_pause) == (TODAY() + 3 * DAY, False)


@pytest.mark.django_db
def test_a_last_day_on_a_holiday_warns_and_is_not_moved(cast):
    # 30/04/2026 is a holiday; the announcement is nine days before.
    first = datetime.date(2026, 4, 21)
    decision = make_decision(cast, units=1, issued_on=first)
    announce(decision, cast, first)
    (clock,) = clocks(cast.approver)
    assert clock.last_on == datetime.date(2026, 4, 30)
    assert clock.falls_on_holiday


@pytest.mark.django_db
def test_what_is_entered_later_is_marked(cast):
    decision = make_decision(cast)
    announce(decision, cast, TODAY() - 2 * DAY, TODAY())
    late, prompt = clocks(cast.approver)
    assert (late.entered_late_on, prompt.entered_late_on) == (TODAY(), None)


@pytest.mark.django_db
def test_signed_minutes_and_a_stop_end_the_days(cast):
    decision = make_decision(cast, units=2)
    announce(decision, cast, TODAY() - 20 * DAY, TODAY() - 20 * DAY)
    first, second = decision.units.order_by("pk")
    Minutes.objects.create(
        inspection=first.enrolment.inspection, code="MNT00001", opened_by=cast.inspector, signed_by=cast.inspector,
        signed_on=TODAY() - 9 * DAY, signed_at=first.recorded_at, digest="x",
    )  # fmt: skip
    stop = {"kind": "stop", "ground": "unit_gone", "reason": "Sáp nhập", "unit": second}
    suspend_decision(suspension=suspension(decision, **stop), by=cast.approver)
    ended, stopped = clocks(cast.approver)
    assert (ended.is_running, ended.days_over, ended.ended_on) == (False, 2, TODAY() - 9 * DAY)
    assert (stopped.is_running, stopped.stopped_on) == (False, TODAY())


@pytest.mark.django_db
def test_a_decision_is_not_announced_after_the_minutes(cast):
    decision = make_decision(cast, units=2)
    first = decision.units.order_by("pk")[0]
    Minutes.objects.create(
        inspection=first.enrolment.inspection, code="MNT00001", opened_by=cast.inspector, signed_by=cast.inspector,
        signed_on=TODAY() - 3 * DAY, signed_at=timezone.now(), digest="x",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Biên bản kiểm tra tại đơn vị ký ngày"):
        announce(decision, cast, TODAY() - 2 * DAY)
    # On the day of the minutes, and at another unit later, it is.
    announce(decision, cast, TODAY() - 3 * DAY, TODAY())
    days = decision.units.order_by("pk").values_list("announced_on", flat=True)
    assert list(days) == [TODAY() - 3 * DAY, TODAY()]


@pytest.mark.django_db
def test_clocks_are_read_in_a_fixed_number_of_queries(cast, django_assert_num_queries):
    decision = make_decision(cast, units=6)
    announce(decision, cast, *[TODAY()] * 6)
    with django_assert_num_queries(3):
        assert len(clocks(cast.approver)) == 6
    assert DecisionUnit.objects.count() == 6


@pytest.mark.django_db
def test_homes_show_a_period_before_it_lapses_and_units_their_own(cast, sign_in):
    decision = make_decision(cast)
    first, second = decision.units.order_by("pk")
    Enrolment.objects.filter(pk=first.enrolment_id).update(ward=cast.thanhan.ward)
    announce(decision, cast, TODAY(), TODAY())
    other = second.enrolment.ward.full_title

    def home(person) -> str:
        return sign_in(person).get("/").content.decode()

    # The team sees every period that runs; others are told when its end is near.
    assert other in home(cast.inspector)
    assert "Thời hạn các cuộc kiểm tra" not in home(cast.inspector2)
    assert "Thời hạn các cuộc kiểm tra" not in home(cast.approver)
    DecisionUnit.objects.update(announced_on=TODAY() - 8 * DAY)
    assert "còn 1 ngày" in home(cast.approver)
    assert "còn 1 ngày" in home(cast.leader)
    # What lapses soon stands before the checklists.
    own = home(cast.inspector)
    assert own.index("Thời hạn các cuộc kiểm tra") < own.index("Phiếu cần hoàn thành")
    own = home(cast.thanhan)
    assert "còn 1 ngày" in own
    assert other not in own
    assert "còn 1 ngày" not in home(cast.quan10)
    page = reverse("inspections:round", args=[decision.round.code])
    assert "còn 1 ngày" in sign_in(cast.approver).get(page).content.decode()
    DecisionUnit.objects.update(announced_on=TODAY() - 11 * DAY)
    assert "quá hạn 2 ngày" in home(cast.inspector)


@pytest.mark.django_db
def test_the_team_is_told_once_for_each_last_day(cast):
    decision = make_decision(cast, units=1)
    announce(decision, cast, TODAY() - 8 * DAY)
    assert [tell_of_clocks() for _run in range(2)] == [1, 0]
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.day) == (cast.inspector, "clock_ends", TODAY() + DAY)
    # The extension moves the last day: the notice is over, and another one comes in its time.
    extend_decision(extension=extension(decision, days=1), by=cast.approver)
    assert not Notice.objects.unread().exists()
    assert tell_of_clocks() == 1
    DecisionUnit.objects.update(announced_on=TODAY() - 20 * DAY)
    assert tell_of_clocks() == 1
    assert Notice.objects.filter(kind="clock_lapsed").exists()


@pytest.mark.django_db
def test_a_notice_of_a_period_is_taken_back_with_its_last_day(cast):
    decision = make_decision(cast, units=2)
    announce(decision, cast, TODAY() - 8 * DAY, TODAY() - 8 * DAY)
    tell_of_clocks()
    unread = Notice.objects.unread
    paused = suspend_decision(suspension=suspension(decision), by=cast.approver)
    # Until somebody decides, the pause moves no day.
    resume_decision(suspension=paused, until_on=TODAY() + DAY, by=cast.approver)
    assert unread().count() == 2
    decide_pause(decision=decision, moves_end=True, by=cast.approver)
    assert not unread().exists()
    assert tell_of_clocks() == 2
    resume_decision(suspension=paused, until_on=TODAY(), by=cast.approver)
    assert not unread().exists()
    assert tell_of_clocks() == 2
    first, second = decision.units.order_by("pk")
    stop = {"kind": "stop", "ground": "unit_gone", "reason": "Sáp nhập", "unit": first}
    suspend_decision(suspension=suspension(decision, **stop), by=cast.approver)
    assert [notice.enrolment_id for notice in unread()] == [second.enrolment_id]
