"""The process that reads .xls and .ods: content on its input, JSON on its output.

    python -I other_process.py ENDING MEMORY SECONDS SHEETS ROWS COLUMNS

Imports nothing of the portal. Ends with 3 for a password, with 4 for what is too large.
"""

import datetime
import io
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

PASSWORD, TOO_LARGE = 3, 4


def main() -> int:
    memory, seconds, most_sheets, most_rows, most_columns = map(int, sys.argv[2:7])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        if len(book.sheet_names) > most_sheets:
            return TOO_LARGE
        sheets = []
        for metadata in book.sheets_metadata:
            sheet = book.get_sheet_by_name(metadata.name)
            if sheet.total_height > most_rows * 5 or sheet.total_width > most_columns * 5:
                return TOO_LARGE
            rows = sheet.to_python(skip_empty_area=False, nrows=most_rows + 1)
            is_hidden = metadata.visible != SheetVisibleEnum.Visible
            sheets.append([metadata.name, is_hidden, [[_plain(cell) for cell in row] for row in rows]])
    except PasswordError:
        return PASSWORD
    except CalamineError as error:
        return PASSWORD if "password" in str(error).lower() else 1
    except MemoryError:
        return TOO_LARGE
    sys.stdout.write(json.dumps(sheets))
    return 0


def _plain(cell: object) -> object:
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    return cell


if __name__ == "__main__":
    sys.exit(main())
