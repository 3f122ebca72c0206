"""The administrator's forms for districts and wards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import CleanText, Day, NumberField, validate_telephone
from archiveportal.history.forms import MadeOn
from archiveportal.own_words import in_own_words
from archiveportal.scope import Viewer
from wards.contacts import UnitContact
from wards.models import District, Province, Succession, Unit, Ward
from wards.names import split_kind, validate_code
from wards.services import CONTACT_FIELDS, DISTRICT_FIELDS, WARD_FIELDS, needs_reason, overlap
from wards.titles import KINDS_APART

NOT_A_DAY = {"invalid": _("This is not a date. Write day/month/year, for example 01/07/2025.")}
PERIOD = ("code", "valid_from", "valid_to")


class UnitForm(MadeOn, forms.ModelForm):
    """What districts and wards share. The kind may be chosen or typed before the name."""

    code = CleanText(
        label=_("Code"),
        limit=10,
        help_text=_(
            "The code of the unit in the official list of administrative units, for example 27676; that of an office "
            "is its electronic code, for example H29.15."
        ),
        error_messages={"required": _("Please type the code.")},
        validators=[validate_code],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = CleanText(
        label=_("Name"),
        limit=100,
        error_messages={"required": _("Please type the name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = Day(
        label=_("First day"), help_text=_("Blank if it is not known."), required=False, error_messages=NOT_A_DAY
    )
    valid_to = Day(
        label=_("Last day"),
        help_text=_("Blank as long as the unit is in force."),
        required=False,
        error_messages=NOT_A_DAY,
    )
    legal_act = CleanText(
        label=_("Legal act"),
        limit=200,
        required=False,
        help_text=_("The resolution that made or ended the unit, for example Nghị quyết số 1685/NQ-UBTVQH15."),
    )
    act_signed_on = Day(label=_("Day of the act"), required=False, error_messages=NOT_A_DAY)
    act_name = CleanText(label=_("What the act is about"), limit=300, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].required = False
        self.fields["kind"].help_text = _("May be left open if it stands before the name.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "name" in data and "kind" in data:
            self._settle_kind(data)
        if "code" in data and "valid_from" in data and "valid_to" in data:
            self._refuse_overlap(data)
        return data

    def _settle_kind(self, data: dict[str, Any]) -> None:
        kinds = type(self.instance).Kind
        if data["kind"] in KINDS_APART:
            # "Ban Quản lý dự án" may be the whole name of such a unit.
            return
        typed, data["name"] = split_kind(data["name"], kinds.values)
        if typed and data["kind"] and typed != data["kind"]:
            words = {"typed": kinds(typed).label, "chosen": kinds(data["kind"]).label}
            message = gettext(
                "“%(typed)s” stands before the name, but “%(chosen)s” is chosen. Please keep one of them."
            )
            self.add_error("kind", message % words)
        elif not typed and not data["kind"]:
            self.add_error("kind", gettext("Please choose the kind."))
        else:
            data["kind"] = typed or data["kind"]

    def _refuse_overlap(self, data: dict[str, Any]) -> None:
        """A code belongs to several units over the years, but never to two at once."""
        if data["valid_from"] and data["valid_to"] and data["valid_to"] < data["valid_from"]:
            # The constraint says so in its own words.
            return
        unit = type(self.instance)(pk=self.instance.pk, **{name: data[name] for name in PERIOD})
        message = overlap(unit)
        if message:
            self.add_error("code", message)


class DistrictForm(UnitForm):
    ward_count = NumberField(
        label=_("Number of wards"),
        digits=3,
        required=False,
        help_text=_("As the official list has it, also where the wards are not recorded one by one."),
    )

    class Meta:
        model = District
        fields = list(DISTRICT_FIELDS)


class _DistrictChoice(forms.ModelChoiceField):
    def label_from_instance(self, district: Unit) -> str:
        return f"{district.title} ({district.period})" if district.valid_to else district.title


class WardForm(UnitForm):
    district = _DistrictChoice(
        label=_("District"),
        queryset=District.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("Blank for a unit that stands from 01/07/2025 on, when the districts ended."),
    )

    reason = CleanText(
        label=_("Reason of the move"),
        limit=300,
        required=False,
        help_text=_("Needed where a unit with results moves to another district; it is read beside the results."),
    )

    class Meta:
        model = Ward
        fields = list(WARD_FIELDS)

    def __init__(self, *args: Any, by: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["district"].queryset = District.objects.visible_to(by).to_choose()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        district = data.get("district")
        if "district" in data and not data.get("reason") and needs_reason(self.instance, district):
            self.add_error("reason", gettext("This unit has results. Say why it moves to another district."))
        if district and district.valid_to and "valid_to" in data:
            last = data["valid_to"]
            if last is None or last > district.valid_to:
                message = gettext(
                    "%(district)s ended on %(day)s: please give the unit a last day until then, or leave the district "
                    "blank."
                )
                words = {"district": district.title, "day": f"{district.valid_to:%d/%m/%Y}"}
                self.add_error("district", message % words)
        return data


class _FormerChoice(forms.ModelChoiceField):
    def label_from_instance(self, ward: Ward) -> str:
        return f"{ward.full_title} ({ward.code}, {ward.period})" if ward.period else f"{ward.full_title} ({ward.code})"


class PredecessorForm(forms.ModelForm):
    """A unit that `heir` took over: one of the City's, or one of another province in words."""

    predecessor = _FormerChoice(
        label=_("Former unit"),
        queryset=Ward.objects.none(),
        required=False,
        empty_label="—",
        help_text=_("A unit that ended the day before, or that gave a part away and goes on."),
    )
    predecessor_name = CleanText(
        label=_("Unit of another province"),
        limit=500,
        required=False,
        help_text=_("In words, as the act names it, where the unit lay in another province."),
    )
    predecessor_province = forms.ModelChoiceField(
        label=_("Former province"), queryset=Province.objects.none(), required=False, empty_label="—"
    )
    extent = forms.ChoiceField(
        label=_("Extent"), choices=[("", _("not known")), *Succession.Extent.choices], required=False
    )
    took_effect_on = Day(label=_("In force from"), error_messages=NOT_A_DAY | {"required": _("Please type the day.")})
    legal_act = CleanText(label=_("Legal act"), limit=200, required=False)
    has_gap = forms.BooleanField(label=_("The gap between the two units is right."), required=False)

    class Meta:
        model = Succession
        fields = [
            "predecessor",
            "predecessor_name",
            "predecessor_province",
            "extent",
            "took_effect_on",
            "legal_act",
            "has_gap",
        ]

    def __init__(self, *args: Any, heir: Ward, by: Viewer, **options: Any) -> None:
        initial = {"took_effect_on": heir.valid_from, "legal_act": heir.legal_act}
        super().__init__(*args, initial=initial, **options)
        others = Ward.objects.visible_to(by).exclude(pk=heir.pk).select_related("district")
        self.fields["predecessor"].queryset = others.ended_or_ceding(heir.valid_from)
        self.fields["predecessor_province"].queryset = Province.objects.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if bool(data.get("predecessor")) == bool(data.get("predecessor_name")) and "predecessor" not in self.errors:
            self.add_error(
                "predecessor", in_own_words(gettext("Choose a unit of %(area_word)s, or name one of another province."))
            )
        if data.get("predecessor") and not data.get("extent"):
            self.add_error("extent", gettext("Say whether the whole unit or a part of it was taken over."))
        return data


class TakeBackForm(forms.Form):
    reason = CleanText(label=_("Reason"), limit=300, error_messages={"required": _("Say why the row is taken back.")})


class ContactForm(MadeOn, forms.ModelForm):
    """What the directory says of a unit."""

    mailbox = forms.EmailField(label=_("Official mailbox"), required=False, max_length=254)
    telephone = CleanText(label=_("Telephone"), limit=30, required=False, validators=[validate_telephone])
    seat = CleanText(label=_("Address of the seat"), limit=300, required=False)
    stores = CleanText(
        label=_("Addresses of the records stores"), limit=2000, lines=True, required=False, help_text=_("One a line.")
    )
    chairman = CleanText(label=_("Head of the unit"), limit=120, required=False)
    officers = CleanText(
        label=_("Records officers"),
        limit=2000,
        lines=True,
        required=False,
        help_text=_("One a line: name, position, telephone."),
    )

    class Meta:
        model = UnitContact
        fields = list(CONTACT_FIELDS)
