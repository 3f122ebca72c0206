"""The values of an answer: what a criterion takes, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.days import refuse_far_days
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number as in_words
from criteria.inspections.models import Inspection
from criteria.inspections.models.checklists import Answer
from criteria.models import Criterion
from criteria.outcomes import OPEN, OUTCOMES, is_offered, outcome_of
from criteria.scoring import DERIVED_OUTCOMES, is_chosen, worth

#: what people give; devices of earlier releases send the first four alone
FIELDS = ("outcome", "number", "text", "note", "option", "of_number", "day")
BLANK: dict[str, Any] = {
    "outcome": "",
    "number": None,
    "text": "",
    "note": "",
    "option": None,
    "of_number": None,
    "day": None,
}
#: columns of an answer that a save writes
COLUMNS = (*FIELDS, "earned")
#: places behind the comma of a number
PLACES = 2
#: what has to be given where an outcome follows from it
NEEDED: dict[str, Any] = {
    Criterion.Kind.CHOICE: gettext_lazy("Choose one of the options."),
    Criterion.Kind.PART: gettext_lazy("Write the points that are given."),
    Criterion.Kind.RATIO: gettext_lazy("Write both numbers of the ratio."),
    Criterion.Kind.MEASURE: gettext_lazy("Write the number that was found."),
    Criterion.Kind.DATE: gettext_lazy("Write the day."),
}


@dataclass(frozen=True)
class Change:
    """New values of one answer, made on version `base_version` of it (0: no answer was there).

    `values` may leave out what is blank. `earned` follows from them (`settle`).
    """

    criterion: Criterion
    base_version: int
    values: dict[str, Any]
    earned: Decimal | None = None


def settle(inspection: Inspection, change: Change) -> Change:
    """Return the change with all its values and what follows from them.

    Raises `Refused` for what the form refuses too, for the ways in that have no form.
    """
    criterion, values = change.criterion, {**BLANK, **change.values}
    if criterion.criteria_set_id != inspection.enrolment.round.criteria_set_id:
        raise Refused(_("This criterion does not belong to the criteria set of the round."))
    _refuse_outcome(inspection, criterion, values)
    refuse_untaken(criterion, values)
    refuse_beyond(criterion, values)
    if is_chosen(values["outcome"]):
        values["option"] = None
    outcome, earned = worth(criterion, values)
    values["outcome"] = outcome
    return Change(criterion, change.base_version, values, earned)


def _refuse_outcome(inspection: Inspection, criterion: Criterion, values: Mapping[str, Any]) -> None:
    outcome = values["outcome"]
    # A page that was loaded earlier sends what followed from the values then.
    follows = criterion.is_derived and outcome in DERIVED_OUTCOMES
    if outcome != OPEN and not follows and not _is_offered(inspection, criterion, outcome):
        raise Refused(_("Choose one of the answers offered."))
    if follows and all(values[name] is None for name in ("option", "number", "day")):
        raise Refused(str(NEEDED[criterion.kind]))
    note_missing = outcome_of(outcome).note_missing
    if note_missing and not values["note"].strip():
        raise Refused(str(note_missing))


def _is_offered(inspection: Inspection, criterion: Criterion, outcome: str) -> bool:
    is_known = criterion.has_outcome and outcome in OUTCOMES
    return is_known and is_offered(OUTCOMES[outcome], inspection.enrolment.round.criteria_set)


def refuse_untaken(criterion: Criterion, values: Mapping[str, Any]) -> None:
    """Refuse values that the kind of the criterion has no place for."""
    if values["number"] is not None and not criterion.takes_number:
        raise Refused(_("This criterion takes no number."))
    if values["text"] and criterion.fact_kind != Criterion.FactKind.TEXT:
        raise Refused(_("This criterion takes no text beside its note."))
    if values["option"] is not None and criterion.kind != Criterion.Kind.CHOICE:
        raise Refused(_("This criterion has no options."))
    if values["option"] is not None and values["option"] not in criterion.option_points:
        raise Refused(_("This option does not belong to the criterion. Load the page again and choose anew."))
    if values["of_number"] is not None and criterion.kind != Criterion.Kind.RATIO:
        raise Refused(_("This criterion takes no second number."))
    if values["day"] is not None and criterion.kind != Criterion.Kind.DATE:
        raise Refused(_("This criterion takes no day."))


def refuse_beyond(criterion: Criterion, values: Mapping[str, Any]) -> None:
    """Refuse numbers that no answer to this criterion can have; by the field that they stand in."""
    if values["number"] is not None or values["of_number"] is not None:
        errors = dict(_beyond(criterion, values))
        if errors:
            raise Refused(errors)
    refuse_far_days(values["day"])


def _beyond(criterion: Criterion, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (field, why) for each number that cannot be."""
    number, of_number = (_as_decimal(values[name]) for name in ("number", "of_number"))
    for name, value in (("number", number), ("of_number", of_number)):
        if value is not None and value != round(value, PLACES):
            yield name, _("At most %(places)d digits may stand behind the comma.") % {"places": PLACES}
    if number is not None and number < 0:
        yield "number", _("A number here cannot be negative.")
    elif number is not None and criterion.kind == Criterion.Kind.PART and number > criterion.points:
        yield "number", _("At most %(points)s points can be given here.") % {"points": in_words(criterion.points)}
    if of_number is not None and of_number <= 0:
        yield (
            "of_number",
            _("A ratio is out of a number above zero. Where there is nothing to count, the criterion does not apply."),
        )
    elif number is not None and of_number is not None and number > of_number:
        names = {"number": in_words(number), "of_number": in_words(of_number)}
        yield "number", _("%(number)s cannot be a part of %(of_number)s. Please check both numbers.") % names


def _as_decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def values_of(answer: Answer | None) -> dict[str, Any]:
    """Return the values of an answer, alike whether they come from the database or from a form."""
    if answer is None:
        return dict(BLANK)
    values = {name: getattr(answer, _attribute(name)) for name in FIELDS}
    for name in ("number", "of_number"):
        values[name] = _as_decimal(values[name])
    return values


def as_given(criterion: Criterion, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as people give them: an outcome that follows from the others is left out."""
    is_said = not criterion.is_derived or is_chosen(values["outcome"])
    return {**values, "outcome": values["outcome"] if is_said else OPEN}


def give_values(answer: Answer, change: Change) -> None:
    """Set the values of a settled change (not saved)."""
    for name, value in change.values.items():
        setattr(answer, _attribute(name), value)
    answer.earned = change.earned


def told_changes(answer: Answer | None, change: Change, before: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return {field: (before, after)} of a settled change as the history has it.

    An option is told by its words. Call it before `give_values`.
    """
    pairs = {name: (before[name], value) for name, value in change.values.items() if before[name] != value}
    if "option" in pairs:
        was, now = pairs["option"]
        pairs["option"] = (_words_of_option(change.criterion, was), _words_of_option(change.criterion, now))
    earned = answer.earned if answer else None
    if earned != change.earned:
        pairs["earned"] = (earned, change.earned)
    return pairs


def _words_of_option(criterion: Criterion, key: int | None) -> str | None:
    option = criterion.options_by_key.get(key) if key else None
    return str(option) if option else None


def _attribute(name: str) -> str:
    """Return the attribute of an answer that holds a value: that of an option is its key."""
    return "option_id" if name == "option" else name
