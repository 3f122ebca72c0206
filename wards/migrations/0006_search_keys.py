"""Compute the search keys anew: "tan qui" finds Tân Quý now. Names stay as they are."""

from django.db import migrations

from archiveportal.vietnamese import search_key

#: kinds that are no word of the name
KINDS_APART = ("co_quan", "su_nghiep")


def compute_keys(apps, schema_editor):
    for name in ("Province", "District", "Ward"):
        units = apps.get_model("wards", name).objects
        for unit in units.iterator():
            title = unit.name if unit.kind in KINDS_APART else f"{unit.get_kind_display()} {unit.name}"
            key = search_key(title)[:300]
            if key != unit.search_key:
                units.filter(pk=unit.pk).update(search_key=key)


class Migration(migrations.Migration):
    dependencies = [("wards", "0005_directory_of_units")]

    operations = [migrations.RunPython(compute_keys, migrations.RunPython.noop)]
