"""The names of the fields and rows of criteria sets in the history."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={
        "criteria_set": _("criteria set"),
        "has_outcome": _("is answered with met or not met"),
        "label": _("name of the band"),
        "stock_notes": _("stock sentences"),
        "recommendation.text": _("sentence of the recommendation"),
        "criterion.recommendation": _("sentence of the recommendation"),
        "criterion.number": _("ordinal"),
    },
    row_names=dict.fromkeys(("criteria.stocknote", "criteria.citation", "criteria.recommendation"), BY_TABLE),
)
