"""The accounts for trying the portal out, and a round for them, on a person's own machine only."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from archiveportal.accounts.models import Role, User
from archiveportal.accounts.rights import OF_WARDS
from archiveportal.accounts.services import create_account
from archiveportal.accounts.validators import DEMO_PASSWORD
from archiveportal.history.models import Via
from archiveportal.management.demo_round import make_demo_round
from wards.models import District, Ward

PASSWORD = DEMO_PASSWORD
#: sign-in name, full name, role, code of the district or ward
PEOPLE = [
    ("kiemtra", "Nguyễn Minh Anh", Role.INSPECTOR, ""),
    ("kiemtra2", "Trần Quốc Bảo", Role.INSPECTOR, ""),
    ("lanhdaochicuc", "Lê Thị Hồng Hà", Role.APPROVER, ""),
    ("lanhdaochicuc2", "Ngô Thanh Bình", Role.APPROVER, ""),
    ("quan10", "Phạm Thu Trang", Role.DISTRICT, "771"),
    ("cangio", "Võ Thanh Tùng", Role.DISTRICT, "787"),
    ("thanhan", "Đặng Ngọc Yến", Role.WARD, "27676"),
    ("ldthanhan", "Trịnh Công Hậu", Role.UNIT_LEADER, "27676"),
    ("lanhdaoso", "Huỳnh Đức Long", Role.LEADERSHIP, ""),
    ("quantri", "Bùi Gia Huy", Role.ADMINISTRATOR, ""),
]


class Command(BaseCommand):
    help = "Makes accounts and a round for trying the portal out, where they are missing. Refused outside local mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="", help="prints this address and a table of the accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Demo accounts have a published password: they are made in local mode (LOCAL=1) only.")
        present = set(User.objects.values_list("username", flat=True))
        missing = [person for person in PEOPLE if person[0] not in present]
        if missing:
            # One hash for all: they share one published password, and hashing is slow on purpose.
            password_hash = make_password(PASSWORD)
            for username, full_name, role, code in missing:
                account = _account(username, full_name, role=role, code=code)
                create_account(
                    account=account,
                    by=None,
                    via=Via.COMMAND,
                    password_hash=password_hash,
                )
        make_demo_round()
        if options["address"]:
            with translation.override("vi"):
                self._introduce(options["address"])

    def _introduce(self, address: str) -> None:
        accounts = {
            account.username: account
            for account in User.objects.filter(is_demo=True).select_related("district", "ward__district")
        }
        shown = [accounts[person[0]] for person in PEOPLE if person[0] in accounts]
        rows = [("Tên đăng nhập", "Họ và tên", "Vai trò")]
        for account in shown:
            role, unit = account.get_role_display(), account.unit_title
            rows.append((account.username, account.full_name, f"{role}: {unit}" if unit else role))
        widths = [max(_width(row[column]) for row in rows) for column in range(3)]
        rule = "  " + "  ".join("─" * width for width in widths)
        lines = ["  " + "  ".join(_padded(row[column], widths[column]) for column in range(3)).rstrip() for row in rows]
        self.stdout.write(f"\n  Cổng thông tin: {address}\n\n{lines[0]}\n{rule}")
        self.stdout.write("\n".join(lines[1:]))
        self.stdout.write(f"{rule}\n  Mật khẩu ban đầu của tất cả: {PASSWORD}\n  Dừng: Ctrl+C\n")


def _account(username: str, full_name: str, *, role: Role, code: str) -> User:
    account = User(
        username=username,
        full_name=full_name,
        role=role,
        is_demo=True,
        email=f"{username}@vtlt.invalid",
    )
    if role == Role.DISTRICT:
        account.district = _unit(District, code)
    elif role in OF_WARDS:
        account.ward = _of_today(_unit(Ward, code))
    return account


def _unit(model: type[District] | type[Ward], code: str) -> District | Ward:
    """Return a unit of the reports, also after people corrected its code."""
    units = [unit for unit in model.objects.filter(is_baseline=True) if unit.reported("code") == code]
    if not units:
        raise CommandError("The units are missing: run `manage.py load_baseline` first.")
    return units[0]


def _of_today(unit: Ward) -> Ward:
    """Return the unit that goes on with the code, where the City's units are loaded: rounds of today enrol it."""
    today = Ward.objects.in_force_on(timezone.localdate())
    return today.filter(code=unit.code, predecessions__predecessor=unit).first() or unit


def _width(text: str) -> int:
    """Columns on the screen: combining marks take none."""
    return sum(not unicodedata.combining(letter) for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
