"""The minutes as forms: what is typed about the visit, who was present, the signing, the search by code."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, NumberField
from criteria.inspections.forms.findings import Files
from criteria.inspections.forms.minutes_lines import (
    DOCUMENTS,
    SIDES,
    USUAL_PART,
    DocumentsForm,
    Part,
    PeopleForm,
    PeopleFormSet,
    ReceivedFormSet,
    Side,
    parts_of,
)
from criteria.inspections.models import Inspection, Minutes, Participant, TeamMember
from criteria.inspections.services.minutes_merge import (
    DETAILS,
    FIELDS,
    FORMER_FIELDS,
    HOURS,
    PEOPLE,
    RECEIVED,
    HandedOver,
    Person,
    made_on,
    people_of,
    stored_values,
)
from criteria.inspections.services.minutes_witness import WitnessFault, is_commune, witness_fault

_HOUR = re.compile(r"(\d{1,2})\s*(?:giờ|gio|h|g|:|\.)?\s*(\d{2})?\s*(?:phút|ph|p)?", re.IGNORECASE)


class Hour(forms.Field):
    """An hour as people write it: 8:30, 8h30, 8 giờ 30, 14h."""

    widget = forms.TextInput(attrs={"placeholder": "8:30", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime.time | None:
        if value in self.empty_values:
            return None
        match = _HOUR.fullmatch(str(value).strip())
        try:
            return datetime.time(int(match[1]), int(match[2] or 0))
        except (TypeError, ValueError):
            raise ValidationError(_("Write the hour as 8:30 or 14:00."), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value


class DetailsForm(forms.Form):
    """`version` is that of the minutes that the page showed, 0 for minutes not yet begun; `made_on` has the digests
    of the values that it showed, in the order of `FIELDS`."""

    started_hour = Hour(label=gettext_lazy("Begun at (hour)"), required=False)
    started_on = Day(label=gettext_lazy("Day"), required=False)
    ended_hour = Hour(label=gettext_lazy("Ended at (hour)"), required=False)
    ended_on = Day(label=gettext_lazy("Day, if it is another one"), required=False)
    place = CleanText(label=gettext_lazy("Place"), limit=300, required=False)
    inspected_content = CleanText(label=gettext_lazy("What is inspected"), limit=4000, lines=True, required=False)
    verified_result = CleanText(
        label=gettext_lazy("Verified result"),
        limit=10_000,
        lines=True,
        required=False,
        help_text=gettext_lazy("Beside the answers to the criteria, which the minutes print."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    others_remarks = CleanText(
        label=gettext_lazy("Remarks of others concerned"), limit=4000, lines=True, required=False
    )
    refusal_reason = CleanText(
        label=gettext_lazy("Why the unit does not sign"),
        limit=2000,
        lines=True,
        required=False,
        help_text=gettext_lazy("Left empty where the unit signs. Where it does not, a witness signs in its place."),
    )
    ward_remarks = CleanText(
        label=gettext_lazy("Remarks of the inspected unit"),
        limit=4000,
        lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    recommendations = CleanText(
        label=gettext_lazy("General recommendations"),
        limit=4000,
        lines=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    copies = NumberField(
        label=gettext_lazy("Number of copies"),
        digits=2,
        error_messages={"required": gettext_lazy("Say how many copies are made, for example 2.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    made_on = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)

    def __init__(self, *args: Any, proposed_on: datetime.date | None = None, **options: Any) -> None:
        self.proposed_on = proposed_on
        super().__init__(*args, **options)

    def clean_copies(self) -> int:
        if self.cleaned_data["copies"] < 1:
            raise ValidationError(_("Say how many copies are made, for example 2."))
        return self.cleaned_data["copies"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start = self._moment(cleaned, "started", self.proposed_on)
        end = self._moment(cleaned, "ended", start and timezone.localdate(start))
        if start and end and end < start:
            self.add_error("ended_hour", _("The end must not come before the beginning."))
        return cleaned | {"started_at": start, "ended_at": end}

    def _moment(self, cleaned: Mapping[str, Any], name: str, usual: datetime.date | None) -> datetime.datetime | None:
        hour, day = cleaned.get(f"{name}_hour"), cleaned.get(f"{name}_on")
        if f"{name}_hour" in self.errors or f"{name}_on" in self.errors or not (hour or day):
            return None
        if hour is None and day == usual:
            # The day was filled in by the portal; the hour is written by hand.
            return None
        if hour is None:
            self.add_error(f"{name}_hour", _("Write the hour too, or leave both blank to fill them in by hand."))
            return None
        if not (day or usual):
            self.add_error(f"{name}_on", _("Write the day too."))
            return None
        return timezone.make_aware(datetime.datetime.combine(day or usual, hour))


class MinutesForm:
    """Details, people and documents together, bound to `data` if there is any.

    A device may send a form of before, without the fields and lines that were added later: they stay as stored.
    """

    def __init__(self, *, inspection: Inspection, minutes: Minutes | None, by: User, data: Any = None) -> None:
        self.data = data
        present = people_of(minutes) if minutes else []
        people = present if minutes and minutes.version and present else proposed(inspection, by)
        shown = stored_values(minutes or Minutes()) | {PEOPLE: people}
        initial = _initial(minutes, inspection) | {"made_on": " ".join(made_on(shown).values())}
        self.inspection, self.stored = inspection, stored_values(minutes or Minutes())
        self.details = DetailsForm(data, initial=initial, proposed_on=_proposed_day(inspection))
        self.sides = {side: self._people(side, people, data) for side in SIDES}
        self.documents = self._documents(data)

    def _documents(self, data: Any) -> DocumentsForm:
        rows = [vars(each) for each in self.stored[RECEIVED]]
        formset = ReceivedFormSet(_sent(data, DOCUMENTS), prefix=DOCUMENTS, initial=rows)
        if rows and data is None:
            formset.extra = 1
        return formset

    def _people(self, side: str, people: Sequence[Person], data: Any) -> PeopleForm:
        data = _sent(data, side)
        rows = [vars(person) for person in people if person.side == side]
        first_free = Part.LEADER if side == Side.WARD and not rows else Part.OTHER
        parts = parts_of(side, is_commune=is_commune(self.inspection))
        formset = PeopleFormSet(data, prefix=side, initial=rows, form_kwargs={"parts": parts})
        if rows and data is None:
            formset.extra = 1
        for form in formset.extra_forms:
            form.initial = {"part": USUAL_PART.get(Side(side), Part.OTHER)}
        if formset.extra_forms and not rows and side == Side.WARD:
            formset.extra_forms[0].initial = {"part": first_free}
        return formset

    def is_valid(self) -> bool:
        if not all([self.details.is_valid(), *(formset.is_valid() for formset in self._sent_lines)]):
            return False
        fault = witness_fault(self.inspection, self.people, self.values["refusal_reason"])
        if fault:
            self._show_fault(fault)
        return fault is None

    def _show_fault(self, fault: WitnessFault) -> None:
        """Show what is wrong with a witness at that line, or at the reason."""
        rows = [form for form in self.sides[Side.WITNESS].forms if form.cleaned_data.get("full_name")]
        rows = [form for form in rows if not form.cleaned_data.get("is_removed")]
        if fault.place is None or fault.place >= len(rows):
            self.details.add_error("refusal_reason", fault.message)
        else:
            rows[fault.place].add_error("full_name", fault.message)

    @property
    def _sent_lines(self) -> list[forms.BaseFormSet]:
        return [formset for formset in (*self.sides.values(), self.documents) if formset.is_bound]

    @property
    def has_errors(self) -> bool:
        return bool(self.details.errors) or any(not formset.is_valid() for formset in self._sent_lines)

    @property
    def values(self) -> dict[str, Any]:
        of_page = (*HOURS, *(name for name in DETAILS if name in self.data))
        typed = {name: self.details.cleaned_data[name] for name in of_page}
        return {name: self.stored[name] for name in DETAILS} | typed

    @property
    def people(self) -> list[Person]:
        of_sides = [self._people_of(side) for side in SIDES]
        return list(chain.from_iterable(of_sides))

    def _people_of(self, side: str) -> list[Person]:
        formset = self.sides[Side(side)]
        if formset.is_bound:
            return formset.people(side)
        return [person for person in self.stored[PEOPLE] if person.side == side]

    @property
    def received(self) -> list[HandedOver] | None:
        return self.documents.received if self.documents.is_bound else None

    @property
    def made_on(self) -> dict[str, str]:
        """Return the digests of what the form was made on, by field; none for a form that does not
        say."""
        digests = self.details.cleaned_data["made_on"].split()
        fields = next((names for names in (FIELDS, FORMER_FIELDS) if len(names) == len(digests)), ())
        return dict(zip(fields, digests, strict=False))

    @property
    def team(self) -> PeopleForm:
        return self.sides[Side.TEAM]

    @property
    def ward(self) -> PeopleForm:
        return self.sides[Side.WARD]

    @property
    def others(self) -> PeopleForm:
        return self.sides[Side.OTHER]

    @property
    def witnesses(self) -> PeopleForm:
        return self.sides[Side.WITNESS]


def _sent(data: Any, prefix: str) -> Any:
    """Return the data if it has these lines; None for a form of before."""
    return data if data is not None and f"{prefix}-TOTAL_FORMS" in data else None


def proposed(inspection: Inspection, by: User) -> list[Person]:
    """Return the team that the round sends there, else the person who writes the minutes."""
    members = TeamMember.objects.filter(team=inspection.enrolment.team_id).order_by("order", "pk")
    kept = TeamMember.Part
    parts = {kept.HEAD: Part.HEAD, kept.DEPUTY: Part.DEPUTY, kept.SECRETARY: Part.SECRETARY}
    people = [
        Person(Side.TEAM.value, parts.get(each.part, Part.OTHER).value, each.full_name, each.position)
        for each in members
    ]
    people = people or [Person(Side.TEAM.value, Part.HEAD.value, str(by), by.position)]
    without = [person.full_name for person in people if not person.position]
    last = _last_positions(without) if without else {}
    return [
        person if person.position else replace(person, position=last.get(person.full_name, "")) for person in people
    ]


def _last_positions(names: Sequence[str]) -> dict[str, str]:
    """Return the position by which the last signed minutes name each member of a team, in one query."""
    named = Participant.objects.filter(side=Side.TEAM, full_name__in=names, minutes__signed_at__isnull=False)
    oldest_first = named.exclude(position="").order_by("minutes__signed_on", "minutes", "-order")
    return dict(oldest_first.values_list("full_name", "position"))


def _last_place(inspection: Inspection) -> str:
    """Return where the last signed minutes of the same unit were made, blank if there are none."""
    signed = Minutes.objects.filter(inspection__enrolment__ward=inspection.enrolment.ward_id, signed_at__isnull=False)
    last = signed.exclude(place="").order_by("-signed_on", "-pk").first()
    return last.place if last else ""


def _proposed_day(inspection: Inspection) -> datetime.date | None:
    """Return the day of the inspection, while there is none the one of the plan."""
    return inspection.inspected_on or inspection.enrolment.planned_on


def _initial(minutes: Minutes | None, inspection: Inspection) -> dict[str, Any]:
    if minutes is None:
        return {
            "version": 0,
            "copies": 2,
            "started_on": _proposed_day(inspection),
            "place": _last_place(inspection),
        }
    initial = {"version": minutes.version} | {name: getattr(minutes, name) for name in DETAILS}
    for name in ("started", "ended"):
        if moment := initial.pop(f"{name}_at"):
            moment = timezone.localtime(moment)
            initial |= {f"{name}_hour": moment.time(), f"{name}_on": moment.date()}
    if not (minutes.started_at or minutes.is_supplement):
        initial["started_on"] = _proposed_day(inspection)
    if initial.get("ended_on") == initial.get("started_on"):
        initial.pop("ended_on", None)
    return initial


#: files of one scan
MOST_SCANS = 20


class ScanForm(forms.Form):
    files = Files(
        label=gettext_lazy("Scan or photographs of the signed minutes"),
        required=False,
        help_text=gettext_lazy("PDF or photographs, 15 MB each at most, 75 MB together."),
    )

    def clean_files(self) -> list[Any]:
        files = self.cleaned_data["files"]
        if len(files) > MOST_SCANS:
            raise ValidationError(_("At most 20 files at a time. Scan the pages into one PDF."))
        return files


class SignForm(ScanForm):
    """`digest` is of the content that the page showed."""

    signed_on = Day(
        label=gettext_lazy("Day of signing"),
        error_messages={"required": gettext_lazy("Write the day on which the minutes were signed.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    field_order = ("signed_on", "files", "digest")


class MinutesReasonForm(forms.Form):
    reason = CleanText(
        label=gettext_lazy("Reason"),
        limit=2000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the reason; it stands in the history.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class VerifyForm(forms.Form):
    """Code and check part as they are typed from the paper: with or without hyphens and spaces, in any case."""

    ma = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    doi_chieu = forms.CharField(label=gettext_lazy("Check part"), max_length=40)


def plain_code(text: str) -> str:
    """Keep only letters and digits: "k7q2 – 9fxm" is "K7Q29FXM"."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
