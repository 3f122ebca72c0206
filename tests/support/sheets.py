"""Files of tables for tests: good ones, and those that mean harm."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook

from archiveportal.imports.models import SheetImport
from archiveportal.imports.services import check_again
from archiveportal.jobs.services import run_at_once

ACCOUNT_HEADINGS = (
    "Họ và tên",
    "Vai trò",
    "Mã đơn vị",
    "Đơn vị",
    "Chức vụ",
    "Hộp thư công vụ",
    "Điện thoại",
    "Tên đăng nhập",
)


def workbook(rows: Iterable[Sequence[Any]], *, change: Callable[[Workbook], None] | None = None) -> bytes:
    """Return a workbook of one sheet with these rows from the first on."""
    book = Workbook()
    book.active.title = "Danh sách"
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def accounts_sheet(*rows: Sequence[Any], change: Callable[[Workbook], None] | None = None) -> bytes:
    return workbook([ACCOUNT_HEADINGS, *rows], change=change)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return an archive in which one part is another one."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return made.getvalue()


def zip_bomb(megabytes: int = 1024) -> bytes:
    """Return a workbook whose sheet unpacks to very much."""
    made = io.BytesIO(workbook([("Họ và tên",)]))
    piece = b" " * (1024 * 1024)
    name = "xl/worksheets/sheet2.xml"
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        for _megabyte in range(megabytes):
            part.write(piece)
    return made.getvalue()


def entities(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return the workbook with a billion laughs in one of its parts."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    trick = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read(name).decode()
    start = body.index("?>") + 2 if body.startswith("<?xml") else 0
    return with_part(content, name, (trick + body[start:]).encode())


def import_addresses(cast: Any, name: str) -> dict[str, list[Any]]:
    """Return the arguments of an address of imports or jobs, with a sheet behind it.

    The sheet is stored without an event, as if it had been there before.
    """
    if name in ("imports:start", "imports:template"):
        return {name: ["tai-khoan"]}
    if not name.startswith(("imports:", "jobs:")) or name == "jobs:list":
        return {}
    made = SheetImport.objects.undecided().filter(began_by=cast.administrator).first()
    if made is None:
        content = accounts_sheet(("Trần Thị Bê", "Vai trò lạ"))
        made = SheetImport(kind="accounts", name="tai-khoan.xlsx", size=len(content), began_by=cast.administrator)
        made.as_of, made.sha256 = timezone.localdate(), hashlib.sha256(content).hexdigest()
        made.kept_as.save("tai-khoan.xlsx", ContentFile(content), save=False)
        made.save()
        made = check_again(made=made, by=cast.administrator)
        run_at_once(made.job)
    return {name: [made.job_id] if name.startswith("jobs:") else ["tai-khoan", made.pk]}
