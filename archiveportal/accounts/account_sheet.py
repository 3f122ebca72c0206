"""The sheet of accounts: one row a person, who gets a link for first use to the unit's mailbox."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from archiveportal.accounts.first_links import make_link, send_links
from archiveportal.accounts.models import FirstLink, User
from archiveportal.accounts.names import LONGEST_USERNAME, validate_username
from archiveportal.accounts.rights import Role, role_choices
from archiveportal.accounts.services import SHOWN, create_account, update_account
from archiveportal.accounts.sheet_units import UnitColumns
from archiveportal.history.models import Via
from archiveportal.history.services import digest
from archiveportal.model_fields import own_field
from archiveportal.own_words import own_lazy_vietnamese
from archiveportal.scope import Right
from archiveportal.sheets.columns import Choice, ColumnType, TableColumn
from archiveportal.sheets.contact_cells import check_cell, parse_mailbox, parse_telephone
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import CellChange, Deed, FirstPlaces, PlanLine, TableRow
from archiveportal.vietnamese import search_key, without_marks
from wards.models import District, Ward
from wards.row_units import title_of_unit

#: the answer that a person of a known name is somebody else
ANOTHER = "new"
#: fields that a row may set, beside role and unit
WRITTEN = ("full_name", "position", "telephone", "email")


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


def _username(text: str) -> str:
    expected = _("3 to 30 small letters without diacritics, digits and . - _ only")
    check_cell(validate_username, text, expected=expected)
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


class AccountSheet(SheetKind):
    """Accounts are made or changed by the services of the pages; nobody gets a password by it."""

    code = "accounts"
    slug = "tai-khoan"
    title = gettext_lazy("Accounts from a sheet")
    about = gettext_lazy(
        "One row a person. Whoever is new gets a link for first use to the official mailbox (72 hours); whoever has an "
        "account keeps it, and what differs is changed. A blank cell changes nothing."
    )
    right = Right.CAN_MANAGE_ACCOUNTS
    columns = COLUMNS

    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        return map(_Known(order).line, rows)

    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        stored = User.objects.in_bulk([line.step["pk"] for line in lines if "pk" in line.step])
        made = []
        for line in lines:
            step = line.step
            account = stored[step["pk"]] if "pk" in step else User(username=step["username"])
            for name, value in step["values"].items():
                setattr(account, name, value)
            if "pk" in step:
                update_account(account=account, made_on=step["made_on"], by=order.by, via=Via.IMPORT)
                continue
            create_account(account=account, by=order.by, via=Via.IMPORT, by_link=True)
            made.append(account.pk)
            if account.email:
                make_link(account=account, by=order.by, via=Via.IMPORT, batch=batch)
        return {"accounts": made}

    def after(self, result: dict[str, Any], order: Order) -> None:
        """Send the links that are not sent yet; without the portal's address they wait."""
        if not order.address:
            return
        links = FirstLink.objects.open().filter(account__in=result.get("accounts", ()), sent_at=None)
        waiting = links.select_related("account__ward__district", "account__district").order_by("pk")
        send_links(links=waiting, address=order.address, by=order.by, via=Via.IMPORT)

    def result_address(self, batch: int) -> str:
        return f"{reverse('accounts:first-links')}?nhap={batch}"


#: a name is looked up several times for its row
_folded = lru_cache(maxsize=256)(search_key)


