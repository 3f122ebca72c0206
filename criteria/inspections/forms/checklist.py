"""The checklist as a form: one small form per criterion, each naming its fields."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, show_refusal
from archiveportal.refusal import Refused
from criteria.inspections.models import Evidence, Finding, Result, Round, SelfAnswer
from criteria.inspections.services import BLANK, FIELDS, Change, DateChange, values_of
from criteria.inspections.services.following import is_taken_over
from criteria.inspections.services.typed import answer_fields, day_field
from criteria.inspections.services.values import as_given, refuse_beyond
from criteria.leaves import SubHeading, answered_of, in_sections
from criteria.models import Criterion
from criteria.outcomes import OPEN, Outcome, outcome_of

#: what every answer has; the others belong to some kinds of criteria
PLAIN = ("outcome", "number", "text", "note")
#: a longer set shows the answers beside the usual ones when they are asked for
LONG = 40
_PART = re.compile(rf"^(?P<prefix>.+)-(?:{'|'.join(FIELDS)})$")


def fingerprint(values: Mapping[str, Any]) -> str:
    """Short digest of the values of an answer, by which a form distinguishes what it showed from what
    was typed. What only some kinds of criteria have counts where it is given."""
    plain = {name: _as_text(values.get(name)) for name in FIELDS}
    asked = [plain[name] for name in PLAIN] + [[name, plain[name]] for name in FIELDS[len(PLAIN) :] if plain[name]]
    return hashlib.blake2s(json.dumps(asked).encode(), digest_size=6).hexdigest()


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


class ResultForm(forms.Form):
    """The answer to one criterion. `seen` carries the version that was shown and the digest of its values."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, criterion: Criterion, *, offered: Iterable[Outcome], **options: Any) -> None:
        self.criterion = criterion
        super().__init__(prefix=criterion.code, **options)
        self.fields |= answer_fields(criterion, offered)
        if criterion.kind == Criterion.Kind.CHOICE:
            # Options and "not applicable" exclude each other: the page has them as buttons of one group.
            self.fields.pop("option", None)
            self.options = [(str(option.pk), option.text) for option in criterion.options.all()]
            self.fields["outcome"].choices += self.options

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.criterion.kind == Criterion.Kind.CHOICE and cleaned.get("outcome") in dict(self.options):
            cleaned["option"], cleaned["outcome"] = int(cleaned["outcome"]), OPEN
        note_missing = outcome_of(cleaned.get("outcome")).note_missing
        if note_missing and not cleaned.get("note"):
            self.add_error("note", note_missing)
        if not self.errors:
            try:
                refuse_beyond(self.criterion, self.values)
            except Refused as refusal:
                show_refusal(self, refusal)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Return the values as typed, blank where the criterion has no such field."""
        return {name: self.cleaned_data.get(name, blank) for name, blank in BLANK.items()}

    @property
    def change(self) -> Change | None:
        """Return the change of the person, on the version that was shown; None if there is none."""
        version, _colon, digest = self.cleaned_data.get("seen", "").partition(":")
        if digest == fingerprint(self.values):
            return None
        return Change(self.criterion, int(version) if version.isdecimal() else 0, self.values)


class HeadForm(forms.Form):
    """The fields of the checklist as a whole."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput)
    inspected_on = day_field()
    shown_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["inspected_on"].widget.attrs |= {"placeholder": _("day/month/year"), "inputmode": "numeric"}

    @property
    def date_change(self) -> DateChange:
        return DateChange(self.cleaned_data["shown_on"], self.cleaned_data["inspected_on"])


