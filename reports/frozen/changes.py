"""Compare a closing with today's records figure by figure, and check whether its files are
unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archiveportal.files.checking import State, state_of
from archiveportal.files.models import StoredFile
from archiveportal.vietnamese import MORE_THAN
from reports.frozen.earlier_words import in_todays_words
from reports.frozen.figures import WORDED_SINCE, WORKFORCE_KEY, digest_of, figures_of, first_edition_of
from reports.models import ClosedFile, Closing, Subject


@dataclass(frozen=True)
class ComparedFigure:
    """A figure at the closing and now; None where only the other one exists.

    Figures of an older edition are worded otherwise: only their values are compared.
    """

    then: dict[str, Any] | None
    now: dict[str, Any] | None
    is_older_edition: bool = False

    @property
    def _figure(self) -> dict[str, Any]:
        return self.then or self.now or {}

    @property
    def section(self) -> str:
        return self._figure["section"]

    @property
    def label(self) -> str:
        return self._figure["label"]

    @property
    def is_changed(self) -> bool:
        if self.then is None or self.now is None:
            return True
        names = () if self.is_older_edition else ("members", "of")
        is_other_value = _comparable_value(self.then) != _comparable_value(self.now)
        return self.is_renamed or is_other_value or any(self.then[name] != self.now[name] for name in names)

    @property
    def is_renamed(self) -> bool:
        """Tell whether the unit has another name now: a ward or district that was corrected.

        A label of the workforce names no unit, only the day of its key.
        """
        if self.is_older_edition or self.then is None or self.now is None:
            return False
        if self._figure["key"].startswith(WORKFORCE_KEY):
            return False
        return in_todays_words(self.then["label"]) != in_todays_words(self.now["label"])

    @property
    def came(self) -> list[str]:
        """Units that the figure counts now and did not count then."""
        return _without(self.now, self.then) if self.is_changed else []

    @property
    def went(self) -> list[str]:
        return _without(self.then, self.now) if self.is_changed else []


def _comparable_value(figure: dict[str, Any]) -> str:
    """Return the value; of a percent without "hơn".

    The result beside it has the word since the first closing, its percent only since closings of
    later releases. A result that is no lower bound any more is told by its own figure.
    """
    value: str = figure["value"]
    # Closings of earlier releases have "7,50" for what is "7,5" now.
    value = _LAST_ZEROS.sub(r"\1", value)
    return value.removeprefix(MORE_THAN) if figure["key"].endswith(".percent") else value


_LAST_ZEROS = re.compile(r"(,\d*[1-9])0+(?!\d)")


def _without(these: dict[str, Any] | None, those: dict[str, Any] | None) -> list[str]:
    if these is None or those is None:
        return []
    return [name for name in these["members"] if name not in set(those["members"])]


def compared(closing: Closing, now: Iterable[dict[str, Any]]) -> list[ComparedFigure]:
    """Return the figures in the order of the closing; those that are new follow at the end.

    A figure that later editions added says nothing of an earlier closing.
    """
    left = {figure["key"]: figure for figure in now if first_edition_of(figure["key"]) <= closing.edition}
    is_older = closing.edition < WORDED_SINCE
    lines = [ComparedFigure(figure, left.pop(figure["key"], None), is_older) for figure in closing.figures]
    return lines + [ComparedFigure(None, figure, is_older) for figure in left.values()]


def lines_of(closing: Closing, results: Any = None) -> list[ComparedFigure]:
    """Compare every figure; `results` is what was read for them already."""
    return compared(closing, figures_of(closing.subject, results))


def differs(closing: Closing, subject: Subject, results: Any = None) -> bool:
    """Whether any figure of the closing is another one now; `subject` is its round or scheme, read already."""
    return any(line.is_changed for line in compared(closing, figures_of(subject, results)))


@dataclass(frozen=True)
class CheckedFile:
    file: StoredFile
    state: State
    #: its place in a closing, where it has one
    kept: ClosedFile | None = None


def checked(file: StoredFile, kept: ClosedFile | None = None) -> CheckedFile:
    """Reads the file from the store and takes its SHA-256 again."""
    return CheckedFile(file, state_of(file), kept)


def figures_are_whole(closing: Closing) -> bool:
    """The figures still have the SHA-256 that was taken of them."""
    return digest_of(closing.figures) == closing.digest
