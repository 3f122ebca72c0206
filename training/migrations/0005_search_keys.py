"""Compute the search keys anew: i is searched for y, and the other way round."""

from django.db import migrations

from archiveportal.vietnamese import search_key


def compute_keys(apps, schema_editor):
    courses = apps.get_model("training", "Course").objects
    for course in courses.only("name", "partner", "place", "provinces", "search_key").iterator():
        key = search_key(f"{course.name} {course.partner} {course.place} {course.provinces}")
        if key != course.search_key:
            courses.filter(pk=course.pk).update(search_key=key)


class Migration(migrations.Migration):
    dependencies = [("training", "0004_words_of_the_report")]

    operations = [migrations.RunPython(compute_keys, migrations.RunPython.noop)]
