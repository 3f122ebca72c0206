"""The form of one criterion: what it asks, how it scores, how it is checked, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, NumberField
from archiveportal.vietnamese import document_date, number
from criteria import indicators
from criteria.building.bounds import words_of
from criteria.building.forms.rows import MORE, REQUIRED, ActRow, Rows, TypedRow, once_each, typed_again
from criteria.building.services.leaves import LEAF_FIELDS, LeafRows, leaf_digest, rows_of
from criteria.forms import Sentences
from criteria.models import Criterion, LegalAct, Section
from criteria.recommendations import LONGEST

Kind = Criterion.Kind
#: of the number or text beside an answer
FACT_FIELDS = ("fact_kind", "fact_label", "fact_unit", "fact_minimum", "indicator")


def _lines(label: Any, limit: int, **options: Any) -> CleanText:
    return CleanText(label=label, limit=limit, lines=True, required=False, **options)


class LeafForm(forms.Form):
    """The fields of a criterion of any kind; those of another kind than the one chosen are not kept."""

    kind = forms.ChoiceField(label=_("Way of scoring"), choices=Kind.choices, widget=forms.RadioSelect)
    name = CleanText(
        label=_("Full name of the criterion"),
        limit=1000,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    section = forms.ModelChoiceField(
        label=_("Section"), queryset=Section.objects.none(), required=False, empty_label=_("in no section")
    )
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Criterion.objects.none(), required=False, empty_label=_("stands by itself")
    )
    printed_number = CleanText(
        label=_("Printed number"), limit=12, required=False, help_text=_("Empty: it follows from the place.")
    )
    points = NumberField(
        label=_("Points at most"),
        digits=4,
        places=2,
        required=False,
        help_text=_("Empty: the highest of the rows, or the sum of the parts."),
    )
    sign = forms.ChoiceField(
        label=_("Counts as"),
        choices=Criterion.Sign.choices,
        required=False,
        help_text=_("Deductions and bonuses stand apart from the maximum."),
    )
    is_counted = forms.BooleanField(label=_("Counts in the score"), required=False)
    threshold_rule = forms.ChoiceField(label=_("Met with"), choices=Criterion.ThresholdRule.choices, required=False)
    threshold = NumberField(label=_("Threshold"), digits=7, places=2, required=False)
    deadline = Day(label=_("Met up to this day"), required=False)
    fact_kind = forms.ChoiceField(
        label=_("Number or text to be recorded"), choices=Criterion.FactKind.choices, required=False
    )
    fact_label = CleanText(label=_("Question for it"), limit=120, required=False)
    fact_unit = CleanText(label=_("Unit"), limit=20, required=False)
    fact_minimum = NumberField(
        label=_("Warns below"), digits=6, places=2, required=False, help_text=_("A warning only; it decides nothing.")
    )
    indicator = forms.ChoiceField(
        label=_("Added up over the units as"),
        choices=[("", _("not added up")), *indicators.choices()],
        required=False,
        help_text=_("The table of records, stores and funds of a round has a column for it."),
    )
    check_way = forms.ChoiceField(label=_("Way of checking"), choices=Criterion.CheckWay.choices, required=False)
    evidence_needed = _lines(_("Documents to be shown"), 2000)
    needs_evidence = forms.BooleanField(
        label=_("“Met” needs evidence before the checklist is submitted"), required=False
    )
    needs_explanation = forms.BooleanField(
        label=_("“Not met” needs a note before the checklist is submitted"), required=False
    )
    guidance = _lines(_("Guidance"), 2000)
    notes = Sentences(
        label=_("Stock sentences"),
        required=False,
        help_text=_("One sentence per line, ready for the note. They hold for all versions of the set."),
    )
    recommendation = CleanText(
        label=_("Sentence of the recommendation"),
        limit=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Proposed where the criterion is not met: the measure. It holds for all versions of the set."),
    )
    heading = CleanText(
        label=_("Heading in the table"), limit=80, required=False, help_text=_("Empty: the beginning of the name.")
    )
    name_en = CleanText(label=_("Name in English"), limit=1000, required=False)
    legal_basis = CleanText(label=_("Legal basis in words"), limit=1000, required=False)
    made_on = forms.CharField(required=False, widget=forms.HiddenInput)
    #: kind for which it was shown what it does not keep
    drops_for = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, criterion: Criterion, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        criteria_set = criterion.criteria_set_id
        # What it goes with already stays offered: a fact of phase 1 lies under a criterion without parts.
        offered = Q(kind=Kind.PARTS) | Q(pk=criterion.parent_id)
        wholes = Criterion.objects.filter(offered, criteria_set=criteria_set).exclude(pk=criterion.pk)
        for name, rows in (
            ("section", Section.objects.filter(criteria_set=criteria_set).order_by("position")),
            ("parent", wholes.order_by("position")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["threshold_rule"] = cleaned.get("threshold_rule") or Criterion.ThresholdRule.AT_LEAST
        return cleaned


class OptionRow(TypedRow):
    needed = ("text", "points")
    fewest = 4

    text = CleanText(label=_("Option"), limit=300, required=False)
    points = NumberField(label=_("Points"), digits=4, places=2, required=False)


class StepRow(TypedRow):
    needed = ("lower_percent", "points")
    fewest = 4

    lower_percent = NumberField(label=_("From (%)"), digits=3, places=2, required=False)
    points = NumberField(label=_("Points"), digits=4, places=2, required=False)

    def clean_lower_percent(self) -> Any:
        percent = self.cleaned_data["lower_percent"]
        if percent is not None and percent > 100:
            raise forms.ValidationError(_("A percentage lies between 0 and 100."))
        return percent


def _options_of_steps(steps: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps of a ratio as options, the highest first: "Từ 70% đến dưới 90%" with its points."""
    upper, options = None, []
    for step in sorted(steps, key=lambda each: each["lower_percent"], reverse=True):
        lower = step["lower_percent"]
        options.append({"text": words_of(lower, upper, is_by_points=False), "points": step["points"]})
        upper = lower
    return options


