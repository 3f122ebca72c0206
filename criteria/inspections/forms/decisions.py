"""Forms of decisions on specialised inspections, and of what becomes of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, NumberField
from archiveportal.history.forms import MadeOn
from criteria.inspections.models import (
    Decision,
    DecisionUnit,
    Enrolment,
    Extension,
    Round,
    Suspension,
    Team,
    TeamChange,
    TeamMember,
)
from criteria.inspections.services.decisions import DECISION_FIELDS
from wards.titles import TitledWard

REQUIRED = {"required": gettext_lazy("This cannot be left empty.")}
CHOICE = {"required": gettext_lazy("Choose one."), "invalid_choice": gettext_lazy("Choose one of those offered.")}
#: the title that a decision begins with; whoever writes it changes it
USUAL_TITLE = "Kiểm tra chuyên ngành việc chấp hành pháp luật về văn thư, lưu trữ"


def _lines(label: Any, *, limit: int, **options: Any) -> CleanText:
    return CleanText(label=label, limit=limit, lines=True, **options)


class UnitChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, enrolment: Enrolment) -> str:
        ward: TitledWard = enrolment.ward
        return ward.full_title


class OneUnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: DecisionUnit) -> str:
        ward: TitledWard = unit.enrolment.ward
        return ward.full_title


class InspectionDecisionForm(MadeOn, forms.ModelForm):
    """A decision and the units that it names; of an issued one only the days and the signer change."""

    title = CleanText(label=gettext_lazy("Title of the decision"), limit=300, error_messages=REQUIRED)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Inspection team"),
        queryset=Team.objects.none(),
        empty_label=gettext_lazy("choose"),
        error_messages=CHOICE,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground (art. 11.2)"),
        choices=[("", gettext_lazy("choose")), *Decision.Ground.choices],
        error_messages=CHOICE,
    )
    grounds = _lines(
        gettext_lazy("Grounds in words"),
        limit=4000,
        help_text=gettext_lazy("A line for each “Căn cứ”: plan, direction or signs, with number and day."),
        error_messages={"required": gettext_lazy("A decision on an inspection needs its ground (art. 11.2).")},
    )
    contents = _lines(gettext_lazy("Scope and content of the inspection"), limit=4000, error_messages=REQUIRED)
    period_from = Day(label=gettext_lazy("Inspected period from"), required=False)
    period_to = Day(label=gettext_lazy("Inspected period to"), required=False)
    days_allowed = NumberField(
        label=gettext_lazy("Days of the inspection"),
        digits=2,
        help_text=gettext_lazy("10 days at most, counted from the announcement (art. 13.2b)."),
        error_messages=REQUIRED,
    )
    clock_starts = forms.ChoiceField(
        label=gettext_lazy("The days begin"), choices=Decision.ClockStarts.choices, error_messages=CHOICE
    )
    signer_title = CleanText(label=gettext_lazy("Title of who decides"), limit=200, required=False)
    signer_name = CleanText(label=gettext_lazy("Name of who decides"), limit=120, required=False)
    units = UnitChoice(
        label=gettext_lazy("Inspected units"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose the units that the decision names.")},
    )

    class Meta:
        model = Decision
        fields = DECISION_FIELDS

    def __init__(self, *args: Any, inspection_round: Round, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = inspection_round.teams.all()
        rows = inspection_round.enrolments.exclude(way=Enrolment.Way.REPORT).exclude(is_left_out=True)
        taken = DecisionUnit.objects.filter(decision__voided_at__isnull=True, decision__round=inspection_round)
        if not self.is_bound:
            # The service names the unit that another decision has; the same form may come twice.
            rows = rows.exclude(pk__in=taken.exclude(decision=self.instance.pk).values("enrolment"))
        self.fields["units"].queryset = rows.select_related("ward__district").order_by("position")
        if self.instance.pk:
            self.initial["units"] = list(self.instance.units.values_list("enrolment", flat=True))
        else:
            # The blank title of a new row is among the initial values already.
            self.initial["title"] = self.initial.get("title") or USUAL_TITLE

    def _post_clean(self) -> None:
        """Leave what is wrong to the service, which says it at the same fields."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class PaperForm(forms.Form):
    """Number and day of the paper by which something is done."""

    number = CleanText(label=gettext_lazy("Number of the document"), limit=60, error_messages=REQUIRED)
    issued_on = Day(label=gettext_lazy("Date of the document"), error_messages=REQUIRED)


class AnnounceForm(forms.Form):
    announced_on = Day(label=gettext_lazy("Announced on"), error_messages=REQUIRED)
    is_confirmed = forms.BooleanField(
        label=gettext_lazy("The head was at both units that day"), required=False, widget=forms.CheckboxInput
    )


