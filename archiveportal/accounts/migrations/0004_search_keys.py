"""Compute the search keys anew: i is searched for y, and the other way round."""

from django.db import migrations

from archiveportal.vietnamese import search_key


def compute_keys(apps, schema_editor):
    accounts = apps.get_model("accounts", "User").objects
    for account in accounts.only("full_name", "username", "search_key").iterator():
        key = search_key(f"{account.full_name} {account.username}")[:400]
        if key != account.search_key:
            accounts.filter(pk=account.pk).update(search_key=key)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_first_links")]

    operations = [migrations.RunPython(compute_keys, migrations.RunPython.noop)]
