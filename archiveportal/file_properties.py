"""Properties of Word and Excel files: the agency that issues a file, never the program or person that made it."""

from __future__ import annotations

import datetime

from archiveportal.vietnamese import without_control_characters

AGENCY = "Sở Nội vụ Thành phố Hồ Chí Minh"
LANGUAGE = "vi-VN"
LONGEST_TITLE = 250
#: docProps/app.xml of either kind of file. It names no program: Word and Excel ask for none.
EXTENDED = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Company>{AGENCY}</Company></Properties>"
).encode()


def title_of_file(title: str) -> str:
    """Return a title as the properties of a file hold it: one line without control characters."""
    return " ".join(without_control_characters(title).split())[:LONGEST_TITLE]


def moment_of_file(moment: datetime.datetime) -> datetime.datetime:
    """Return an aware moment as the properties of a file hold it: UTC, naive, in whole seconds."""
    return moment.astimezone(datetime.UTC).replace(tzinfo=None, microsecond=0)
