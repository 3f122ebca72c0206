"""Answers as people type them, read into values: by the form of a checklist, and as a device sends one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, NumberField
from archiveportal.refusal import Refused
from archiveportal.statements import LARGEST_KEY
from criteria.inspections.services.values import BLANK, FIELDS, NEEDED, PLACES, refuse_beyond
from criteria.models import Criterion
from criteria.outcomes import OUTCOMES, Outcome, offered_for, outcome_of

#: the names under which the day of the inspection is sent, and the day that the page showed
DAY, SHOWN_ON = "inspected_on", "shown_on"
NOTE_LIMIT = 4000
#: parts of an answer that devices of earlier releases do not send
FURTHER = FIELDS[4:]


class Incomplete(Exception):
    """The device left out a part of the answer; taking it for blank would wipe what is stored."""

    def __init__(self, name: str) -> None:
        self.message = name


def answer_fields(criterion: Criterion, offered: Iterable[Outcome]) -> dict[str, forms.Field]:
    """Return the fields of the answer to a criterion by name: what it does not ask for has none."""
    fields = _plain_fields(criterion, offered)
    if criterion.kind == Criterion.Kind.CHOICE:
        fields["option"] = forms.TypedChoiceField(
            required=False,
            widget=forms.RadioSelect,
            choices=[(key, str(option)) for key, option in criterion.options_by_key.items()],
            coerce=int,
            empty_value=None,
            error_messages={"invalid_choice": NEEDED[Criterion.Kind.CHOICE]},
        )
    return fields


def _plain_fields(criterion: Criterion, offered: Iterable[Outcome]) -> dict[str, forms.Field]:
    """Return the fields that depend on the kinds of criterion and fact alone."""
    fields: dict[str, forms.Field] = {}
    if criterion.has_outcome:
        fields["outcome"] = forms.ChoiceField(
            required=False,
            widget=forms.RadioSelect,
            choices=[(outcome.code, outcome.label) for outcome in offered_for(criterion, offered)],
            error_messages={"invalid_choice": _("Choose one of the answers offered.")},
        )
    if criterion.takes_number:
        fields["number"] = _number_field(criterion)
    if criterion.kind == Criterion.Kind.RATIO:
        fields["of_number"] = _number_field(criterion)
    if criterion.kind == Criterion.Kind.DATE:
        fields["day"] = Day(required=False)
    if criterion.fact_kind == Criterion.FactKind.TEXT:
        fields["text"] = CleanText(required=False, limit=300)
    fields["note"] = CleanText(required=False, limit=NOTE_LIMIT, lines=True)
    return fields


def _number_field(criterion: Criterion) -> NumberField:
    is_whole = criterion.fact_kind == Criterion.FactKind.INTEGER and criterion.kind != Criterion.Kind.PART
    return NumberField(required=False, places=0 if is_whole else PLACES)


@lru_cache
def _reading_fields(has_outcome: bool, fact_kind: str, kind: str) -> dict[str, forms.Field]:
    """Return the fields that read any answer to criteria of one kind; reading changes no field.

    An outcome that follows from other values is read, because a page may send what it showed.
    """
    criterion = Criterion(has_outcome=has_outcome, fact_kind=fact_kind, kind=kind)
    fields = _plain_fields(criterion, OUTCOMES.values())
    if "outcome" in fields:
        fields["outcome"] = forms.ChoiceField(
            required=False,
            choices=[(outcome.code, outcome.label) for outcome in OUTCOMES.values()],
            error_messages={"invalid_choice": _("Choose one of the answers offered.")},
        )
    if kind == Criterion.Kind.CHOICE:
        fields["option"] = forms.IntegerField(
            required=False,
            min_value=1,
            max_value=LARGEST_KEY,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), NEEDED[Criterion.Kind.CHOICE]),
        )
    return fields


def day_field() -> Day:
    """Return the field of the day of an inspection."""
    return Day(
        label=_("Inspected on"),
        required=False,
        error_messages={"invalid": _("Write the date as day/month/year, for example 14/10/2019.")},
    )


def read_answer(criterion: Criterion, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of an answer of any kind: `save_answer` refuses what the set does not offer.

    Parts that an earlier release did not know may be left out and are blank then.
    """
    fields = _reading_fields(criterion.has_outcome, criterion.fact_kind, criterion.kind)
    values = {**BLANK, **_read(fields, {**dict.fromkeys(FURTHER, ""), **typed})}
    note_missing = outcome_of(values["outcome"]).note_missing
    if note_missing and not values["note"]:
        raise Refused({"note": note_missing})
    refuse_beyond(criterion, values)
    return values


@lru_cache
def reading_day_field() -> Day:
    """Return the field that reads the day of any inspection; reading changes no field."""
    return day_field()


def read_day(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return {"inspected_on": day or None}."""
    return _read({DAY: reading_day_field()}, typed)


def _read(fields: Mapping[str, forms.Field], typed: Mapping[str, str]) -> dict[str, Any]:
    values, errors = {}, {}
    for name, field in fields.items():
        if name not in typed:
            raise Incomplete(name)
        try:
            values[name] = field.clean(typed[name])
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise Refused(errors)
    return values
