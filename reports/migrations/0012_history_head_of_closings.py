from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0011_comparison_with_signed_copy'),
    ]

    operations = [
        migrations.AddField(
            model_name='closing',
            name='history_head',
            field=models.CharField(blank=True, default='', max_length=80, verbose_name='seal of the history'),
            preserve_default=False,
        ),
    ]
