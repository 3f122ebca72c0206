"""Refuse forms that were opened before a colleague changed the same row."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from archiveportal.fields import show_refusal
from archiveportal.history.services import Stale, digest


class MadeOn:
    """Add the digest of the stored row to a model form.

    Nobody then overwrites the changes of a colleague without seeing them.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            shown = digest(self.instance, self._meta.fields)
            self.fields["made_on"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=shown)

    def refuse(self, refusal: ValidationError) -> None:
        """Show what a colleague changed meanwhile, or the refusal beside the fields that it is about."""
        if isinstance(refusal, Stale):
            self.show_again(refusal)
        else:
            show_refusal(self, refusal)

    def show_again(self, refusal: ValidationError) -> None:
        """Show the refusal and keep what was typed, with the digest of the row as it is now."""
        self.add_error(None, refusal)
        self.data = self.data.copy()
        stored = type(self.instance).objects.get(pk=self.instance.pk)
        self.data["made_on"] = digest(stored, self._meta.fields)
