from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0002_office_of_the_reports")]

    operations = [
        migrations.AddField(
            "office",
            "name_in_english",
            models.CharField(blank=True, max_length=160, verbose_name="name in English, with the province or city"),
        ),
        migrations.AddField(
            "office",
            "division_in_english",
            models.CharField(blank=True, max_length=160, verbose_name="name of the sub-department in English"),
        ),
    ]