@dataclass
class ChecklistLine:
    """A criterion on the page: its form, the answer as it is now, the colleague's answer in a
    conflict, and the boxes beside it."""

    criterion: Criterion
    form: ResultForm
    result: Result | None
    conflict: Result | None = None
    #: answers that two people gave differently and nobody has decided on
    kept: list[Any] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    finding: Finding | None = None
    #: what the ward says of itself
    own_answer: SelfAnswer | None = None
    #: what the last inspection found (queries.units.LastTime)
    last: Any = None
    #: headings that begin with it
    headings: Sequence[SubHeading] = ()
    #: code of the criterion that it is a part of
    parent_code: str = ""
    #: whether the page writes every answer, also those that a long set leaves to the scripts
    shows_others: bool = True
    #: met in the round that is followed up, and folded away with the others that were
    is_folded: bool = False

    @property
    def chosen(self) -> str:
        """Return the value of the button that is pressed: an outcome, or the key of an option."""
        return str(self.form["outcome"].value() or "")

    @property
    def usual(self) -> list[tuple[str, Any]]:
        """Return the answers that stand open: all of a short set."""
        choices = self.form.fields["outcome"].choices
        return choices if self.shows_others else [each for each in choices if not _is_other(each[0])]

    @property
    def others(self) -> list[tuple[str, Any]]:
        """Return the answers that are folded. Of a long set, the one that is chosen."""
        choices = [each for each in self.form.fields["outcome"].choices if _is_other(each[0])]
        if not self.shows_others:
            return [each for each in choices if each[0] == self.chosen]
        if not self.criterion.is_derived or not choices:
            return []
        is_typed = self.criterion.kind != Criterion.Kind.CHOICE
        return [(OPEN, _("As given above")), *choices] if is_typed else choices

    @property
    def is_other(self) -> bool:
        return _is_other(self.chosen)

    @property
    def day(self) -> str:
        """Return the day of the answer as it is typed."""
        value = self.form["day"].value()
        return f"{value:%d/%m/%Y}" if isinstance(value, datetime.date) else value or ""

    @property
    def steps(self) -> str:
        """Return the points of options by key, or of a ratio by the percentage where a step begins: "50:1,80:2"."""
        if self.criterion.kind == Criterion.Kind.CHOICE:
            pairs = [(option.pk, option.points) for option in self.criterion.options.all()]
        elif self.criterion.kind == Criterion.Kind.RATIO:
            pairs = [(f"{step.lower_percent.normalize():f}", step.points) for step in self.criterion.steps.all()]
        else:
            return ""
        return ",".join(f"{key}:{points.normalize():f}" for key, points in pairs)

    @property
    def faults(self) -> list[Any]:
        """Return what is wrong with what is given, beside the note, which says it itself."""
        return [faults for name, faults in self.form.errors.items() if name != "note"]

    @property
    def asks_fact(self) -> bool:
        """Tell whether a fact stands beside the answer; where points follow from a number, it is the answer."""
        return bool(self.criterion.fact_kind) and not self.criterion.is_derived

    @property
    def is_below_minimum(self) -> bool:
        """Tell whether the recorded fact is below the minimum, which warns and decides nothing."""
        minimum, number = self.criterion.fact_minimum, self.result.number if self.result else None
        return minimum is not None and number is not None and number < minimum

    @property
    def needs_guidance(self) -> bool:
        """Tell whether to print the guidance; an answered criterion has a link to the page of the
        set."""
        is_answered = self.result is not None and self.result.outcome and not self.form.errors
        return self.has_help and not is_answered and self.shows_others

    @property
    def has_help(self) -> bool:
        return bool(self.criterion.guidance or self.criterion.evidence_needed)

    @property
    def is_repeated(self) -> bool:
        """Not met last time, and not met again."""
        is_failed_now = self.result is not None and self.result.is_failure
        return is_failed_now and self.last is not None and self.last.is_failure


def _is_other(code: str) -> bool:
    """Tell whether an answer takes the place of an assessment: not applicable, not shown, excused."""
    return bool(outcome_of(code).offered_by)


