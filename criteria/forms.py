"""A criteria set as a form, as long as it is not in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, NumberField
from archiveportal.vietnamese import normalise, number
from criteria import recommendations, stock_notes
from criteria.models import Band, CriteriaSet, Criterion
from criteria.services import BAND_FIELDS, SET_FIELDS, digest

REQUIRED = {"required": _("This cannot be left empty.")}


class SetHeadForm(forms.Form):
    name = CleanText(label=_("Name"), limit=200, error_messages=REQUIRED)
    legal_basis = CleanText(label=_("Legal basis"), limit=2000, lines=True, required=False)
    note = CleanText(label=_("Note"), limit=4000, lines=True, required=False)
    allows_not_applicable = forms.BooleanField(label=_("Allows the answer “not applicable”"), required=False)
    made_on = forms.CharField(widget=forms.HiddenInput, max_length=40)


class CriterionForm(forms.Form):
    """The fields of a column that an approver may change. The columns and their order stay."""

    is_counted = forms.BooleanField(label=_("Counts"), required=False)
    points = NumberField(label=_("Points"), digits=4, places=2, error_messages=REQUIRED)
    heading = CleanText(label=_("Heading in the table"), limit=80, error_messages=REQUIRED)
    name = CleanText(label=_("Full name of the criterion"), limit=1000, error_messages=REQUIRED)
    legal_basis = CleanText(label=_("Legal basis"), limit=1000, required=False)
    guidance = CleanText(label=_("Guidance"), limit=2000, lines=True, required=False)
    needs_evidence = forms.BooleanField(
        label=_("“Met” needs evidence before the checklist is submitted"), required=False
    )
    needs_explanation = forms.BooleanField(
        label=_("“Not met” needs a note before the checklist is submitted"), required=False
    )

    def clean_points(self) -> Any:
        points = self.cleaned_data["points"]
        if not points:
            raise forms.ValidationError(_("A criterion has more than 0 points."))
        return points


class BandForm(forms.Form):
    label = CleanText(label=_("Words"), limit=120, error_messages=REQUIRED)
    lower_percent = NumberField(label=_("From (%)"), digits=3, places=2, error_messages=REQUIRED)
    upper_percent = NumberField(label=_("Up to, not included (%)"), digits=3, places=2, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        lower, upper = cleaned.get("lower_percent"), cleaned.get("upper_percent")
        if lower is not None and upper is not None and upper <= lower:
            self.add_error("upper_percent", _("The upper bound of a band must lie above its lower bound."))
        return cleaned


class SetForm:
    """All the forms of the page, each with a prefix of its own."""

    def __init__(self, criteria_set: CriteriaSet, data: Any = None) -> None:
        head = {name: getattr(criteria_set, name) for name in SET_FIELDS}
        self.head = SetHeadForm(data, initial=head | {"made_on": digest(criteria_set)})
        self.criteria = [
            (criterion, CriterionForm(data, prefix=criterion.code, initial=_initial(criterion, CriterionForm)))
            for criterion in criteria_set.criteria.all()
        ]
        self.bands = [
            (band, BandForm(data, prefix=f"band{band.position}", initial=_initial(band, BandForm)))
            for band in criteria_set.bands.all()
        ]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.head, *(form for _row, form in [*self.criteria, *self.bands])]

    def is_valid(self) -> bool:
        # Every form is validated, so that every fault is shown at once.
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    @cached_property
    def values(self) -> dict[str, Any]:
        """Return the arguments of `edit_set` that come from the form."""
        return {
            "values": {name: self.head.cleaned_data[name] for name in SET_FIELDS},
            "criteria": {criterion.pk: form.cleaned_data for criterion, form in self.criteria},
            "bands": {band.pk: {name: form.cleaned_data[name] for name in BAND_FIELDS} for band, form in self.bands},
            "made_on": self.head.cleaned_data["made_on"],
        }


class StockForm(forms.Form):
    """The stock sentences of a set: one box per criterion, one sentence per line."""

    def __init__(self, criteria_set: CriteriaSet, notes: Mapping[str, list[str]], data: Any = None) -> None:
        super().__init__(data, initial={"made_on": stock_notes.digest(notes)})
        self.fields["made_on"] = forms.CharField(widget=forms.HiddenInput, max_length=40)
        self.codes = [criterion.code for criterion in criteria_set.criteria.all()]
        for criterion in criteria_set.criteria.all():
            self.fields[criterion.code] = Sentences(
                label=criterion.numbered_name, required=False, initial="\n".join(notes.get(criterion.code, []))
            )

    @property
    def values(self) -> dict[str, Any]:
        """Return the arguments of `edit_stock_notes` that come from the form."""
        notes = {code: self.cleaned_data[code] for code in self.codes}
        return {"notes": notes, "made_on": self.cleaned_data["made_on"]}


class RecommendationForm(forms.Form):
    """The recommendations of a set: one sentence per criterion that can fail."""

    def __init__(self, criteria_set: CriteriaSet, sentences: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data, initial={"made_on": recommendations.digest(sentences)})
        self.fields["made_on"] = forms.CharField(widget=forms.HiddenInput, max_length=40)
        criteria = criteria_set.criteria.filter(has_outcome=True)
        self.codes = [criterion.code for criterion in criteria]
        for criterion in criteria:
            self.fields[criterion.code] = CleanText(
                label=criterion.numbered_name,
                limit=recommendations.LONGEST,
                required=False,
                initial=sentences.get(criterion.code, ""),
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def values(self) -> dict[str, Any]:
        """Return the arguments of `edit_recommendations` that come from the form."""
        sentences = {code: self.cleaned_data[code] for code in self.codes}
        return {"sentences": sentences, "made_on": self.cleaned_data["made_on"]}


class Sentences(CleanText):
    """Lines of text, each a sentence; empty ones are left out."""

    MOST, LONGEST = 12, 300

    def __init__(self, **options: Any) -> None:
        super().__init__(limit=self.MOST * (self.LONGEST + 1), lines=True, **options)
        self.widget.attrs["rows"] = 4

    def to_python(self, value: Any) -> list[str]:
        sentences = [normalise(line) for line in super().to_python(value).split("\n")]
        return [sentence for sentence in sentences if sentence]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > self.MOST:
            message = _("%(count)s sentences; %(limit)s at most fit here.")
            raise forms.ValidationError(message, params={"count": number(len(value)), "limit": number(self.MOST)})
        long = max(map(len, value), default=0)
        if long > self.LONGEST:
            params = {"length": number(long), "limit": number(self.LONGEST)}
            raise forms.ValidationError(self.error_messages["too_long"], params=params)

    def run_validators(self, value: list[str]) -> None:
        """Those of a text do not fit a list."""


def _initial(row: Criterion | Band, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}
