"""The names of the fields and deeds of withdrawn files in the history."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.models import Action
from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={
        "withdrawn_file": _("file withdrawn from the records"),
        "destruction": _("decision to destroy the file"),
        "destroyed_file": _("file destroyed"),
    },
    deeds={
        (Action.VOIDED, "withdrawn_file"): _("withdrew a file from the records"),
        (Action.CHANGED, "destruction"): _("recorded about a withdrawn file"),
        (Action.DELETED, "destroyed_file"): _("destroyed the content of a file"),
    },
    row_names={"files.withdrawal": BY_TABLE},
)
