"""Compare the words of a closing with those that the records give now.

The whole clean copy is compared, line by line. Where the code has worded its sentences anew since,
or the report is too long for a document, the words that people wrote are compared alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, zip_longest
from typing import Any

from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.scope import LEADERSHIP
from archiveportal.files.changed_words import ChangedWords
from archiveportal.word.stored import from_data, texts_of
from reports.documents.content import (
    CLEAN,
    EDITION,
    Context,
    clean_data_of,
    context_of,
    has_document,
    issue_to_sign,
)
from reports.documents.context import RoundContext
from reports.documents.fields import FIELDS
from reports.documents.passages import places_of
from reports.documents.sources import PASSAGE, sources_of
from reports.frozen.changes import compared
from reports.frozen.earlier_words import in_todays_words
from reports.frozen.figures import WITH_REPORTED, figures_of
from reports.frozen.issue import Issue
from reports.models import Closing, ReportKind, Subject

#: lists of closings count what differs in so many figures; the page of a closing does in all
MOST_COUNTED = 5000
#: what the words of people are called
SOURCES = {
    "name": _("Name"),
    "legal_basis": _("Legal basis"),
    "period": _("Period"),
    "documents": _("Documents of the round"),
    "units": _("Units"),
    "decided_on": _("Date of the decision"),
    "categories": _("Categories of training"),
    "courses": _("Courses"),
}


@dataclass(frozen=True)
class Differences:
    """How many figures and lines of a report differ from its closing; of a very long one, only that
    some may."""

    figures: int = 0
    lines: int = 0
    is_uncounted: bool = False

    def __bool__(self) -> bool:
        return bool(self.figures or self.lines or self.is_uncounted)


def context_for(closing: Closing, subject: Subject) -> Context:
    """Return what the report would be written from now, to be compared with a closing."""
    issue = Issue() if closing.content is None else issue_to_sign(closing.content)
    context = context_of(subject, user=LEADERSHIP, issue=issue)
    if isinstance(context, RoundContext):
        context.tells_of_reported = closing.edition >= WITH_REPORTED
    return context


def changed_words(closing: Closing, context: Context) -> list[ChangedWords]:
    """Return the lines that differ, in the order of the document; none where none were stored."""
    if closing.content is None:
        return []
    kind = context.report.kind
    if closing.content["edition"] < EDITION or not has_document(closing.content):
        names = _names_of_sources(context.report.subject)
        return [*_changed_texts(names, closing.content["sources"], sources_of(context))]
    then, now = closing.content[CLEAN], clean_data_of(context)
    if then == now:
        return []
    names = {field.name: field.meaning for field in FIELDS[kind]}
    changed = [*_changed_texts(names, then["texts"], now["texts"])]
    for name in _compared(kind, then["parts"]):
        changed += _changed_lines(names[name], then["parts"].get(name, []), now["parts"].get(name, []))
    return changed


def _compared(kind: ReportKind, stored: Mapping[str, Any]) -> list[str]:
    """Return the fields that are compared: an optional part only where the closing has it."""
    return [field.name for field in FIELDS[kind] if not field.is_optional or field.name in stored]


def differences(closing: Closing, subject: Subject) -> Differences:
    """Count what differs now. Callers ask first whether anything that matters happened since."""
    if len(closing.figures) > MOST_COUNTED:
        return Differences(is_uncounted=True)
    context = context_for(closing, subject)
    changed = [line for line in compared(closing, figures_of(subject, context)) if line.is_changed]
    return Differences(len(changed), len(changed_words(closing, context)))


def _changed_texts(names: Mapping[str, Any], then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[ChangedWords]:
    for key in dict.fromkeys([*then, *now]):
        before, after = then.get(key, "").split("\n"), now.get(key, "").split("\n")
        yield from _paired(names.get(key, key), before, after)


def _changed_lines(section: Any, then: list[Any], now: list[Any]) -> Iterator[ChangedWords]:
    if then != now:
        yield from _paired(section, _lines(then), _lines(now))


def _lines(blocks: list[Any]) -> list[str]:
    return list(chain.from_iterable(map(texts_of, from_data(blocks))))


def _paired(section: Any, then: list[str], now: list[str]) -> Iterator[ChangedWords]:
    """Pair the lines that differ: a line that was reworded beside its new words."""
    earlier, later = [*map(in_todays_words, then)], [*map(in_todays_words, now)]
    if earlier == later:
        return
    for deed, first, last, new_first, new_last in SequenceMatcher(None, earlier, later, autojunk=False).get_opcodes():
        if deed != "equal":
            pairs = zip_longest(then[first:last], now[new_first:new_last], fillvalue="")
            yield from (ChangedWords(section, before, after) for before, after in pairs)


def _names_of_sources(subject: Subject) -> dict[str, Any]:
    return SOURCES | {f"{PASSAGE}{place.key}": place.title for place in places_of(subject)}
