"""The crosswalk as a form: a line for each criterion of the new set, with the codes of what it comes from."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archiveportal.fields import CleanText
from criteria.building.services.crosswalk import NOTE_LIMIT, Crosswalk, CrosswalkLine, Proposals
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
        proposals = Proposals(crosswalk.old)
        self.proposed = [proposals.fill_in(line) for line in self.shown]
        for line in self.proposed:
            self._add_fields(line)
        dropped = [row.pk for row in crosswalk.old if row.pk in crosswalk.dropped]
        self.fields["dropped"] = forms.MultipleChoiceField(
            choices=[(row.pk, str(row)) for row in self.droppable], required=False, initial=dropped
        )
        for row in self.droppable:
            self.fields[f"d{row.pk}"] = _note_field(crosswalk.dropped_notes.get(row.pk, ""))

    def _add_fields(self, line: CrosswalkLine) -> None:
        """Add the fields of a line, as it is decided or proposed."""
        relation, old, note = self._names(line.new)
        self.fields[relation] = forms.ChoiceField(choices=RELATIONS, required=False, initial=line.relation)
        self.fields[old] = CleanText(limit=200, required=False, initial=", ".join(row.code for row in line.old))
        self.fields[note] = _note_field(line.note)

    @property
    def droppable(self) -> list[Criterion]:
        """Return the criteria before it that no line names."""
        without = {row.pk for row in self.crosswalk.without_successor} | self.crosswalk.dropped
        return [row for row in self.crosswalk.old if row.pk in without]

    @property
    def ticked(self) -> set[int]:
        """Return the keys of the criteria that the page shows as dropped."""
        return {int(key) for key in self["dropped"].value() or [] if str(key).isdecimal()}

    def dropped_rows(self) -> list[dict[str, Any]]:
        """Return each criterion that may be dropped with its field for why."""
        ticked = self.ticked
        return [{"old": row, "is_ticked": row.pk in ticked, "note": self[f"d{row.pk}"]} for row in self.droppable]

    @staticmethod
    def _names(criterion: Criterion) -> tuple[str, str, str]:
        return f"r{criterion.pk}", f"o{criterion.pk}", f"n{criterion.pk}"

    def rows(self) -> list[dict[str, Any]]:
        """Return each line with its fields, and whether what it shows is only proposed."""
        return [self._row(line, proposed) for line, proposed in zip(self.shown, self.proposed, strict=True)]

    def _row(self, line: CrosswalkLine, proposed: CrosswalkLine) -> dict[str, Any]:
        relation, old, note = self._names(line.new)
        return {
            "line": line,
            "relation": self[relation],
            "old": self[old],
            "note": self[note],
            "is_proposed": not line.relation and bool(proposed.relation),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for line in self.shown:
            name = self._names(line.new)[1]
            unknown = [code for code in _codes(cleaned.get(name, "")) if code not in self.by_code]
            if unknown:
                message = _("Not in the set before: %(codes)s.") % {"codes": ", ".join(unknown)}
                self.add_error(name, message)
        self._refuse_notes_of_others(cleaned)
        return cleaned

    def _refuse_notes_of_others(self, cleaned: dict[str, Any]) -> None:
        """Refuse a new note of why a criterion is dropped where it is not: it would be kept nowhere."""
        ticked = set(cleaned.get("dropped", []))
        for row in self.droppable:
            note = cleaned.get(f"d{row.pk}", "")
            if note and str(row.pk) not in ticked and note != self.crosswalk.dropped_notes.get(row.pk):
                self.add_error(f"d{row.pk}", _("Tick the criterion as dropped, or clear what is written here."))

    @property
    def lines(self) -> list[CrosswalkLine]:
        return [self._typed(line.new) for line in self.shown]

    def _typed(self, criterion: Criterion) -> CrosswalkLine:
        relation, old, note = (self.cleaned_data[name] for name in self._names(criterion))
        codes = dict.fromkeys(_codes(old))
        return CrosswalkLine(criterion, tuple(self.by_code[code] for code in codes), relation, note)

    @property
    def dropped(self) -> list[Criterion]:
        """Return what is dropped: as ticked, without what a line of this page names now."""
        keys = set(self.cleaned_data["dropped"])
        return [row for row in self.crosswalk.old if str(row.pk) in keys]

    @property
    def dropped_notes(self) -> dict[int, str]:
        """Return why each of them is dropped, by its key."""
        return {row.pk: self.cleaned_data[f"d{row.pk}"] for row in self.droppable}

    def show_current_digest(self, crosswalk: Crosswalk) -> None:
        self.data = self.data.copy()
        self.data["made_on"] = crosswalk.digest


def _note_field(note: str) -> CleanText:
    """Return a field for a note; one of several rows that was longer before may stay as it is."""
    return CleanText(limit=max(NOTE_LIMIT, len(note)), required=False, initial=note)


def _codes(typed: str) -> list[str]:
    return [code.upper() for code in re.split(r"[\s,;]+", typed) if code]
