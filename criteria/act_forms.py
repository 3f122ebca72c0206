"""Forms for legal acts, and for the acts that a criterion cites."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.models import User
from archiveportal.fields import CleanText, Day
from archiveportal.history.forms import MadeOn
from criteria.act_services import ACT_FIELDS
from criteria.models import CriteriaSet, Criterion, LegalAct

REQUIRED = {"required": _("This cannot be left empty.")}


class ActForm(MadeOn, forms.ModelForm):
    """One act; `made_on` tells what it was when the form was opened."""

    number = CleanText(
        label=_("Number and symbol"), limit=60, error_messages=REQUIRED, help_text=_("For example 30/2020/NĐ-CP.")
    )
    kind = CleanText(
        label=_("Kind of act"), limit=40, error_messages=REQUIRED, help_text=_("For example Nghị định, Thông tư.")
    )
    title = CleanText(label=_("Title of the act"), limit=300, error_messages=REQUIRED)
    issuer = CleanText(label=_("Issued by"), limit=120, error_messages=REQUIRED)
    issued_on = Day(label=_("Issued on"), error_messages=REQUIRED)
    in_force_from = Day(label=_("In force from"), required=False)
    in_force_to = Day(label=_("Last day in force"), required=False, help_text=_("Leave empty while it is in force."))
    replaced_by = forms.ModelChoiceField(
        label=_("Replaced by"), queryset=LegalAct.objects.none(), required=False, empty_label=_("none")
    )
    source = CleanText(
        label=_("Source of the act"), limit=200, required=False, help_text=_("Where the days and the title are from.")
    )

    class Meta:
        model = LegalAct
        fields = ACT_FIELDS

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self.fields["replaced_by"], LegalAct.objects.visible_to(user).exclude(pk=self.instance.pk))


def _offer(field: forms.Field, rows: QuerySet) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class CitationForm(forms.Form):
    criterion = forms.ModelChoiceField(
        label=_("Criterion"),
        queryset=Criterion.objects.none(),
        empty_label=_("choose"),
        error_messages={"required": _("Choose the criterion."), "invalid_choice": _("Choose one of this set.")},
    )
    act = forms.ModelChoiceField(
        label=_("Legal act"),
        queryset=LegalAct.objects.none(),
        empty_label=_("choose"),
        error_messages={"required": _("Choose the act."), "invalid_choice": _("Choose one of the acts offered.")},
    )
    articles = CleanText(
        label=_("Articles"), limit=120, required=False, help_text=_("For example: Điều 15, khoản 2. Empty: all of it.")
    )

    def __init__(self, data: Any = None, *, criteria_set: CriteriaSet, user: User) -> None:
        super().__init__(data)
        _offer(self.fields["act"], LegalAct.objects.visible_to(user))
        _offer(self.fields["criterion"], criteria_set.criteria.all())
