"""Citations that follow from the legal bases that a sheet writes in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from archiveportal.history.models import Action
from criteria.act_words import ActInWords, acts_in_words
from criteria.models import Citation, CriteriaSet, Criterion, LegalAct, SetBasis
from criteria.specification import SetSpecification

#: what happened to a row
Deed = tuple[Model, Action]


def new_acts_in(texts: Iterable[str]) -> list[ActInWords]:
    """Return the acts that texts name in full and nobody recorded yet, each once. One query."""
    known = {number.casefold() for number in LegalAct.objects.values_list("number", flat=True)}
    found: dict[str, ActInWords] = {}
    for text in texts:
        acts = acts_in_words(text)
        unknown = [act for act in acts if act.number.casefold() not in known]
        # One that cannot be recorded leaves the whole text as it is.
        if all(act.is_whole for act in unknown):
            found |= {act.number.casefold(): act for act in unknown if act.number.casefold() not in found}
    return list(found.values())


def cite_acts(
    made: SetSpecification,
    before: SetSpecification,
    criteria_set: CriteriaSet,
    *,
    criteria: Mapping[str, Criterion],
    basis: str,
) -> list[Deed]:
    """Let a set and its `criteria`, by code, cite the acts that its specification names and the one before did not.

    `basis` is the legal basis that the set had before. Returns what was done, for the history.
    """
    citing = _Citing(criteria_set, source=f"Bảng bộ tiêu chí {made.code}, phiên bản {made.version}")
    citing.cite(None, before=basis, now=made.legal_basis)
    olds = {leaf.code: leaf.legal_basis for leaf in before.leaves}
    for leaf in made.leaves:
        if leaf.code in criteria:
            citing.cite(criteria[leaf.code], before=olds.get(leaf.code, ""), now=leaf.legal_basis)
    return citing.deeds


@dataclass
class _Citing:
    """Lets a set and its criteria cite the acts that their legal bases name, and keeps what it did.

    A text stays words alone where an act in it is not recorded and not named with number, day and
    issuer, or where a part of it is no act.
    """

    criteria_set: CriteriaSet
    source: str
    deeds: list[Deed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.acts = {act.number.casefold(): act for act in LegalAct.objects.all()}

    def cite(self, criterion: Criterion | None, *, before: str, now: str) -> None:
        """Cite what the text of a criterion names now, of the set for None; drop what only the text before named."""
        if before == now:
            return
        named = self._recorded(acts_in_words(now))
        left = {act.number.casefold() for act in acts_in_words(before)} - {act.number.casefold() for act in named}
        rows = self._rows(criterion)
        for row in rows:
            if row.act.number.casefold() in left:
                self.deeds.append((row, Action.VOIDED))
                # By a query: the row keeps its key, which its event names.
                type(row)._default_manager.filter(pk=row.pk).delete()
        # None of those that went is named now.
        cited = {row.act_id for row in rows}
        for act in named:
            stored = self.acts[act.number.casefold()]
            if stored.pk not in cited:
                self._add(criterion, stored, act.articles)

    def _rows(self, criterion: Criterion | None) -> list[SetBasis | Citation]:
        if criterion is None:
            return list(SetBasis.objects.filter(criteria_set=self.criteria_set).select_related("act"))
        return list(Citation.objects.filter(criterion=criterion).select_related("act"))

    def _recorded(self, named: list[ActInWords]) -> list[ActInWords]:
        """Return the acts once all of them are recorded; none where one cannot be."""
        unknown = [act for act in named if act.number.casefold() not in self.acts]
        if not all(act.is_whole for act in unknown):
            return []
        for act in unknown:
            made = act.as_act(self.source)
            made.save(force_insert=True)
            self.acts[act.number.casefold()] = made
            self.deeds.append((made, Action.CREATED))
        return named

    def _add(self, criterion: Criterion | None, act: LegalAct, articles: str) -> None:
        made: SetBasis | Citation = SetBasis(criteria_set=self.criteria_set, act=act, articles=articles)
        if criterion is not None:
            made = Citation(criteria_set=self.criteria_set, criterion=criterion, act=act, articles=articles)
        made.save()
        self.deeds.append((made, Action.CREATED))
