"""Forms for a new set, and for the head of one that is being built."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, NumberField
from archiveportal.history.forms import MadeOn
from criteria.building.forms.rows import MORE, REQUIRED, ActRow, Rows, once_each, typed_again
from criteria.building.services.sections import SECTION_FIELDS
from criteria.building.services.sets import HEAD_FIELDS, HeadRows, head_digest, head_rows_of
from criteria.models import CriteriaSet, LegalAct, Section
from wards.models import Ward


def points_field(label: Any, *, digits: int = 6, **options: Any) -> NumberField:
    return NumberField(label=label, digits=digits, places=2, required=False, **options)


class NewSetForm(forms.Form):
    """A set from nothing, or with everything that another one has."""

    code = CleanText(
        label=_("Code"),
        limit=40,
        error_messages=REQUIRED,
        help_text=_("Short, without diacritics: it stands in addresses and names of files, for example btc-2026."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = CleanText(label=_("Name"), limit=200, error_messages=REQUIRED)
    copied_from = forms.ModelChoiceField(
        label=_("With everything from"),
        queryset=CriteriaSet.objects.none(),
        required=False,
        empty_label=_("from nothing"),
        help_text=_("Sections, criteria, bands and acts are taken over; all of it can be changed afterwards."),
    )

    def __init__(self, data: Any = None, *, user: User, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field = self.fields["copied_from"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = CriteriaSet.objects.visible_to(user).order_by("code", "-version")
        field.label_from_instance = lambda row: f"{row.name} ({row.code}, {_('version')} {row.version})"


class GeneralForm(forms.Form):
    name = CleanText(label=_("Name"), limit=200, error_messages=REQUIRED)
    announced_total = points_field(
        _("Announced total"), help_text=_("What the decision says that all points add up to. Empty: it says nothing.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Meant for"),
        choices=Ward.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: for every kind of unit."),
    )
    allows_not_applicable = forms.BooleanField(label=_("Allows the answer “not applicable”"), required=False)
    not_applicable_counts = forms.ChoiceField(
        label=_("A criterion that does not apply"), choices=CriteriaSet.NotApplicable.choices
    )
    allows_not_shown = forms.BooleanField(label=_("Allows the answer “could not be shown”"), required=False)
    allows_excused = forms.BooleanField(label=_("Allows the answer “excused”"), required=False)
    deduction_cap = points_field(_("Most points that can be deducted"), help_text=_("Empty: no limit."))
    bonus_cap = points_field(_("Most bonus points"), help_text=_("Empty: no limit."))
    legal_basis = CleanText(label=_("Legal basis in words"), limit=2000, lines=True, required=False)
    note = CleanText(label=_("Note"), limit=4000, lines=True, required=False)
    made_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("announced_total", "deduction_cap", "bonus_cap"):
            if cleaned.get(name) is not None and not cleaned[name]:
                self.add_error(name, _("Points lie above zero. Leave the field empty if there is no such number."))
        return cleaned


class HeadPage:
    """The head with its acts."""

    def __init__(self, criteria_set: CriteriaSet, *, user: User, data: Any = None) -> None:
        self.criteria_set = criteria_set
        stored = head_rows_of(criteria_set)
        initial = {name: getattr(criteria_set, name) for name in HEAD_FIELDS}
        initial |= {"kinds": list(stored.kinds), "made_on": head_digest(criteria_set)}
        asks_more = data is not None and MORE in data
        if asks_more:
            initial = typed_again(data, GeneralForm.base_fields, ["kinds"])
        self.form = GeneralForm(None if asks_more else data, initial=initial)
        self.bases = Rows(
            ActRow,
            prefix="basis",
            data=data,
            initial=[{"act": act.pk, "articles": articles} for act, articles in stored.bases],
            options={"acts": LegalAct.objects.visible_to(user)},
        )

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.bases.is_valid()])

    @property
    def rows(self) -> HeadRows:
        return HeadRows(once_each(self.bases), self.form.cleaned_data["kinds"])

    def typed(self) -> CriteriaSet:
        """Return the set with what was typed, not saved."""
        for name in HEAD_FIELDS:
            setattr(self.criteria_set, name, self.form.cleaned_data[name])
        return self.criteria_set

    def show_current_digest(self) -> None:
        """Let what was typed be saved over what a colleague saved, once it was shown."""
        self.form.data = self.form.data.copy()
        stored = CriteriaSet.objects.get(pk=self.criteria_set.pk)
        self.form.data["made_on"] = head_digest(stored)


class SectionForm(MadeOn, forms.ModelForm):
    class Meta:
        model = Section
        fields = SECTION_FIELDS

    title = CleanText(label=_("Title of the section"), limit=300, error_messages=REQUIRED)
    number = CleanText(
        label=_("Printed number"), limit=12, required=False, help_text=_("Empty: it follows from the place.")
    )
    parent = forms.ModelChoiceField(
        label=_("Below the section"),
        queryset=Section.objects.none(),
        required=False,
        empty_label=_("none: a section of the first level"),
    )
    points = points_field(
        _("Announced points of the section"), help_text=_("Compared with the sum of its criteria. Empty: none.")
    )
    title_en = CleanText(label=_("Title in English"), limit=300, required=False)
    field_order = ("title", "parent", "number", "points", "title_en")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        others = Section.objects.filter(criteria_set=self.instance.criteria_set).exclude(pk=self.instance.pk)
        field.queryset = others.order_by("position")

    def clean_points(self) -> Any:
        points = self.cleaned_data["points"]
        if points is not None and not points:
            raise forms.ValidationError(_("Points lie above zero. Leave the field empty if there is no such number."))
        return points
