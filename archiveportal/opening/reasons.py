"""Why a file cannot be opened, in words that both processes know."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a file was not opened."""

    BROKEN = "broken"
    PASSWORD = "password"  # noqa: S105
    MACROS = "macros"
    #: a template of Word or Excel, which is no document yet
    TEMPLATE = "template"
    #: a document of another program or format
    OTHER = "other"
    #: the end of a photograph is missing, and a part of the picture with it
    CUT = "cut"
    #: more pixels than one picture may have
    PIXELS = "pixels"
    #: more memory or time than a file may take
    TOO_LARGE = "too_large"
    #: as many files as the server opens at once are open, and stayed so
    BUSY = "busy"


class CannotOpen(Exception):
    """A file is not opened: `reason` says why, `facts` (what JSON holds) what the words need."""

    def __init__(self, reason: Reason, **facts: int | str | bool) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts
