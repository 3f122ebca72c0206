"""How the history names imports, and the words of their events."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import register

register(
    field_names={
        "keptchoice.value": _("meaning"),
        "sheetimport.status": _("state of the import"),
        "sheetimport.answers": _("answer to a question"),
    },
    value_names={
        ("status", "applied"): _("confirmed"),
        ("status", "dropped"): _("dropped"),
    },
    row_names={"imports.keptchoice": "{row}.question"},
    # What a check planned is made anew by the next check; no person writes it.
    untraced={"imports.importplan"},
)
