"""Rules for passwords, in words of our own where Django has no Vietnamese ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archiveportal.vietnamese import without_marks

#: letters and digits without diacritics, blanks and signs
_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")
#: rows and columns of a keyboard and the usual orders, as they are typed one after the other
RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
)
#: a shorter part of a run is in ordinary words too: "tre" lies in a row of keys, backwards
SHORTEST_RUN = 4
#: signs and digits that are typed in the place of a letter within a word: "M@tkh@u", "Saig0n"
_IN_THE_PLACE_OF_A_LETTER = re.compile(r"(?<=[a-z])[@$!013457](?=[@$!013457]*[a-z])")
_LETTER_OF = str.maketrans("@$!013457", "asioieast")
_WORDS = Path(__file__).with_name("common_words.txt")
#: what Vietnamese passwords are made of when somebody does not want to remember one
COMMON_WORDS = frozenset(_WORDS.read_text(encoding="ascii").split())
#: letters that must be left beside common words, runs of keys and the own name
LEAST_LETTERS = 4
#: so much of a password is looked at; who types more has no short one
LOOKED_AT = 64


def folded(text: str) -> str:
    """Return small letters without diacritics and digits; nothing else."""
    return _NOT_A_LETTER.sub("", without_marks(text))


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

    def is_weak(self, password: str, user: Any) -> bool:
        names, text = _names_of(user), folded(password)
        is_named = any(name in text for name in names)
        return is_named and _letters_beside(text, names) < LEAST_LETTERS

    def get_help_text(self) -> str:
        return _("The password consists of the own name. Several words that have nothing to do with it are better.")


def _names_of(user: Any) -> set[str]:
    names = {getattr(user, name, None) or "" for name in ("username", "full_name", "email")}
    parts = set(re.split(r"[\s.@_-]+", " ".join(names)))
    # A syllable of one letter is in every password.
    return {folded(part) for part in names | parts if len(folded(part)) > 1}


class NotCommon(_Rule):
    """Refuse what everybody tries: common words and names, runs of keys, dates, something short twice."""

    def is_weak(self, password: str, user: Any) -> bool:
        plain = without_marks(password)
        if folded(password) == folded(DEMO_PASSWORD) or _is_repeated(plain):
            return True
        if any(letter.isalpha() and not letter.isascii() for letter in plain):
            # Letters of other scripts are in no list here.
            return False
        spelt = _IN_THE_PLACE_OF_A_LETTER.sub(lambda found: found[0].translate(_LETTER_OF), plain)
        covered = COMMON_WORDS | _names_of(user)
        return any(_letters_beside(folded(text), covered) < LEAST_LETTERS for text in (plain, spelt))

    def get_help_text(self) -> str:
        return _("This password is one that many people use. Put words together that only you would choose.")


#: printed in README and shown by `make run`
DEMO_PASSWORD = "vtlt-demo-2019"  # noqa: S105
#: a password that is a shorter part several times is as weak as that part
SHORTEST_PART = 8


def _is_repeated(text: str) -> bool:
    """Tell whether the text is a short part again and again, the last time perhaps not to its end."""
    lengths = range(1, min(SHORTEST_PART, len(text) // 2 + 1))
    return any(text == (text[:length] * len(text))[: len(text)] for length in lengths)


def _letters_beside(text: str, words: Collection[str]) -> int:
    """Return how many letters are left where words and runs of keys are taken out as well as possible.

    `text` is folded. Digits count for nothing: years, dates and numbers are added to any word.
    """
    text = text[:LOOKED_AT]
    longest = max(map(len, words), default=0)
    least = [0]
    for end in range(1, len(text) + 1):
        best = least[end - 1] + text[end - 1].isalpha()
        for start in range(max(0, end - max(longest, len(RUNS[1]))), end - 1):
            part = text[start:end]
            if least[start] < best and (part in words or _is_run(part)):
                best = least[start]
        least.append(best)
    return least[-1]


def _is_run(part: str) -> bool:
    """Tell whether keys follow each other, forwards or backwards."""
    return len(part) >= SHORTEST_RUN and any(part in run or part[::-1] in run for run in RUNS)
