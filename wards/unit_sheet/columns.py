"""Columns of the sheet of units, by their headings in the published lists and in the portal's own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from archiveportal.sheets.columns import Choice, ColumnType, TableColumn
from wards.models import Succession, Ward
from wards.names import validate_code

#: that the gap between two units is right
YES = "yes"
KINDS = tuple(Choice(value, str(label)) for value, label in Ward.Kind.choices)
EXTENTS = (
    Choice(Succession.Extent.WHOLE, "Toàn bộ", ("nguyên trạng", "toàn bộ đơn vị", "cả đơn vị")),
    Choice(Succession.Extent.PART, "Một phần", ("phần",)),
)


def _code(text: str) -> str:
    try:
        validate_code(text)
    except ValidationError as error:
        raise ValidationError(error.messages) from None
    return text


def _day(key: str, heading: str, synonyms: tuple[str, ...], **more: Any) -> TableColumn:
    return TableColumn(key, heading, synonyms=synonyms, type=ColumnType.DAY, width=14, **more)


def _text(key: str, heading: str, synonyms: tuple[str, ...], **more: Any) -> TableColumn:
    return TableColumn(key, heading, synonyms=synonyms, **more)


COLUMNS = (
    _text(
        "code",
        "Mã đơn vị",
        ("Mã", "Mã số", "Mã PX", "Mã phường, xã", "Mã xã", "Mã ĐVHC", "code", "Mã đơn vị hành chính"),
        is_required=True,
        limit=20,
        parse=_code,
        hint="Bắt buộc. Mã của Cục Thống kê, năm chữ số.",
        example="99999",
        width=12,
    ),
    _text(
        "name",
        "Tên đơn vị",
        ("Tên", "Phường Xã", "Phường, xã", "Phường, xã, đặc khu", "Tên phường, xã", "Tên đơn vị hành chính", "name"),
        is_required=True,
        limit=100,
        hint="Bắt buộc. Có thể kèm loại ở trước: Phường Tân Định.",
        example="Phường Tên Ví Dụ",
        width=30,
    ),
    _text(
        "kind",
        "Loại đơn vị",
        ("Loại", "Cấp", "type", "Loại hình"),
        type=ColumnType.CHOICE,
        choices=KINDS,
        hint="Để trống nếu tên đã có loại ở trước.",
        width=14,
    ),
    _text("district_code", "Mã quận, huyện", ("Mã QH", "Mã huyện", "district_code"), limit=10, parse=_code, width=12),
    _text(
        "district",
        "Quận, huyện",
        ("Quận Huyện", "Tên quận, huyện", "Huyện", "district_name", "Quận, huyện, thành phố"),
        limit=110,
        hint="Để trống từ 01/7/2025, khi không còn cấp huyện.",
        width=24,
    ),
    _text("province_code", "Mã tỉnh", ("Mã TP", "Mã tỉnh, thành phố", "province_code"), limit=10, width=10),
    _text(
        "province",
        "Tỉnh, thành phố",
        ("Tỉnh Thành Phố", "Tỉnh / Thành Phố", "Tên tỉnh", "Tỉnh", "province_name"),
        limit=110,
        hint="Dòng của tỉnh khác không được nhập.",
        width=24,
    ),
    _day(
        "valid_from",
        "Ngày đầu",
        ("Có hiệu lực từ", "Từ ngày", "Ngày thành lập"),
        hint="Để trống nếu không biết. Không có cột này thì bảng là danh mục của ngày đã chọn.",
    ),
    _day("valid_to", "Ngày cuối", ("Đến ngày", "Hết hiệu lực ngày"), hint="Để trống khi đơn vị đang hoạt động."),
    _text(
        "legal_act",
        "Văn bản",
        ("Nghị quyết", "Nghị định", "Văn bản thành lập", "Căn cứ"),
        limit=200,
        hint="Ví dụ: Nghị quyết số 1685/NQ-UBTVQH15.",
        width=30,
    ),
    _day("act_signed_on", "Ngày văn bản", ("Ngày ban hành", "Ngày ký"), hint="Ngày ký văn bản."),
    _text("act_name", "Trích yếu", ("Tên văn bản", "Nội dung văn bản"), limit=300, width=30),
    _text(
        "former_code",
        "Mã đơn vị tiền thân",
        ("Mã đơn vị cũ", "Mã cũ", "Mã tiền thân"),
        limit=20,
        parse=_code,
        hint="Nhiều đơn vị tiền thân: mỗi đơn vị một dòng, lặp lại mã và ngày đầu của đơn vị mới.",
        width=14,
    ),
    _text(
        "former",
        "Đơn vị tiền thân",
        ("Đơn vị cũ", "Tên đơn vị cũ", "Tiền thân"),
        limit=500,
        hint="Tên; với đơn vị của tỉnh khác thì ghi như trong nghị quyết và điền cột Tỉnh cũ.",
        width=30,
    ),
    _text("former_province", "Tỉnh cũ", ("Tỉnh, thành phố cũ", "Thuộc tỉnh cũ"), limit=110, width=18),
    _text(
        "extent",
        "Phạm vi",
        ("Phạm vi tiếp nhận", "Mức độ"),
        type=ColumnType.CHOICE,
        choices=EXTENTS,
        hint="Nhận toàn bộ hay một phần đơn vị tiền thân.",
        width=12,
    ),
    _text(
        "gap",
        "Có khoảng trống",
        ("Cách quãng",),
        type=ColumnType.CHOICE,
        choices=(Choice(YES, "Có", ("x", "đúng")),),
        hint="Điền Có nếu đúng là giữa hai đơn vị có một thời gian không có đơn vị nào.",
        width=12,
    ),
)
