"""The columns of the sheets of a criteria set, the example rows of the template, and how they are written."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.sheets.columns import Choice, ColumnType, TableColumn
from archiveportal.sheets.kinds import FurtherTable
from criteria.outcomes import EXCUSED, NOT_APPLICABLE, NOT_SHOWN, outcome_of
from criteria.set_sheet.merged import levels_below
from criteria.set_sheet.reading import CODE_LIMIT, HEADING_LIMIT

CHECK_WAYS = (
    Choice("on_site", "Tại chỗ", ("kiểm tra tại chỗ", "thực tế", "kiểm tra thực tế")),
    Choice("documents", "Hồ sơ", ("qua hồ sơ", "kiểm tra hồ sơ", "văn bản")),
    Choice("data", "Số liệu", ("qua số liệu", "dữ liệu", "báo cáo số liệu")),
)
YES = (Choice("yes", "Có", ("x", "bắt buộc", "có ghi")), Choice("no", "Không"))


def _parse_code(text: str) -> str:
    """Return a code of a criterion, which stands in addresses. Raise `ValidationError`."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise ValidationError(_("letters without diacritics, digits and hyphens only, for example I-1-2"))
    return text


COLUMNS = (
    TableColumn(
        "number",
        "STT",
        synonyms=("Số TT", "TT", "Số thứ tự", "Mục"),
        hint=(
            "Cho biết dòng nằm dưới dòng nào: A, I, 1, 1.1, 1.1.1; a) hoặc gạch đầu dòng cho thành phần của một tiêu "
            "chí. Dòng có dòng con là đề mục (tối đa 3 cấp); dòng không có dòng con là tiêu chí."
        ),
        width=8,
    ),
    TableColumn(
        "name",
        "Lĩnh vực/Tiêu chí/Tiêu chí thành phần",
        synonyms=(
            *("Lĩnh vực, tiêu chí", "Lĩnh vực/Tiêu chí", "Tiêu chí", "Nội dung tiêu chí", "Tên tiêu chí"),
            *("Nội dung", "Nội dung đánh giá", "Nội dung kiểm tra", "Tiêu chí/Tiêu chí thành phần"),
            *(
                "Lĩnh vực, tiêu chí, tiêu chí thành phần",
                "Nội dung, tiêu chí",
                "Tiêu chí đánh giá",
                "Tiêu chí chấm điểm",
            ),
        ),
        needs_heading=True,
        divide=levels_below,
        limit=1000,
        hint="Bắt buộc. Tên lĩnh vực, tiêu chí hoặc tiêu chí thành phần.",
        width=52,
    ),
    TableColumn(
        "points",
        "Điểm tối đa",
        synonyms=(
            "Điểm chuẩn",
            "Thang điểm",
            "Điểm",
            "Số điểm",
            "Điểm số",
            "Điểm tối đa của tiêu chí",
            "Mức điểm tối đa",
        ),
        needs_heading=True,
        hint=(
            "Bắt buộc ở tiêu chí được chấm: 2, 7,5 hoặc 0,25. Ở đề mục: tổng các tiêu chí bên dưới, có thể để trống. "
            "Số âm (-2) là điểm trừ."
        ),
        width=12,
    ),
    TableColumn(
        "rule",
        "Cách chấm",
        synonyms=("Cách tính điểm", "Phương pháp chấm", "Hướng dẫn chấm", "Cách chấm điểm", "Mức đánh giá"),
        limit=4000,
        hint=(
            "Để trống: Đạt/Chưa đạt. Cách ghi khác: “Đầy đủ: 2; Một phần: 1; Không có: 0”, “≥ 90%: 3; 70–<90%: 2; "
            "<70%: 0”, “Tối thiểu 20 m²”, “Chậm nhất ngày 31/12/2026”, “Không chấm điểm”. Xem trang Cách ghi."
        ),
        width=46,
    ),
    TableColumn(
        "evidence",
        "Tài liệu kiểm chứng",
        synonyms=("Minh chứng", "Tài liệu minh chứng", "Hồ sơ kiểm chứng", "Tài liệu chứng minh", "Hồ sơ minh chứng"),
        limit=4000,
        hint="Tài liệu đơn vị phải xuất trình.",
        width=34,
    ),
    TableColumn(
        "basis",
        "Căn cứ",
        synonyms=("Căn cứ pháp lý", "Cơ sở pháp lý", "Văn bản căn cứ"),
        limit=1000,
        hint="Điều, khoản, số và ký hiệu văn bản.",
        width=30,
    ),
    TableColumn("check_way", "Cách kiểm tra", type=ColumnType.CHOICE, choices=CHECK_WAYS, width=14),
    TableColumn(
        "needs_evidence",
        "Bắt buộc minh chứng",
        synonyms=("Bắt buộc kiểm chứng",),
        type=ColumnType.CHOICE,
        choices=YES,
        hint="Có: chỉ trình được phiếu khi tiêu chí đạt đã có ảnh hoặc tài liệu.",
        width=14,
    ),
    TableColumn("guidance", "Hướng dẫn", synonyms=("Ghi chú", "Diễn giải"), limit=4000, width=34),
    TableColumn(
        "heading",
        "Tên ngắn",
        synonyms=("Tên cột", "Tên viết gọn"),
        limit=HEADING_LIMIT,
        hint="Tên trong bảng tổng hợp; để trống thì lấy từ tên tiêu chí.",
        width=24,
    ),
    TableColumn(
        "code",
        "Mã",
        synonyms=("Mã tiêu chí",),
        limit=CODE_LIMIT,
        hint="Tối đa 10 chữ không dấu, chữ số, gạch nối; để trống thì lấy theo STT. Phiên bản sau nhận ra theo mã.",
        parse=_parse_code,
        width=10,
    ),
    # Of tables that have a column for each level (`criteria.set_sheet.levels`).
    TableColumn(
        "area",
        "Lĩnh vực",
        synonyms=("Lĩnh vực đánh giá", "Nhóm tiêu chí", "Nhóm nội dung", "Nhóm lĩnh vực", "Tên lĩnh vực"),
        divide=levels_below,
        limit=1000,
        in_template=False,
    ),
    TableColumn(
        "part",
        "Tiêu chí thành phần",
        synonyms=("Thành phần", "Tiêu chí con", "Nội dung thành phần", "Tiêu chí chi tiết"),
        limit=1000,
        in_template=False,
    ),
)
EXAMPLES = (
    ("I", "CÔNG TÁC VĂN THƯ (ví dụ)", "7,5"),
    ("1", "Quản lý văn bản (ví dụ)", "4,5"),
    ("1.1", "Quy chế văn thư, lưu trữ (ví dụ)", "1", "Đạt/Chưa đạt", "Quy chế đã ban hành"),
    ("1.2", "Đăng ký văn bản đến (ví dụ)", "2", "Đầy đủ: 2; Một phần: 1; Không có: 0", "Sổ đăng ký", "", "Hồ sơ"),
    ("1.3", "Nộp hồ sơ vào lưu trữ (ví dụ)", "1,5", "≥ 90%: 1,5; 70–<90%: 0,75; <70%: 0", "", "", "Số liệu"),
    ("2", "Kho lưu trữ (ví dụ)", "3"),
    ("2.1", "Diện tích kho (ví dụ)", "1", "Tối thiểu 20 m²", "", "", "Tại chỗ"),
    ("2.2", "Kế hoạch năm được ban hành (ví dụ)", "2", "Chậm nhất ngày 31/01/2026"),
    ("2.3", "Tài liệu tồn đọng (ví dụ)", "", "Không chấm điểm: số (mét)"),
)
INFORMATION = FurtherTable(
    "information",
    "Thông tin",
    (
        TableColumn("item", "Thông tin", is_required=True, limit=80, width=34, hint="Giữ nguyên tên ở cột này."),
        TableColumn("value", "Giá trị", synonyms=("Nội dung",), is_required=False, limit=2000, width=70),
    ),
    (
        ("Mã bộ tiêu chí", "vi-du-2026"),
        ("Tên bộ tiêu chí", "Bộ tiêu chí năm 2026 (ví dụ)"),
        ("Phiên bản", ""),
        ("Căn cứ", ""),
        ("Tổng điểm", ""),
        ("Loại đơn vị", ""),
        (outcome_of(NOT_APPLICABLE).word, ""),
        (outcome_of(NOT_SHOWN).word, ""),
        (outcome_of(EXCUSED).word, ""),
        ("Điểm trừ tối đa", ""),
        ("Điểm thưởng tối đa", ""),
        ("Ghi chú", ""),
    ),
)
BANDS = FurtherTable(
    "bands",
    "Xếp loại",
    (
        TableColumn("label", "Xếp loại", synonyms=("Loại", "Mức xếp loại"), is_required=True, limit=120, width=24),
        TableColumn(
            "range",
            "Mức đạt",
            synonyms=("Mức điểm", "Khoảng điểm", "Tổng điểm đạt được", "Tỷ lệ đạt"),
            is_required=True,
            hint="“Từ 90 điểm trở lên”, “từ 70 đến dưới 90 điểm”, “dưới 50 điểm”; hoặc theo tỷ lệ: “≥ 90%”.",
            width=34,
        ),
    ),
    (("Tốt (ví dụ)", "Từ 80% trở lên"), ("Đạt (ví dụ)", "Từ 50% đến dưới 80%"), ("Chưa đạt (ví dụ)", "Dưới 50%")),
)
BARS = FurtherTable(
    "bars",
    "Điểm liệt",
    (
        TableColumn(
            "conditions",
            "Điều kiện",
            synonyms=("Tiêu chí điểm liệt",),
            is_required=True,
            limit=1000,
            hint="“1.1: Chưa đạt”, hoặc nhiều tiêu chí cùng xảy ra: “1.1: Chưa đạt; 2.3: Không xuất trình được”.",
            width=60,
        ),
        TableColumn(
            "band",
            "Xếp loại cao nhất",
            synonyms=("Chỉ xếp loại cao nhất", "Mức cao nhất"),
            is_required=True,
            limit=120,
            hint="Tên một mức trên trang Xếp loại.",
            width=24,
        ),
    ),
    (("1.1: Chưa đạt; 1.2: Không có (ví dụ)", "Đạt (ví dụ)"),),
)
CROSSINGS = FurtherTable(
    "crossings",
    "Đối chiếu",
    (
        TableColumn("old", "Tiêu chí cũ", limit=40, hint="STT hoặc mã trong phiên bản trước.", width=16),
        TableColumn("new", "Tiêu chí mới", limit=40, hint="STT hoặc mã trong bảng này.", width=16),
        TableColumn(
            "relation",
            "Quan hệ",
            type=ColumnType.CHOICE,
            is_required=True,
            choices=(
                Choice("same", "Giữ nguyên", ("không đổi",)),
                Choice("reworded", "Sửa lời", ("sửa từ ngữ", "sửa đổi")),
                Choice("split", "Tách", ("tách ra",)),
                Choice("merged", "Gộp", ("gộp lại", "ghép")),
                Choice("new", "Mới", ("bổ sung",)),
                Choice("dropped", "Bỏ", ("bãi bỏ",)),
            ),
            hint="Trang này chỉ cần khi tách, gộp hoặc đổi mã tiêu chí; còn lại cổng tự đối chiếu theo mã.",
            width=16,
        ),
        TableColumn("note", "Ghi chú", limit=300, width=40),
    ),
)
FURTHER = (INFORMATION, BANDS, BARS, CROSSINGS)
GUIDE = (
    ("Ghi ở cột Cách chấm", ""),
    ("(để trống) · Đạt/Chưa đạt · Có/Không", "Đạt được trọn điểm tối đa, chưa đạt được 0."),
    (
        "Đầy đủ: 2; Một phần: 1; Không có: 0",
        "Chọn một mức, mỗi mức có điểm riêng. Mỗi mức một dòng trong ô cũng được. Mức cao nhất bằng điểm tối đa.",
    ),
    (
        "≥ 90%: 3; 70–<90%: 2; <70%: 0",
        "Nhập tử số và mẫu số; điểm theo mức tỷ lệ. Viết cách khác: “Từ 90% trở lên: 3 điểm; từ 70%…”.",
    ),
    ("Tối thiểu 20 m² · Không quá 5 ngày", "Nhập số đo, đếm được; đạt khi không dưới (không quá) ngưỡng."),
    (
        "Chậm nhất ngày 31/12/2026",
        "Nhập ngày; đạt khi không sau ngày đó. “Trước ngày …”: cổng hỏi ngày cuối cùng được tính.",
    ),
    ("Chấm từ 0 đến 2", "Nhập điểm, từ 0 đến điểm tối đa."),
    ("Cộng điểm thành phần", "Điểm là tổng các dòng con; mỗi dòng con có cách chấm riêng."),
    ("Không chấm điểm · Không chấm điểm: số (m²) · Không chấm điểm: số nguyên (người)", "Thông tin, không có điểm."),
    ("Điểm trừ · Trừ 2 điểm", "Chưa đạt thì trừ; ghi riêng, không nằm trong tổng điểm. Đề mục “Điểm trừ” cũng được."),
    ("Điểm thưởng", "Đạt thì cộng; ghi riêng, không nằm trong tổng điểm. Đề mục “Điểm thưởng” cũng được."),
    ("Bảng như các tỉnh đã ban hành", ""),
    ("Ô trộn, dòng tên bảng, dòng (1) (2) (3)", "Được: cổng tìm dòng tiêu đề và đọc từ đó."),
    (
        "Lĩnh vực, Tiêu chí, Tiêu chí thành phần ở ba cột",
        "Được: mỗi cột là một cấp. Ô trộn xuống hoặc để trống thì dòng vẫn thuộc lĩnh vực, tiêu chí ở trên.",
    ),
    (
        "Một tiêu đề trộn trên hai hoặc ba cột",
        "Được, ở tệp .xlsx: cột có chữ bên dưới là các cấp từ trái sang phải. Bốn cột trở lên: ghi tiêu đề từng cột.",
    ),
    ("1.1 · 1.1. · 1,1 · 1.10", "Được. Nên định dạng cột STT là văn bản: số 1.10 bị bảng tính cắt thành 1.1."),
    (
        "Dòng con a), b) hoặc gạch đầu dòng có điểm",
        "Cộng lại bằng điểm tối đa: thành phần. Mức cao nhất bằng: chọn một mức.",
    ),
    ("Ô công thức", "Không được: sao chép cột rồi dán giá trị."),
    ("Điểm đề mục khác tổng các tiêu chí", "Cổng hỏi số nào đúng, không tự sửa."),
    ("Trang Thông tin", ""),
    ("Mã bộ tiêu chí · Phiên bản", "Chữ thường không dấu, số, gạch nối. Phiên bản để trống: bản mới nhất trên cổng."),
    ("Tổng điểm", "Tổng điểm văn bản công bố; cổng so với tổng các tiêu chí."),
    (outcome_of(NOT_APPLICABLE).word, "Không cho phép · Không tính vào điểm tối đa · Tính trọn điểm."),
    ("Không xuất trình được · Miễn vì lý do khách quan", "Có: phiếu có thêm câu trả lời này. Không: không có."),
    ("Loại đơn vị", "Phường; Xã; Đặc khu; Thị trấn. Để trống: mọi đơn vị."),
)
