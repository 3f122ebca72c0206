"""What is given at a criterion that is more than met or not, in words: an option, points, a ratio, a measure, a day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from archiveportal import vietnamese
from archiveportal.percent import percent_of
from criteria.models import Criterion, Option
from criteria.outcomes import outcome_of
from criteria.scoring import Rules, points_of

KIND = Criterion.Kind


def shown(value: Decimal | int | None) -> str:
    """Write a number as the language of the screen has it; stored zeros behind the comma are left out."""
    text = vietnamese.number(value)
    return text.translate(str.maketrans(",.", ".,")) if get_language() == "en" else text


def in_points(points: Decimal | None, maximum: Decimal) -> str:
    """Return "1,5/2 điểm"."""
    return _("%(points)s/%(maximum)s points") % {"points": shown(points), "maximum": shown(maximum)}


def only_points(points: Decimal | None) -> str:
    """Return "1,5 điểm"."""
    return _("%(points)s points") % {"points": shown(points)}


def points_in_words(criterion: Criterion, answer: Any, rules: Rules) -> str:
    """Return the points that an answer brings, "7,5/7,5 điểm"; blank where it brings none by its kind."""
    outcome = outcome_of(answer.outcome if answer else "")
    is_without = not outcome.applies and not rules.is_full_without
    if not criterion.is_counted or outcome.is_open or is_without:
        return ""
    points = points_of(criterion, outcome, answer.earned, rules=rules)
    return only_points(points) if criterion.sign else in_points(points, criterion.points)


def rule_of(criterion: Criterion) -> str:
    """Return what decides: "ít nhất 20 m²", "hạn 30/09/2026"; blank where the answer itself says it."""
    if criterion.kind == KIND.MEASURE and criterion.threshold is not None:
        value = f"{shown(criterion.threshold)} {criterion.fact_unit}".strip()
        is_most = criterion.threshold_rule == Criterion.ThresholdRule.AT_MOST
        return (_("at most %(value)s") if is_most else _("at least %(value)s")) % {"value": value}
    if criterion.kind == KIND.DATE and criterion.deadline:
        return _("deadline %(day)s") % {"day": f"{criterion.deadline:%d/%m/%Y}"}
    return ""


def given_in_words(criterion: Criterion, answer: Any) -> str:
    """Return what an answer gives, with its points where they are known; blank for criteria that are met or not.

    `answer` is a row, or the values of an answer by name, as one that was kept has them.
    """
    if not criterion.is_derived or answer is None:
        return ""
    values = answer if isinstance(answer, Mapping) else _of_row(answer)
    words = _given(criterion, values)
    earned = values.get("earned")
    if not words or earned is None or criterion.kind == KIND.PART or not criterion.is_counted:
        return words
    points = only_points(earned) if criterion.sign else in_points(earned, criterion.points)
    return f"{words} ({points})"


def given_in_documents(criterion: Criterion, answer: Any) -> str:
    """Return the same in Vietnamese, whatever the language of the screen."""
    with override("vi"):
        return given_in_words(criterion, answer)


def points_in_documents(criterion: Criterion, answer: Any, rules: Rules) -> str:
    """Return the points that an answer brings, in Vietnamese."""
    with override("vi"):
        return points_in_words(criterion, answer, rules)


def _given(criterion: Criterion, values: Mapping[str, Any]) -> str:
    number, of_number = values.get("number"), values.get("of_number")
    if criterion.kind == KIND.CHOICE:
        return _option(criterion, values.get("option"))
    if criterion.kind == KIND.DATE:
        return _with_rule(criterion, _day(values.get("day")))
    if number is None:
        return ""
    if criterion.kind == KIND.PART:
        return in_points(number, criterion.points)
    if criterion.kind == KIND.RATIO:
        share = percent_of(number, of_number)
        return f"{shown(number)}/{shown(of_number)}" + ("" if share is None else f" = {shown(share)}%")
    return _with_rule(criterion, f"{shown(number)} {criterion.fact_unit}".strip())


def _of_row(answer: Any) -> dict[str, Any]:
    """Return the values of a row; an option that was read with it needs no further query."""
    option = answer.option if "option" in answer._state.fields_cache else answer.option_id
    return {"option": option, **{name: getattr(answer, name) for name in ("number", "of_number", "day", "earned")}}


def _with_rule(criterion: Criterion, words: str) -> str:
    rule = rule_of(criterion)
    return f"{words}, {rule}" if words and rule else words


def _day(day: datetime.date | str | None) -> str:
    if isinstance(day, str) and day:
        day = datetime.date.fromisoformat(day)
    return f"{day:%d/%m/%Y}" if day else ""


def _option(criterion: Criterion, option: Any) -> str:
    """Return the words of an option, given as its row or its key."""
    if isinstance(option, Option):
        return option.text
    # Kept with the criterion, so that many answers to it are one question.
    found = criterion.options_by_key.get(int(option)) if str(option or "").isdecimal() else None
    return found.text if found else ""
