"""What a version that a sheet begins takes over from the version before, because no column of a sheet says it."""

from __future__ import annotations

from itertools import chain

from criteria.models import Citation, CriteriaSet, Criterion, Crossing, SetBasis
from criteria.specification import LeafSpec, SetSpecification

#: of a criterion, what no sheet says
KEPT_FIELDS = ("printed_group", "fact_minimum", "indicator", "is_counted", "has_outcome")
#: words in English, each only as long as the Vietnamese ones stay
ENGLISH_FIELDS = {"name_en": "name", "fact_label_en": "fact_label"}
#: relations in which a criterion goes on as one
GOES_ON = (Crossing.Relation.SAME, Crossing.Relation.REWORDED)


def forerunners_of(criteria_set: CriteriaSet, specification: SetSpecification) -> dict[str, Criterion]:
    """Return {code: criterion of the version before that goes on in it}, each once, by the crosswalk."""
    before = criteria_set.replaces
    olds = {row.code: row for row in before.criteria.all()} if before else {}
    pairs = [each for each in specification.crossings if each.relation in GOES_ON]
    return {each.new: olds.pop(each.old) for each in pairs if each.old in olds}


def begin_from(forerunner: Criterion | None, leaf: LeafSpec, criteria_set: CriteriaSet) -> Criterion:
    """Return a new criterion, not saved, with what it has from the one before it."""
    made = Criterion(criteria_set=criteria_set)
    if forerunner is None:
        return made
    for name in KEPT_FIELDS:
        setattr(made, name, getattr(forerunner, name))
    for name, of in ENGLISH_FIELDS.items():
        if getattr(forerunner, of) == getattr(leaf, of):
            setattr(made, name, getattr(forerunner, name))
    return made


def english_titles(criteria_set: CriteriaSet) -> dict[str, str]:
    """Return {title of a section or group: its English one} of a set and the one before it; its own go first."""
    titles: dict[str, str] = {}
    for each in filter(None, (criteria_set.replaces, criteria_set)):
        groups = each.criteria.values_list("group", "group_en")
        sections = each.sections.values_list("title", "title_en")
        titles |= {title: english for title, english in chain(groups, sections) if english}
    return titles


def take_over_acts(
    criteria_set: CriteriaSet, forerunners: dict[str, Criterion], criteria: dict[str, Criterion]
) -> list[SetBasis | Citation]:
    """Copy the acts that the version before rests on, those of the set and of each criterion that goes on."""
    before = criteria_set.replaces
    made: list[SetBasis | Citation] = []
    for basis in SetBasis.objects.filter(criteria_set=before).order_by("pk") if before else ():
        made.append(SetBasis(criteria_set=criteria_set, act_id=basis.act_id, articles=basis.articles))
    heirs = {old.pk: criteria[code] for code, old in forerunners.items() if code in criteria}
    for row in Citation.objects.filter(criterion__in=heirs).order_by("pk"):
        heir = heirs[row.criterion_id]
        made.append(Citation(criteria_set=criteria_set, criterion=heir, act_id=row.act_id, articles=row.articles))
    for each in made:
        each.save()
    return made
