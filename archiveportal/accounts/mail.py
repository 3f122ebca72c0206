"""The mail with the link to a new password."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Thread

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.logs import log_event


def reset_mail(account: User, address: str) -> EmailMessage:
    parts = [urlsafe_base64_encode(force_bytes(account.pk)), default_token_generator.make_token(account)]
    link = address + reverse("accounts:reset-confirm", args=parts)
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    text = render_to_string("accounts/reset_mail.txt", {"account": account, "link": link, "hours": hours})
    return EmailMessage(_("A new password for the ward archives portal"), text, to=[account.email])


def deliver(mails: Sequence[EmailMessage]) -> None:
    """Sends beside the request; a failure is a line in the log, for nobody waits for the answer."""
    Thread(target=_send, args=(mails,)).start()


def _send(mails: Sequence[EmailMessage]) -> None:
    try:
        get_connection().send_messages(mails)
    except Exception as error:
        # Whatever the mail server answers, the request is over.
        log_event("mail not sent", error=repr(error), mails=len(mails))
