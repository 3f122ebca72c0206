"""The names of the fields of accounts in the history."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import register

register(
    field_names={
        "username": _("sign-in name"),
        "email": _("e-mail address"),
        "is_active": _("may sign in"),
        "password": _("password"),
    },
    value_names={
        ("password", "first-password"): _("new first password"),
        ("password", "own-password"): _("changed by the person"),
    },
    row_names={"accounts.standin": "{row}.decision"},
)
