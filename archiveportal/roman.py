"""Roman numbers, by which papers count districts, categories and sections."""

import re

_NUMERALS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
#: up to 39: headings numbered C, D, L and M are letters
_READ = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")


def roman(value: int) -> str:
    """4 is IV."""
    text = ""
    for size, letters in _NUMERALS:
        count, value = divmod(value, size)
        text += letters * count
    return text


def roman_value(text: str) -> int | None:
    """IV is 4; None for what is no Roman number up to 39."""
    if not _READ.fullmatch(text):
        return None
    return next(value for value in range(1, 40) if roman(value) == text)
