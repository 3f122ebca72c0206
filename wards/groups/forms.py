"""Forms for ways of grouping units, their groups, and which unit is in which."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, Day, NumberField
from archiveportal.history.forms import MadeOn
from archiveportal.vietnamese import search_key
from wards.models import Grouping, UnitGroup
from wards.services import GROUP_FIELDS, GROUPING_FIELDS

#: choice of a unit that is to be in no group
NO_GROUP = "none"
REQUIRED = {"required": gettext_lazy("This cannot be left empty.")}


def code_of(name: str) -> str:
    """Return the code that a name proposes: "Khu vực 1" is khu-vuc-1."""
    return slugify(search_key(name))[:40].strip("-")


class _CodedForm(MadeOn, forms.ModelForm):
    """A name, and a code that is made from it where it is left blank."""

    code = CleanText(
        label=gettext_lazy("Code"),
        limit=40,
        required=False,
        help_text=gettext_lazy("Left empty, it is made from the name."),
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
                gettext_lazy("Small letters without diacritics, digits and hyphens, for example khu-vuc-1."),
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("code") and "code" not in self.errors:
            cleaned["code"] = self.instance.code or code_of(cleaned.get("name", ""))
            if not cleaned["code"] and "name" not in self.errors:
                self.add_error("code", _("No code can be made from this name. Type one."))
        return cleaned


class GroupingForm(_CodedForm):
    name = CleanText(
        label=gettext_lazy("Name"),
        limit=60,
        help_text=gettext_lazy("What its groups are called, as the heading of a column: Khu vực, Cụm thi đua."),
        error_messages=REQUIRED,
    )
    first_day = Day(label=gettext_lazy("First day"), required=False)
    last_day = Day(label=gettext_lazy("Last day"), required=False)
    field_order = ("name", "code", "first_day", "last_day")

    class Meta:
        model = Grouping
        fields = list(GROUPING_FIELDS)


class GroupForm(_CodedForm):
    name = CleanText(label=gettext_lazy("Name of the group"), limit=100, error_messages=REQUIRED)
    position = NumberField(
        label=gettext_lazy("No."), digits=3, required=False, help_text=gettext_lazy("Its place among the groups.")
    )
    field_order = ("name", "code", "position")

    class Meta:
        model = UnitGroup
        fields = list(GROUP_FIELDS)

    def clean_position(self) -> Any:
        """Keep the place where it is left blank; a new group without one is the last."""
        return self.cleaned_data["position"] or self.instance.position


class AssignForm(forms.Form):
    """Into which group the ticked units go, and from which day on."""

    group = forms.ChoiceField(label=gettext_lazy("Into the group"), error_messages=REQUIRED)
    since = Day(
        label=gettext_lazy("From the day"),
        required=False,
        help_text=gettext_lazy("Blank: as a correction, as if the units had always been there."),
    )

    def __init__(self, *args: Any, grouping: Grouping, **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = {str(group.pk): group for group in grouping.groups.all()}
        named = [(key, group.name) for key, group in self.groups.items()]
        self.fields["group"].choices = [("", _("choose")), *named, (NO_GROUP, _("in no group"))]

    @property
    def chosen(self) -> UnitGroup | None:
        return self.groups.get(self.cleaned_data["group"])
