"""The planned visits of a round, month by month."""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archiveportal.accounts.models import User
from archiveportal.workdays import Workdays
from criteria.inspections.models import Enrolment, Round, SwappedDay
from criteria.inspections.querysets import is_visited

#: weeks begin on Monday
WEEKS = calendar.Calendar(firstweekday=calendar.MONDAY)


@dataclass(frozen=True)
class CalendarDay:
    """One day of a month. `holiday` names what is celebrated; weekends are off without a name."""

    day: datetime.date
    is_of_month: bool
    is_today: bool
    is_off: bool
    holiday: str
    visits: list[Enrolment]


@dataclass(frozen=True)
class VisitMonth:
    """The weeks of a month, and the months beside it that have visits."""

    first: datetime.date
    weeks: list[list[CalendarDay]]
    count: int
    earlier: datetime.date | None
    later: datetime.date | None
    #: visits without a day, in all
    unplanned: int = 0


def visits_by_month(
    inspection_round: Round,
    user: User,
    *,
    today: datetime.date,
    month: datetime.date | None = None,
) -> VisitMonth:
    """Return a month of the visits that the person may see; without one, that of the next visit.

    In three queries, whatever the number of visits.
    """
    visited = inspection_round.enrolments.visible_to(user).filter(is_visited())
    given = list(visited.values_list("planned_on", flat=True))
    planned = [day for day in given if day]
    months = sorted({day.replace(day=1) for day in planned})
    first = month or _nearest(planned, today)
    rows = visited.filter(planned_on__year=first.year, planned_on__month=first.month)
    rows = rows.select_related("ward__district", "team", "inspection").order_by("planned_on", "team__name", "position")
    by_day: dict[datetime.date, list[Enrolment]] = defaultdict(list)
    for row in rows:
        row.round = inspection_round
        if row.planned_on:
            by_day[row.planned_on].append(row)
    days = SwappedDay.objects.workdays()
    return VisitMonth(
        first=first,
        weeks=[_week(week, first, today, by_day=by_day, workdays_of=days) for week in _weeks(first)],
        count=sum(map(len, by_day.values())),
        earlier=max((each for each in months if each < first), default=None),
        later=min((each for each in months if each > first), default=None),
        unplanned=len(given) - len(planned),
    )


def _weeks(first: datetime.date) -> Sequence[Sequence[datetime.date]]:
    return WEEKS.monthdatescalendar(first.year, first.month)


def _nearest(planned: list[datetime.date], today: datetime.date) -> datetime.date:
    """Return the month of the next visit, else of the last one, else this month."""
    coming = min((day for day in planned if day >= today), default=None)
    return (coming or max(planned, default=today)).replace(day=1)


def _week(
    week: Sequence[datetime.date],
    first: datetime.date,
    today: datetime.date,
    *,
    by_day: Mapping[datetime.date, list[Enrolment]],
    workdays_of: Workdays,
) -> list[CalendarDay]:
    return [
        CalendarDay(
            day,
            is_of_month=day.month == first.month,
            is_today=day.month == first.month and day == today,
            is_off=bool(workdays_of.why_off(day)),
            holiday=workdays_of.holiday_on(day),
            visits=by_day.get(day, []),
        )
        for day in week
    ]
