"""The names of the fields and rows of training in the history."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={
        "amount": _("amount"),
        "total": _("people in all"),
        "qualified": _("of them qualified"),
        "position": _("ordinal"),
        "starts_year": _("first year"),
        "ends_year": _("last year"),
        "is_day_inferred": _("the day is the report's, not that of the count"),
    },
    row_names={
        "training.quota": BY_TABLE,
        "training.yeartarget": BY_TABLE,
        "training.workforcecount": BY_TABLE,
        "training.funding": BY_TABLE,
    },
    told_fields={
        "training.quota": frozenset({"target"}),
        "training.course": frozenset({"participants"}),
        "training.yeartarget": frozenset({"target"}),
        "training.workforcecount": frozenset({"total", "qualified"}),
        "training.funding": frozenset({"amount"}),
    },
)
