from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('history', '0005_by_way'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('first_event', models.BigIntegerField()),
                ('last_event', models.BigIntegerField()),
                ('events', models.PositiveIntegerField()),
                ('sealed_at', models.DateTimeField()),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('content', models.CharField(max_length=64)),
                ('marks', models.TextField()),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
    ]
