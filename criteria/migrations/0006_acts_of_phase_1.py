"""Give an installation that has the criteria of phase 1 the acts that they rest on.

What the criteria say of their basis in words stays. A criterion whose basis people changed cites
nothing. A new installation gets the same rows by `load_baseline`.
"""

import csv
from pathlib import Path

from django.db import migrations

ACTS = Path(__file__).parent / "0006_acts_of_phase_1.csv"
#: criterion: the words of its basis as they were loaded, and the number of the act
CITED = {
    "TC01": ("Quyết định số 3731/QĐ-UBND", "3731/QĐ-UBND"),
    "TC10": ("Thông tư số 01/2011/TT-BNV", "01/2011/TT-BNV"),
    "TC11": ("Thông tư số 07/2012/TT-BNV", "07/2012/TT-BNV"),
}


def add_acts(apps, schema_editor):
    sets = apps.get_model("criteria", "CriteriaSet").objects.filter(code="gd1", version=1)
    criteria_set = sets.first()
    if criteria_set is None:
        return
    acts = _acts(apps)
    for criterion in criteria_set.criteria.filter(code__in=CITED):
        basis, number = CITED[criterion.code]
        if criterion.legal_basis == basis:
            cited = apps.get_model("criteria", "Citation").objects.create(
                criteria_set=criteria_set, criterion=criterion, act=acts[number]
            )
            _tell(apps, "criteria.citation", cited.pk, f"{criterion.code}: {number}")


def _acts(apps):
    model = apps.get_model("criteria", "LegalAct")
    with ACTS.open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    following = {row["number"]: row.pop("replaced_by") for row in listed}
    acts = {}
    for row in listed:
        days = {name: row[name] or None for name in ("in_force_from", "in_force_to")}
        acts[row["number"]] = act = model.objects.create(**row | days)
        _tell(apps, "criteria.legalact", act.pk, f"{act.kind} số {act.number}")
    for number, later in following.items():
        if later:
            acts[number].replaced_by = acts[later]
            acts[number].save(update_fields=["replaced_by"])
    return acts


def _tell(apps, object_type, pk, name):
    apps.get_model("history", "Event").objects.create(
        actor_name="", via="command", action="created", object_type=object_type, object_id=pk, object_name=name,
        changes={}, reason="Căn cứ của bộ tiêu chí giai đoạn 1",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("criteria", "0005_acts_and_citations"), ("history", "0005_by_way")]

    operations = [migrations.RunPython(add_acts, migrations.RunPython.noop)]
