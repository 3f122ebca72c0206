"""What a unit is inspected for and how it scores. A set freezes at its first use, also while it is
only proposed."""

from criteria.models.acts import Citation, LegalAct, SetBasis
from criteria.models.bands import Band, Bar, BarCondition
from criteria.models.crosswalks import Crossing
from criteria.models.leaves import Criterion, Option, RatioStep, Recommendation, StockNote
from criteria.models.sections import MOST_LEVELS, Section
from criteria.models.sets import FROZEN, CriteriaSet, PartOfSet, PartOfSetQuerySet, SetKind

__all__ = [
    "FROZEN",
    "MOST_LEVELS",
    "Band",
    "Bar",
    "BarCondition",
    "Citation",
    "CriteriaSet",
    "Criterion",
    "Crossing",
    "LegalAct",
    "Option",
    "PartOfSet",
    "PartOfSetQuerySet",
    "RatioStep",
    "Recommendation",
    "Section",
    "SetBasis",
    "SetKind",
    "StockNote",
]
