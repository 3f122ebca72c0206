"""The checklist as a form: one small form per criterion, each naming its fields."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText
from criteria.inspections.models import Evidence, Finding, Result, SelfAnswer
from criteria.inspections.services import BLANK, FIELDS, Change, DateChange, values_of
from criteria.inspections.services.typed import answer_fields, day_field
from criteria.models import Criterion
from criteria.outcomes import Outcome, outcome_of

_PART = re.compile(rf"^(?P<prefix>.+)-(?:{'|'.join(FIELDS)})$")


def fingerprint(values: Mapping[str, Any]) -> str:
    """Short digest of four values, by which a form distinguishes what it showed from what was
    typed."""
    number = values["number"]
    plain = {**values, "number": None if number is None else f"{Decimal(number).normalize():f}"}
    return hashlib.blake2s(json.dumps([plain[name] for name in FIELDS]).encode(), digest_size=6).hexdigest()


class ResultForm(forms.Form):
    """The answer to one criterion. `seen` carries the version that was shown and the digest of its values."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    def __init__(self, criterion: Criterion, *, offered: Iterable[Outcome], **options: Any) -> None:
        self.criterion = criterion
        super().__init__(prefix=criterion.code, **options)
        self.fields |= answer_fields(criterion, offered)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        note_missing = outcome_of(cleaned.get("outcome")).note_missing
        if note_missing and not cleaned.get("note"):
            self.add_error("note", note_missing)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Return the four values as typed, blank where the criterion has no such field."""
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
        return bool(self.criterion.guidance) and not is_answered

    @property
    def is_repeated(self) -> bool:
        """Not met last time, and not met again."""
        is_failed_now = self.result is not None and self.result.is_failure
        return is_failed_now and self.last is not None and self.last.is_failure


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
    ) -> None:
        self.results, self.data = results, data
        self.criteria = list(criteria)
        self.options = {"offered": list(offered)}
        self.inspected_on = inspected_on
        self.error = ""
        self.head = HeadForm(data, initial=self._head_initial())
        self.lines = [self._line(criterion, data) for criterion in self.criteria]

    def _head_initial(self) -> dict[str, Any]:
        day = self.inspected_on
        return {"submission_id": uuid.uuid4(), "inspected_on": day, "shown_on": day}

    def _line(self, criterion: Criterion, data: Mapping[str, Any] | None) -> ChecklistLine:
        result = self.results.get(criterion.pk)
        form = ResultForm(criterion, data=data, initial=self._initial(result), **self.options)
        return ChecklistLine(criterion, form, result)

    @staticmethod
    def _initial(result: Result | None) -> dict[str, Any]:
        values = values_of(result)
        return {**values, "seen": f"{result.version if result else 0}:{fingerprint(values)}"}

    def is_valid(self) -> bool:
        forms_valid = [form.is_valid() for form in [self.head, *(line.form for line in self.lines)]]
        known = {criterion.code for criterion in self.criteria}
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
            initial = self._initial(results.get(criterion.pk))
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
            criteria=self.criteria, results=results, inspected_on=self.inspected_on, data=data, **self.options
        )
        fresh.is_valid()
        for line in fresh.lines:
            line.conflict = conflicts.get(line.criterion.pk)
        return fresh

    @cached_property
    def sections(self) -> list[tuple[str, list[ChecklistLine]]]:
        """Return the lines under the headings of the checklist, in the order of their first
        criterion."""
        by_group: dict[str, list[ChecklistLine]] = {}
        for line in self.lines:
            by_group.setdefault(line.criterion.local_group, []).append(line)
        return list(by_group.items())


class ReturnForm(forms.Form):
    reason = CleanText(
        label=gettext_lazy("What has to be added or corrected"),
        limit=2000,
        lines=True,
        error_messages={"required": gettext_lazy("Say what has to be added or corrected.")},
    )
