"""The period of specialised inspections, counted from the announcement of the decision.

Days are calendar days, and the day of the announcement is the first of them (NĐ 217/2025/NĐ-CP, art. 13.2d:
"tính từ ngày công bố"). The portal starts no clock and ends none: days are those that people entered.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Subquery
from django.utils import timezone

from archiveportal.scope import Viewer
from archiveportal.workdays import Workdays
from criteria.inspections.models import Decision, DecisionUnit, Minutes, Suspension, SwappedDay
from criteria.inspections.querysets import DecisionUnitQuerySet

DAY = datetime.timedelta(days=1)
#: a clock that has so many days left, or fewer, is shown as urgent and is told
NEAR = 3


@dataclass(frozen=True)
class Clock:
    """The period of the inspection at one unit. `begins_on` is None until the decision was announced."""

    unit: DecisionUnit
    begins_on: datetime.date | None
    #: last day without any pause, the extension in it
    due_on: datetime.date | None
    #: last day moved by the days of the pauses; None where nothing was paused
    due_on_with_pause: datetime.date | None
    is_extended: bool
    is_paused: bool
    stopped_on: datetime.date | None
    #: the minutes of the visit were signed
    ended_on: datetime.date | None
    #: why nobody works on the last day; blank for a working day. The last day does not move.
    falls_on_holiday: str
    today: datetime.date

    @property
    def decision(self) -> Decision:
        return self.unit.decision

    @property
    def last_on(self) -> datetime.date | None:
        """Return the day that counts: the later one only once a person decided so."""
        moves = self.decision.pause_moves_end and self.due_on_with_pause
        return self.due_on_with_pause if moves else self.due_on

    @property
    def is_running(self) -> bool:
        return self.begins_on is not None and self.ended_on is None and self.stopped_on is None

    @property
    def days_left(self) -> int | None:
        """Return the days from today to the last one; 0 on that day, below zero after it."""
        return (self.last_on - self.today).days if self.last_on and self.is_running else None

    @property
    def days_over(self) -> int:
        """Return by how many days the period has lapsed, or was lapsed when the minutes were signed."""
        until = self.ended_on or (self.today if self.is_running else None)
        return max((until - self.last_on).days, 0) if until and self.last_on else 0

    @property
    def is_lapsed(self) -> bool:
        return self.is_running and self.days_over > 0

    @property
    def is_near(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= NEAR

    @property
    def is_urgent(self) -> bool:
        return self.is_running and (self.is_near or self.is_lapsed or self.awaits_word_on_pause)

    @property
    def awaits_word_on_pause(self) -> bool:
        """Tell whether somebody has to decide if the pause moves the last day."""
        return self.due_on_with_pause is not None and self.decision.pause_moves_end is None

    @property
    def entered_late_on(self) -> datetime.date | None:
        """Return the day on which the announcement was entered, if that was a later one."""
        if self.unit.announced_on is None or self.unit.recorded_at is None:
            return None
        entered = timezone.localdate(self.unit.recorded_at)
        return entered if entered > self.unit.announced_on else None


def clocks(
    viewer: Viewer, *, decisions: Iterable[Decision] | None = None, today: datetime.date | None = None
) -> list[Clock]:
    """Return the clock of each unit of standing, issued decisions that a person sees, in a fixed number of queries."""
    rows = DecisionUnit.objects.visible_to(viewer).filter(decision__issued_on__isnull=False)
    rows = rows.filter(decision__voided_at__isnull=True)
    if decisions is not None:
        rows = rows.filter(decision__in=[each.pk for each in decisions])
    return clocks_of(rows, today=today)


def running_units(rows: DecisionUnitQuerySet) -> DecisionUnitQuerySet:
    """Narrow to units of standing decisions whose period may run: announced somewhere, no minutes signed."""
    every = DecisionUnit.objects.filter(decision=OuterRef("decision"), announced_on__isnull=False)
    signed = Minutes.objects.filter(inspection__enrolment=OuterRef("enrolment"), signed_at__isnull=False)
    rows = rows.filter(decision__issued_on__isnull=False, decision__voided_at__isnull=True)
    return rows.exclude(decision__round__status="closed").filter(Exists(every), ~Exists(signed))


def clocks_of(rows: DecisionUnitQuerySet, *, today: datetime.date | None = None) -> list[Clock]:
    """Return the clocks of these units of decisions, in the order of the rounds."""
    every = DecisionUnit.objects.filter(decision=OuterRef("decision")).order_by().values("decision")
    signed = Minutes.objects.filter(inspection__enrolment=OuterRef("enrolment"), sequence=1)
    known = rows.select_related(
        "decision__extension", "decision__team", "decision__round", "enrolment__ward__district", "enrolment__round"
    ).annotate(
        first_on=Subquery(every.annotate(first=Min("announced_on")).values("first")),
        signed_on=Subquery(signed.order_by().values("signed_on")[:1]),
    )
    units = list(known.order_by("decision__round", "decision", "enrolment__position", "pk"))
    suspensions: dict[int, list[Suspension]] = {}
    for row in Suspension.objects.filter(decision__in={unit.decision_id for unit in units}).order_by("from_on", "pk"):
        suspensions.setdefault(row.decision_id, []).append(row)
    workdays = SwappedDay.objects.workdays() if units else Workdays()
    now = today or timezone.localdate()
    return [_clock(unit, suspensions.get(unit.decision_id, []), workdays, today=now) for unit in units]


def _clock(unit: DecisionUnit, suspensions: Iterable[Suspension], workdays: Workdays, *, today: datetime.date) -> Clock:
    decision = unit.decision
    is_each = decision.clock_starts == Decision.ClockStarts.EACH
    begins = unit.announced_on if is_each else unit.first_on  # type: ignore[attr-defined]
    extension = getattr(decision, "extension", None)
    own = [row for row in suspensions if row.unit_id in (None, unit.pk)]
    pauses = [row for row in own if row.kind == Suspension.Kind.PAUSE]
    stops = [row.from_on for row in own if row.kind == Suspension.Kind.STOP]
    ended = unit.signed_on  # type: ignore[attr-defined]
    days = decision.days_allowed + (extension.days if extension else 0)
    due = due_day(begins, days) if begins else None
    moved = with_pauses(begins, due, pauses, today=ended or today) if begins and due else None
    counting = moved if decision.pause_moves_end and moved else due
    return Clock(
        unit=unit,
        begins_on=begins,
        due_on=due,
        due_on_with_pause=moved,
        is_extended=extension is not None,
        is_paused=any(row.is_open for row in pauses) and not stops,
        stopped_on=min(stops, default=None),
        ended_on=ended,
        falls_on_holiday=workdays.why_off(counting) if counting else "",
        today=today,
    )


def due_day(begins_on: datetime.date, days: int) -> datetime.date:
    """Return the last of so many days, of which the first is `begins_on`."""
    return begins_on + DAY * (days - 1)


def with_pauses(
    begins_on: datetime.date, due_on: datetime.date, pauses: Iterable[Suspension], *, today: datetime.date
) -> datetime.date | None:
    """Return the last day moved by every day of a pause, counted once; None where nothing was paused in the period.

    `pauses` are in the order of their first days; one without an end lasts until `today`.
    """
    moved, free_from = due_on, begins_on
    for pause in pauses:
        first, last = max(pause.from_on, free_from), pause.until_on or max(today, pause.from_on)
        if first > moved or last < first:
            continue
        moved += DAY * ((last - first).days + 1)
        free_from = last + DAY
    return moved if moved > due_on else None
