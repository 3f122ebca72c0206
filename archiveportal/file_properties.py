"""Properties of Word and Excel files: the agency that issues a file, never the program or person that made it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from xml.sax.saxutils import escape

from archiveportal.vietnamese import without_control_characters

LANGUAGE = "vi-VN"
LONGEST_TITLE = 250


class _Source:
    """Where the name of the agency is from: the app that keeps the office, which lies above this module."""

    read: Callable[[], str] = staticmethod(str)


def take_agency_from(read: Callable[[], str]) -> None:
    """Let every file bear the agency that `read` returns when it is made."""
    _Source.read = staticmethod(read)


def agency() -> str:
    """Return the agency that issues a file which is made now."""
    return _Source.read()


def extended_properties(agency: str) -> bytes:
    """Return docProps/app.xml of either kind of file. It names no program: Word and Excel ask for none."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{escape(agency)}</Company></Properties>"
    ).encode()


def title_of_file(title: str) -> str:
    """Return a title as the properties of a file hold it: one line without control characters."""
    return " ".join(without_control_characters(title).split())[:LONGEST_TITLE]


def moment_of_file(moment: datetime.datetime) -> datetime.datetime:
    """Return an aware moment as the properties of a file hold it: UTC, naive, in whole seconds."""
    return moment.astimezone(datetime.UTC).replace(tzinfo=None, microsecond=0)
