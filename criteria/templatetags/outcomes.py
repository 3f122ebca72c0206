"""Answers to criteria in templates: every template may use these without loading them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from criteria import facts
from criteria.outcomes import OUTCOMES, Outcome, kinds_of, offered_in, outcome_of

register = template.Library()
register.filter(outcome_of)
register.filter(offered_in)


@register.filter
def amount(value: Decimal | None, criterion: facts.AsksForFact) -> str:
    """Write the number beside a criterion with its unit, which no line parts: "25,5 m²"."""
    return "" if value is None else facts.amount(criterion, value).replace(" ", "\u00a0")


@register.filter
def recorded(result: Any, criterion: Any) -> str:
    """Write the fact of an answer behind its label, as the minutes have it: "Diện tích kho: 25,5 m²"."""
    return facts.fact_in_words(criterion, result.number, result.text, label=criterion.local_fact_label)


@register.inclusion_tag("includes/answer.html")
def answer(outcome: str | None, *, word: bool = False) -> dict[str, Any]:
    """Draw an answer, given by its code, with a shape and a word besides its colour."""
    return {"outcome": outcome_of(outcome), "word": word}


@register.simple_tag
def outcomes() -> list[Outcome]:
    """Return every kind of answer, in the order of the form."""
    return list(OUTCOMES.values())


@register.simple_tag
def outcomes_for_scripts(criteria_set: Any = None) -> SafeString:
    """Return the vocabulary as JSON for an attribute between single quotes: the shortest way of writing it.

    With a set, its kinds alone: a page for telephones says no more than it needs.
    """
    kinds = OUTCOMES.values() if criteria_set is None else kinds_of(criteria_set, criteria_set.criteria.all())
    content = {outcome.code: outcome.for_scripts for outcome in kinds}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(str(escape(text)).replace("&quot;", '"'))
