"""The lines of the minutes as forms: who was present, who witnesses a refusal to sign, documents received."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, Day
from criteria.inspections.models import Participant, ReceivedDocument
from criteria.inspections.services.minutes_merge import HandedOver, Person

Side, Part = Participant.Side, Participant.Part
#: in the order of the page; a form of before has the first two
SIDES = (Side.TEAM, Side.WARD, Side.OTHER, Side.WITNESS)
#: parts that several people have
SEVERAL = (Part.DEPUTY, Part.OTHER, Part.WITNESS, Part.AUTHORITY)
BLANK_ROWS = 2
MOST_ROWS = 60


class PersonForm(forms.Form):
    full_name = CleanText(label=gettext_lazy("Full name"), limit=120, required=False)
    position = CleanText(label=gettext_lazy("Position, office"), limit=200, required=False)
    part = forms.ChoiceField(
        label=gettext_lazy("Part"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the parts offered.")},
    )
    is_removed = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, parts: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["part"].choices = parts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("position") and not cleaned.get("full_name") and not cleaned.get("is_removed"):
            self.add_error("full_name", _("Write the name, or empty the whole line."))
        return cleaned


class PeopleForm(forms.BaseFormSet):
    """The people present of one side. A line without a name is no line."""

    def clean(self) -> None:
        parts = [person.part for person in self.people("") if person.part not in SEVERAL]
        for part in set(parts):
            if parts.count(part) > 1:
                message = _("Only one person can be named as: %(part)s.")
                raise ValidationError(message % {"part": dict(Part.choices)[part]}, code="twice")

    def people(self, side: str) -> list[Person]:
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        return [
            Person(side, row.get("part", ""), row["full_name"], row.get("position", ""))
            for row in rows
            if row.get("full_name") and not row.get("is_removed")
        ]


PeopleFormSet = forms.formset_factory(
    PersonForm, formset=PeopleForm, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
MEMBER = (Part.OTHER.value, gettext_lazy("member"))
PARTS: dict[str, list[tuple[str, Any]]] = {
    Side.TEAM: [*((part.value, part.label) for part in (Part.HEAD, Part.DEPUTY, Part.SECRETARY)), MEMBER],
    Side.WARD: [(Part.LEADER.value, Part.LEADER.label), (Part.OTHER.value, gettext_lazy("records officer, other"))],
    Side.OTHER: [(Part.OTHER.value, gettext_lazy("concerned"))],
    Side.WITNESS: [(Part.WITNESS.value, Part.WITNESS.label), (Part.AUTHORITY.value, Part.AUTHORITY.label)],
}
#: the part that a blank line has
USUAL_PART = {Side.WITNESS: Part.WITNESS.value}


def parts_of(side: str, *, is_commune: bool) -> list[tuple[str, Any]]:
    """Return the parts that people of a side have; where a commune is inspected, only a witness confirms."""
    return PARTS[side][:1] if side == Side.WITNESS and is_commune else PARTS[side]


class ReceivedForm(forms.Form):
    title = CleanText(label=gettext_lazy("Title of the document"), limit=300, required=False)
    number = CleanText(label=gettext_lazy("Number"), limit=60, required=False)
    dated_on = Day(label=gettext_lazy("Date"), required=False)
    issuer = CleanText(label=gettext_lazy("Issuer"), limit=200, required=False)
    form = forms.ChoiceField(
        label=gettext_lazy("Original or copy"),
        choices=ReceivedDocument.Form.choices,
        initial=ReceivedDocument.Form.COPY,
        error_messages={"invalid_choice": gettext_lazy("Choose original or copy.")},
    )
    is_removed = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_begun = any(cleaned.get(name) for name in ("number", "dated_on", "issuer"))
        if is_begun and not cleaned.get("title") and "title" not in self.errors and not cleaned.get("is_removed"):
            self.add_error("title", _("Write the title of the document, or empty the whole line."))
        return cleaned


class DocumentsForm(forms.BaseFormSet):
    """The documents received. A line without a title is no line."""

    @property
    def received(self) -> list[HandedOver]:
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        return [
            HandedOver(row["title"], row["number"], row["dated_on"], row["issuer"], row["form"])
            for row in rows
            if row.get("title") and not row.get("is_removed")
        ]


DOCUMENTS = "document"
ReceivedFormSet = forms.formset_factory(
    ReceivedForm, formset=DocumentsForm, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
