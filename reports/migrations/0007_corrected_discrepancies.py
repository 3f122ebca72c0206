"""Give the discrepancies of an existing installation their classes and corrected words.

The file beside this one has a line per value: as it was loaded, and as it is now. The figures no
longer name the rows that were withdrawn. New rows come with `load_baseline`.
"""

from pathlib import Path

from django.db import migrations

from archiveportal.corrections import Correction, correct, read_corrections, rows_by

VALUES = Path(__file__).with_suffix(".csv")
REASON = "Rà soát lại theo đúng lời của hai báo cáo"
#: a class without its severity would break the constraint on the two
TOGETHER = [["category", "severity"]]


def correct_discrepancies(apps, schema_editor):
    discrepancies = rows_by(apps.get_model("reports", "Discrepancy").objects.all(), "code")
    links = apps.get_model("reports", "Figure").discrepancies.through
    for code, values in read_corrections(VALUES, "code").items():
        row = discrepancies.get(code)
        if row is None:
            continue
        values.setdefault("severity", (row.severity, row.severity))
        values.setdefault("category", (row.category, row.category))
        changed = correct(apps, row, Correction(values, REASON, TOGETHER))
        if "withdrawn" in changed:
            _take_away(apps, links.objects.filter(discrepancy=row).select_related("figure"), row)


def _take_away(apps, links, row):
    """Let figures no longer name a discrepancy; each has an event."""
    for link in links.order_by("pk"):
        apps.get_model("history", "Event").objects.create(
            actor_name="",
            via="command",
            action="changed",
            object_type="reports.figure",
            object_id=link.figure_id,
            object_name=link.figure.code,
            changes={"discrepancies": [row.code, None]},
            reason=REASON,
        )
    links.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0006_classes_of_discrepancies"),
        ("history", "0005_by_way"),
    ]

    operations = [migrations.RunPython(correct_discrepancies, migrations.RunPython.noop)]
