"""Take out of later versions of the criteria set of phase 1 what they were copied with.

A version that was made before `0003_basis_of_the_report` has the basis and the note that the portal
had given the first one. Where people wrote others, the page of the set says what the report has.
"""

from importlib import import_module

from django.db import migrations

from archiveportal.corrections import Correction, correct

BASIS = import_module("criteria.migrations.0003_basis_of_the_report")
REASON = "Sửa giá trị chép từ phiên bản 1 theo đúng lời của Báo cáo số 5355/BC-SNV"


def correct_copies(apps, schema_editor):
    copies = apps.get_model("criteria", "CriteriaSet").objects.filter(code="gd1", version__gt=1)
    for criteria_set in copies.order_by("pk"):
        correct(apps, criteria_set, Correction(BASIS.VALUES, REASON))


class Migration(migrations.Migration):
    dependencies = [("criteria", "0003_basis_of_the_report")]

    operations = [migrations.RunPython(correct_copies, migrations.RunPython.noop)]
