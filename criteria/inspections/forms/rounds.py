"""Forms of rounds: the round itself, its documents, its teams, and the plan of the visits."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, NumberField, Upload
from archiveportal.files.services import ACCEPTED_DOCUMENTS
from archiveportal.history.forms import MadeOn
from archiveportal.history.services import digest
from archiveportal.vietnamese import search_key
from criteria.inspections.models import Round, RoundDocument, Team
from criteria.inspections.services.documents import DOCUMENT_FIELDS, DOCUMENT_STATE
from criteria.inspections.services.rounds import RESERVED_CODES, ROUND_FIELDS
from criteria.inspections.services.teams import PART, Member, Plan, members_of
from criteria.models import CriteriaSet
from wards.models import Grouping

REQUIRED = {"required": gettext_lazy("This cannot be left empty.")}
NO_TEAM = "none"
#: "<key of the team>|<day>" as the page showed it
_SHOWN = re.compile(r"\A\d*\|(\d{4}-\d\d-\d\d)?\Z")


def code_of(name: str) -> str:
    """Return the code that a name proposes: "Đợt 1 năm 2026" is dot-1-nam-2026."""
    return slugify(search_key(name))[:40].strip("-")


class SetChoice(forms.ModelChoiceField):
    def label_from_instance(self, criteria_set: CriteriaSet) -> str:
        version = _("version %(number)s") % {"number": criteria_set.version}
        return f"{criteria_set.name} ({version}, {criteria_set.get_status_display()})"


class RoundForm(MadeOn, forms.ModelForm):
    """A round that is opened or changed. The code is part of its addresses: it is chosen once."""

    name = CleanText(
        label=gettext_lazy("Name of the round"),
        limit=200,
        error_messages={"required": gettext_lazy("Enter the name of the round.")},
    )
    code = CleanText(
        label=gettext_lazy("Code"),
        limit=40,
        required=False,
        help_text=gettext_lazy("Part of the address of the round. Left empty, it is made from the name."),
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
                gettext_lazy("Small letters without diacritics, digits and hyphens, for example dot-1-2026."),
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-code": ""}),
    )
    criteria_set = SetChoice(
        label=gettext_lazy("Criteria set"),
        queryset=CriteriaSet.objects.none(),
        empty_label=gettext_lazy("choose"),
        error_messages={
            "required": gettext_lazy("Choose the criteria set."),
            "invalid_choice": gettext_lazy("Choose one of the criteria sets offered."),
        },
    )
    starts_on = Day(label=gettext_lazy("First day"), error_messages=REQUIRED)
    ends_on = Day(label=gettext_lazy("Last day"), error_messages=REQUIRED)
    deadline = Day(
        label=gettext_lazy("Deadline"),
        required=False,
        help_text=gettext_lazy("Last day for submitting the checklists."),
    )
    legal_basis = CleanText(label=gettext_lazy("Legal basis"), limit=2000, lines=True, required=False)
    asks_self_assessment = forms.BooleanField(
        label=gettext_lazy("The units assess themselves first"),
        required=False,
        help_text=gettext_lazy("The units answer the same checklist. Only the answers of the team score."),
    )
    self_assessment_due = Day(label=gettext_lazy("Self-assessment until"), required=False)

    grouping = forms.ModelChoiceField(
        label=gettext_lazy("Way of grouping"),
        queryset=Grouping.objects.none(),
        required=False,
        empty_label=gettext_lazy("no grouping"),
        help_text=gettext_lazy("Lists, filters, subtotals and papers of the round follow it. It gives no rights."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the ways of grouping offered.")},
    )

    class Meta:
        model = Round
        fields = ROUND_FIELDS

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        # Without that box no day is needed; with it the day is not optional.
        self.fields["self_assessment_due"].needed_when = _("needed if the units assess themselves")
        usable = CriteriaSet.objects.visible_to(user).exclude(status=CriteriaSet.Status.REPLACED)
        if self.instance.pk:
            del self.fields["code"]
            usable |= CriteriaSet.objects.visible_to(user).filter(pk=self.instance.criteria_set_id)
        self.fields["criteria_set"].queryset = usable.order_by("code", "-version")
        self._offer_groupings(user)

    def _offer_groupings(self, user: Any) -> None:
        """Offer the ways of grouping; without any there is nothing to choose."""
        groupings = Grouping.objects.visible_to(user)
        if groupings:
            self.fields["grouping"].queryset = groupings
        else:
            del self.fields["grouping"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last, deadline = (cleaned.get(name) for name in ("starts_on", "ends_on", "deadline"))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not come before the first day."))
        if first and deadline and deadline < first:
            self.add_error("deadline", _("The deadline must not come before the first day."))
        self._clean_self_assessment(cleaned, first, deadline or last)
        if "code" in self.fields and not self.errors.get("code"):
            self._clean_code(cleaned)
        return cleaned

    def _clean_self_assessment(self, cleaned: dict[str, Any], first: Any, end: Any) -> None:
        due = cleaned.get("self_assessment_due")
        if not cleaned.get("asks_self_assessment"):
            if "self_assessment_due" not in self.errors:
                cleaned["self_assessment_due"] = None
        elif due is None and "self_assessment_due" not in self.errors:
            self.add_error("self_assessment_due", _("Say until when the units assess themselves."))
        elif due and first and end and not first <= due <= end:
            self.add_error("self_assessment_due", _("This day has to lie between the first day and the deadline."))

    def _clean_code(self, cleaned: dict[str, Any]) -> None:
        code = cleaned.get("code") or code_of(cleaned.get("name", ""))
        if code in RESERVED_CODES:
            self.add_error("code", _("This code is needed for an address of the portal. Choose another one."))
        elif not code and "name" not in self.errors:
            self.add_error("code", _("No code can be made from this name. Type one, for example dot-1-2026."))
        cleaned["code"] = self.instance.code = code


class ReasonForm(forms.Form):
    reason = CleanText(label=gettext_lazy("Reason"), limit=2000, lines=True, error_messages=REQUIRED)


class ReopenWardForm(ReasonForm):
    until = Day(label=gettext_lazy("Open again until"), error_messages=REQUIRED)
    field_order = ("until", "reason")


class DocumentForm(MadeOn, forms.ModelForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of document"),
        choices=RoundDocument.Kind.choices,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the kinds offered.")},
    )
    number = CleanText(
        label=gettext_lazy("Number of the document"),
        limit=60,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "1234/KH-SNV"}),
    )
    issued_on = Day(label=gettext_lazy("Date of the document"), error_messages=REQUIRED)
    title = CleanText(label=gettext_lazy("Subject"), limit=300, required=False)
    upload = Upload(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("PDF, Word (.docx, .doc) or Excel (.xlsx, .xls), 15 MB at most."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED_DOCUMENTS}),
        # What is wrong with an empty file is said where it is taken in.
        allow_empty_file=True,
    )

    class Meta:
        model = RoundDocument
        fields = DOCUMENT_FIELDS

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["made_on"].initial = digest(self.instance, DOCUMENT_STATE)

    def show_again(self, refusal: Any) -> None:
        super().show_again(refusal)
        self.data["made_on"] = digest(RoundDocument.objects.get(pk=self.instance.pk), DOCUMENT_STATE)


class MemberForm(forms.Form):
    part = forms.ChoiceField(
        label=gettext_lazy("Part in the team"),
        choices=PART.choices,
        initial=PART.MEMBER,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the parts offered.")},
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Account"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("no account"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the accounts offered.")},
    )
    full_name = CleanText(label=gettext_lazy("Full name"), limit=120, required=False)
    position = CleanText(label=gettext_lazy("Position, office"), limit=200, required=False)

    def __init__(self, *args: Any, people: QuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people
        # One list of people for all rows: each field would ask for it again.
        self.fields["person"].choices = [("", _("no account")), *((person.pk, str(person)) for person in people)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("person") and cleaned.get("position") and not cleaned.get("full_name"):
            self.add_error("full_name", _("Enter the name, or choose an account."))
        return cleaned

    @property
    def member(self) -> Member | None:
        """Return the person of this row; None for a row that was left empty."""
        cleaned = self.cleaned_data
        name = str(cleaned["person"]) if cleaned["person"] else cleaned["full_name"]
        return Member(cleaned["part"], name, cleaned["position"], cleaned["person"]) if name else None


class TeamForm(forms.Form):
    """A team with its members: a row for each, and some empty ones. `version` is the one that was shown."""

    name = CleanText(
        label=gettext_lazy("Name of the team"),
        limit=120,
        error_messages={"required": gettext_lazy("Enter the name of the team.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    rows = forms.IntegerField(widget=forms.HiddenInput, required=False)
    EMPTY, MOST = 4, 40

    def __init__(self, team: Team | None, *, people: QuerySet, data: Any = None) -> None:
        self.team = team
        stored = members_of(team) if team else []
        shown = [
            {"part": m.part, "person": m.person and m.person.pk, "full_name": m.full_name, "position": m.position}
            for m in stored
        ] or [{"part": PART.HEAD}, {"part": PART.SECRETARY}]
        typed = data.get("rows", "") if data is not None else ""
        count = int(typed) if typed.isdecimal() and len(typed) < 3 else 0
        count = min(max(count, len(shown) + self.EMPTY), self.MOST)
        shown += [{"part": PART.MEMBER}] * (count - len(shown))
        initial = {"name": team.name, "version": team.version} if team else {}
        super().__init__(data, initial=initial | {"rows": count})
        self.members = [
            MemberForm(data, prefix=f"m{place}", initial=row, people=people) for place, row in enumerate(shown)
        ]

    def is_valid(self) -> bool:
        # Every row is validated, so that every fault is shown at once.
        return all([super().is_valid(), *(row.is_valid() for row in self.members)])

    @property
    def chosen(self) -> list[Member]:
        return [row.member for row in self.members if row.member]

    def show_again(self, refusal: Any, team: Team | None) -> None:
        """Shows the refusal; what was typed stays, based on the team as it is now."""
        self.add_error("name" if "name" in getattr(refusal, "error_dict", {}) else None, refusal.messages)
        if team:
            self.data = self.data.copy()
            self.data["version"] = team.version


class PlanForm(forms.Form):
    """The team and the day for the wards that are ticked. Others stay as they are."""

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
        elif not (team or day or no_day):
            self.add_error("team", _("Choose a team or a day."))
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
        )


class WardPlanForm(forms.Form):
    """Team and day of one ward, as they shall be."""

    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False, choices=[])
    planned_on = Day(label=gettext_lazy("Planned day"), required=False)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, teams: list[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        self.teams = {str(team.pk): team for team in teams}
        self.fields["team"].choices = [("", _("no team")), *((key, team.name) for key, team in self.teams.items())]

    @property
    def plan(self) -> Plan:
        cleaned = self.cleaned_data
        return Plan(
            sets_team=True, team=self.teams.get(cleaned["team"]), sets_day=True, planned_on=cleaned["planned_on"]
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
