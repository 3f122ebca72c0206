"""Forms of rounds: the round itself, its documents and its teams."""

from __future__ import annotations

from itertools import count
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day, Upload
from archiveportal.files.services import ACCEPTED_DOCUMENTS
from archiveportal.history.forms import MadeOn
from archiveportal.history.services import digest
from archiveportal.own_words import own_lazy
from criteria.inspections.models import Round, RoundDocument, Team
from criteria.inspections.services.documents import DOCUMENT_FIELDS, DOCUMENT_STATE
from criteria.inspections.services.rounds import RESERVED_CODES, ROUND_FIELDS
from criteria.inspections.services.teams import PART, Member, members_of
from criteria.models import CriteriaSet
from wards.models import Grouping

REQUIRED = {"required": gettext_lazy("This cannot be left empty.")}
#: longest code of a new round; it is read out on the telephone and stands in every address
CODE_LENGTH = 20


def next_code(year: int) -> str:
    """Return the first code of a year that no round has: kt-2026-1."""
    taken = set(codes_of_years())
    return next(code for number in count(1) if (code := f"kt-{year}-{number}") not in taken)


def codes_of_years() -> list[str]:
    """Return the codes made in this way that rounds have, drafts among them: a code is unique."""
    return list(Round.objects.filter(code__startswith="kt-").order_by("code").values_list("code", flat=True))


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
        limit=CODE_LENGTH,
        required=False,
        help_text=gettext_lazy(
            "Part of every address of the round; it does not change later. Left empty, it is made from the year of "
            "the first day, for example kt-2026-1."
        ),
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
                gettext_lazy("Small letters without diacritics, digits and hyphens, for example kt-2026-1."),
            )
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-code": ""}),
    )
    short_name = CleanText(
        label=gettext_lazy("Short name"),
        limit=24,
        required=False,
        help_text=gettext_lazy("For the head of the pages on a phone, for example Đợt 1/2026."),
    )
    is_trial = forms.BooleanField(
        label=gettext_lazy("Trial round"),
        required=False,
        help_text=gettext_lazy(
            "A rehearsal: marked on every page and paper, in no figure and no comparison, and it can be deleted. "
            "It never becomes a round that counts."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of inspection"),
        choices=Round.Kind.choices,
        required=False,
        help_text=gettext_lazy(
            "A specialised inspection goes by decision, announcement and period; papers of guidance print no ground of "
            "Decree 217/2025/NĐ-CP."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the kinds offered.")},
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
    #: shown and asked for once a set is chosen that is only proposed
    uses_proposed = forms.BooleanField(
        label=gettext_lazy("Use the set although it is only proposed"),
        required=False,
        help_text=gettext_lazy("Its criteria can no longer be changed once units are enrolled with it."),
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

    follows = forms.ModelChoiceField(
        label=gettext_lazy("Follows up"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=gettext_lazy("no earlier round: asks everything"),
        help_text=gettext_lazy("It then asks each unit only what was not met there; the rest is taken over."),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the rounds offered.")},
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
            del self.fields["is_trial"]
            usable |= CriteriaSet.objects.visible_to(user).filter(pk=self.instance.criteria_set_id)
        else:
            self.instance.status = Round.Status.DRAFT
            self.fields["code"].widget.attrs["data-taken"] = " ".join(codes_of_years())
        self.fields["criteria_set"].queryset = usable.order_by("code", "-version")
        self._offer_groupings(user)
        self._offer_earlier_rounds(user)

    def _offer_earlier_rounds(self, user: Any) -> None:
        """Offer the rounds that this one may follow up, as long as it is a draft."""
        if not self.instance.is_draft:
            del self.fields["follows"]
            return
        earlier = Round.objects.visible_to(user).begun().exclude(pk=self.instance.pk)
        self.fields["follows"].queryset = earlier

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
        self._ask_for_proposed(cleaned)
        if "code" in self.fields and not self.errors.get("code"):
            self._clean_code(cleaned)
        return cleaned

    def clean_kind(self) -> str:
        """Return the kind that a form chose; a form of before has none and changes none."""
        return self.cleaned_data["kind"] or self.instance.kind

    def _clean_self_assessment(self, cleaned: dict[str, Any], first: Any, end: Any) -> None:
        due = cleaned.get("self_assessment_due")
        if not cleaned.get("asks_self_assessment"):
            if "self_assessment_due" not in self.errors:
                cleaned["self_assessment_due"] = None
        elif due is None and "self_assessment_due" not in self.errors:
            self.add_error("self_assessment_due", _("Say until when the units assess themselves."))
        elif due and first and end and not first <= due <= end:
            self.add_error("self_assessment_due", _("This day has to lie between the first day and the deadline."))

    def _proposed_code(self, cleaned: dict[str, Any]) -> str:
        """Return the code of the same form sent before, else the next of the year; blank without a first day."""
        first = cleaned.get("starts_on")
        if first is None:
            return ""
        same = Round.objects.filter(name=cleaned.get("name"), starts_on=first, code__startswith=f"kt-{first.year}-")
        return same.values_list("code", flat=True).first() or next_code(first.year)

    def _ask_for_proposed(self, cleaned: dict[str, Any]) -> None:
        """Ask once whether a set is meant that nobody has put in force; a trial may use any."""
        chosen = cleaned.get("criteria_set")
        if chosen is None or cleaned.get("is_trial") or self.instance.is_trial or cleaned.get("uses_proposed"):
            return
        if chosen.status == CriteriaSet.Status.PROPOSED and chosen.pk != self.initial.get("criteria_set"):
            self.add_error("uses_proposed", _("This set is only proposed. Tick the box if you mean to use it."))

    def _clean_code(self, cleaned: dict[str, Any]) -> None:
        code = cleaned.get("code") or self._proposed_code(cleaned)
        if code in RESERVED_CODES:
            self.add_error("code", _("This code is needed for an address of the portal. Choose another one."))
        cleaned["code"] = self.instance.code = code
        self.instance.is_trial = cleaned.get("is_trial", False)


def copied_values(source: Round) -> dict[str, Any]:
    """Return what the form of a copy begins with: no name, code or day of the earlier round."""
    names = ("criteria_set", "grouping", "legal_basis", "asks_self_assessment")
    return {name: getattr(source, name) for name in names}


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
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": own_lazy("1234/KH-%(symbol)s")}),
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
