"""Let the guidance of a criterion of phase 1 speak of no kind of unit that has ended.

The words are the portal's own reading, not the report's. Rounds of today use the same set.
"""

from django.db import migrations

from archiveportal.corrections import Correction, correct
from criteria import guard

PLACE = "ban hành theo Quyết định số 3731/QĐ-UBND: số, ngày, người ký, phân công và thời hạn."
VALUES = {
    "guidance": (f"Xem kế hoạch của UBND phường, xã, thị trấn {PLACE}", f"Xem kế hoạch của UBND cấp xã {PLACE}")
}
REASON = "Hướng dẫn dùng cho cả đơn vị hành chính hiện nay"


def correct_guidance(apps, schema_editor):
    criteria = apps.get_model("criteria", "Criterion").objects.filter(criteria_set__code="gd1", code="TC01")
    if not criteria.exists():
        return
    # A set in use does not change otherwise; the guard is put up again after the migrations.
    guard.take_down(schema_editor.connection)
    for criterion in criteria.order_by("pk"):
        correct(apps, criterion, Correction(VALUES, REASON))


class Migration(migrations.Migration):
    dependencies = [("criteria", "0008_rules_of_sets"), ("history", "0005_by_way")]

    operations = [migrations.RunPython(correct_guidance, migrations.RunPython.noop)]
