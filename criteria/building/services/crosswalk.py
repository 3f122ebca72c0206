"""How the criteria of a set follow from those of the set that it replaces: proposed, and decided by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import digest_of_values, record, refuse_changed
from archiveportal.refusal import Refused
from archiveportal.vietnamese import search_key
from criteria.building.services.arranging import locked_set
from criteria.models import CriteriaSet, Criterion, Crossing

Relation = Crossing.Relation
#: share of common words from which two criteria are proposed as one, reworded
ALIKE = 0.6
#: characters of the note that is stored with a line
NOTE_LIMIT = 300


@dataclass(frozen=True)
class CrosswalkLine:
    """What one criterion of the new set comes from; without a relation nothing is decided."""

    new: Criterion
    old: tuple[Criterion, ...] = ()
    relation: str = ""
    #: why, in the words of whoever decided it
    note: str = ""

    @property
    def words(self) -> str:
        said = f"{self.new.code}: {self.relation} {', '.join(row.code for row in self.old)}".strip()
        return _with_note(said, self.note)


@dataclass(frozen=True)
class Crosswalk:
    """The decided lines, one for each criterion of the new set, and the criteria before it that are dropped."""

    criteria_set: CriteriaSet
    lines: Sequence[CrosswalkLine]
    old: Sequence[Criterion]
    dropped: frozenset[int]
    #: {key of a dropped criterion: why}
    dropped_notes: Mapping[int, str]

    @property
    def undecided(self) -> list[CrosswalkLine]:
        return [line for line in self.lines if not line.relation]

    @property
    def without_successor(self) -> list[Criterion]:
        """Return the criteria before that no line names and that are not dropped."""
        named = _named_by(self.lines) | self.dropped
        return [row for row in self.old if row.pk not in named]

    @property
    def digest(self) -> str:
        dropped = [f"{key} {self.dropped_notes[key]}" for key in sorted(self.dropped)]
        return digest_of_values([*(line.words for line in self.lines), *dropped])

    @property
    def dropped_words(self) -> list[str]:
        """Return the criteria that are dropped with why, in printed order."""
        return _words_of_dropped(self.old, self.dropped_notes)


def _words_of_dropped(old: Iterable[Criterion], notes: Mapping[int, str]) -> list[str]:
    return [_with_note(row.code, notes[row.pk]) for row in old if row.pk in notes]


def _with_note(said: str, note: str) -> str:
    return f"{said} ({note})" if note else said


def _named_by(lines: Iterable[CrosswalkLine]) -> set[int]:
    """Return the keys of the criteria before that lines name."""
    return {row.pk for row in chain.from_iterable(line.old for line in lines)}


def crosswalk_of(criteria_set: CriteriaSet) -> Crosswalk:
    """Read the crosswalk of a set, in three queries."""
    new = list(criteria_set.criteria.order_by("position"))
    old = list(Criterion.objects.filter(criteria_set=criteria_set.replaces_id).order_by("position"))
    by_key = {row.pk: row for row in old}
    found: dict[int | None, list[Crossing]] = {}
    for crossing in Crossing.objects.filter(criteria_set=criteria_set).order_by("pk"):
        found.setdefault(crossing.new_criterion_id, []).append(crossing)
    lines = [_line(criterion, found.get(criterion.pk, []), by_key) for criterion in new]
    notes = {row.old_criterion_id: row.note for row in found.get(None, []) if row.old_criterion_id}
    return Crosswalk(criteria_set, lines, old, frozenset(notes), notes)


def _line(new: Criterion, crossings: list[Crossing], old: dict[int, Criterion]) -> CrosswalkLine:
    forerunners = tuple(old[row.old_criterion_id] for row in crossings if row.old_criterion_id in old)
    notes = dict.fromkeys(row.note for row in crossings if row.note)
    return CrosswalkLine(new, forerunners, crossings[0].relation if crossings else "", "; ".join(notes))


class Proposals:
    """Proposes what undecided criteria come from. The words of those before are read once for all lines."""

    def __init__(self, old: Sequence[Criterion]) -> None:
        self.by_code = {row.code: row for row in old}
        self.old = [(row, search_key(row.name).split()) for row in old]

    def fill_in(self, line: CrosswalkLine) -> CrosswalkLine:
        """Return a line with what its code and words propose; the line itself where it is decided."""
        if line.relation:
            return line
        words = search_key(line.new.name).split()
        same_words = next((row for row, others in self.old if others == words), None)
        if same_words:
            return replace(line, old=(same_words,), relation=Relation.SAME)
        likeness, best = self._most_alike(set(words))
        if likeness < ALIKE:
            best = self.by_code.get(line.new.code)
        return replace(line, old=(best,), relation=Relation.REWORDED) if best else line

    def _most_alike(self, words: set[str]) -> tuple[float, Criterion | None]:
        """Return the criterion with the largest share of common words, the first of several, and that share."""
        found = ((_likeness(words, set(others)), row) for row, others in self.old)
        return max(found, key=lambda pair: pair[0], default=(0.0, None))


def _likeness(first: set[str], second: set[str]) -> float:
    return len(first & second) / len(first | second) if first and second else 0.0


@transaction.atomic
def edit_crosswalk(
    *,
    criteria_set: CriteriaSet,
    lines: Iterable[CrosswalkLine],
    dropped: Iterable[Criterion],
    dropped_notes: Mapping[int, str] | None = None,
    made_on: str,
    by: User,
    via: str = Via.PAGE,
) -> int:
    """Write the lines given, others stay; `dropped` are all that are. Return how many lines differ.

    `dropped_notes` says why by the key of a dropped criterion; what it leaves out keeps its note. Raises `Stale`, and
    `Refused` where a relation does not fit what is named.
    """
    criteria_set = locked_set(criteria_set, by)
    stored = crosswalk_of(criteria_set)
    refuse_changed(stored.digest, made_on=made_on)
    lines, gone = list(lines), list(dropped)
    for line in lines:
        _refuse_bad_line(line)
    known = {line.new.pk: line for line in stored.lines}
    changed = [line for line in lines if line.words != known[line.new.pk].words]
    _refuse_long_notes(line.note for line in changed)
    _refuse_dropped_and_named(stored, lines, gone)
    keys = [line.new.pk for line in changed]
    Crossing.objects.filter(criteria_set=criteria_set, new_criterion__in=keys).delete()
    Crossing.objects.bulk_create(chain.from_iterable(_rows(criteria_set, line) for line in changed))
    notes = {row.pk: {**stored.dropped_notes, **(dropped_notes or {})}.get(row.pk, "") for row in gone}
    others = _write_dropped(stored, notes)
    pairs: dict[str, tuple[str, str]] = {}
    if changed:
        before = [known[line.new.pk].words for line in changed]
        pairs["crosswalk"] = ("; ".join(before), "; ".join(line.words for line in changed))
    if others:
        after = _words_of_dropped(stored.old, notes)
        pairs["dropped"] = (", ".join(stored.dropped_words), ", ".join(after))
    if pairs:
        record(about=criteria_set, by=by, via=via, changes=pairs)
    return len(changed) + others


def _write_dropped(stored: Crosswalk, notes: Mapping[int, str]) -> int:
    """Write which criteria before it are dropped, and why; return how many differ."""
    before = stored.dropped_notes
    differing = {key for key in {*before, *notes} if before.get(key) != notes.get(key)}
    _refuse_long_notes(notes[key] for key in differing if key in notes)
    common: dict[str, Any] = {"criteria_set": stored.criteria_set, "relation": Relation.DROPPED}
    Crossing.objects.filter(**common, old_criterion__in=differing).delete()
    Crossing.objects.bulk_create(
        Crossing(**common, old_criterion_id=key, note=notes[key]) for key in sorted(differing & notes.keys())
    )
    return len(differing)


def _refuse_long_notes(notes: Iterable[str]) -> None:
    if any(len(note) > NOTE_LIMIT for note in notes):
        raise Refused(_("A note of the crosswalk has %(limit)d characters at most.") % {"limit": NOTE_LIMIT})


def _rows(criteria_set: CriteriaSet, line: CrosswalkLine) -> list[Crossing]:
    if not line.relation:
        return []
    common = {"criteria_set": criteria_set, "new_criterion": line.new, "relation": line.relation, "note": line.note}
    return [Crossing(**common, old_criterion=old) for old in line.old or (None,)]


def _refuse_bad_line(line: CrosswalkLine) -> None:
    count = len(line.old)
    fits = {
        "": count == 0 and not line.note,
        Relation.NEW: count == 0,
        Relation.SAME: count == 1,
        Relation.REWORDED: count == 1,
        Relation.SPLIT: count == 1,
        Relation.MERGED: count > 1,
    }
    if not fits.get(line.relation, False):
        words = {
            "": _("choose how they are related"),
            Relation.NEW: _("a new criterion has none before it"),
            Relation.MERGED: _("merged ones are two at least"),
        }.get(line.relation, _("name one criterion before it"))
        raise Refused(f"{line.new.code}: {words}.")


def _refuse_dropped_and_named(stored: Crosswalk, lines: list[CrosswalkLine], gone: list[Criterion]) -> None:
    typed = {line.new.pk: line for line in stored.lines} | {line.new.pk: line for line in lines}
    named = _named_by(typed.values())
    both = [row.code for row in gone if row.pk in named]
    if both:
        message = _("Dropped, and yet named by a criterion of the new set: %(codes)s.")
        raise Refused(message % {"codes": ", ".join(both)})
