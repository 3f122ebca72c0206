"""The form for what a round costs at its units."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from archiveportal.fields import NumberField
from criteria.inspections.models import Round
from criteria.inspections.services.round_funding import DIGITS


class RoundFundingForm(forms.Form):
    """An amount once recorded is corrected, not blanked: nothing spent is 0."""

    amount = NumberField(
        label=_("Amount (đồng)"),
        digits=DIGITS,
        help_text=_("For all units of the round together, as the report states it."),
        error_messages={"required": _("Write 0 if nothing was spent; an amount on record is not left empty.")},
    )
    shown = NumberField(digits=DIGITS, required=False, widget=forms.HiddenInput)

    def show_again(self, refusal: ValidationError, inspection_round: Round) -> None:
        """Show the refusal and keep what was typed, on top of the amount as it is now."""
        self.add_error("amount", refusal.messages)
        self.data = self.data.copy()
        now = Round.objects.get(pk=inspection_round.pk).funding
        self.data["shown"] = "" if now is None else f"{now:f}"
