"""Freeze the sets that were put in force before publishing froze them, with one event each.

Their parts stay as they are: whoever wants to change one makes a new version of it. Drafts and
proposed sets are left alone.
"""

from django.db import migrations
from django.utils import timezone

from archiveportal.corrections import Correction, correct

REASON = "Bộ tiêu chí đã có hiệu lực không sửa được nữa"


def freeze(apps, schema_editor):
    published = apps.get_model("criteria", "CriteriaSet").objects.filter(status__in=["in_force", "replaced"])
    for criteria_set in published.filter(frozen_at=None).order_by("pk"):
        correct(apps, criteria_set, Correction({"frozen_at": (None, timezone.now())}, REASON))


class Migration(migrations.Migration):
    dependencies = [("criteria", "0011_draft_set_2026"), ("history", "0005_by_way")]

    operations = [migrations.RunPython(freeze, migrations.RunPython.noop)]
