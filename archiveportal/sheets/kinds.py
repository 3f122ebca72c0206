"""Kinds of sheets: what an app tells of a table that it takes in. A new sheet is one subclass.

An app registers its kind when it is ready (`AppConfig.ready`); pages and the command find it by its
code.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise

from archiveportal.scope import Right
from archiveportal.sheets.columns import TableColumn
from archiveportal.sheets.rows import PlanLine, TableRow


@dataclass(frozen=True)
class Order:
    """Who hands a sheet in, and the day for which it is read."""

    #: the person whose rights and scope count; None for the portal's own command line
    by: Any
    as_of: datetime.date
    #: the portal's own address, for links in mails; blank where nobody knows it
    address: str = ""


#: the sheet of a template that explains it; it is never read
GUIDE = "Cách ghi"


@dataclass(frozen=True)
class FurtherTable:
    """A table of its own on another sheet of the same file, with rows that bear its key."""

    key: str
    #: of the sheet in the template; any sheet with the headings is read
    title: str
    columns: Sequence[TableColumn]
    #: rows of the template, no records
    examples: Sequence[Sequence[str]] = ()


class SheetKind(ABC):
    """A kind of sheet. `check` plans and writes nothing, `apply` writes what was planned.

    `apply` runs inside one transaction and calls the services of the app with `via=Via.IMPORT`; a
    service that refuses (a row was changed since it was planned) undoes all of it.
    """

    #: for the command and in stored rows: "accounts"
    code: ClassVar[str]
    #: where its pages lie: "tai-khoan" for /tai-khoan/nhap-tu-bang/
    slug: ClassVar[str]
    #: of the page and the template, and a sentence on what it does
    title: ClassVar[Promise | str]
    about: ClassVar[Promise | str] = ""
    #: who may hand it in
    right: ClassVar[Right]
    columns: ClassVar[Sequence[TableColumn]]
    #: tables that the same file may have beside the main one
    further: ClassVar[Sequence[FurtherTable]] = ()
    #: rows of the template beside the `example` of each column, no records
    examples: ClassVar[Sequence[Sequence[str]]] = ()
    #: whether rows above the headings are read too, as rows of the table `TITLES`
    reads_titles: ClassVar[bool] = False
    #: lines of the sheet that explains the template: what can be written, and what it means
    guide: ClassVar[Sequence[tuple[str, str]]] = ()

    @abstractmethod
    def check(self, rows: Iterable[TableRow], order: Order) -> Iterator[PlanLine]:
        """Yield one line per row. Lookups are read once, not per row."""

    @abstractmethod
    def apply(self, lines: Sequence[PlanLine], order: Order, *, batch: int | None) -> dict[str, Any]:
        """Write the lines that begin or change. Return facts of the result that JSON can hold.

        `batch` is the number of the import, for rows that remember where they came from; None from
        the command line.
        """

    def after(self, result: dict[str, Any], order: Order) -> None:  # noqa: B027 (most kinds send nothing)
        """Do what comes after the transaction: send mails. May be called again after a crash."""

    def result_address(self, batch: int) -> str:
        """Return the address of the page that shows what an import made, or ""."""
        return ""

    def address_of(self, batch: int, result: Mapping[str, Any]) -> str:
        """Return the same by the facts that `apply` has returned, where those name one row."""
        return self.result_address(batch)


#: kinds of sheets by their codes
KINDS: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> None:
    """Add a kind. Raise ValueError where another one has the same code."""
    if type(KINDS.get(kind.code, kind)) is not type(kind):
        raise ValueError(f"registered twice as a kind of sheet: {kind.code}")
    KINDS[kind.code] = kind


def kind_at(slug: str) -> SheetKind | None:
    """Return the kind whose pages lie under an address."""
    return next((kind for kind in KINDS.values() if kind.slug == slug), None)