class ChecklistForm:
    """All the forms of a checklist page, bound to `data` if there is any."""

    def __init__(
        self,
        *,
        criteria: Iterable[Criterion],
        results: Mapping[int, Result],
        offered: Iterable[Outcome],
        inspected_on: Any,
        data: Mapping[str, Any] | None = None,
        is_whole: bool = False,
    ) -> None:
        self.results, self.data = results, data
        self.all_criteria = list(criteria)
        #: those that are answered: sums of parts are not
        self.criteria = answered_of(self.all_criteria)
        self.options = {"offered": list(offered)}
        #: a long set whose page leaves some answers to the scripts
        self.is_short = len(self.criteria) > LONG and not is_whole
        self.inspected_on = inspected_on
        self.error = ""
        self.head = HeadForm(data, initial=self._head_initial())
        self.lines = [self._line(criterion, data) for criterion in self.criteria]

    def _head_initial(self) -> dict[str, Any]:
        day = self.inspected_on
        return {"submission_id": uuid.uuid4(), "inspected_on": day, "shown_on": day}

    def _line(self, criterion: Criterion, data: Mapping[str, Any] | None) -> ChecklistLine:
        result = self.results.get(criterion.pk)
        form = ResultForm(criterion, data=data, initial=self._initial(criterion, result), **self.options)
        parent = self.sums.get(criterion.parent_id) if criterion.parent_id else None
        line = ChecklistLine(criterion, form, result, parent_code=parent.code if parent else "")
        line.shows_others = not self.is_short
        return line

    @cached_property
    def sums(self) -> dict[int, Criterion]:
        """Return the criteria whose points are those of their parts, by key."""
        return {each.pk: each for each in self.all_criteria if each.kind == Criterion.Kind.PARTS}

    @property
    def others_later(self) -> str:
        """Return the codes of answers that the scripts write where a long set leaves them out."""
        offered = [outcome.code for outcome in self.options["offered"] if outcome.offered_by]
        return " ".join(offered) if self.is_short else ""

    @staticmethod
    def _initial(criterion: Criterion, result: Result | None) -> dict[str, Any]:
        values = as_given(criterion, values_of(result))
        shown = {**values, "seen": f"{result.version if result else 0}:{fingerprint(values)}"}
        return shown | ({"outcome": str(values["option"])} if values.get("option") else {})

    def is_valid(self) -> bool:
        forms_valid = [form.is_valid() for form in [self.head, *(line.form for line in self.lines)]]
        known = {criterion.code for criterion in self.all_criteria}
        prefixes = {match["prefix"] for match in map(_PART.match, self.data or {}) if match}
        if prefixes - known:
            self.error = _("The form holds a criterion that is not in this set. Load the page again and repeat it.")
        return all(forms_valid) and not self.error

    @property
    def has_errors(self) -> bool:
        return bool(self.error) or any(form.errors for form in [self.head, *(line.form for line in self.lines)])

    @property
    def conflicting(self) -> list[ChecklistLine]:
        return [line for line in self.lines if line.conflict]

    @property
    def faulty(self) -> list[ChecklistLine]:
        return [line for line in self.lines if line.form.errors]

    @property
    def changes(self) -> list[Change]:
        return [change for line in self.lines if (change := line.form.change)]

    def after_conflict(self, conflicts: Mapping[int, Result | None], results: Mapping[int, Result]) -> ChecklistForm:
        """The form to show after a refused save: what was typed stays, based on the answers as they are now."""
        touched = {change.criterion.pk for change in self.changes}
        data = self.data.copy()
        self.results = results
        for criterion in self.criteria:
            initial = self._initial(criterion, results.get(criterion.pk))
            data[f"{criterion.code}-seen"] = initial["seen"]
            if criterion.pk not in touched:
                for name in FIELDS:
                    data[f"{criterion.code}-{name}"] = "" if initial[name] is None else str(initial[name])
        data["submission_id"] = str(uuid.uuid4())
        stored = f"{self.inspected_on:%Y-%m-%d}" if self.inspected_on else ""
        if not self.head.date_change.is_made:
            data["inspected_on"] = f"{self.inspected_on:%d/%m/%Y}" if self.inspected_on else ""
        data["shown_on"] = stored
        fresh = ChecklistForm(
            criteria=self.all_criteria,
            results=results,
            inspected_on=self.inspected_on,
            data=data,
            is_whole=not self.is_short,
            **self.options,
        )
        fresh.is_valid()
        for line in fresh.lines:
            line.conflict = conflicts.get(line.criterion.pk)
        return fresh

    @cached_property
    def sections(self) -> list[tuple[str, list[ChecklistLine]]]:
        """Return the lines under the headings of the checklist, in the order of their first
        criterion; without those that are folded away."""
        return in_sections([line for line in self.lines if not line.is_folded], self.all_criteria)

    def fold_taken_over(self, inspection_round: Round) -> None:
        """Fold away what the earlier round found in order, where nothing about it waits for the person."""
        for line in self.lines:
            waits = bool(line.form.errors or line.conflict or line.kept)
            line.is_folded = not waits and is_taken_over(inspection_round, line.result)

    @property
    def folded(self) -> list[ChecklistLine]:
        return [line for line in self.lines if line.is_folded]

    @cached_property
    def folded_sections(self) -> list[tuple[str, list[ChecklistLine]]]:
        """Return the lines that are folded away, under their own headings."""
        return in_sections(self.folded, self.all_criteria)


class ReturnForm(forms.Form):
    reason = CleanText(
        label=gettext_lazy("What has to be added or corrected"),
        limit=2000,
        lines=True,
        error_messages={"required": gettext_lazy("Say what has to be added or corrected.")},
    )
