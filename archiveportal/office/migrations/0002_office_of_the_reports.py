"""Enter the office whose words stood in the code until now, where a portal is in use.

A new installation gets it by `load_baseline`, or another one by its administrator.
"""

import datetime

from django.db import migrations

FIRST_DAY = datetime.date(2014, 1, 1)
OFFICE = {
    "name": "Sở Nội vụ",
    "superior_head": "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HỒ CHÍ MINH",
    "superior": "UBND Thành phố Hồ Chí Minh",
    "area": "Thành phố Hồ Chí Minh",
    "area_noun": "Thành phố",
    "place": "Thành phố Hồ Chí Minh",
    "symbol": "SNV",
    "head_title": "Giám đốc",
    "deputy_title": "Phó Giám đốc",
    "division": "Chi cục Văn thư - Lưu trữ",
    "division_short": "Chi cục VTLT",
    "division_symbol": "CCVTLT",
    "division_head_title": "Chi cục trưởng",
    "basis": "Báo cáo số 5355/BC-SNV và 2710/BC-SNV",
}


def enter_office(apps, schema_editor):
    office, event = apps.get_model("office", "Office"), apps.get_model("history", "Event")
    if office.objects.exists() or not event.objects.exists():
        return
    row = office.objects.create(first_day=FIRST_DAY, **OFFICE)
    event.objects.create(
        actor_name="", via="command", action="created", object_type="office.office", object_id=row.pk,
        object_name=f"{row.name} {row.area}", changes={}, reason="Cơ quan ban hành hai báo cáo",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial"), ("history", "0005_by_way")]

    operations = [migrations.RunPython(enter_office, migrations.RunPython.noop)]
