"""Which set and which version a sheet is about, and whether it may be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.sheets.rows import TableRow
from criteria.building.services.whole_set import specification_of
from criteria.models import CriteriaSet
from criteria.set_sheet.further import Information, slug
from criteria.specification import SetSpecification

NEW = "new"


@dataclass(frozen=True)
class Target:
    """The version that a sheet is about, with what it is compared with."""

    code: str
    version: int
    #: the version as it is stored; None where it begins
    stored: CriteriaSet | None
    #: the version as it is stored, or the one before it
    base: SetSpecification | None


def find_target(row: TableRow, said: Information) -> Target | None:
    """Return what the sheet is about; None where the question which set it is has no answer yet."""
    code = said.values.get("code") or _asked_code(row, said)
    if not code:
        return None
    versions = list(CriteriaSet.objects.filter(code=code).order_by("version"))
    last = versions[-1] if versions else None
    version = said.values.get("version") or (last.version if last else 1)
    stored = next((each for each in versions if each.version == version), None)
    base = stored or last
    return Target(code, version, stored, specification_of(base) if base else None)


def _asked_code(row: TableRow, said: Information) -> str:
    """Return the code of the set that a sheet without one is about, as somebody chose it."""
    name = said.values.get("name", "")
    options: list[tuple[str, str]] = []
    own = slug(name) if name else ""
    sets = _newest()
    if own and own not in sets:
        options.append((own, _("a new set “%(name)s” with the code %(code)s") % {"name": name, "code": own}))
    options += [(code, f"{each.name} ({code})") for code, each in sets.items()]
    return row.ask("", options, about=name or "set", heading=_("Which set is this?")) or ""


def _newest() -> dict[str, CriteriaSet]:
    return {each.code: each for each in CriteriaSet.objects.order_by("code", "version")}


def refuse_target(row: TableRow, target: Target, *, differs: bool) -> None:
    """Refuse what a sheet cannot write: a version in use, one that leaves numbers out, a new set without a name."""
    stored = target.stored
    if stored is None and target.base and target.version != target.base.version + 1:
        expected = _("version %(next)s, the one after the newest")
        row.refuse("", expected % {"next": target.base.version + 1})
    if stored is None and target.base is None and target.version != 1:
        row.refuse("", _("version 1: the set %(code)s is not there yet") % {"code": target.code})
    if stored and differs and not stored.may_be_written:
        row.refuse("", _in_use(stored))


def _in_use(stored: CriteriaSet) -> str:
    values: dict[str, Any] = {"version": stored.version, "next": stored.version + 1}
    return (
        _(
            "a new version: version %(version)s is in use or was decided on and does not change. Write “Phiên bản: "
            "%(next)s” on the sheet Thông tin, or above the table"
        )
        % values
    )


def head_of(titles: Sequence[TableRow], rows: Sequence[TableRow]) -> TableRow:
    """Return the row that bears what is about the set as a whole: the first title, else one before the table."""
    if titles:
        return titles[0]
    first = rows[0]
    return TableRow(first.sheet, first.number, {}, cells={}, places={}, answers=first.answers)
