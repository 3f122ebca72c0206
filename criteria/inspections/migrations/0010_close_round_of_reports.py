"""Close the round of the first report for entry, where nobody entered anything in it.

Its checklists of units that have ended were in everybody's list of work. Where people worked in
the round, or changed it, it stays as they left it. It is opened again by one button.
"""

from django.db import migrations
from django.utils import timezone

REASON = "Đợt của Báo cáo số 5355/BC-SNV đã kết thúc, không còn nhận phiếu; mở lại khi nhập phiếu giấy"
#: rows that people alone make, by the way to their round
OF_PEOPLE = {
    "Result": ("inspection__enrolment__round", {"changed_by__isnull": False}),
    "Inspection": ("enrolment__round", {"changed_by__isnull": False}),
    "Minutes": ("inspection__enrolment__round", {}),
    "Evidence": ("inspection__enrolment__round", {}),
    "Finding": ("inspection__enrolment__round", {}),
    "KeptAnswer": ("inspection__enrolment__round", {}),
    "Submission": ("inspection__enrolment__round", {}),
    "SelfAssessment": ("enrolment__round", {}),
    "Team": ("round", {}),
    "RoundDocument": ("round", {}),
    "Enrolment": ("round", {"is_baseline": False}),
}


def close_round(apps, schema_editor):
    rounds = apps.get_model("inspections", "Round").objects
    for row in rounds.filter(code="gd1-2019", is_baseline=True, status="open"):
        if is_used(apps, row):
            continue
        row.status, row.closed_at = "closed", timezone.now()
        row.save(update_fields=["status", "closed_at"])
        apps.get_model("history", "Event").objects.create(
            actor_name="",
            via="command",
            action="closed",
            object_type="inspections.round",
            object_id=row.pk,
            object_name=row.name[:300],
            changes={"status": ["open", "closed"]},
            reason=REASON,
        )


def is_used(apps, row):
    """Tell whether people worked in the round, changed it, or had it open again."""
    told = apps.get_model("history", "Event").objects.filter(
        object_type="inspections.round", object_id=row.pk
    )
    if told.exclude(via="command").exists():
        return True
    return any(
        apps.get_model("inspections", name).objects.filter(**{path: row}, **condition).exists()
        for name, (path, condition) in OF_PEOPLE.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0009_preparing_of_rounds"),
        ("history", "0006_seals"),
    ]

    operations = [migrations.RunPython(close_round, migrations.RunPython.noop)]
