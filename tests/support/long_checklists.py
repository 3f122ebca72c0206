"""Checklists of many criteria, each answered with a note and a photograph, as the round of a large city has them."""

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal
from itertools import count, cycle, islice
from typing import Any

from archiveportal.accounts.models import User
from archiveportal.baseline import rows
from archiveportal.files.models import StoredFile
from criteria.baseline import DATA
from criteria.inspections.models import Enrolment, Evidence
from criteria.inspections.services import Change, save_results
from criteria.models import CriteriaSet, Criterion, Option, RatioStep, Section
from tests.support.factories import enrol, make_round, make_set, make_ward


def make_long_set(criteria: int) -> CriteriaSet:
    """Names, headings, guidance and sections are those of the 23 criteria, over and over."""
    criteria_set = make_set(criteria)
    known = cycle(row for row in rows(DATA / "criteria_23.csv") if row["number"])
    for criterion, row in zip(criteria_set.criteria.all(), known, strict=False):
        for name in ("name", "heading", "guidance", "legal_basis", "group"):
            setattr(criterion, name, row[name])
        criterion.save()
    return criteria_set


def make_long_checklist(criteria: int, by: User, criteria_set: CriteriaSet | None = None) -> Enrolment:
    """Every criterion met, with a note and one photograph."""
    enrolment = enrol(make_round(criteria_set or make_long_set(criteria)), make_ward())
    asked = list(enrolment.round.criteria_set.criteria.all())
    notes = islice(cycle(row["text"] for row in rows(DATA / "stock_notes.csv")), criteria)
    changes = [
        Change(criterion, 0, _full(criterion) | {"note": note}) for criterion, note in zip(asked, notes, strict=True)
    ]
    save_results(inspection=enrolment.inspection, changes=changes, by=by, submission_id=uuid.uuid4())
    add_photographs(enrolment, asked, by)
    return enrolment


def _full(criterion: Criterion) -> dict[str, Any]:
    """Return values that give a leaf its points, whatever its kind."""
    given: dict[str, dict[str, Any]] = {
        "choice": {"option": getattr(criterion.options.first(), "pk", None)},
        "part": {"number": criterion.points},
        "ratio": {"number": 38, "of_number": 40},
        "measure": {"number": Decimal("20.5")},
        "date": {"day": datetime.date(2026, 9, 1)},
    }
    return given.get(criterion.kind, {"outcome": "met"})


def add_photographs(enrolment: Enrolment, criteria: list[Criterion], by: User) -> None:
    """Rows alone: nobody opens these files."""
    for criterion in criteria:
        name = f"ab/{criterion.pk:048x}"
        file = StoredFile(kind="picture", original=name, shown=name, name="IMG_20191014.jpg", size=1, sha256="0" * 64)
        file.width, file.height, file.stored_by = 1600, 1200, by
        file.save()
        Evidence.objects.create(
            inspection=enrolment.inspection,
            criterion=criterion,
            upload_id=uuid.uuid4(),
            file=file,
            added_by=by,
        )


#: kinds of leaves of a mixed set, over and over, with their points
KINDS = (("met", "1"), ("choice", "3"), ("part", "0.3"), ("ratio", "7.5"), ("measure", "2"), ("date", "0.2"))
WORDS = (
    "Đã ban hành, đầy đủ nội dung, đúng thẩm quyền",
    "Đã ban hành nhưng chưa đầy đủ nội dung",
    "Đang dự thảo, đã xin ý kiến các bộ phận",
    "Chưa ban hành",
)


def make_long_mixed_set(criteria: int) -> CriteriaSet:
    """Leaves of every kind under three levels of headings, all further answers allowed."""
    criteria_set = make_long_set(criteria)
    rules = dict.fromkeys(("allows_not_applicable", "allows_not_shown", "allows_excused"), True)
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(**rules)
    sections = list(_sections(criteria_set, criteria))
    for place, criterion in enumerate(criteria_set.criteria.all()):
        kind, points = KINDS[place % len(KINDS)]
        criterion.section = sections[place * len(sections) // criteria]
        criterion.kind, criterion.points, criterion.printed_number = kind, Decimal(points), f"{place // 10 + 1}.{place}"
        criterion.check_way, criterion.evidence_needed = "documents", "Quyết định ban hành, danh mục hồ sơ, sổ theo dõi"
        if kind == "measure":
            criterion.threshold, criterion.fact_unit, criterion.fact_label = 20, "m²", "Diện tích kho"
        criterion.deadline = datetime.date(2026, 9, 30) if kind == "date" else None
        criterion.save()
        if kind == "choice":
            for position, text in enumerate(WORDS, start=1):
                Option(
                    criteria_set=criteria_set, criterion=criterion, position=position, text=text, points=4 - position
                ).save()
        if kind == "ratio":
            for lower_percent, step in ((90, "7.5"), (70, "5"), (50, "2.5"), (0, "0")):
                RatioStep(
                    criteria_set=criteria_set, criterion=criterion, lower_percent=lower_percent, points=step
                ).save()
    return criteria_set


def _sections(criteria_set: CriteriaSet, criteria: int) -> Iterator[Section]:
    """Yield the lowest headings: three levels, about five leaves under each."""
    position = count(1)
    for first in range(1, 5):
        top = _section(criteria_set, next(position), number=str(first))
        for second in range(1, 3):
            middle = _section(criteria_set, next(position), number=f"{first}.{second}", parent=top)
            for third in range(1, max(1, criteria // 40) + 1):
                yield _section(criteria_set, next(position), number=f"{first}.{second}.{third}", parent=middle)


def _section(criteria_set: CriteriaSet, position: int, *, number: str, parent: Section | None = None) -> Section:
    section = Section(criteria_set=criteria_set, position=position, number=number, parent=parent)
    section.title = "Công tác chỉ đạo, điều hành, kiểm tra"
    section.save()
    return section