class _Known:
    """The accounts and units there are, read once, and the rows of the file that came before."""

    def __init__(self, order: Order) -> None:
        self.by = order.by
        self.units = UnitColumns(order)
        self.by_username: dict[str, User] = {}
        self.by_name: dict[str, list[User]] = defaultdict(list)
        self.by_mailbox: dict[str, list[str]] = defaultdict(list)
        for account in User.objects.select_related("ward__district", "district").order_by("pk"):
            self.by_username[account.username] = account
            self.by_name[_folded(account.full_name)].append(account)
            if account.email:
                self.by_mailbox[account.email.lower()].append(str(account))
        self.taken = set(self.by_username)
        #: where in the file each person was met first
        self.places = FirstPlaces()
        self.roles = {role.value: str(role.label) for role in Role}
        fields = (*WRITTEN, "role", "ward_id", "district_id")
        self.labels = {name: str(own_field(User, name.removesuffix("_id")).verbose_name) for name in fields}
        # A unit of today lies in no district and is no township.
        self.labels["ward_id"] = _("Unit").lower()

    def line(self, row: TableRow) -> PlanLine:
        """Return what becomes of a row."""
        unit = self.units.unit_of(row)
        name = row["full_name"] or row.text("full_name")
        account = None if row.is_refused else self._account(row, unit)
        if row.is_refused:
            return PlanLine.of(row, Deed.REFUSE, name)
        values = self._values(row, unit)
        self._refuse_twice(row, account, values)
        self._note_mailbox(row, account)
        if account is None:
            return self._begin(row, values, unit)
        return self._change(row, account, values=values, unit=unit)

    def _account(self, row: TableRow, unit: Ward | District | None) -> User | None:
        """Return the account that a row is about; None where it is new or a question is open."""
        if row["username"]:
            account = self.by_username.get(row["username"])
            if account and _folded(account.full_name) != _folded(row["full_name"]):
                row.refuse("username", _("another sign-in name: %(name)s has this one") % {"name": account.full_name})
            return account
        namesakes = self.by_name.get(_folded(row["full_name"]), [])
        same = [each for each in namesakes if each.role == row["role"] and (each.ward or each.district) == unit]
        if len(same) == 1:
            return same[0]
        if not namesakes:
            return None
        options = [(str(each.pk), _label(each)) for each in namesakes]
        about = f"{row['role']} {unit or ''}"
        answer = row.ask("full_name", [*options, (ANOTHER, _("somebody else of the same name"))], about=about)
        return next((each for each in namesakes if str(each.pk) == answer), None)

    def _values(self, row: TableRow, unit: Ward | District | None) -> dict[str, Any]:
        """Return what the row sets: its cells that are filled in, the role, the unit."""
        values = {name: row[name] for name in WRITTEN if row[name]}
        values["role"] = row["role"]
        values["ward_id"] = unit.pk if isinstance(unit, Ward) else None
        values["district_id"] = unit.pk if isinstance(unit, District) else None
        return values

    def _refuse_twice(self, row: TableRow, account: User | None, values: dict[str, Any]) -> None:
        person = (_folded(row["full_name"]), values["role"], values["ward_id"], values["district_id"])
        for key in (account.pk if account else person, row["username"]):
            if key and (first := self.places.before(row, key)):
                expected = _("one row a person: row %(row)s is about the same one")
                row.refuse("full_name", expected % {"row": first})
                return

    def _note_mailbox(self, row: TableRow, account: User | None) -> None:
        """Say whose the mailbox is too: who reads it can open the link."""
        mailbox = row["email"]
        if not mailbox:
            if account is None:
                row.notes.append(_("No mailbox, so no link can be sent: print a slip."))
            return
        others = [name for name in self.by_mailbox[mailbox.lower()] if account is None or name != str(account)]
        if others:
            message = _("The mailbox is also that of %(names)s: whoever reads it can open the link.")
            row.notes.append(message % {"names": ", ".join(others[:3])})
        if account is None:
            self.by_mailbox[mailbox.lower()].append(row["full_name"])

    def _begin(self, row: TableRow, values: dict[str, Any], unit: Ward | District | None) -> PlanLine:
        username = row["username"] or self._free_username(row["full_name"])
        if username in self.taken:
            row.refuse("username", _("another sign-in name: a row above has this one"))
        self.taken.add(username)
        words = self._words(values, unit)
        # The line is called by it.
        del words["full_name"]
        changes = [CellChange(_("sign-in name"), "", username)]
        changes += [CellChange(self.labels[name], "", text) for name, text in words.items() if text]
        step = {"username": username, "values": values}
        return PlanLine.of(row, Deed.BEGIN, row["full_name"], changes=changes, step=step)

    def _change(
        self, row: TableRow, account: User, *, values: dict[str, Any], unit: Ward | District | None
    ) -> PlanLine:
        if not account.is_active:
            row.refuse("full_name", _("an account in use: this one is disabled. Enable it on its page first."))
        if account == self.by and values["role"] != account.role:
            row.refuse("role", _("the present role: nobody takes the own one away by a sheet"))
        differing = {name: value for name, value in values.items() if getattr(account, name) != value}
        if not differing:
            return PlanLine.of(row, Deed.STAY, account.full_name)
        before = self._words({name: getattr(account, name) for name in values}, account.ward or account.district)
        after = self._words(values, unit)
        changes = [CellChange(self.labels[name], before[name], after[name]) for name in differing]
        step = {"pk": account.pk, "values": differing, "made_on": digest(account, SHOWN)}
        return PlanLine.of(row, Deed.CHANGE, account.full_name, changes=changes, step=step)

    def _words(self, values: dict[str, Any], unit: Ward | District | None) -> dict[str, str]:
        """Return values as the page shows them."""
        words = {name: str(value or "") for name, value in values.items()}
        words["role"] = self.roles.get(values["role"], "")
        for name, model in (("ward_id", Ward), ("district_id", District)):
            words[name] = title_of_unit(unit) if isinstance(unit, model) else ""
        return words

    def _free_username(self, full_name: str) -> str:
        """Return "nguyen.van.an", with a number behind it where somebody has that already."""
        words = re.findall(r"[a-z0-9]+", without_marks(full_name)) or ["nguoi", "dung"]
        stem = ".".join(words)[: LONGEST_USERNAME - 3].strip(".").ljust(3, "0")
        number = 2
        username = stem
        while username in self.taken:
            username, number = f"{stem}{number}", number + 1
        return username


def _label(account: User) -> str:
    parts = [account.full_name, account.username, account.get_role_display(), account.unit_title]
    return ", ".join(filter(None, map(str, parts)))
