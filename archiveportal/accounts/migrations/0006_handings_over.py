"""Keep each line of handing over as a row; until now it was read out of the event of who left.

An account that ended keeps its unit, so the row names that unit. The events stay and tell these rows.
"""

import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_lines_of_events(apps, schema_editor):
    accounts = apps.get_model("accounts", "User").objects
    lines = apps.get_model("accounts", "HandingOver").objects
    events = apps.get_model("history", "Event").objects
    told = events.filter(object_type="accounts.user", changes__has_key="handed_over_to").order_by("pk")
    for event in told.iterator():
        leaving = accounts.filter(pk=event.object_id).first()
        username = event.changes["handed_over_to"][1].rpartition(" (")[2].removesuffix(")")
        successor = accounts.filter(username=username).first()
        if leaving is None or successor is None or leaving == successor:
            continue
        unit = leaving if leaving.ward_id or leaving.district_id else successor
        if not unit.ward_id and not unit.district_id:
            continue
        lines.create(
            leaving=leaving,
            successor=successor,
            ward_id=unit.ward_id,
            district_id=None if unit.ward_id else unit.district_id,
            since=datetime.datetime.strptime(event.changes["handed_over_on"][1], "%d/%m/%Y").date(),
            open_matters=event.reason,
            recorded_by=accounts.filter(pk=event.actor_id).first(),
            recorded_at=event.occurred_at,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_notices'),
        ('wards', '0006_search_keys'),
        ('history', '0006_seals'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandingOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='from the day')),
                ('open_matters', models.TextField(max_length=2000, verbose_name='what is open')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wards.district', verbose_name='district')),
                ('leaving', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who leaves')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who goes on')),
                ('ward', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wards.ward', verbose_name='ward')),
            ],
            options={
                'verbose_name': 'handing over',
                'ordering': ['-recorded_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('leaving', models.F('successor')), _negated=True), name='handing_over_to_another'), models.CheckConstraint(condition=models.Q(models.Q(('district__isnull', True), ('ward__isnull', False)), models.Q(('district__isnull', False), ('ward__isnull', True)), _connector='OR'), name='handing_over_of_one_unit')],
            },
        ),
        migrations.RunPython(keep_lines_of_events, migrations.RunPython.noop),
    ]
