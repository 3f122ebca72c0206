"""Stock sentences: ready words for the note of a criterion, the same for all versions of a set."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import event, record_all
from criteria.models import CriteriaSet, StockNote

Notes = dict[str, list[str]]


def stock_notes(criteria_set: CriteriaSet) -> Notes:
    """Return the sentences by the code of their criterion, in order."""
    notes: Notes = {}
    for note in StockNote.objects.filter(set_code=criteria_set.code):
        notes.setdefault(note.criterion_code, []).append(note.text)
    return notes


def digest(notes: Notes) -> str:
    """Digest the notes that a form is based on."""
    return hashlib.blake2s(repr(sorted(notes.items())).encode(), digest_size=8).hexdigest()


@transaction.atomic
def edit_stock_notes(
    *, criteria_set: CriteriaSet, notes: Mapping[str, list[str]], made_on: str, by: User, via: str = Via.PAGE
) -> None:
    """Puts these sentences in place of those of the named criteria. Also for a set in use: they decide nothing.

    Raises `ValidationError` for other roles and for a form that was made on other sentences than those stored.
    """
    if not by.can_approve:
        raise ValidationError(_("Your role does not change criteria sets."))
    criteria_set = CriteriaSet.objects.select_for_update().get(pk=criteria_set.pk)
    stored = stock_notes(criteria_set)
    if digest(stored) != made_on:
        raise ValidationError(_("Not saved: a colleague changed these sentences after you opened the page."))
    events = []
    for criterion in criteria_set.criteria.filter(code__in=notes):
        before, after = stored.get(criterion.code, []), list(notes[criterion.code])
        if before == after:
            continue
        pair = ("\n".join(before) or None, "\n".join(after) or None)
        events.append(event(about=criterion, by=by, via=via, changes={"stock_notes": pair}))
        write_notes(criteria_set, criterion.code, after)
    record_all(events)


def write_notes(criteria_set: CriteriaSet, code: str, sentences: Sequence[str]) -> None:
    """Put sentences in place of those of a criterion; the caller records the event."""
    StockNote.objects.filter(set_code=criteria_set.code, criterion_code=code).delete()
    StockNote.objects.bulk_create(
        StockNote(set_code=criteria_set.code, criterion_code=code, position=position, text=text)
        for position, text in enumerate(sentences, start=1)
    )
