from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0018_official_papers'),
    ]

    operations = [
        migrations.AddField(
            model_name='officialpaper',
            name='content',
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
    ]
