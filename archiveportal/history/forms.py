"""What forms of stored rows share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from archiveportal.history.services import digest


class MadeOn:
    """A form of a stored row: it carries what it was made on, so that nobody overwrites a colleague unseen."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            shown = digest(self.instance, self._meta.fields)
            self.fields["made_on"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=shown)

    def show_again(self, refusal: ValidationError) -> None:
        """Shows the refusal; what was typed stays, based on the row as it is now."""
        self.add_error(None, refusal)
        self.data = self.data.copy()
        self.data["made_on"] = digest(type(self.instance).objects.get(pk=self.instance.pk), self._meta.fields)
