"""Rules for passwords, in words of our own where Django has no Vietnamese ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.vietnamese import search_key

#: letters and digits without diacritics, blanks and signs
_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
_NOT_A_WORD = re.compile(r"[^a-z]+")
#: rows of a keyboard and the usual orders, as they are typed one after the other
RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
_WORDS = Path(__file__).with_name("common_words.txt")
#: what Vietnamese passwords begin with when somebody does not want to remember one
COMMON_WORDS = frozenset(_WORDS.read_text(encoding="ascii").split())


def folded(text: str) -> str:
    """Return small letters without diacritics and digits; nothing else."""
    return _NOT_A_LETTER.sub("", search_key(text))


class MinimumLength(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("The password is too short: at least %(count)d characters are needed.") % {"count": self.min_length}


class _Rule:
    """A rule that says in one sentence what is wrong and what to do."""

    def validate(self, password: str, user: Any = None) -> None:
        if self.is_weak(password, user):
            raise ValidationError(self.get_help_text(), code=type(self).__name__)

    def is_weak(self, password: str, user: Any) -> bool:
        raise NotImplementedError

    def get_help_text(self) -> str:
        raise NotImplementedError


class DifferentCharacters(_Rule):
    """Refuse blanks alone, and a few characters repeated."""

    least = 5

    def is_weak(self, password: str, user: Any) -> bool:
        return len(set("".join(password.lower().split()))) < self.least

    def get_help_text(self) -> str:
        return _("The password needs at least %(count)d different letters, digits or signs.") % {"count": self.least}


class NotOnesName(_Rule):
    """Refuse a password of nothing but the person's own names, however often, with a few digits."""

    #: letters beside the name
    least = 4

    def is_weak(self, password: str, user: Any) -> bool:
        rest = folded(password)
        for name in sorted(_names_of(user), key=len, reverse=True):
            rest = rest.replace(name, "")
        return len(_NOT_A_WORD.sub("", rest)) < self.least and rest != folded(password)

    def get_help_text(self) -> str:
        return _("The password consists of the own name. Several words that have nothing to do with it are better.")


def _names_of(user: Any) -> set[str]:
    names = {getattr(user, name, None) or "" for name in ("username", "full_name", "email")}
    parts = set(re.split(r"[\s.@_-]+", " ".join(names)))
    # A syllable of one letter is in every password.
    return {folded(part) for part in names | parts if len(folded(part)) > 1}


class NotCommon(_Rule):
    """Refuse Vietnamese words that everybody tries, runs of keys, and the published demo password."""

    def is_weak(self, password: str, user: Any) -> bool:
        plain = folded(password)
        words = _NOT_A_WORD.sub(" ", search_key(password)).split()
        is_published = plain == folded(DEMO_PASSWORD)
        return is_published or _is_run(plain) or _is_of_words("".join(words))

    def get_help_text(self) -> str:
        return _("This password is one that many people use. Put words together that only you would choose.")


#: printed in README and shown by `make run`
DEMO_PASSWORD = "vtlt-demo-2019"  # noqa: S105


def _is_run(text: str) -> bool:
    """Tell whether the text is one run of keys, forwards or backwards, perhaps repeated."""
    half = text[: len(text) // 2]
    part = half if half and text == half * 2 else text
    return any(part in run or part[::-1] in run for run in RUNS)


def _is_of_words(letters: str) -> bool:
    """Tell whether the letters are common words one after the other, or too few letters to matter.

    What consists of digits and signs alone is another rule's.
    """
    if not letters:
        return False
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in COMMON_WORDS for start in reached):
            reached.add(end)
    return len(letters) in reached
