"""Give section III of 5355/BC-SNV the numbers and the opening that the report has.

Only where nobody wrote over the passages that were loaded. Elsewhere the page of the passages
offers the words of the report as a proposal.
"""

import csv
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).with_suffix(".csv")
REASON = "Ghi số thứ tự và câu dẫn của mục III như trong báo cáo"
TITLES = {"achieved": "III.1 Mặt làm được", "limits": "III.2 Hạn chế, khó khăn"}


def number_passages(apps, schema_editor):
    passages = apps.get_model("reports", "Passage").objects.select_related("round")
    with TEXTS.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            passage = passages.filter(round__code="gd1-2019", round__is_baseline=True, key=line["key"]).first()
            if passage:
                _number(apps, passage, before=line["before"], after=line["after"])


def _number(apps, passage, *, before, after):
    versions = list(passage.versions.all())
    if len(versions) != 1 or versions[0].written_by_id or versions[0].text != before:
        return
    apps.get_model("reports", "PassageVersion").objects.create(passage=passage, number=2, text=after)
    apps.get_model("history", "Event").objects.create(
        actor_name="",
        via="command",
        action="changed",
        object_type="reports.passage",
        object_id=passage.pk,
        object_name=f"{passage.round.name}: {TITLES[passage.key]}",
        changes={"text": [before, after]},
        reason=REASON,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0008_kept_errors"),
        ("history", "0005_by_way"),
    ]

    operations = [migrations.RunPython(number_passages, migrations.RunPython.noop)]
