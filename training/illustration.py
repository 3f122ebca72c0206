"""A made-up scheme 2026-2030, to try out and to show: nothing in it comes from a report or a plan."""

from __future__ import annotations

import datetime
import uuid
from functools import partial
from typing import Any

from archiveportal.history.models import Via
from archiveportal.history.services import digest
from archiveportal.percent import Rounding
from training.entered_values import FIELDS
from training.models import Category, CountingUnit, Course, Scheme, SummaryRule
from training.services.categories import CATEGORY_FIELDS, add_category, edit_category
from training.services.courses import create_course
from training.services.schemes import create_scheme
from training.services.year_targets import TargetDecision, decide_targets

CODE = "minh-hoa-2026"
NAME = "Đề án nâng cao năng lực đội ngũ làm công tác văn thư, lưu trữ giai đoạn 2026 - 2030 (minh họa)"
FIRST = TargetDecision("Quyết định số 01/QĐ-MH (minh họa)", datetime.date(2026, 1, 15))
ADJUSTED = TargetDecision("Quyết định số 09/QĐ-MH (minh họa)", datetime.date(2026, 9, 1))
YEARS = range(2026, 2031)
Kind, Unit, Rule = Category.Kind, CountingUnit, SummaryRule
#: name, kind, unit, rule, targets of the years
CATEGORIES: list[tuple[str, str, str, str, list[int]]] = [
    ("Đại học ngành Lưu trữ học (văn bằng 2)", Kind.DEGREE, Unit.PERSONS, Rule.ALL, [20, 20, 25, 25, 10]),
    ("Trung cấp văn thư, lưu trữ", Kind.DEGREE, Unit.PERSONS, Rule.ALL, [40, 30, 0, 0, 0]),
    ("Bồi dưỡng lưu trữ tài liệu điện tử", Kind.PROFESSIONAL, Unit.ATTENDANCES, Rule.ALL, [168, 168, 168, 168, 168]),
    ("Tập huấn nghiệp vụ", Kind.BRIEFING, Unit.ATTENDANCES, Rule.CITY, [336, 336, 336, 336, 336]),
]
STOPPED_ON = datetime.date(2026, 12, 31)
STOP_REASON = "Các trường thôi tuyển sinh trung cấp (minh họa)"
day = partial(datetime.date, YEARS[0])
Days = tuple[datetime.date, datetime.date]
#: category, name, first and last day, participants, organiser
COURSES: list[tuple[int, str, Days, int, str]] = [
    (0, "Lớp văn bằng 2 Lưu trữ học khóa 2026", (day(3, 2), day(11, 27)), 18, Course.Organiser.CITY),
    (2, "Bồi dưỡng lưu trữ tài liệu điện tử đợt 1", (day(5, 4), day(5, 8)), 174, Course.Organiser.CITY),
    (3, "Tập huấn nghiệp vụ tại cụm thi đua số 3", (day(6, 9), day(6, 9)), 42, Course.Organiser.COMMUNE),
]


def load() -> Scheme | None:
    """Make the scheme with its targets and three courses; None where it is there already."""
    if Scheme.objects.filter(code=CODE).exists():
        return None
    scheme = create_scheme(
        scheme=Scheme(
            code=CODE,
            name=NAME,
            legal_basis=FIRST.words,
            decided_on=FIRST.day,
            starts_year=YEARS[0],
            ends_year=YEARS[-1],
            rounding=Rounding.EXACT,
        ),
        by=None,
        via=Via.COMMAND,
    )
    made = [_category(scheme, *values[:4]) for values in CATEGORIES]
    targets: dict[tuple[int, int], int | None] = {}
    for category, values in zip(made, CATEGORIES, strict=True):
        targets |= {(category.pk, year): target for year, target in zip(YEARS, values[4], strict=True)}
    decide_targets(scheme=scheme, decision=FIRST, targets=targets, by=None, via=Via.COMMAND)
    decide_targets(
        scheme=scheme,
        decision=ADJUSTED,
        targets={(made[0].pk, 2027): 30, (made[1].pk, 2027): 0},
        by=None,
        via=Via.COMMAND,
    )
    for place, name, days, participants, organiser in COURSES:
        _course(made[place], name, days, participants=participants, organiser=organiser)
    _stop(made[1])
    return scheme


def _stop(category: Category) -> None:
    made_on = digest(category, CATEGORY_FIELDS)
    category.stopped_on, category.stop_reason = STOPPED_ON, STOP_REASON
    edit_category(category=category, made_on=made_on, by=None, via=Via.COMMAND)


def _category(scheme: Scheme, name: str, kind: str, *rest: str) -> Category:
    unit, rule = rest
    values: dict[str, Any] = {"name": name, "kind": kind, "unit": unit, "summary_rule": rule}
    return add_category(category=Category(scheme=scheme, **values), by=None, via=Via.COMMAND)


def _course(category: Category, name: str, days: Days, *, participants: int, organiser: str) -> None:
    first, last = days
    values: dict[str, Any] = dict.fromkeys(FIELDS, "")
    values |= dict.fromkeys(("classes", "organiser_share", "participant_share", "registered", "attended", "certified"))
    values |= {
        "category": category,
        "name": f"{name} (minh họa)",
        "held_from": first,
        "held_to": last,
        "participants": participants,
        "is_lower_bound": False,
        "unit": category.unit,
        "organiser": organiser,
        "organiser_districts": [],
        "enters_summary": False,
        "follows_rule": True,
    }
    create_course(scheme=category.scheme, values=values, by=None, submission_id=uuid.uuid4(), via=Via.COMMAND)
