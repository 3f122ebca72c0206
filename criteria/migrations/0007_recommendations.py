"""Keep the sentences of recommendations as rows, so that an approver edits them on a page.

An installation that has the criteria of phase 1 gets the sentences that came from a file until now; a
new one gets them by `load_baseline`.
"""

import csv
from pathlib import Path

from django.db import migrations, models

SENTENCES = Path(__file__).parent / "0007_recommendations.csv"


def add_sentences(apps, schema_editor):
    if not apps.get_model("criteria", "CriteriaSet").objects.filter(code="gd1", version=1).exists():
        return
    model, event = apps.get_model("criteria", "Recommendation"), apps.get_model("history", "Event")
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        made = [model.objects.create(set_code="gd1", **row) for row in csv.DictReader(file)]
    event.objects.bulk_create(
        event(
            actor_name="", via="command", action="created", object_type="criteria.recommendation", object_id=row.pk,
            object_name=f"{row.criterion_code}: {row.text}"[:200], changes={},
            reason="Câu kiến nghị của bộ tiêu chí giai đoạn 1",
        )
        for row in made
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("criteria", "0006_acts_of_phase_1"), ("history", "0005_by_way")]

    operations = [
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("set_code", models.CharField(max_length=40)),
                ("criterion_code", models.CharField(max_length=10)),
                ("text", models.CharField(max_length=600, verbose_name="sentence")),
            ],
            options={
                "ordering": ["set_code", "criterion_code"],
                "constraints": [
                    models.UniqueConstraint(fields=("set_code", "criterion_code"), name="recommendation_once")
                ],
            },
        ),
        migrations.RunPython(add_sentences, migrations.RunPython.noop),
    ]
