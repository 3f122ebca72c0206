"""Forms for schemes, their categories and the targets of their years."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, NumberField
from archiveportal.history.forms import MadeOn
from archiveportal.percent import Rounding
from training.models import Category, CountingUnit, Scheme, YearTarget, summary_rules
from training.services.categories import CATEGORY_FIELDS
from training.services.schemes import SCHEME_FIELDS
from training.services.year_targets import TARGET_FIELDS, TargetDecision

REQUIRED = {"required": _("This cannot be left empty.")}


class YearField(NumberField):
    """A year, "2026": its digits are never grouped as those of an amount are."""

    def prepare_value(self, value: Any) -> Any:
        return value


def _year(label: Any) -> YearField:
    return YearField(label=label, digits=4, error_messages=REQUIRED)


class SchemeForm(MadeOn, forms.ModelForm):
    class Meta:
        model = Scheme
        fields: tuple[str, ...] = SCHEME_FIELDS

    name = CleanText(label=_("Name of the scheme"), limit=300, error_messages=REQUIRED)
    legal_basis = CleanText(
        label=_("Legal basis"),
        limit=200,
        error_messages=REQUIRED,
        help_text=_("The decision that approves the scheme."),
    )
    decided_on = Day(label=_("Day of the decision"), required=False)
    starts_year = _year(_("First year"))
    ends_year = _year(_("Last year"))
    cut_off_on = Day(
        label=_("Day of the final report"), required=False, help_text=_("Leave empty while there is none.")
    )
    rounding = forms.ChoiceField(label=_("Rounding of percentages"), choices=Rounding.choices)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        for name in ("starts_year", "ends_year"):
            if data.get(name) is not None and not 1990 <= data[name] <= 2099:
                self.add_error(name, _("Write a year with four digits, for example 2026."))
        first, last = data.get("starts_year"), data.get("ends_year")
        if first and last and last < first:
            self.add_error("ends_year", _("The last year must not come before the first year."))
        return data


class NewSchemeForm(SchemeForm):
    """With the code, which is chosen once, and the scheme whose categories are taken over."""

    code = CleanText(
        label=_("Code"),
        limit=40,
        error_messages=REQUIRED,
        help_text=_("Short, without diacritics: it stands in addresses and names of files, for example 12-2026."),
    )
    copied_from = forms.ModelChoiceField(
        label=_("Take the categories over from"), queryset=Scheme.objects.none(), required=False, empty_label=_("none")
    )
    field_order = ("code", "name", "legal_basis", "decided_on", "starts_year", "ends_year", "copied_from")

    class Meta(SchemeForm.Meta):
        fields = ("code", *SCHEME_FIELDS)

    def __init__(self, *args: Any, others: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["copied_from"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the code to the service: it says what to write, the model's validators do not."""
        return {*super()._get_validation_exclusions(), "code"}  # type: ignore[misc]


class CategoryForm(MadeOn, forms.ModelForm):
    class Meta:
        model = Category
        fields = CATEGORY_FIELDS

    name = CleanText(label=_("Name of the category"), limit=120, error_messages=REQUIRED)
    kind = forms.ChoiceField(label=_("Kind of training"), choices=Category.Kind.choices)
    unit = forms.ChoiceField(label=_("Counted in"), choices=CountingUnit.choices)
    summary_rule = forms.ChoiceField(
        label=_("Courses that enter the summary line"),
        choices=lambda: [("", _("each course says so itself")), *summary_rules()],
        required=False,
        help_text=_("A single course can still be entered otherwise."),
    )
    stopped_on = Day(label=_("Last day, if the category was stopped"), required=False)
    stop_reason = CleanText(label=_("Why it was stopped"), limit=300, required=False)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the reason to the service, which asks for it at its field; the constraint says it of the form."""
        return {*super()._get_validation_exclusions(), "stop_reason"}  # type: ignore[misc]


class TargetForm(MadeOn, forms.ModelForm):
    """One decision on the target of a year, to be corrected."""

    class Meta:
        model = YearTarget
        fields = TARGET_FIELDS

    target = NumberField(label=_("Target"), required=False, help_text=_("Empty: the decision sets none."))
    decision = CleanText(label=_("Decision"), limit=200, error_messages=REQUIRED)
    decided_on = Day(label=_("Day of the decision"), required=False)


class YearTargetsForm(forms.Form):
    """The targets of all categories and years as they hold; what differs is set by one decision."""

    decision = CleanText(
        label=_("Decision"),
        limit=200,
        required=False,
        help_text=_("Number and symbol of the paper that sets the targets changed below."),
    )
    decided_on = Day(label=_("Day of the decision"), required=False)
    made_on = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self,
        data: Any = None,
        *,
        scheme: Scheme,
        categories: list[Category],
        in_force: dict[tuple[int, int], YearTarget],
        made_on: str,
    ) -> None:
        super().__init__(data, initial={"made_on": made_on})
        self.years = list(range(scheme.starts_year, scheme.ends_year + 1))
        self.categories = categories
        for category, year in self._keys():
            holding = in_force.get((category.pk, year))
            self.fields[_cell(category.pk, year)] = NumberField(
                label=f"{category.name}, {year}",
                required=False,
                initial=holding.target if holding else None,
            )

    def _keys(self) -> Iterator[tuple[Category, int]]:
        for category in self.categories:
            for year in self.years:
                yield category, year

    def rows(self) -> list[tuple[Category, list[tuple[int, forms.BoundField]]]]:
        """Return each category with the fields of its years."""
        return [
            (category, [(year, self[_cell(category.pk, year)]) for year in self.years]) for category in self.categories
        ]

    @property
    def named(self) -> TargetDecision:
        return TargetDecision(self.cleaned_data["decision"], self.cleaned_data["decided_on"])

    @property
    def typed(self) -> dict[tuple[int, int], int | None]:
        return {(category.pk, year): self.cleaned_data[_cell(category.pk, year)] for category, year in self._keys()}


def _cell(category: int, year: int) -> str:
    return f"c{category}-{year}"