class LeafPage:
    """A criterion with its rows, bound to what was sent or showing what is stored."""

    def __init__(self, criterion: Criterion, *, user: User, data: Any = None) -> None:
        self.criterion = criterion
        stored = rows_of(criterion) if criterion.pk else LeafRows()
        initial = {name: getattr(criterion, name) for name in LEAF_FIELDS if name not in ("section", "parent")}
        initial |= {"section": criterion.section_id, "parent": criterion.parent_id, "notes": "\n".join(stored.notes)}
        initial["recommendation"] = stored.recommendation
        initial["made_on"] = leaf_digest(criterion, stored) if criterion.pk else ""
        if not criterion.pk and data is None:
            initial["points"] = None
        asks_more = data is not None and MORE in data
        if asks_more:
            initial = typed_again(data, LeafForm.base_fields)
        self.form = LeafForm(None if asks_more else data, criterion=criterion, initial=initial)
        options = ({"text": text, "points": points} for text, points in stored.options)
        steps = ({"lower_percent": percent, "points": points} for percent, points in stored.steps)
        self.options = Rows(OptionRow, prefix="option", data=data, initial=options)
        self.steps = Rows(StepRow, prefix="step", data=data, initial=steps)
        self.citations = Rows(
            ActRow,
            prefix="act",
            data=data,
            initial=[{"act": act.pk, "articles": articles} for act, articles in stored.citations],
            options={"acts": LegalAct.objects.visible_to(user)},
        )

    @property
    def shows_fact(self) -> bool:
        """Whether a number or text beside the answer is entered, or refused: its fields are in view then."""
        return any(self.form[name].value() or self.form[name].errors for name in FACT_FIELDS)

    def is_valid(self) -> bool:
        parts = [self.form.is_valid(), self.options.is_valid(), self.steps.is_valid(), self.citations.is_valid()]
        return all(parts) and self._fits_together()

    def _fits_together(self) -> bool:
        self._refuse_twice("options", (row["text"].casefold() for row in self._rows("option", self.options)))
        self._refuse_twice("steps", (row["lower_percent"] for row in self._rows("step", self.steps)))
        if self._counts and not self._points:
            has_rows = self.form.cleaned_data["kind"] in (Kind.CHOICE, Kind.RATIO)
            message = (
                _("Enter the rows below with their points.") if has_rows else _("Enter the points of the criterion.")
            )
            self.form.add_error("points", message)
        self._ask_before_dropping()
        return not self.form.errors

    def _ask_before_dropping(self) -> None:
        """Show once what was typed or stored for another kind than the one chosen: what it makes of it, or drops."""
        kind, dropped = self.form.cleaned_data["kind"], self._dropped
        if not dropped or self.form.cleaned_data["drops_for"] == kind:
            return
        if kind == Kind.CHOICE and self.steps.typed and not self.options.typed:
            message = _("The steps become these options. Look at them, then save once more.")
            self.options = Rows(OptionRow, prefix="option", initial=_options_of_steps(self.steps.typed))
        else:
            message = _("“%(kind)s” keeps none of this: %(dropped)s. Save once more to drop it.")
        words = {"kind": Kind(kind).label, "dropped": "; ".join(dropped)}
        self.form.add_error("kind", message % words)
        self.form.data = self.form.data.copy()
        self.form.data["drops_for"] = kind

    @property
    def _dropped(self) -> list[str]:
        kind, cleaned = self.form.cleaned_data["kind"], self.form.cleaned_data
        dropped = []
        if kind != Kind.CHOICE:
            dropped += [row["text"] for row in self.options.typed]
        if kind != Kind.RATIO:
            dropped += [f"≥ {number(row['lower_percent'])}%" for row in self.steps.typed]
        if kind != Kind.MEASURE and cleaned["threshold"] is not None:
            dropped.append(f"{self.form['threshold'].label} {number(cleaned['threshold'])}")
        if kind != Kind.DATE and cleaned["deadline"]:
            dropped.append(f"{self.form['deadline'].label} {document_date(cleaned['deadline'])}")
        return dropped

    def _refuse_twice(self, name: str, values: Iterable[Any]) -> None:
        listed = list(values)
        if len(set(listed)) < len(listed):
            words = {"options": _("Two options have the same words."), "steps": _("Two steps begin at one percentage.")}
            self.form.add_error(None, words[name])

    def _rows(self, kind: str, rows: Rows) -> list[dict[str, Any]]:
        """Return the typed rows of the kind chosen, none of another kind."""
        of = {"option": Kind.CHOICE, "step": Kind.RATIO}
        return rows.typed if self.form.cleaned_data["kind"] == of[kind] else []

    @property
    def _counts(self) -> bool:
        return self.form.cleaned_data["kind"] not in Criterion.UNSCORED

    @property
    def _points(self) -> Decimal:
        """Return the points typed, else the highest of the rows, else what the parts add up to."""
        cleaned = self.form.cleaned_data
        if cleaned["points"] is not None:
            return cleaned["points"]
        rows = [*self._rows("option", self.options), *self._rows("step", self.steps)]
        if cleaned["kind"] == Kind.PARTS and self.criterion.pk:
            parts = Criterion.objects.filter(parent=self.criterion.pk, is_counted=True, sign="")
            return sum(parts.values_list("points", flat=True), Decimal(0))
        return max((row["points"] for row in rows), default=Decimal(0))

    @property
    def rows(self) -> LeafRows:
        return LeafRows(
            options=[(row["text"], row["points"]) for row in self._rows("option", self.options)],
            steps=sorted((row["lower_percent"], row["points"]) for row in self._rows("step", self.steps)),
            citations=once_each(self.citations),
            notes=self.form.cleaned_data["notes"],
            recommendation=self.form.cleaned_data["recommendation"],
        )

    def typed(self) -> Criterion:
        """Return the criterion with what was typed, not saved."""
        for name in LEAF_FIELDS:
            setattr(self.criterion, name, self.form.cleaned_data[name])
        self.criterion.points = self._points
        return self.criterion

    def show_current_digest(self) -> None:
        """Let what was typed be saved over what a colleague saved, once it was shown."""
        self.form.data = self.form.data.copy()
        self.form.data["made_on"] = leaf_digest(Criterion.objects.get(pk=self.criterion.pk))
