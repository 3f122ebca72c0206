"""Columns of the sheet of accounts, by their headings in lists of people and in the portal's own template."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy, override

from archiveportal.accounts.names import validate_username
from archiveportal.accounts.rights import Role, role_choices
from archiveportal.own_words import own_lazy_vietnamese
from archiveportal.sheets.columns import Choice, ColumnType, TableColumn
from archiveportal.sheets.contact_cells import check_cell, parse_mailbox, parse_telephone


def _on_screen(role: str) -> str:
    with override("vi"):
        return str(dict(role_choices())[role])


#: a role as Vietnamese screens name it
_on_screens = lazy(_on_screen, str)
ROLES = (
    Choice(
        Role.WARD,
        "Văn thư, lưu trữ cấp xã",
        (
            "cấp xã",
            "xã",
            "phường",
            "văn thư lưu trữ",
            "công chức cấp xã",
            "người làm công tác văn thư, lưu trữ ở đơn vị được kiểm tra",
        ),
    ),
    Choice(
        Role.UNIT_LEADER,
        "Lãnh đạo cấp xã",
        (
            "lãnh đạo đơn vị",
            "lãnh đạo UBND cấp xã",
            "lãnh đạo UBND xã",
            "lãnh đạo UBND phường",
            "chủ tịch UBND cấp xã",
            "lãnh đạo đơn vị được kiểm tra",
        ),
    ),
    Choice(Role.DISTRICT, "Phòng Nội vụ quận, huyện", ("phòng nội vụ", "cấp huyện")),
    Choice(
        Role.INSPECTOR,
        own_lazy_vietnamese("Công chức %(division_word)s"),
        (
            "công chức Chi cục",
            _on_screens(Role.INSPECTOR),
            "kiểm tra viên",
            "thành viên đoàn kiểm tra",
            "công chức Chi cục Văn thư - Lưu trữ, thành viên Đoàn kiểm tra",
        ),
    ),
    Choice(
        Role.APPROVER,
        own_lazy_vietnamese("%(leader_title)s"),
        ("lãnh đạo Chi cục", "lãnh đạo Chi cục Văn thư - Lưu trữ", _on_screens(Role.APPROVER)),
    ),
    Choice(
        Role.LEADERSHIP,
        own_lazy_vietnamese("Lãnh đạo %(office_word)s"),
        ("lãnh đạo Sở", "lãnh đạo Sở Nội vụ", _on_screens(Role.LEADERSHIP)),
    ),
    Choice(Role.ADMINISTRATOR, "Quản trị hệ thống", ("quản trị",)),
)


_USERNAME = gettext_lazy("3 to 30 small letters without diacritics, digits and . - _ only")


def _username(text: str) -> str:
    check_cell(validate_username, text, expected=_USERNAME)
    return text


COLUMNS = (
    TableColumn(
        "full_name",
        "Họ và tên",
        synonyms=("Họ tên", "Tên công chức", "Họ và tên công chức"),
        is_required=True,
        limit=120,
        hint="Bắt buộc. Mỗi dòng là một người.",
        example="Nguyễn Thị Ví Dụ",
        width=26,
    ),
    TableColumn(
        "role",
        "Vai trò",
        synonyms=("Vai trò trên cổng", "Nhóm quyền"),
        type=ColumnType.CHOICE,
        is_required=True,
        choices=ROLES,
        hint="Bắt buộc. Chọn trong danh sách của ô.",
        example="Văn thư, lưu trữ cấp xã",
        width=26,
    ),
    TableColumn(
        "unit_code",
        "Mã đơn vị",
        synonyms=("Mã số đơn vị", "Mã ĐVHC", "Mã xã", "Mã phường, xã"),
        limit=10,
        hint="Mã của Cục Thống kê. Có mã thì không cần tên; có cả hai thì hai ô phải khớp nhau.",
        example="",
        width=12,
    ),
    TableColumn(
        "unit",
        "Đơn vị",
        synonyms=("Tên đơn vị", "Phường, xã", "Phường, xã, đặc khu", "Đơn vị công tác", "Quận, huyện"),
        hint=own_lazy_vietnamese(
            "Tên phường, xã, đặc khu (hoặc quận, huyện của Phòng Nội vụ). Để trống với người của %(office_word)s."
        ),
        example="",
        width=30,
    ),
    TableColumn(
        "position",
        "Chức vụ",
        synonyms=("Chức danh", "Chức vụ, chức danh"),
        limit=120,
        hint="Ví dụ: Công chức Văn phòng - Thống kê.",
        example="Công chức Văn phòng - Thống kê",
        width=28,
    ),
    TableColumn(
        "email",
        "Hộp thư công vụ",
        synonyms=("Email", "E-mail", "Thư điện tử", "Hộp thư", "Địa chỉ thư điện tử", "Hộp thư điện tử công vụ"),
        limit=254,
        parse=parse_mailbox,
        hint="Đường dẫn dùng lần đầu được gửi đến đây, có giá trị 72 giờ. Hai người có thể chung một hộp thư.",
        example="phuongxa@tphcm.gov.vn",
        width=30,
    ),
    TableColumn(
        "telephone",
        "Điện thoại",
        synonyms=("Số điện thoại", "Điện thoại liên hệ", "ĐT", "Di động"),
        limit=30,
        parse=parse_telephone,
        hint="Không bắt buộc. Ô trống thì giữ số đang có.",
        example="028 3829 1234",
        width=18,
    ),
    TableColumn(
        "username",
        "Tên đăng nhập",
        synonyms=("Tài khoản", "Tên tài khoản"),
        limit=30,
        parse=_username,
        hint="Để trống thì cổng đặt theo họ tên, ví dụ nguyen.thi.hoa.mai.",
        example="",
        width=20,
    ),
)
