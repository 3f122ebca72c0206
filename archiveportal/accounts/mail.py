"""Mails about accounts: the link to a new password, and what an administrator changed."""

from __future__ import annotations

from collections import deque
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

from archiveportal.accounts.models import FirstLink, User
from archiveportal.logs import log_event
from archiveportal.own_words import own_words


def _text(template: str, facts: dict) -> str:
    return render_to_string(template, facts | {"our": own_words()})


def reset_mail(account: User, address: str) -> EmailMessage:
    parts = [urlsafe_base64_encode(force_bytes(account.pk)), default_token_generator.make_token(account)]
    link = address + reverse("accounts:reset-confirm", args=parts)
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    text = _text("accounts/reset_mail.txt", {"account": account, "link": link, "hours": hours})
    return EmailMessage(_("A new password for the ward archives portal"), text, to=[account.email])


def first_link_mail(link: FirstLink, address: str, *, hours: int) -> EmailMessage:
    """Bring a new person the link by which the first password is chosen."""
    text = _text("accounts/first_link_mail.txt", {"link": link, "address": address, "hours": hours})
    subject = _("Your account on the ward archives portal: %(name)s") % {"name": link.account.full_name}
    return EmailMessage(subject, text, to=[link.sent_to])


def address_changed_mail(account: User, former: str) -> EmailMessage:
    """Tell the former address that links to new passwords go elsewhere now."""
    text = _text("accounts/address_changed_mail.txt", {"account": account})
    return EmailMessage(_("The e-mail address of your account was changed"), text, to=[former])


def approvers_address_mail(account: User, reader: User, *, by: User) -> EmailMessage:
    """Tell an approver that links to new passwords of an approver's account go to another address."""
    facts = {"account": account, "reader": reader, "by": by}
    text = _text("accounts/approvers_address_mail.txt", facts)
    subject = _("The e-mail address of %(name)s was changed") % {"name": account.full_name}
    return EmailMessage(subject, text, to=[reader.email])


def approver_made_mail(account: User, reader: User, *, by: User) -> EmailMessage:
    """Tell an approver that another account approves checklists from now on."""
    facts = {"account": account, "reader": reader, "by": by}
    text = _text("accounts/approver_made_mail.txt", facts)
    subject = _("%(name)s may approve checklists from now on") % {"name": account.full_name}
    return EmailMessage(subject, text, to=[reader.email])


def password_replaced_mail(account: User, reader: User, *, by: User) -> EmailMessage:
    """Tell an approver that somebody made a new first password for an approver's account."""
    facts = {"account": account, "reader": reader, "by": by}
    text = _text("accounts/password_replaced_mail.txt", facts)
    subject = _("A new first password was made for %(name)s") % {"name": account.full_name}
    return EmailMessage(subject, text, to=[reader.email])


def deliver(mails: Sequence[EmailMessage]) -> None:
    """Sends beside the request; a failure is a line in the log, for nobody waits for the answer."""
    Thread(target=_send, args=(mails,)).start()


def _send(mails: Sequence[EmailMessage]) -> None:
    """Send mails one after the other: one that the server refuses keeps no other back."""
    left = deque(mails)
    while left:
        count = len(left)
        try:
            # Anew after each refusal, with which the server may have hung up.
            with get_connection() as connection:
                while left:
                    connection.send_messages([left.popleft()])
        except Exception as error:
            # Whatever the mail server answers, the request is over.
            has_server = len(left) < count
            log_event("mail not sent", error=repr(error), mails=1 if has_server else count)
            if not has_server:
                return
