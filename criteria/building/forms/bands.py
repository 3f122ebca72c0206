"""Forms for the bands of a set, and for the bars that hold a unit below a band."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, NumberField
from criteria.building.bounds import Bounds, bounds_of
from criteria.building.forms.rows import MORE, REQUIRED, Rows, TypedRow, typed_again
from criteria.building.services.bands import TypedBand, TypedCondition, bands_digest, bar_digest, conditions_of
from criteria.models import Band, Bar, CriteriaSet, Criterion, Option
from criteria.outcomes import choices


class BandRow(TypedRow):
    needed = ("lower",)
    fewest = 4

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lower = NumberField(label=_("From (included)"), digits=6, places=2, required=False)
    upper = NumberField(label=_("Up to, not included"), digits=6, places=2, required=False)
    label = CleanText(label=_("Name of the band"), limit=120, required=False)

    @property
    def is_blank(self) -> bool:
        return all(self.cleaned_data.get(name) in (None, "") for name in ("lower", "upper", "label"))

    def clean(self) -> dict[str, Any]:
        # The key of a stored row alone says nothing: emptied, its band goes.
        names = ("lower", "upper", "label")
        if not any(name in self.errors or self.cleaned_data.get(name) not in (None, "") for name in names):
            return self.cleaned_data
        cleaned = super().clean()
        lower, upper = cleaned.get("lower"), cleaned.get("upper")
        if lower is not None and upper is not None and upper <= lower:
            self.add_error("upper", _("The upper bound of a band must lie above its lower bound."))
        return cleaned


class BandsForm(forms.Form):
    bands_by = forms.ChoiceField(label=_("Bounds in"), choices=CriteriaSet.BandsBy.choices, widget=forms.RadioSelect)
    made_on = forms.CharField(required=False, widget=forms.HiddenInput)


class BandsPage:
    """The bands of a set with what they are counted by."""

    def __init__(self, criteria_set: CriteriaSet, data: Any = None) -> None:
        self.criteria_set = criteria_set
        stored = reversed(bounds_of(criteria_set, criteria_set.bands.order_by("position")))
        initial = {"bands_by": criteria_set.bands_by, "made_on": bands_digest(criteria_set)}
        asks_more = data is not None and MORE in data
        if asks_more:
            initial = typed_again(data, BandsForm.base_fields)
        self.form = BandsForm(None if asks_more else data, initial=initial)
        self.rows = Rows(BandRow, prefix="band", data=data, initial=map(_shown, stored))

    def is_valid(self) -> bool:
        if not all([self.form.is_valid(), self.rows.is_valid()]):
            return False
        if self.form.cleaned_data["bands_by"] == CriteriaSet.BandsBy.PERCENT:
            for row in self.rows.formset.forms:
                _refuse_above_hundred(row)
        return not self.rows.has_errors

    @property
    def typed(self) -> list[TypedBand]:
        return [
            TypedBand(key=row["key"], label=row["label"], lower=row["lower"], upper=row["upper"])
            for row in self.rows.typed
        ]

    def show_current_digest(self) -> None:
        self.form.data = self.form.data.copy()
        self.form.data["made_on"] = bands_digest(CriteriaSet.objects.get(pk=self.criteria_set.pk))


def _shown(bounds: Bounds) -> dict[str, Any]:
    return {
        "key": bounds.band.pk,
        "lower": bounds.lower,
        "upper": bounds.upper,
        "label": bounds.band.label,
    }


def _refuse_above_hundred(row: TypedRow) -> None:
    for name in ("lower", "upper"):
        value = row.cleaned_data.get(name)
        if value is not None and value > Decimal(100):
            row.add_error(name, _("A percentage lies between 0 and 100."))


class BarForm(forms.Form):
    highest_band = forms.ModelChoiceField(
        label=_("Highest band that can be reached"),
        queryset=Band.objects.none(),
        empty_label=_("choose"),
        error_messages=REQUIRED,
    )
    made_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, bar: Bar, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["highest_band"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = bar.criteria_set.bands.order_by("position")


class ConditionRow(TypedRow):
    needed = ("criterion", "answer")

    criterion = forms.ChoiceField(label=_("Criterion"), required=False)
    answer = forms.ChoiceField(label=_("Answer"), required=False)

    def __init__(self, *args: Any, criteria: Any, answers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in (("criterion", criteria), ("answer", answers)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered


class BarPage:
    """A bar with its conditions; an answer is an outcome, or an option of the criterion."""

    def __init__(self, bar: Bar, data: Any = None) -> None:
        self.bar = bar
        stored = conditions_of(bar) if bar.pk else []
        answered = Criterion.objects.filter(criteria_set=bar.criteria_set, has_outcome=True).order_by("position")
        self.criteria = {str(criterion.pk): criterion for criterion in answered}
        options = Option.objects.filter(criteria_set=bar.criteria_set).select_related("criterion")
        self.options = {f"o{option.pk}": option for option in options.order_by("criterion__position", "position")}
        initial = {"highest_band": bar.highest_band_id, "made_on": bar_digest(bar) if bar.pk else ""}
        asks_more = data is not None and MORE in data
        if asks_more:
            initial = typed_again(data, BarForm.base_fields)
        self.form = BarForm(None if asks_more else data, bar=bar, initial=initial)
        self.rows = Rows(
            ConditionRow,
            prefix="condition",
            data=data,
            initial=map(_shown_condition, stored),
            options={"criteria": self._criteria_choices(), "answers": self._answer_choices()},
        )

    def _criteria_choices(self) -> list[tuple[str, Any]]:
        shown = ((key, _short(row.numbered_name)) for key, row in self.criteria.items())
        return [("", _("choose")), *shown]

    def _answer_choices(self) -> list[tuple[str, Any]]:
        """Offer what the set offers, what follows from values, and the options of choices."""
        criteria_set = self.bar.criteria_set
        outcomes = [(code, label) for code, label in choices() if getattr(criteria_set, f"allows_{code}", True)]
        options = [
            (key, _short(f"{option.criterion.listed_number}: {option.text}")) for key, option in self.options.items()
        ]
        grouped = [(_("Options of choices"), options)] if options else []
        return [("", _("choose")), *outcomes, *grouped]

    def is_valid(self) -> bool:
        if not all([self.form.is_valid(), self.rows.is_valid()]):
            return False
        for row in self.rows.formset.forms:
            option = self.options.get(row.cleaned_data.get("answer", ""))
            if option and str(option.criterion_id) != row.cleaned_data.get("criterion"):
                row.add_error("answer", _("This option belongs to another criterion."))
        return not self.rows.has_errors

    @property
    def conditions(self) -> list[TypedCondition]:
        return [self._condition(row) for row in self.rows.typed]

    def _condition(self, row: dict[str, Any]) -> TypedCondition:
        option = self.options.get(row["answer"])
        outcome = "" if option else row["answer"]
        return TypedCondition(self.criteria[row["criterion"]], outcome, option)

    def typed(self) -> Bar:
        self.bar.highest_band = self.form.cleaned_data["highest_band"]
        return self.bar

    def show_current_digest(self) -> None:
        self.form.data = self.form.data.copy()
        self.form.data["made_on"] = bar_digest(Bar.objects.get(pk=self.bar.pk))


def _shown_condition(typed: TypedCondition) -> dict[str, Any]:
    answer = f"o{typed.option.pk}" if typed.option else typed.outcome
    return {"criterion": str(typed.criterion.pk), "answer": answer}


def _short(text: str, limit: int = 70) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
