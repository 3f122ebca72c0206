"""The names of the fields of closings and of the rows of reports in the history."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.models import Action
from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={"closing.number": _("document number")},
    # A round and a finding are closed, figures are frozen.
    deeds={(Action.CLOSED, "reports.closing"): _("closed the figures")},
    row_names={
        "reports.passage": BY_TABLE,
        "reports.proposaldecision": BY_TABLE,
        "reports.kepterror": BY_TABLE,
        "reports.documenttemplate": BY_TABLE,
        "reports.closedfile": BY_TABLE,
    },
)
