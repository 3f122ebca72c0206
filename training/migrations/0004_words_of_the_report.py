"""Correct the rows of 2710/BC-SNV of an existing installation by the words of the report.

The report says of Quận 11 only that it pays half, names audiences, subjects and funds that were
recorded nowhere, and does not say on which day the workforce was counted. The file beside this one
has a line per value: as it was loaded, and as it is now.
"""

from decimal import Decimal
from pathlib import Path

from django.db import migrations

from archiveportal.corrections import Correction, correct, read_corrections, rows_by
from archiveportal.vietnamese import search_key

VALUES = Path(__file__).with_suffix(".csv")
REASON = "Sửa theo đúng lời của Báo cáo số 2710/BC-SNV"


def correct_courses(apps, schema_editor):
    courses = apps.get_model("training", "Course").objects.filter(is_baseline=True)
    by_key = rows_by(courses, "report_key")
    for key, texts in read_corrections(VALUES, "report_key").items():
        course = by_key.get(key)
        if course is None:
            continue
        values = {name: tuple(_value(name, text) for text in pair) for name, pair in texts.items()}
        if correct(apps, course, Correction(values, REASON)):
            course.search_key = search_key(f"{course.name} {course.partner} {course.place} {course.provinces}")
            # A form that was opened before shows what it would overwrite.
            course.version += 1
            course.save(update_fields=["search_key", "version"])


def _value(name, text):
    return (Decimal(text) if text else None) if name == "participant_share" else text


def mark_day_of_workforce(apps, schema_editor):
    """Mark the count of the report: its day is the day of the report."""
    counts = apps.get_model("training", "WorkforceCount").objects.filter(is_baseline=True)
    for count in counts.select_related("scheme"):
        if count.counted_on == count.scheme.cut_off_on:
            values = {"is_day_inferred": (False, True)}
            correct(apps, count, Correction(values, REASON, row_name=f"{count.qualified}/{count.total}"))


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0003_audiences_and_funds"),
        ("history", "0005_by_way"),
    ]

    operations = [
        migrations.RunPython(correct_courses, migrations.RunPython.noop),
        migrations.RunPython(mark_day_of_workforce, migrations.RunPython.noop),
    ]
