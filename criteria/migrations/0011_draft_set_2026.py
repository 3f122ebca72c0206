"""Give an installation that has the criteria of phase 1 the draft set for 2026.

A set that people made under the same code stays alone. A new installation gets the draft by
`load_baseline`.
"""

from django.db import migrations

from criteria.draft_2026 import add_draft


def add(apps, schema_editor):
    add_draft(apps)


class Migration(migrations.Migration):
    dependencies = [("criteria", "0010_indicators"), ("history", "0005_by_way")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
