"""Forms for courses and targets. Each names its fields; what may be chosen is scoped to the scheme."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, NumberField
from training.entered_values import FIELDS
from training.models import Category, CountingUnit, Course, Quota, Scheme, organisers
from training.periods import local_bodies
from training.services.courses import SavedCourse, mixed_units
from wards.models import District

DATE_FORMAT = "%d/%m/%Y"


class Version(forms.IntegerField):
    """The version that a form was opened on. One that cannot be read is simply not the present one."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> int:
        try:
            return super().clean(value) or 0
        except ValidationError:
            return 0


class Key(forms.UUIDField):
    """The random key of a new form. One that cannot be read is none: the form then has no second press."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> uuid.UUID | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None


class Districts(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            # A number beyond the keys of SQLite: the database is not even asked.
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list") from None

    def label_from_instance(self, district: District) -> str:
        return district.title


class CourseForm(forms.Form):
    """One row of training. `version` is used when correcting, `submission_id` when entering."""

    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=None,
        empty_label=_("choose"),
        error_messages={
            "required": _("Choose the category."),
            "invalid_choice": _("Choose one of the categories of this scheme."),
        },
    )
    name = CleanText(
        label=_("Name of the course"), limit=300, error_messages={"required": _("Enter the name of the course.")}
    )
    partner = CleanText(label=_("Training institution"), limit=300, required=False)
    place = CleanText(label=_("Place"), limit=300, required=False)
    provinces = CleanText(
        label=_("Provinces visited"),
        limit=300,
        required=False,
        help_text=_("For study tours; separate several with a semicolon."),
    )
    audience = CleanText(label=_("For whom"), limit=500, required=False)
    subjects = CleanText(label=_("Subjects"), limit=500, required=False)
    held_from = Day(label=_("First day"), required=False)
    held_to = Day(label=_("Last day"), required=False)
    classes = NumberField(label=_("Number of classes"), required=False)
    participants = NumberField(
        label=_("Participants"), error_messages={"required": _("Enter the number of participants.")}
    )
    is_lower_bound = forms.BooleanField(
        label=_("“More than”: the exact number is not known"),
        required=False,
        help_text=_("The word stays with the number wherever it is shown."),
    )
    unit = forms.ChoiceField(
        label=_("Counted in"),
        choices=CountingUnit.choices,
        error_messages={"invalid_choice": _("Choose persons or attendances.")},
    )
    organiser = forms.ChoiceField(
        label=_("Organised by"),
        choices=organisers,
        error_messages={"invalid_choice": _("Choose one of the organisers offered.")},
    )
    organiser_districts = Districts(
        label=_("Organising districts"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for courses organised by districts. Leave empty where they are not named."),
        error_messages={
            "invalid_choice": _("Choose one of the districts offered."),
            "invalid_pk_value": _("Choose one of the districts offered."),
            "invalid_list": _("Choose one of the districts offered."),
        },
    )
    enters_summary = forms.BooleanField(
        label=_("Enters the summary line of its category"),
        required=False,
        help_text=_("If not, say in the note why. The row is then shown outside the summary."),
    )
    follows_rule = forms.BooleanField(
        label=_("Follows the rule of its category"),
        required=False,
        help_text=_("The portal then decides whether the course enters the line, also when the rule changes."),
    )
    fund_source = CleanText(label=_("Source of the funds"), limit=300, required=False)
    organiser_share = NumberField(label=_("Share paid by the organiser (%)"), digits=3, places=2, required=False)
    participant_share = NumberField(label=_("Share paid by the participants (%)"), digits=3, places=2, required=False)
    registered = NumberField(label=_("Registered"), required=False)
    attended = NumberField(label=_("Attended"), required=False)
    certified = NumberField(label=_("Certified"), required=False)
    note = CleanText(label=_("Note"), limit=2000, lines=True, required=False)
    version = Version(required=False)
    submission_id = Key(required=False)

    def __init__(self, *args: Any, scheme: Scheme, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.scheme, self.user = scheme, user
        self.fields["category"].queryset = scheme.categories.all()
        self._offer_what_the_scheme_has(user)
        if not self.is_bound:
            self.initial.setdefault("submission_id", uuid.uuid4())

    def _offer_what_the_scheme_has(self, user: Any) -> None:
        """Districts are offered for years in which there were some, a rule where a category has one."""
        districts = _districts_of(self.scheme, user)
        kept = {self.initial.get("organiser"), self.data.get("organiser")}
        offered = {*local_bodies(self.scheme).organisers(), *kept}
        self.fields["organiser_districts"].queryset = districts
        self.fields["organiser"].choices = [each for each in organisers() if each[0] in offered]
        if Course.Organiser.DISTRICT not in offered:
            del self.fields["organiser_districts"]
        if not any(category.summary_rule for category in self.scheme.categories.all()):
            del self.fields["follows_rule"]

    @property
    def values(self) -> dict[str, Any]:
        """Return the values for the services; shares with two decimals, as the database keeps
        them."""
        values = {name: self.cleaned_data[name] for name in FIELDS if name in self.fields}
        values["organiser_districts"] = list(values.get("organiser_districts", ()))
        values.setdefault("follows_rule", False)
        for name in ("organiser_share", "participant_share"):
            if values[name] is not None:
                values[name] = values[name].quantize(Decimal("0.01"))
        return values

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("held_from"), data.get("held_to")
        if first and last and last < first:
            self.add_error("held_to", _("The last day must not come before the first day."))
        attended, certified = data.get("attended"), data.get("certified")
        if attended is not None and certified is not None and certified > attended:
            self.add_error("certified", _("More people certified than attended. Please check both numbers."))
        if data.get("organiser_districts") and data.get("organiser") not in (None, Course.Organiser.DISTRICT):
            self.add_error("organiser_districts", _("Choose districts only where districts are the organisers."))
        category = data.get("category")
        follows = bool(category and category.summary_rule and data.get("follows_rule"))
        if category and not follows and data.get("enters_summary") and data.get("unit") not in (None, category.unit):
            self.add_error("unit", mixed_units(category))
        self._check_shares(data)
        return data

    def _check_shares(self, data: dict[str, Any]) -> None:
        if "organiser_share" not in data or "participant_share" not in data:
            return
        organiser, participants = data["organiser_share"], data["participant_share"]
        for name in ("organiser_share", "participant_share"):
            if data[name] is not None and data[name] > 100:
                self.add_error(name, _("A share is one hundred percent at most."))
        if organiser is not None and participants is not None and organiser + participants != 100:
            self.add_error("participant_share", _("The two shares must add up to one hundred percent."))

    @property
    def key(self) -> uuid.UUID:
        return self.cleaned_data["submission_id"] or uuid.uuid4()

    def as_new(self) -> CourseForm:
        """This form as one that was never sent: with a key of its own."""
        data = self.data.copy()
        data["submission_id"] = str(uuid.uuid4())
        return CourseForm(data, scheme=self.scheme, user=self.user)

    def on_top_of(self, saved: SavedCourse) -> CourseForm:
        """This form as it is shown again after a colleague's change.

        It keeps what was typed, takes the colleague's values where nothing was typed, and the present version,
        so that saving again is a decision made with both values in sight.
        """
        data = self.data.copy()
        data["version"] = str(saved.course.version)
        for clash in saved.clashes:
            if not clash.was_typed and clash.name in self.fields:
                _post(data, clash.name, field=self.fields[clash.name], value=clash.theirs)
        again = CourseForm(data, scheme=self.scheme, user=self.user)
        again.is_valid()
        return again


def _post(data: QueryDict, name: str, *, field: forms.Field, value: Any) -> None:
    """Put a value into posted data as a browser would send it."""
    if isinstance(value, list):
        data.setlist(name, [str(district.pk) for district in value])
    elif isinstance(value, bool):
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif hasattr(value, "strftime"):
        data[name] = value.strftime(DATE_FORMAT)
    else:
        value = field.prepare_value(value)
        data[name] = "" if value is None else str(value)


def _districts_of(scheme: Scheme, user: User):
    """Return the districts that were in force at some time within the scheme's period."""
    return District.objects.visible_to(user).filter(
        Q(valid_from__isnull=True) | Q(valid_from__year__lte=scheme.ends_year),
        Q(valid_to__isnull=True) | Q(valid_to__year__gte=scheme.starts_year),
    )


