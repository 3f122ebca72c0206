"""Write VTTL in the passages of 5355/BC-SNV where the report has it: they are quoted word by word.

Only where the newest version is the one that was loaded. Elsewhere the page of the passages offers
the words of the report as a proposal.
"""

import csv
from pathlib import Path

from django.db import migrations

TEXTS = Path(__file__).with_suffix(".csv")
REASON = "Trích nguyên văn chữ viết tắt VTTL như trong báo cáo"
TITLES = {
    "aims": "II.1 Mục tiêu và tiêu chí",
    "measures": "II.2.b Biện pháp đã thực hiện",
    "achieved": "III.1 Mặt làm được",
}


def quote_passages(apps, schema_editor):
    passages = apps.get_model("reports", "Passage").objects.select_related("round")
    with TEXTS.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            passage = passages.filter(round__code="gd1-2019", round__is_baseline=True, key=line["key"]).first()
            if passage:
                _quote(apps, passage, before=line["before"], after=line["after"])


def _quote(apps, passage, *, before, after):
    newest = passage.versions.order_by("number").last()
    if newest is None or newest.written_by_id or newest.text != before:
        return
    number = newest.number + 1
    apps.get_model("reports", "PassageVersion").objects.create(passage=passage, number=number, text=after)
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
        ("reports", "0012_history_head_of_closings"),
        ("history", "0005_by_way"),
    ]

    operations = [migrations.RunPython(quote_passages, migrations.RunPython.noop)]
