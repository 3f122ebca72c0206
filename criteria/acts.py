"""Acts that criteria rest on, as they stand on the day of an inspection."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from criteria.models import Citation, CriteriaSet, Criterion, LegalAct

#: replacements that are followed from an act to the one in force
MOST_STEPS = 10


@dataclass(frozen=True)
class CitedAct:
    """A citation on a day: its words, and what has to be known of an act that had ended."""

    citation: Citation
    #: the act in force on the day that replaced the cited one
    successor: LegalAct | None
    has_ended: bool

    @property
    def words(self) -> str:
        return str(self.citation)

    @property
    def ended_on(self) -> datetime.date | None:
        return self.citation.act.in_force_to


def acts_on(criteria_set: CriteriaSet, day: datetime.date) -> dict[int, list[CitedAct]]:
    """Return the acts that each criterion cites, by the key of the criterion, in one query.

    An act that was replaced more than three times over asks once more for each further one.
    """
    citations = Citation.objects.filter(criteria_set=criteria_set)
    found: dict[int, list[CitedAct]] = {}
    for citation in citations.select_related("act__replaced_by__replaced_by__replaced_by"):
        ended = has_ended(citation.act, day)
        successor = successor_on(citation.act, day) if ended else None
        found.setdefault(citation.criterion_id, []).append(CitedAct(citation, successor, ended))
    return found


def show_acts(criteria_set: CriteriaSet, criteria: Iterable[Criterion], day: datetime.date) -> None:
    """Give each criterion `cited_acts`, the acts that it cites as they stand on a day."""
    acts = acts_on(criteria_set, day)
    for criterion in criteria:
        criterion.cited_acts = acts.get(criterion.pk, [])


def has_ended(act: LegalAct, day: datetime.date) -> bool:
    """Tell whether an act was no longer in force on a day; one without a last day is."""
    return act.in_force_to is not None and act.in_force_to < day


def successor_on(act: LegalAct, day: datetime.date) -> LegalAct | None:
    """Follow the replacements to the act in force on a day; None where none is recorded."""
    for _step in range(MOST_STEPS):
        if act.replaced_by is None:
            return None
        act = act.replaced_by
        begun = act.in_force_from is None or act.in_force_from <= day
        if begun and not has_ended(act, day):
            return act
    return None
