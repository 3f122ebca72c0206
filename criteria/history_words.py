"""The names of the fields and rows of criteria sets in the history."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import BY_TABLE, register
from criteria import indicators
from criteria.models import CriteriaSet, Criterion, Crossing


def _words(choices: type[models.TextChoices], name: str) -> dict[tuple[str, str], Any]:
    """Return {(field, stored value): what people read} of a field with choices."""
    return {(name, choice.value): choice.label for choice in choices if choice.value}


register(
    field_names={
        "criteria_set": _("criteria set"),
        "has_outcome": _("is answered with met or not met"),
        "label": _("name of the band"),
        "stock_notes": _("stock sentences"),
        "recommendation.text": _("sentence of the recommendation"),
        "criterion.recommendation": _("sentence of the recommendation"),
        "criterion.name": _("name of the criterion"),
        "criterion.group": _("heading above"),
        "criterion.number": _("ordinal"),
        "lower_percent": _("from (percent)"),
        "upper_percent": _("to under (percent)"),
        "lower_points": _("from (points)"),
        "upper_points": _("to under (points)"),
        "evidence_needed": _("documents to be shown"),
        "fact_kind": _("kind of fact"),
        "fact_label": _("question for the fact"),
        "fact_unit": _("unit"),
        "title_en": _("title in English"),
        "name_en": _("name in English"),
        "criteriaset.frozen_at": _("does not change from"),
        "criteriaset.place": _("place"),
        "criteriaset.section": _("section"),
        "criteriaset.sections": _("sections"),
        "criteriaset.criterion": _("criterion"),
        "criteriaset.bases": _("legal bases"),
        "criteriaset.kinds": _("meant for"),
        "criteriaset.crosswalk": _("crosswalk"),
        "criteriaset.dropped": _("dropped"),
        "conditions": _("conditions"),
        "criterion.options": _("options of a choice"),
        "criterion.steps": _("steps of a ratio"),
        "criterion.parent": _("part of"),
        "criterion.citations": _("acts cited"),
        "criterion.relation": _("relation"),
        "fact_minimum": _("warns below"),
    },
    value_names={
        # A set in draft is no checklist that is being filled in.
        **_words(CriteriaSet.Status, "criteriaset.status"),
        **_words(CriteriaSet.NotApplicable, "not_applicable_counts"),
        **_words(CriteriaSet.BandsBy, "bands_by"),
        **_words(Criterion.Sign, "sign"),
        **_words(Criterion.CheckWay, "check_way"),
        **_words(Criterion.ThresholdRule, "threshold_rule"),
        **{("indicator", code): label for code, label in indicators.choices()},
        **_words(Crossing.Relation, "relation"),
    },
    row_names={
        "criteria.stocknote": BY_TABLE,
        "criteria.citation": BY_TABLE,
        "criteria.recommendation": BY_TABLE,
        "criteria.section": "{row}.title",
        "criteria.option": "{row}.text",
        "criteria.ratiostep": BY_TABLE,
        "criteria.bar": BY_TABLE,
        "criteria.barcondition": BY_TABLE,
        "criteria.crossing": BY_TABLE,
        "criteria.setkind": "{row}.kind",
        "criteria.setbasis": BY_TABLE,
    },
)
