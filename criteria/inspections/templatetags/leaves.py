"""What is given at a criterion, its points and rules: every template may use these without loading them."""

from __future__ import annotations

from typing import Any

from django import template

from criteria.given import given_in_words, only_points, points_in_words, rule_of, shown
from criteria.scoring import rules_of

register = template.Library()
register.filter("plain", shown)
register.filter("points", only_points)
register.filter(rule_of)


@register.filter(is_safe=True)
def after_dot(text: str) -> str:
    """Return a line of parts that each follow a dot, "A · B", without the dot before the first."""
    return text.strip().removeprefix("·").lstrip()


@register.filter
def given(criterion: Any, answer: Any) -> str:
    """Return what an answer gives at a criterion that is more than met or not; else blank."""
    return given_in_words(criterion, answer)


@register.simple_tag
def points_brought(criterion: Any, answer: Any, criteria_set: Any) -> str:
    """Return the points that an answer brings at a criterion that is met or not; else `given` says them."""
    return "" if criterion.is_derived else points_in_words(criterion, answer, rules_of(criteria_set))
