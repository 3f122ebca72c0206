"""The crosswalk as a form: a line for each criterion of the new set, with the codes of what it comes from."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from criteria.building.services.crosswalk import Crosswalk, CrosswalkLine, proposed
from criteria.models import Criterion, Crossing

#: lines on one page
PAGE = 100
RELATIONS = [("", gettext_lazy("not decided")), *(pair for pair in Crossing.Relation.choices if pair[0] != "dropped")]


class CrosswalkForm(forms.Form):
    """The lines of one page, and which criteria before it are dropped."""

    made_on = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, crosswalk: Crosswalk, *, number: int, data: Any = None) -> None:
        super().__init__(data, initial={"made_on": crosswalk.digest})
        self.crosswalk = crosswalk
        self.by_code = {row.code.upper(): row for row in crosswalk.old}
        self.shown = crosswalk.lines[(number - 1) * PAGE : number * PAGE]
        for line in self.shown:
            suggested = proposed(line, crosswalk.old)
            relation, old = self._names(line.new)
            self.fields[relation] = forms.ChoiceField(choices=RELATIONS, required=False, initial=suggested.relation)
            self.fields[old] = forms.CharField(
                required=False, max_length=200, initial=", ".join(row.code for row in suggested.old)
            )
        dropped = [row.pk for row in crosswalk.old if row.pk in crosswalk.dropped]
        self.fields["dropped"] = forms.MultipleChoiceField(
            choices=[(row.pk, str(row)) for row in self.droppable], required=False, initial=dropped
        )

    @property
    def droppable(self) -> list[Criterion]:
        """Return the criteria before it that no line names."""
        without = {row.pk for row in self.crosswalk.without_successor} | self.crosswalk.dropped
        return [row for row in self.crosswalk.old if row.pk in without]

    @property
    def ticked(self) -> set[int]:
        """Return the keys of the criteria that the page shows as dropped."""
        return {int(key) for key in self["dropped"].value() or [] if str(key).isdecimal()}

    @staticmethod
    def _names(criterion: Criterion) -> tuple[str, str]:
        return f"r{criterion.pk}", f"o{criterion.pk}"

    def rows(self) -> list[dict[str, Any]]:
        """Return each line with its fields, and whether what it shows is only proposed."""
        return [
            {
                "line": line,
                "relation": self[self._names(line.new)[0]],
                "old": self[self._names(line.new)[1]],
                "is_proposed": not line.relation and bool(proposed(line, self.crosswalk.old).relation),
            }
            for line in self.shown
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for line in self.shown:
            name = self._names(line.new)[1]
            unknown = [code for code in _codes(cleaned.get(name, "")) if code not in self.by_code]
            if unknown:
                message = _("Not in the set before: %(codes)s.") % {"codes": ", ".join(unknown)}
                self.add_error(name, message)
        return cleaned

    @property
    def lines(self) -> list[CrosswalkLine]:
        return [self._typed(line.new) for line in self.shown]

    def _typed(self, criterion: Criterion) -> CrosswalkLine:
        relation, old = self._names(criterion)
        codes = dict.fromkeys(_codes(self.cleaned_data[old]))
        return CrosswalkLine(criterion, tuple(self.by_code[code] for code in codes), self.cleaned_data[relation])

    @property
    def dropped(self) -> list[Criterion]:
        """Return what is dropped: as ticked, without what a line of this page names now."""
        keys = set(self.cleaned_data["dropped"])
        return [row for row in self.crosswalk.old if str(row.pk) in keys]

    def show_current_digest(self, crosswalk: Crosswalk) -> None:
        self.data = self.data.copy()
        self.data["made_on"] = crosswalk.digest


def _codes(typed: str) -> list[str]:
    return [code.upper() for code in re.split(r"[\s,;]+", typed) if code]
