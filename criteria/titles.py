"""Texts of a set in the language of the screen."""

from __future__ import annotations

from django.utils.translation import get_language


def in_language(text: str, english: str) -> str:
    """Return a text in the language of the screen; Vietnamese where it has no translation."""
    return (get_language() == "en" and english) or text
