"""Forms of the plan of a round: way of inspection, team and day of its units."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText, Day, NumberField
from archiveportal.workdays import Workdays
from criteria.inspections.models import Enrolment, SwappedDay, Team
from criteria.inspections.services.teams import Plan

NO_TEAM = "none"
#: "<key of the team>|<day>" as the page showed it
_SHOWN = re.compile(r"\A\d*\|(\d{4}-\d\d-\d\d)?(\|[a-z_]{1,10})?\Z")


class PlanForm(forms.Form):
    """The way, the team and the day for the wards that are ticked. Others stay as they are."""

    way = forms.ChoiceField(
        label=gettext_lazy("Way of inspection"),
        required=False,
        choices=[("", gettext_lazy("leave the way as it is")), *Enrolment.Way.choices],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the ways offered.")},
    )
    team = forms.ChoiceField(
        label=gettext_lazy("Team"),
        required=False,
        choices=[],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the teams offered.")},
    )
    planned_on = Day(label=gettext_lazy("Planned day"), required=False)
    per_day = NumberField(
        label=gettext_lazy("Wards a day"),
        digits=2,
        required=False,
        help_text=gettext_lazy("Spreads them over working days from this day on."),
    )
    no_day = forms.BooleanField(label=gettext_lazy("Take the day away"), required=False)

    def __init__(self, *args: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["team"].choices = [
            ("", _("leave the team as it is")),
            (NO_TEAM, _("no team")),
            *((key, team.name) for key, team in self.teams.items()),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        team, day, per_day, no_day = (cleaned[name] for name in ("team", "planned_on", "per_day", "no_day"))
        if no_day and day:
            self.add_error("planned_on", _("Either name a day or take the day away."))
        if per_day == 0:
            self.add_error("per_day", _("At least one ward a day."))
        elif per_day and not day:
            self.add_error("planned_on", _("Name the first day."))
        elif not (team or day or no_day or cleaned["way"]):
            self.add_error("team", _("Choose a team, a day or a way of inspection."))
        return cleaned

    @property
    def plan(self) -> Plan:
        cleaned = self.cleaned_data
        return Plan(
            sets_team=bool(cleaned["team"]),
            team=self.teams.get(cleaned["team"]),
            sets_day=cleaned["no_day"] or cleaned["planned_on"] is not None,
            planned_on=cleaned["planned_on"],
            per_day=cleaned["per_day"],
            way=cleaned["way"],
            workdays=SwappedDay.objects.workdays() if cleaned["per_day"] else Workdays(),
        )


class WardPlanForm(forms.Form):
    """Way, team and day of one ward, as they shall be."""

    way = forms.ChoiceField(
        label=gettext_lazy("Way of inspection"),
        choices=Enrolment.Way.choices,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the ways offered.")},
    )
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False, choices=[])
    planned_on = Day(label=gettext_lazy("Planned day"), required=False)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["team"].choices = [("", _("no team")), *((key, team.name) for key, team in self.teams.items())]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_visit = cleaned.get("team") or cleaned.get("planned_on")
        if is_visit and cleaned.get("way") == self.initial.get("way") == Enrolment.Way.REPORT:
            self.add_error("way", _("No team visits a unit that only reports. Choose another way of inspection."))
        return cleaned

    @property
    def plan(self) -> Plan:
        cleaned = self.cleaned_data
        return Plan(
            sets_team=True,
            team=self.teams.get(cleaned["team"]),
            sets_day=True,
            planned_on=cleaned["planned_on"],
            way=cleaned["way"],
        )


def ticked(values: list[str]) -> dict[int, str]:
    """Return the ticked wards of the plan, each with what the page showed of it:
    "<key>:<team>|<day>"."""
    shown_by_ward = {}
    for value in values:
        key, _colon, shown = value.partition(":")
        if key.isdecimal() and len(key) < 19 and _SHOWN.match(shown):
            shown_by_ward[int(key)] = shown
    return shown_by_ward


def keys(values: list[str]) -> list[int]:
    """Return the keys among what a page sent."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


class ExtensionForm(forms.Form):
    """A later deadline for one unit; without a day it is taken back."""

    extended_until = Day(label=gettext_lazy("Deadline of this unit"), required=False)
    extension_ground = CleanText(label=gettext_lazy("Ground of the extension"), limit=1000, lines=True, required=False)


class OverlapForm(forms.Form):
    """Who else inspects a unit this year, and whether it is left out of the plan for it."""

    overlap = forms.ChoiceField(
        label=gettext_lazy("Inspected by others this year"),
        required=False,
        choices=[("", gettext_lazy("nobody else")), *Enrolment.Overlap.choices],
    )
    overlap_source = CleanText(
        label=gettext_lazy("Source of information"),
        limit=300,
        required=False,
        help_text=gettext_lazy("Agency, document or plan, and when."),
    )
    left_out_reason = CleanText(
        label=gettext_lazy("Leave it out of the plan, because"),
        limit=1000,
        lines=True,
        required=False,
        help_text=gettext_lazy("Left empty, the unit stays in the plan."),
    )
