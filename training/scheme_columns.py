"""The columns of the sheet of training schemes."""

from __future__ import annotations

from archiveportal.own_words import own_lazy_vietnamese
from archiveportal.sheets.columns import Choice, ColumnType, TableColumn
from training.models import Category, CountingUnit, SummaryRule

KINDS = (
    Choice(Category.Kind.DEGREE, "Đào tạo", ("đào tạo văn bằng", "degree training")),
    Choice(Category.Kind.PROFESSIONAL, "Bồi dưỡng", ("bồi dưỡng nghiệp vụ",)),
    Choice(Category.Kind.BRIEFING, "Tập huấn"),
    Choice(Category.Kind.STUDY_TOUR, "Học tập kinh nghiệm", ("học tập nghiệp vụ", "tham quan, học tập")),
)
UNITS = (
    Choice(CountingUnit.PERSONS, "Người", ("học viên",)),
    Choice(CountingUnit.ATTENDANCES, "Lượt", ("lượt người",)),
)
RULES = (
    Choice("row", "Theo từng lớp"),
    Choice(SummaryRule.ALL, "Mọi lớp", ("tất cả",)),
    Choice(SummaryRule.CITY, own_lazy_vietnamese("Lớp của %(area_word)s"), ("lớp của Thành phố", "lớp của tỉnh")),
    Choice(SummaryRule.NONE, "Không lớp nào", ("không",)),
)
COLUMNS = (
    TableColumn(
        "scheme",
        "Mã đề án",
        is_required=True,
        limit=40,
        hint="Bắt buộc. Chữ thường không dấu, chữ số và gạch nối.",
        example="vi-du-2026",
        width=12,
    ),
    TableColumn("name", "Tên đề án", limit=300, hint="Cần khi đề án chưa có trên cổng.", width=40),
    TableColumn(
        "legal_basis",
        "Căn cứ pháp lý",
        synonyms=("Căn cứ", "Quyết định phê duyệt"),
        hint="Quyết định phê duyệt đề án. Cần khi đề án chưa có trên cổng.",
        width=30,
    ),
    TableColumn("starts_year", "Từ năm", synonyms=("Năm bắt đầu",), type=ColumnType.NUMBER, width=9),
    TableColumn("ends_year", "Đến năm", synonyms=("Năm kết thúc",), type=ColumnType.NUMBER, width=9),
    TableColumn(
        "category",
        "Loại hình",
        synonyms=("Nội dung đào tạo, bồi dưỡng", "Nội dung"),
        is_required=True,
        limit=120,
        hint="Bắt buộc. Tên dòng trong bảng tổng hợp, theo thứ tự của báo cáo.",
        example="Bồi dưỡng ngắn hạn",
        width=30,
    ),
    TableColumn("kind", "Nhóm", synonyms=("Loại đào tạo",), type=ColumnType.CHOICE, choices=KINDS, width=20),
    TableColumn("unit", "Đơn vị tính", synonyms=("ĐVT",), type=ColumnType.CHOICE, choices=UNITS, width=12),
    TableColumn(
        "rule",
        "Lớp được tính",
        type=ColumnType.CHOICE,
        choices=RULES,
        hint="Lớp nào được tính vào dòng tổng hợp. Để trống là theo từng lớp.",
        width=18,
    ),
    TableColumn("year", "Năm", type=ColumnType.NUMBER, hint="Để trống nếu dòng không nêu chỉ tiêu.", width=8),
    TableColumn("target", "Chỉ tiêu", synonyms=("Chỉ tiêu năm",), type=ColumnType.NUMBER, width=10),
    TableColumn(
        "decision",
        "Quyết định giao chỉ tiêu",
        synonyms=("Quyết định", "Văn bản giao chỉ tiêu"),
        hint="Số, ký hiệu văn bản. Cần khi dòng nêu chỉ tiêu.",
        width=28,
    ),
    TableColumn("decided_on", "Ngày quyết định", synonyms=("Ngày văn bản",), type=ColumnType.DAY, width=14),
    TableColumn(
        "stopped_on",
        "Dừng từ sau ngày",
        synonyms=("Ngày dừng",),
        type=ColumnType.DAY,
        hint="Ngày cuối cùng của loại hình bị dừng. Chỉ tiêu các năm sau ngày đó phải là 0, ghi ở các dòng trên.",
        width=14,
    ),
    TableColumn("stop_reason", "Lý do dừng", limit=300, hint="Cần khi dòng nêu ngày dừng.", width=30),
)
