"""Links for first use, sent to the mailboxes of units, and printed slips where mail does not reach.

A link is computed from its row and the present password of the account, so that it stands nowhere
and dies with any new password. A password of a slip is made when the slip is printed and is in the
answer to that press alone: in no file, no log, no job.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.hashers import get_hasher
from django.core.mail import get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from archiveportal.accounts.mail import first_link_mail
from archiveportal.accounts.models import FirstLink, User
from archiveportal.accounts.services import first_password, replace_password, store_own_password
from archiveportal.history.models import Via
from archiveportal.history.services import event, record, record_all
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.statements import key_batches

#: a link can be used for so long after it was sent
HOURS = 72
#: slips that are printed at once
MOST_SLIPS = 400
#: iterations of the hash of a random first password: 79 bits need no slow hash, and 168 slips
#: would take a minute by it. The person's own password gets the full number.
ITERATIONS = 10_000


def make_link(*, account: User, by: User | None, via: str = Via.PAGE, batch: int | None = None) -> FirstLink:
    """Record a link to the mailbox of the account; it is sent by `send_links`. An earlier one ends."""
    (link,) = make_links(accounts=[account], by=by, via=via, batch=batch)
    return link


@transaction.atomic
def make_links(
    *, accounts: Sequence[User], by: User | None, via: str = Via.PAGE, batch: int | None = None
) -> list[FirstLink]:
    """Record a link to the mailbox of each account; earlier ones end."""
    now = timezone.now()
    for some in key_batches(account.pk for account in accounts):
        FirstLink.objects.open().filter(account__in=some).update(ended_at=now)
    links = [FirstLink(account=account, sent_to=account.email, made_by=by, batch=batch) for account in accounts]
    FirstLink.objects.bulk_create(links)
    changes = {"first_link": (None, "made")}
    record_all([event(about=account, by=by, via=via, changes=changes) for account in accounts])
    return links


def send_links(*, links: Iterable[FirstLink], address: str, by: User | None, via: str = Via.PAGE) -> int:
    """Send the links that are not sent yet, one mail each. Return how many the mail server took.

    Outside a transaction: a mail server that hangs holds no row. A mail that it does not take
    leaves its link as not sent, with what it said.
    """
    sent = 0
    connection = get_connection()
    for link in links:
        if link.state != FirstLink.State.WAITING or not link.sent_to:
            continue
        mail = first_link_mail(link, address + path_of(link), hours=HOURS)
        try:
            connection.send_messages([mail])
        except Exception as error:
            # Whatever the mail server answers, the other links are sent.
            log_event("mail not sent", error=repr(error), mails=1)
            FirstLink.objects.filter(pk=link.pk).update(fault=str(error)[:300])
            continue
        sent += _note_sent(link, by, via)
    return sent


def _note_sent(link: FirstLink, by: User | None, via: str) -> int:
    now = timezone.now()
    values = {"sent_at": now, "ends_at": now + datetime.timedelta(hours=HOURS), "fault": ""}
    with transaction.atomic():
        if not FirstLink.objects.open().filter(pk=link.pk, sent_at=None).update(**values):
            return 0
        record(about=link.account, by=by, via=via, changes={"first_link": (None, "sent")})
    log_event("first link sent", user=link.account_id, by=getattr(by, "pk", None))
    return 1


def path_of(link: FirstLink) -> str:
    """Return the address of a link within the portal."""
    return reverse("accounts:first-use", args=[link.pk, token_of(link)])


def token_of(link: FirstLink) -> str:
    """Return the secret part of a link."""
    value = f"{link.pk}:{link.account_id}:{link.account.password}"
    return salted_hmac("accounts.first-link", value, algorithm="sha256").hexdigest()[:48]


def usable_link(pk: int, token: str) -> FirstLink | None:
    """Return the link if it can be used now; else None, whatever the reason."""
    able = User.objects.able_to_sign_in()
    link = FirstLink.objects.select_related("account").filter(pk=pk, account__in=able).first()
    if link is None or not constant_time_compare(token_of(link), token):
        return None
    return link if link.state == FirstLink.State.SENT else None


def use_link(*, link: FirstLink, password: str, via: str = Via.PAGE) -> None:
    """Give the account the password that its person chose. Raise `Refused` if the link was used."""
    # Hashing takes a while, so it comes before the transaction.
    link.account.set_password(password)
    with transaction.atomic():
        if not FirstLink.objects.open().filter(pk=link.pk).update(used_at=timezone.now()):
            raise Refused(_("The link was used or ended meanwhile."))
        record(about=link.account, by=link.account, via=via, changes={"first_link": (None, "used")})
        store_own_password(link.account, via=via)
    log_event("first link used", user=link.account_id)
    log_event("password changed", user=link.account_id, username=link.account.username)


@transaction.atomic
def renew_link(*, account: User, by: User, via: str = Via.PAGE) -> FirstLink:
    """Make a new link for somebody who has not signed in yet. Raise `Refused`."""
    _refuse_known(account)
    if not account.email:
        raise Refused(_("“%(name)s” has no mailbox: print a slip.") % {"name": account.full_name})
    last = account.first_links.first()
    return make_link(account=account, by=by, via=via, batch=last.batch if last else None)


def make_slips(*, accounts: Sequence[User], by: User, via: str = Via.PAGE) -> list[tuple[User, str]]:
    """Give each account a first password and return both, for printing at once. Links end."""
    if len(accounts) > MOST_SLIPS:
        raise Refused(_("At most %(limit)s slips are printed at once.") % {"limit": MOST_SLIPS})
    slips = []
    for account in accounts:
        _refuse_known(account)
        password = first_password()
        account.password = _hash_of_random(password)
        slips.append((account, password))
    with transaction.atomic():
        for account in accounts:
            replace_password(account, by=by, via=via)
    return slips


def _refuse_known(account: User) -> None:
    """Refuse an account that somebody uses: its password is replaced on its own page."""
    if account.last_login or not account.must_change_password:
        raise Refused(_("“%(name)s” has signed in already.") % {"name": account.full_name})


def _hash_of_random(password: str) -> str:
    hasher: Any = get_hasher()
    if hasattr(hasher, "iterations"):
        return hasher.encode(password, hasher.salt(), iterations=ITERATIONS)
    return hasher.encode(password, hasher.salt())
