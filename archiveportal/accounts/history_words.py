"""The names of the fields of accounts in the history."""

from django.utils.translation import gettext_lazy as _

from archiveportal.history.registry import BY_TABLE, register

register(
    field_names={
        "username": _("sign-in name"),
        "email": _("e-mail address"),
        "is_active": _("may sign in"),
        "password": _("password"),
        "first_link": _("link for first use"),
        "handed_over_to": _("handed over to"),
        "taken_over_from": _("taken over from"),
        "handed_over_on": _("from the day"),
    },
    value_names={
        ("password", "first-password"): _("new first password"),
        ("password", "own-password"): _("changed by the person"),
        ("first_link", "made"): _("made"),
        ("first_link", "sent"): _("sent to the mailbox"),
        ("first_link", "used"): _("used by the person"),
        ("first_link", "ended"): _("ended"),
    },
    row_names={
        "accounts.standin": "{row}.decision",
        "accounts.firstlink": "{row}.sent_to",
        "accounts.handingover": BY_TABLE,
    },
    told_fields={"accounts.user": frozenset({"username", "full_name", "email", "role", "is_active"})},
    told_in={
        "accounts.firstlink": ("accounts.user", "account_id"),
        "accounts.handingover": ("accounts.user", "leaving_id"),
    },
)