class PeriodExtensionForm(PaperForm):
    days = NumberField(label=gettext_lazy("Days of the extension"), digits=2, error_messages=REQUIRED)
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground (art. 13.2b)"),
        choices=[("", gettext_lazy("choose")), *Extension.Ground.choices],
        error_messages=CHOICE,
    )
    words = _lines(gettext_lazy("Reason of the extension"), limit=2000, error_messages=REQUIRED)
    field_order = ("days", "ground", "words", "number", "issued_on")


class SuspensionForm(PaperForm):
    """A pause or a stop; without a unit it concerns all of the decision."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Suspension.Kind.choices, error_messages=CHOICE)
    unit = OneUnitChoice(
        label=gettext_lazy("Unit"),
        queryset=DecisionUnit.objects.none(),
        required=False,
        empty_label=gettext_lazy("all units of the decision"),
        error_messages=CHOICE,
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground (art. 7.2đ)"),
        choices=[("", gettext_lazy("choose")), *Suspension.Ground.choices],
        error_messages=CHOICE,
    )
    reason = _lines(
        gettext_lazy("Reason"),
        limit=2000,
        error_messages={"required": gettext_lazy("Say why the inspection is paused or stopped.")},
    )
    from_on = Day(label=gettext_lazy("From"), error_messages=REQUIRED)
    until_on = Day(
        label=gettext_lazy("Last day of the pause"),
        required=False,
        help_text=gettext_lazy("Left empty while it is not known."),
    )
    field_order = ("kind", "unit", "ground", "reason", "from_on", "until_on", "number", "issued_on")

    def __init__(self, *args: Any, decision: Decision, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = decision.units.select_related("enrolment__ward__district")


class ResumeForm(forms.Form):
    until_on = Day(label=gettext_lazy("Last day of the pause"), error_messages=REQUIRED)


class TeamChangeForm(PaperForm):
    leaves = forms.ModelChoiceField(
        label=gettext_lazy("Who leaves"),
        queryset=TeamMember.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody"),
        error_messages=CHOICE,
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Part in the team"), choices=TeamMember.Part.choices, error_messages=CHOICE
    )
    comes_person = forms.ModelChoiceField(
        label=gettext_lazy("Who comes: account"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody, or without an account"),
        error_messages=CHOICE,
    )
    comes_name = CleanText(
        label=gettext_lazy("Who comes: name"),
        limit=120,
        required=False,
        help_text=gettext_lazy("Taken from the account, if one is chosen."),
    )
    comes_position = CleanText(label=gettext_lazy("Position, office"), limit=200, required=False)
    reason = _lines(
        gettext_lazy("Reason"), limit=2000, error_messages={"required": gettext_lazy("Say why the team is changed.")}
    )
    is_confirmed = forms.BooleanField(
        label=gettext_lazy("The new head is meant, although that person is with another team on a planned day"),
        required=False,
    )
    field_order = ("leaves", "part", "comes_person", "comes_name", "comes_position", "reason", "number", "issued_on")

    def __init__(self, *args: Any, decision: Decision, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["leaves"].queryset = decision.team.members.all()
        self.fields["comes_person"].queryset = people

    def change_of(self, decision: Decision) -> TeamChange:
        """Return the change as typed, with name and position of the chosen account."""
        cleaned = self.cleaned_data
        person = cleaned["comes_person"]
        return TeamChange(
            decision=decision,
            part=cleaned["part"],
            comes_person=person,
            comes_name=person.full_name if person else cleaned["comes_name"],
            comes_position=cleaned["comes_position"] or (person.position if person else ""),
            reason=cleaned["reason"],
            number=cleaned["number"],
            issued_on=cleaned["issued_on"],
        )


#: what a person answers to whether a pause moves the last day
MOVES = {"yes": True, "no": False, "": None}


class PauseForm(forms.Form):
    moves_end = forms.ChoiceField(
        label=gettext_lazy("Which last day counts?"),
        required=False,
        choices=[
            ("", gettext_lazy("not decided yet: the earlier one")),
            ("no", gettext_lazy("the one without the pause")),
            ("yes", gettext_lazy("the one moved by the pause")),
        ],
        error_messages=CHOICE,
    )

    def clean_moves_end(self) -> bool | None:
        return MOVES[self.cleaned_data["moves_end"]]


def pause_value(decision: Decision) -> str:
    """Return the choice of `PauseForm` that a decision has."""
    return next(key for key, value in MOVES.items() if value is decision.pause_moves_end)


class VoidDecisionForm(forms.Form):
    reason = _lines(
        gettext_lazy("Reason"),
        limit=2000,
        error_messages={"required": gettext_lazy("Say why the decision is voided.")},
    )


NO_TEAMS = gettext_lazy("Make a team first; a decision names it.")


def lacking_for_a_decision(inspection_round: Round) -> str:
    """Say why no decision of this round can be written yet; blank where it can."""
    if not inspection_round.is_specialised:
        return _("This round is inspection and guidance. Only a specialised inspection goes by a decision.")
    return "" if inspection_round.teams.exists() else str(NO_TEAMS)
