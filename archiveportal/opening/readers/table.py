"""The sheets of an .xls or .ods file, read by calamine.

The reader is native code over formats from before anybody thought of attacks.
"""

from __future__ import annotations

import datetime
import io
import json
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from archiveportal.opening.reasons import CannotOpen, Reason


def read(content: bytes, arguments: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return [title, whether it is hidden, rows] of each sheet, as JSON.

    `arguments` are the most sheets, rows and columns.
    """
    most_sheets, most_rows, most_columns = map(int, arguments)
    sheets = []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if len(book.sheet_names) > most_sheets:
            raise CannotOpen(Reason.TOO_LARGE)
        for metadata in book.sheets_metadata:
            sheet = book.get_sheet_by_name(metadata.name)
            if sheet.total_height > most_rows * 5 or sheet.total_width > most_columns * 5:
                raise CannotOpen(Reason.TOO_LARGE)
            rows = sheet.to_python(skip_empty_area=False, nrows=most_rows + 1)
            is_hidden = metadata.visible != SheetVisibleEnum.Visible
            sheets.append([metadata.name, is_hidden, [[_plain(cell) for cell in row] for row in rows]])
    except PasswordError:
        raise CannotOpen(Reason.PASSWORD) from None
    except CalamineError as error:
        is_locked = "password" in str(error).lower()
        raise CannotOpen(Reason.PASSWORD if is_locked else Reason.BROKEN) from None
    return {}, json.dumps(sheets).encode()


def _plain(cell: object) -> object:
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    return cell
