"""What a drill does within the portal: `python -m tests.drills.inside people N`, `state`, `units` or
`imports`. Prints JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django


def people(count: int) -> dict[str, Any]:
    """Make inspectors and an approver who are signed in."""
    from archiveportal.accounts.models import Role, User
    from tests.benchmarks.autosaving.people import make, sign_in

    approver = User(username="drill-approver", full_name="Người duyệt", role=Role.APPROVER, password="!")
    approver.save()
    _keep_known_errors()
    return {"inspectors": make(count), "approver": {"user": approver.pk, "session": sign_in(approver)}}


def _keep_known_errors() -> None:
    """Let another approver decide on the errors that stop a closing."""
    from archiveportal.accounts.models import Role, User
    from reports.checks.wording import standing_errors
    from reports.passages.services import keep_words
    from training.models import Scheme

    writer = User(username="drill-writer", full_name="Người viết", role=Role.APPROVER, password="!")
    writer.save()
    scheme = Scheme.objects.get(code="02-2014")
    for standing in standing_errors(scheme):
        keep_words(subject=scheme, error=standing.error.digest, reason="Trích nguyên văn", by=writer)


def state() -> dict[str, Any]:
    from criteria.inspections.models import Evidence, Submission
    from reports.models import Closing

    return {
        "receipts": [str(key) for key in Submission.objects.values_list("submission_id", flat=True)],
        "uploads": [str(key) for key in Evidence.objects.values_list("upload_id", flat=True)],
        "closings": Closing.objects.count(),
        "faults": [*_answers(), *_scores(), *_files(), *_closings()],
    }


def _answers() -> Iterator[str]:
    """Every save has one receipt and one event, and the versions have counted it."""
    from archiveportal.history.models import Event
    from criteria.inspections.models import Inspection, Submission

    events = Counter(Event.objects.filter(via="autosave", action="changed").values_list("object_id", flat=True))
    receipts = Counter(Submission.objects.values_list("inspection", flat=True))
    for key, version in Inspection.objects.values_list("pk", "version"):
        if (events[key], receipts[key]) != (version, version) and receipts[key]:
            yield f"checklist {key}: {receipts[key]} receipts, {events[key]} events, version {version}"


def _scores() -> Iterator[str]:
    """Each score follows from the answers."""
    from criteria.inspections.models import Inspection
    from criteria.inspections.services import SCORE_FIELDS, update_score

    for inspection in Inspection.objects.select_related("enrolment__round__criteria_set").filter(version__gt=0):
        stored = [getattr(inspection, name) for name in SCORE_FIELDS]
        results = {result.criterion_id: result for result in inspection.results.all()}
        update_score(inspection, results, inspection.enrolment.round.criteria_set.criteria.all())
        if stored != [getattr(inspection, name) for name in SCORE_FIELDS]:
            yield f"checklist {inspection.pk}: its score does not follow from its answers"


def _files() -> Iterator[str]:
    """Every stored file belongs to a row and is in the store, and the store has no others."""
    from django.conf import settings

    from archiveportal.files.models import StoredFile

    owners = [
        field for field in StoredFile._meta.get_fields(include_hidden=True) if field.auto_created and field.is_relation
    ]
    names = set()
    for stored in StoredFile.objects.all():
        names |= {str(stored.original), str(stored.shown)} - {""}
        if not any(field.related_model.objects.filter(**{field.field.name: stored.pk}).exists() for field in owners):
            yield f"file {stored.pk}: belongs to no row"
    folder = Path(settings.MEDIA_ROOT)
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    yield from (f"{name}: a row, and no file" for name in names - present)
    yield from (f"{name}: a file, and no row" for name in present - names)


def _closings() -> Iterator[str]:
    """Each closing has all of its files, and its figures have their digest."""
    from reports.frozen.figures import digest_of
    from reports.models import Closing

    for closing in Closing.objects.all():
        orders = sorted(closing.files.values_list("order", flat=True))
        if len(orders) < 3 or orders != list(range(1, len(orders) + 1)):
            yield f"closing {closing.pk}: has files {orders}"
        if digest_of(closing.figures) != closing.digest:
            yield f"closing {closing.pk}: its figures have another digest"


def units() -> list[str]:
    """Return the codes of the units of today."""
    from wards.models import Ward

    return list(Ward.objects.standing_today().order_by("code").values_list("code", flat=True))


def imports() -> dict[str, Any]:
    """Return what became of sheets of groups, and what they wrote."""
    from django.db.models import Count

    from archiveportal.history.models import Event
    from archiveportal.imports.models import SheetImport
    from archiveportal.jobs.models import Job
    from wards.models import Grouping, GroupMembership

    created = Event.objects.filter(object_type="wards.groupmembership", action="created")
    groupings = Grouping.objects.annotate(members=Count("memberships"))
    return {
        "status": dict(SheetImport.objects.values_list("name", "status")),
        "members": dict(groupings.values_list("name", "members")),
        "rows": GroupMembership.objects.count(),
        "events": created.values("object_id").distinct().count() if _is_told_once(created) else -1,
        "busy": Job.objects.filter(status__in=["waiting", "running"]).count(),
    }


def _is_told_once(events: Any) -> bool:
    return events.count() == events.values("object_id").distinct().count()


TASKS = {"state": state, "units": units, "imports": imports}

if __name__ == "__main__":
    django.setup()
    print(json.dumps(people(int(sys.argv[2])) if sys.argv[1] == "people" else TASKS[sys.argv[1]]()))
