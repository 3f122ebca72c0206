"""Take out of the criteria set of phase 1 what 5355/BC-SNV does not say.

The report gives plan 1067/KH-SNV as a plan of phase 1, not as the basis of the criteria; full
names, groups, guidance and the bases of the single criteria are a reading of its headings.
"""

from django.db import migrations

from archiveportal.corrections import Correction, correct

DECISION = "Quyết định số 3731/QĐ-UBND ngày 31 tháng 8 năm 2018 của Ủy ban nhân dân Thành phố"
PLAN = "Kế hoạch số 1067/KH-SNV ngày 26 tháng 3 năm 2019 của Sở Nội vụ"
NOTE = (
    "Phụ lục của Báo cáo số 5355/BC-SNV có 24 cột và không nêu danh sách 23 tiêu chí. Bộ này đề xuất đọc cột "
    "“Số lượng” (nhân sự) là số liệu, không tính điểm. Cách đọc khác (tính cột “Số lượng”, còn “Trình độ CM” "
    "là nội dung mô tả) cũng có khả năng; nếu đổi thì lập phiên bản mới của bộ tiêu chí."
)
READING = (
    " Báo cáo chỉ ghi tên cột: tên đầy đủ, nhóm, căn cứ pháp lý, hướng dẫn và câu mẫu của từng tiêu chí là cách "
    "diễn giải của hệ thống."
)
VALUES = {
    "legal_basis": (f"{DECISION}; {PLAN}.", f"{DECISION}."),
    "note": (NOTE, NOTE + READING),
}
REASON = "Sửa theo đúng lời của Báo cáo số 5355/BC-SNV"


def correct_set(apps, schema_editor):
    for criteria_set in apps.get_model("criteria", "CriteriaSet").objects.filter(code="gd1", version=1):
        correct(apps, criteria_set, Correction(VALUES, REASON))


class Migration(migrations.Migration):
    dependencies = [
        ("criteria", "0002_evidence_rules"),
        ("history", "0005_by_way"),
    ]

    operations = [migrations.RunPython(correct_set, migrations.RunPython.noop)]