class VoidForm(forms.Form):
    reason = CleanText(
        label=_("Why is the row voided?"),
        limit=1000,
        lines=True,
        help_text=_("The row stays visible with this reason and is left out of all totals."),
        error_messages={"required": _("Say why the row is voided.")},
    )
    version = Version(required=False)


class QuotaForm(forms.Form):
    """The target of one category; blank means that there is none. What was shown is sent along."""

    target = NumberField(label=_("Target"), required=False)
    unit = forms.ChoiceField(
        label=_("Counted in"),
        choices=CountingUnit.choices,
        error_messages={"invalid_choice": _("Choose persons or attendances.")},
    )
    shown_target = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    shown_unit = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    @staticmethod
    def of(quota: Quota | None, category: Category) -> dict[str, Any]:
        """Initial values: the target as it is."""
        target = quota.target if quota else None
        unit = quota.unit if quota else category.unit
        return {"target": target, "unit": unit, "shown_target": target, "shown_unit": unit}

    @property
    def shown(self) -> tuple[int | None, str]:
        text = self.cleaned_data["shown_target"]
        return int(text) if text.isascii() and text.isdigit() else None, self.cleaned_data["shown_unit"]

    @property
    def typed(self) -> tuple[int | None, str]:
        return self.cleaned_data["target"], self.cleaned_data["unit"]
