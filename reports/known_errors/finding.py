"""Find known errors in a text, and write it with the corrected wording."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from reports.known_errors.amounts import amount_errors
from reports.known_errors.citations import citation_errors
from reports.known_errors.folding import FoldedText, fold
from reports.known_errors.registry import printed_errors
from reports.known_errors.rules import wording_errors
from reports.known_errors.shares import share_errors
from reports.known_errors.spans import ErrorMatch


@dataclass(frozen=True)
class KnownError:
    """An error at a place of a text: the words as they are, and the wording that is proposed.

    `code` is the contradiction of the list that it belongs to, or "". `corrected` is None where a
    person has to find the words.
    """

    key: str
    code: str
    start: int
    end: int
    printed: str
    corrected: str | None
    reason: str
    reason_en: str
    severity: str

    @property
    def local_reason(self) -> str:
        return self.reason_en if get_language() == "en" else self.reason

    @property
    def is_right(self) -> bool:
        """Return whether the words are the corrected ones: folded, they differ in case alone."""
        return self.corrected == unicodedata.normalize("NFC", self.printed)

    def overlaps(self, other: KnownError) -> bool:
        return self.start < other.end and other.start < self.end

    @property
    def digest(self) -> str:
        """Name the error and its words, whatever their spaces, case and Unicode form."""
        return hashlib.blake2s(f"{self.key}\n{fold(self.printed)}".encode(), digest_size=16).hexdigest()


#: each takes a folded text; where two find the same words, the earlier one counts
FINDERS = (printed_errors, citation_errors, wording_errors, share_errors, amount_errors)


def errors_in(text: str) -> tuple[KnownError, ...]:
    """Return the known errors of a text in their order; no two overlap."""
    return _errors_in(text)


# One page looks at the same text for its proposals, its checks and its document.
@lru_cache(maxsize=512)
def _errors_in(text: str) -> tuple[KnownError, ...]:
    folded = FoldedText(text)
    errors: list[KnownError] = []
    for finder in FINDERS:
        for match in finder(folded.text):
            error = _known_error(folded, match)
            if not error.is_right and not any(error.overlaps(other) for other in errors):
                errors.append(error)
    return tuple(sorted(errors, key=lambda error: error.start))


def _known_error(folded: FoldedText, match: ErrorMatch) -> KnownError:
    start, end = folded.span(match.start, match.end)
    printed = folded.original[start:end]
    return KnownError(
        key=match.key,
        code=match.code,
        start=start,
        end=end,
        printed=printed,
        corrected=None if match.corrected is None else _in_case_of(printed, match.corrected),
        reason=match.reason,
        reason_en=match.reason_en,
        severity=match.severity,
    )


def _in_case_of(printed: str, corrected: str) -> str:
    """Write the corrected wording in capitals, or with a capital first, as the words that it replaces."""
    if fold(printed) == fold(corrected):
        return corrected
    if printed.isupper():
        return corrected.upper()
    if printed[:1].isupper():
        return f"{corrected[:1].upper()}{corrected[1:]}"
    return corrected


def corrected_text(text: str, kept: Collection[str] = ()) -> str:
    """Return the text with the corrected wording, apart from errors whose digest is `kept`."""
    return "".join(_pieces(text, kept))


def _pieces(text: str, kept: Collection[str]) -> Iterator[str]:
    end = 0
    for error in errors_in(text):
        if error.corrected is not None and error.digest not in kept:
            yield text[end : error.start]
            yield error.corrected
            end = error.end
    yield text[end:]
