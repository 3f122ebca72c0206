"""Checklists of many criteria, each answered with a note and a photograph, as the round of a large city has them."""

import uuid
from itertools import cycle, islice

from archiveportal.accounts.models import User
from archiveportal.baseline import rows
from archiveportal.files.models import StoredFile
from criteria.baseline import DATA
from criteria.inspections.models import Enrolment, Evidence
from criteria.inspections.services import Change, save_results
from criteria.models import CriteriaSet, Criterion
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


def make_long_checklist(criteria: int, by: User) -> Enrolment:
    """Every criterion met, with a note and one photograph."""
    enrolment = enrol(make_round(make_long_set(criteria)), make_ward())
    asked = list(enrolment.round.criteria_set.criteria.all())
    notes = islice(cycle(row["text"] for row in rows(DATA / "stock_notes.csv")), criteria)
    blank = {"outcome": "met", "number": None, "text": ""}
    changes = [Change(criterion, 0, blank | {"note": note}) for criterion, note in zip(asked, notes, strict=True)]
    save_results(inspection=enrolment.inspection, changes=changes, by=by, submission_id=uuid.uuid4())
    add_photographs(enrolment, asked, by)
    return enrolment


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
