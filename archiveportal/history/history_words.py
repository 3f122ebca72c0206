"""The words that several apps share, and those that the triggers write themselves."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import register

register(
    field_names={
        "number": _("number"),
        "text": _("text"),
        "note": _("note"),
        "status": _("status"),
        "place": _("place"),
        "participants": _("people present"),
        "file": _("file"),
        "files": _("files"),
    },
    # A trigger says of a secret only that it has changed.
    value_names={("password", "changed"): _("changed")},
    untraced={"history.event", "history.seal"},
)
