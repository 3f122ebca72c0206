from django.db import migrations, models


def put_up(apps, schema_editor):
    from archiveportal.history.triggers import put_up_guard

    put_up_guard(schema_editor.connection)


def take_down(apps, schema_editor):
    from archiveportal.history.triggers import GUARD, take_down

    take_down(schema_editor.connection, (GUARD,))


class Migration(migrations.Migration):

    dependencies = [
        ('history', '0002_ways_and_actions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='action',
            field=models.CharField(choices=[('created', 'created'), ('changed', 'changed'), ('voided', 'voided'), ('deleted', 'deleted'), ('submitted', 'submitted for approval'), ('returned', 'returned it for additions'), ('approved', 'approved'), ('signed', 'recorded the signed minutes'), ('supplement', 'opened a supplement to the minutes'), ('reopened', 'opened again'), ('closed', 'closed'), ('handed_in', 'handed in'), ('answered', 'answered'), ('accepted', 'accepted the answer'), ('refused', 'did not accept the answer'), ('kept', 'sent an answer that was not applied'), ('dropped', 'did not take the answer')], max_length=10),
        ),
        migrations.RunPython(put_up, take_down),
    ]
