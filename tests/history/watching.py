"""Compares what a way of writing did to the tables with what it recorded in the history.

The triggers that record writes behind the portal are switched on around the call: they see every row, whatever
code wrote it. Each row that they saw must have an event of the portal's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import connection

from archiveportal.history.models import Event

#: follow from the change itself, or say who and when, which the event says too
BOOKKEEPING = {
    *("version", "score", "maximum", "met_criteria", "open_criteria", "as_reported", "decision", "content", "digest"),
    # of the signed copy, which its event names; of the history itself
    *("signed_comparison", "history_head"),
    # what the check of a sheet finds, which its event of the decision sums up; the answer is told in words
    *("job_id", "counts", "result", "kept_as", "answers", "message"),
    *("must_change_password", "submission_id", "kind", "values", "criterion_id", "inspection_id", "assessment_id"),
}
BOOKKEEPING_ENDS = ("_at", "_by_id", "reason", "_until")
#: {what was written: what its event is about}
TOLD_BY = {
    "accounts.firstlink": ("accounts.user",),
    "files.storedfile": (),
    "files.withdrawal": ("inspections.inspection",),
    "files.destruction": ("inspections.inspection",),
    # Those after a row that is added or moved are numbered anew.
    "criteria.criterion": ("criteria.criteriaset", "criteria.criterion", "criteria.section"),
    "criteria.band": ("criteria.criteriaset",),
    "criteria.section": ("criteria.criteriaset", "criteria.section"),
    "criteria.citation": ("criteria.citation", "criteria.criterion", "criteria.criteriaset"),
    "criteria.option": ("criteria.criterion", "criteria.criteriaset"),
    "criteria.ratiostep": ("criteria.criterion", "criteria.criteriaset"),
    "criteria.bar": ("criteria.criteriaset",),
    "criteria.barcondition": ("criteria.bar", "criteria.criteriaset"),
    "criteria.crossing": ("criteria.criteriaset", "criteria.criterion"),
    "criteria.setkind": ("criteria.criteriaset",),
    "criteria.setbasis": ("criteria.criteriaset",),
    "criteria.stocknote": ("criteria.criterion", "criteria.criteriaset"),
    "criteria.recommendation": ("criteria.criterion", "criteria.criteriaset"),
    "inspections.inspection": ("inspections.enrolment",),
    "inspections.keptanswer": ("inspections.inspection",),
    "inspections.evidence": ("inspections.inspection",),
    "inspections.selfevidence": ("inspections.selfassessment",),
    "inspections.selfpaper": ("inspections.selfassessment",),
    "inspections.minutes": ("inspections.inspection",),
    "inspections.scan": ("inspections.inspection",),
    "inspections.finding": ("inspections.finding", "inspections.inspection"),
    "inspections.findingreply": ("inspections.finding",),
    "inspections.questionmessage": ("inspections.question",),
    "inspections.distantcheck": ("inspections.inspection",),
    "inspections.teammember": ("inspections.team",),
    "reports.closedfile": ("reports.closing",),
    "reports.passageversion": ("reports.passage",),
    "reports.proposaldecision": ("reports.passage",),
}


@contextmanager
def recorded() -> Iterator[None]:
    """Within, the database records every write."""
    is_postgresql = connection.vendor == "postgresql"
    off, on = ("SET portal.application = 'off'", "SET portal.application = 'on'")
    if not is_postgresql:
        off, on = "PRAGMA analysis_limit = 0", f"PRAGMA analysis_limit = {settings.PORTAL_MARK}"
    with connection.cursor() as cursor:
        cursor.execute(off)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(on)


class Watch:
    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.faults: list[str] = []

    def __call__(self, way: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Calls `way` and compares; what is missing is kept in `faults`."""
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with recorded():
            done = way(*arguments, **options)
        name = getattr(way, "__name__", str(way))
        self.seen.add(name)
        new = list(Event.objects.filter(pk__gt=last).order_by("pk"))
        written, told = [each for each in new if each.via == "sql"], [each for each in new if each.via != "sql"]
        if not written:
            self.faults.append(f"{name}: wrote nothing")
        untold = chain.from_iterable(_untold(each, told) for each in _net(written))
        self.faults += [f"{name}: {fault}" for fault in untold]
        return done


def _untold(written: Event, told: list[Event]) -> Iterator[str]:
    changes = {name: pair for name, pair in written.changes.items() if not _is_bookkeeping(name, pair[1])}
    if not changes:
        return
    about = [each for each in told if _key(each) == _key(written)]
    if _is_answer(written):
        about = [each for each in about if each.object_name == written.object_name]
    above = TOLD_BY.get(written.object_type, (written.object_type,))
    if written.action == "deleted":
        # The page of a row that is gone is gone too; its round has the event.
        above += ("inspections.round",)
    if not about and above and not any(each.object_type in above for each in told):
        yield f"nothing tells of {_key(written)} {written.action} {changes}"
    if not about or (written.action != "changed" and not _is_answer(written)):
        return
    for column, (before, after) in changes.items():
        field = column.removesuffix("_id")
        pairs = [each.changes[field] for each in about if field in each.changes]
        # Events have the names of rows in place of keys, and no password.
        is_named = column != field or column == "password"
        if not any(is_named or (_same(pair[0], before) and _same(pair[1], after)) for pair in pairs):
            yield f"{_key(written)} {column}: {before} → {after} is not told"


def _is_bookkeeping(column: str, after: Any) -> bool:
    """Compare what waited for the approval under the names that it has afterwards."""
    has_come = column.startswith("next_") and after in (None, "")
    return has_come or column in BOOKKEEPING or column.endswith(BOOKKEEPING_ENDS)


def _net(written: list[Event]) -> list[Event]:
    """One event per row and part: a value on its way to another (numbers given anew) is no change of its own."""
    found: dict[tuple, Event] = {}
    for each in written:
        part = each.object_name if _is_answer(each) else ""
        first = found.setdefault((*_key(each), part, each.action), each)
        for name, (before, after) in each.changes.items():
            first.changes[name] = [first.changes.get(name, [before])[0], after]
    for each in found.values():
        each.changes = {name: pair for name, pair in each.changes.items() if pair[0] != pair[1]}
    return list(found.values())


def _is_answer(event: Event) -> bool:
    is_parent = event.object_type in ("inspections.inspection", "inspections.selfassessment")
    return is_parent and event.changes.keys() & {"criterion_id", "outcome", "number", "text", "note"} != set()


def _key(event: Event) -> tuple[str, int]:
    return event.object_type, event.object_id


def _same(one: Any, other: Any) -> bool:
    if one in (None, "") and other in (None, ""):
        return True
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return str(one) == str(other)
