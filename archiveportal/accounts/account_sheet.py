"""The sheet of accounts: one row a person, who gets a link for first use to the unit's mailbox."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.account_columns import COLUMNS
from archiveportal.accounts.first_links import make_links, send_links
from archiveportal.accounts.models import FirstLink, User
from archiveportal.accounts.names import LONGEST_USERNAME
from archiveportal.accounts.rights import Role, roles_with
from archiveportal.accounts.services import SHOWN, create_accounts, update_accounts
from archiveportal.accounts.sheet_units import UnitColumns
from archiveportal.history.models import Via
from archiveportal.history.services import digest
from archiveportal.model_fields import own_field
from archiveportal.scope import Right
from archiveportal.sheets.kinds import Order, SheetKind
from archiveportal.sheets.rows import CellChange, Deed, FirstPlaces, PlanLine, TableRow
from archiveportal.statements import rows_with
from archiveportal.vietnamese import search_key, sort_key, without_marks
from wards.models import District, Ward
from wards.row_units import title_of_unit

#: the answer that a person of a known name is somebody else
ANOTHER = "new"
#: fields that a row may set, beside role and unit
WRITTEN = ("full_name", "position", "telephone", "email")


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
        stored = {each.pk: each for each in rows_with(User.objects.all(), "pk", _keys(lines))}
        made: list[int] = []
        for some in _written_together(lines, stored):
            changed = [line for line in some if "pk" in line.step]
            update_accounts(
                accounts=[_filled(stored[line.step["pk"]], line) for line in changed],
                made_on=[line.step["made_on"] for line in changed],
                by=order.by,
                via=Via.IMPORT,
            )
            new = [_filled(User(username=line.step["username"]), line) for line in some if "pk" not in line.step]
            create_accounts(accounts=new, by=order.by, via=Via.IMPORT)
            with_mailbox = [account for account in new if account.email]
            make_links(accounts=with_mailbox, by=order.by, via=Via.IMPORT, batch=batch)
            made += [account.pk for account in new]
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


def _keys(lines: Sequence[PlanLine]) -> list[int]:
    return [line.step["pk"] for line in lines if "pk" in line.step]


def _written_together(lines: Sequence[PlanLine], stored: Mapping[int, User]) -> Iterator[list[PlanLine]]:
    """Yield lines in parts that are written at once, one after the other.

    A line about an approver is a part of its own: the approvers of that moment are told of it, by
    the addresses of that moment.
    """
    for is_about_approver, some in groupby(lines, lambda line: _is_about_approver(line, stored)):
        if is_about_approver:
            yield from ([line] for line in some)
        else:
            yield list(some)


def _is_about_approver(line: PlanLine, stored: Mapping[int, User]) -> bool:
    before = stored.get(line.step.get("pk", 0))
    roles = {line.step["values"].get("role"), before.role if before else None}
    return not roles.isdisjoint(roles_with(Right.CAN_APPROVE))


def _filled(account: User, line: PlanLine) -> User:
    """Return an account with what its line sets."""
    for name, value in line.step["values"].items():
        setattr(account, name, value)
    return account


#: a name is looked up several times for its row
_folded = lru_cache(maxsize=256)(search_key)


def _contradicts(name: str, other: str) -> bool:
    """Tell whether two names that are the same without marks are of two people: Hùng and Hưng are, Hung may be
    either."""
    return sort_key(name) != sort_key(other) and not (name.isascii() or other.isascii())


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
        self.names_met: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        self.roles = {role.value: str(role.label) for role in Role}
        fields = (*WRITTEN, "role", "ward_id", "district_id")
        self.labels = {name: str(own_field(User, name.removesuffix("_id")).verbose_name) for name in fields}
        self.labels["username"] = _("sign-in name")
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
        others = [each for each in namesakes if _contradicts(row["full_name"], each.full_name)]
        here = [each for each in namesakes if each.role == row["role"] and (each.ward or each.district) == unit]
        same = [each for each in here if each not in others]
        if len(same) == 1:
            return same[0]
        if not namesakes:
            return None
        options = [(str(each.pk), _label(each)) for each in namesakes]
        # Of names that differ in their marks each has a question of its own.
        about = f"{row['role']} {unit or ''} {sort_key(row['full_name']) if others else ''}"
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
        for key in (account.pk if account else self._new_person(row, values), row["username"]):
            if key and (first := self.places.before(row, key)):
                expected = _("one row a person: row %(row)s is about the same one")
                row.refuse("full_name", expected % {"row": first})
                return

    def _new_person(self, row: TableRow, values: dict[str, Any]) -> tuple[Any, ...]:
        """Return what tells a new person from the others of the file: the name as it was met first, and the place."""
        place = (values["role"], values["ward_id"], values["district_id"])
        met = self.names_met[_folded(row["full_name"]), place]
        name = next((each for each in met if not _contradicts(row["full_name"], each)), None)
        if name is None:
            name = row["full_name"]
            met.append(name)
        return name, *place

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
        changes = [CellChange(self.labels["username"], "", username)]
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
