"""`python -m tests.history.previous_release fill|read`: the tables of the previous release with work of every state in
them, and the same figures read by the code of today. DATABASE_URL names the database."""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any

import django

PREVIOUS = [
    (app, "0001_initial") for app in ("history", "wards", "accounts", "criteria", "inspections", "training", "reports")
]
#: status of the checklist: outcomes of its three criteria
WORK = {
    "draft": ["met", "", "not_met"],
    "submitted": ["met", "not_met", "met"],
    "returned": ["met", "met", ""],
    "approved": ["met", "met", "not_applicable"],
}
NOW = datetime.datetime(2026, 11, 1, 3, 0, tzinfo=datetime.UTC)


def fill() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    others = ["contenttypes", "auth", "sessions", "axes"]
    for app, name in [*((app, None) for app in others), *PREVIOUS]:
        call_command("migrate", app, *([name] if name else []), verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state(PREVIOUS).apps
    assert "Evidence" not in {model.__name__ for model in apps.get_models()}
    _fill(apps.get_model)


def _fill(model: Any) -> None:
    person = model("accounts", "User")
    inspector = person.objects.create(username="kiemtra9", full_name="Người kiểm tra", role="inspector")
    approver = person.objects.create(username="duyet9", full_name="Người duyệt", role="approver")
    district = model("wards", "District").objects.create(code="Q9", name="9", kind="quan", sort_key="a", search_key="9")
    asked = model("criteria", "CriteriaSet").objects.create(code="cu", name="Bộ cũ", allows_not_applicable=True)
    criteria = [
        model("criteria", "Criterion").objects.create(
            criteria_set=asked, position=n, number=n, code=f"TC0{n}", heading=f"Tiêu chí {n}", name=f"Tiêu chí {n}",
            group="Mục", fact_kind="decimal" if n == 1 else "", points=n,
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    model("criteria", "Band").objects.create(criteria_set=asked, position=1, label="Tất cả", lower_percent=0)
    inspection_round = model("inspections", "Round").objects.create(
        code="dot-cu", name="Đợt cũ", criteria_set=asked, starts_on=NOW.date(), ends_on=NOW.date(), status="open"
    )
    for position, (status, outcomes) in enumerate(WORK.items(), start=1):
        ward = model("wards", "Ward").objects.create(
            code=f"P{position}", name=str(position), kind="phuong", district=district, sort_key=str(position),
            search_key=str(position),
        )  # fmt: skip
        enrolment = model("inspections", "Enrolment").objects.create(
            round=inspection_round, ward=ward, position=position, published_score=2, published_maximum=3
        )
        points = [n for n, outcome in enumerate(outcomes, start=1) if outcome == "met"]
        inspection = model("inspections", "Inspection")(
            enrolment=enrolment, status=status, version=4, inspected_on=NOW.date(), changed_by=inspector,
            changed_at=NOW, score=sum(points), met_criteria=len(points), open_criteria=outcomes.count(""),
            maximum=3 if "not_applicable" in outcomes else 6,
        )  # fmt: skip
        if status != "draft":
            inspection.submitted_by, inspection.submitted_at = inspector, NOW
        if status == "returned":
            inspection.returned_by, inspection.returned_at, inspection.return_reason = approver, NOW, "Bổ sung"
        if status == "approved":
            inspection.approved_by, inspection.approved_at = approver, NOW
        inspection.save()
        for criterion, outcome in zip(criteria, outcomes, strict=True):
            model("inspections", "Result").objects.create(
                inspection=inspection, criterion=criterion, outcome=outcome, changed_by=inspector, changed_at=NOW,
                number="18.50" if criterion.number == 1 else None, note="Ghi chú \"cũ\"", version=3,
            )  # fmt: skip
        model("history", "Event").objects.create(
            actor_id=inspector.pk, actor_name="Người kiểm tra", via="page", action="changed",
            object_type="inspections.inspection", object_id=inspection.pk, object_name="Tiêu chí 1",
            changes={"outcome": ["", "met"]},
        )  # fmt: skip


def read() -> dict[str, Any]:
    """Read what must be the same before and after, by SQL: models may change, tables do not."""
    from django.db import connection

    queries = {
        "checklists": "SELECT status, version, score, maximum, met_criteria, open_criteria, return_reason "
        "FROM inspections_inspection ORDER BY id",
        "answers": "SELECT inspection_id, criterion_id, outcome, number, note, version FROM inspections_result "
        "ORDER BY id",
        "published": "SELECT ward_id, published_score, published_maximum FROM inspections_enrolment ORDER BY id",
        "events": "SELECT actor_name, via, action, object_id, object_name FROM history_event ORDER BY id",
        "people": "SELECT username, role, is_active FROM accounts_user ORDER BY id",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, query in queries.items():
            cursor.execute(query)
            found[name] = [[str(value) for value in row] for row in cursor.fetchall()]
    return found


def work_on() -> dict[str, Any]:
    """What people do next: the draft and the returned one are filled in, the waiting one is approved."""
    import uuid

    from archiveportal.accounts.models import User
    from archiveportal.refusal import Refused
    from criteria.inspections.models import Inspection
    from criteria.inspections.services import BLANK, Change, approve_inspection, save_results

    inspector, approver = User.objects.get(username="kiemtra9"), User.objects.get(username="duyet9")
    done = {}
    for inspection in Inspection.objects.select_related("enrolment__round__criteria_set").order_by("pk"):
        criterion = inspection.enrolment.round.criteria_set.criteria.get(number=3)
        change = Change(criterion, 3, {**BLANK, "outcome": "met", "note": "Sau nâng cấp"})
        status = inspection.status
        try:
            if status == "submitted":
                approve_inspection(inspection=inspection, by=approver)
            else:
                save_results(inspection=inspection, changes=[change], by=inspector, submission_id=uuid.uuid4())
        except Refused:
            done[status] = "refused"
        else:
            done[status] = Inspection.objects.get(pk=inspection.pk).status
    return done


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"fill": fill, "read": read, "work_on": work_on}[sys.argv[1]]()))
