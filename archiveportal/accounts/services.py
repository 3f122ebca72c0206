"""Every write to accounts: with history, and with a line in the log for what a security review looks for."""

from __future__ import annotations

import secrets

from axes.utils import reset as lift_lock
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archiveportal.accounts.mail import (
    address_changed_mail,
    approver_made_mail,
    approvers_address_mail,
    deliver,
    password_replaced_mail,
    reset_mail,
)
from archiveportal.accounts.models import FirstLink, User
from archiveportal.accounts.querysets import AccountQuerySet
from archiveportal.accounts.rights import roles_with
from archiveportal.history.models import Action, Via
from archiveportal.history.services import differences, record, refuse_stale
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.scope import Right

#: what the administrator can set; the sign-in name only when the account is made
FIELDS = ("full_name", "email", "role", "district", "ward", "position", "telephone", "is_active")
#: the same in the order of the form, which says what it was made on
SHOWN = ("full_name", "role", "district", "ward", "position", "telephone", "email", "is_active")
#: fields that decide what a person may do and see
ACCESS = {"role", "district", "ward"}
# Without letters and digits that are mistaken for each other on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: one mail per account within this time, so that nobody's letter box is filled
SECONDS_BETWEEN_MAILS = 120


def first_password() -> str:
    """Sixteen random characters (79 bits) in four groups, easy to read out and to type."""
    return "-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(4))


def create_account(
    *, account: User, by: User | None, via: str = Via.PAGE, password_hash: str = "", by_link: bool = False
) -> str:
    """Saves a new account and gives its first password, which must be changed at the first sign-in.

    With a `password_hash`, the person need not change the password, and the answer is empty. With
    `by_link` it is empty too: nobody can sign in before a link or a slip brings a password.
    """
    password = "" if password_hash or by_link else first_password()
    account.password = password_hash or make_password(password or None)
    account.must_change_password = not password_hash
    _create(account, by=by, via=via)
    return password


@transaction.atomic
def _create(account: User, *, by: User | None, via: str) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        # Two presses at the same moment: the form of the second had seen the name free.
        raise Refused({"username": _("Somebody has this sign-in name already. Please choose another.")}) from error
    changes = {name: (None, getattr(account, name)) for name in ("username", *FIELDS) if getattr(account, name)}
    record(about=account, by=by, via=via, action=Action.CREATED, changes=changes)
    if by:
        log_event("account created", user=account.pk, username=account.username, role=account.role, by=by.pk)
        _tell_of_approver(account, by=by)


@transaction.atomic
def update_account(*, account: User, made_on: str | None = None, by: User | None, via: str = Via.PAGE) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields. Raises `Stale`."""
    before = User.objects.select_for_update().get(pk=account.pk)
    if made_on is not None:
        refuse_stale(stored=before, typed=account, names=SHOWN, made_on=made_on)
    changes = differences(before, account, FIELDS)
    author = by.pk if by else None
    if account.pk == author and {"role", "is_active"} & set(changes):
        raise Refused(_own_access(changes))
    if not changes:
        return []
    account.save(update_fields=[*changes])
    record(about=account, by=by, via=via, changes=changes)
    if "email" in changes:
        log_event("e-mail address changed", user=account.pk, username=account.username, by=author)
        mails = [address_changed_mail(account, before.email)] if before.email else []
        if by and account.pk != author and (before.may_decide or account.may_decide):
            mails += [approvers_address_mail(account, each, by=by) for each in _approvers_with_address(but=account)]
        _tell(mails)
    if ACCESS & set(changes):
        facts = {name: [str(value) for value in changes[name]] for name in ACCESS & set(changes)}
        log_event("role changed", user=account.pk, username=account.username, by=author, changes=facts)
        if by and not before.can_approve:
            _tell_of_approver(account, by=by)
    if "is_active" in changes:
        if not account.is_active:
            end_sessions(account)
        name = "account enabled" if account.is_active else "account disabled"
        log_event(name, user=account.pk, username=account.username, by=author)
    return [*changes]


def _tell_of_approver(account: User, *, by: User) -> None:
    """Let the approvers know of another one: an administrator could make one to approve by it."""
    if account.can_approve:
        _tell([approver_made_mail(account, each, by=by) for each in _approvers_with_address(but=account)])


def _own_access(changes: dict[str, tuple]) -> dict[str, str]:
    messages = {
        "role": _("You cannot take the role of administrator from yourself. Ask another administrator."),
        "is_active": _("You cannot disable your own account. Ask another administrator."),
    }
    return {name: message for name, message in messages.items() if name in changes}


def give_new_password(*, account: User, by: User, via: str = Via.PAGE) -> str:
    """A new first password for someone who cannot get in; all sessions of the account end."""
    if account.pk == by.pk:
        raise Refused(_("Change your own password on the page “Change password”."))
    password = first_password()
    # Hashing takes a while, so it comes before the transaction.
    account.set_password(password)
    replace_password(account, by=by, via=via)
    return password


@transaction.atomic
def replace_password(account: User, *, by: User, via: str) -> None:
    """Store the hash of a first password that the account was given; the approvers hear of one of theirs."""
    _store_password(account, must_change=True)
    record(about=account, by=by, via=via, changes={"password": (None, "first-password")})
    log_event("password replaced", user=account.pk, username=account.username, by=by.pk)
    if account.may_decide:
        _tell([password_replaced_mail(account, each, by=by) for each in _approvers_with_address()])


def _approvers_with_address(*, but: User | None = None) -> AccountQuerySet:
    """Return those who would notice that another person approves by the account of one of them."""
    approvers = User.objects.able_to_sign_in().filter(role__in=roles_with(Right.CAN_APPROVE)).exclude(email="")
    return approvers.exclude(pk=but.pk) if but else approvers


def _tell(mails: list[EmailMessage]) -> None:
    """Send mails once the change is stored."""
    if mails:
        transaction.on_commit(lambda: deliver(mails))


@transaction.atomic
def choose_daily_mail(*, account: User, wants: bool, via: str = Via.PAGE) -> None:
    """The person's own choice: one mail a day of what is unread, or none."""
    before = User.objects.select_for_update(no_key=True).get(pk=account.pk).wants_daily_mail
    if before == wants:
        return
    account.wants_daily_mail = wants
    account.save(update_fields=["wants_daily_mail"])
    record(about=account, by=account, via=via, changes={"wants_daily_mail": (before, wants)})


def change_password(*, account: User, password: str, via: str = Via.PAGE) -> None:
    """The person's own new password. Other sessions end, since they carry a hash of the old one."""
    account.set_password(password)
    store_own_password(account, via=via)
    log_event("password changed", user=account.pk, username=account.username)


@transaction.atomic
def store_own_password(account: User, *, via: str) -> None:
    """Store the hash of the password that a person chose."""
    _store_password(account, must_change=False)
    record(about=account, by=account, via=via, changes={"password": (None, "own-password")})


def _store_password(account: User, *, must_change: bool) -> None:
    account.must_change_password = must_change
    account.save(update_fields=["password", "must_change_password"])
    # It can no longer be used: it is computed with the former password.
    FirstLink.objects.open().filter(account=account).update(ended_at=timezone.now())
    # Who has just proved who he is need not wait for the lock of an earlier guess to end.
    lift_lock(username=account.username)


def end_sessions(account: User) -> None:
    """Deletes the account's sessions, so that none is valid again when the account is enabled."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            session.delete()


def request_password_reset(*, name: str, address: str) -> None:
    """Sends a link to each account with this sign-in name or e-mail address, if it may sign in and has one.

    `address` is the portal's own ("https://vtlt.example"). The mail is sent beside the request, so
    that the time of the answer does not show whether there was one.
    """
    accounts = User.objects.known_as(name).able_to_sign_in().exclude(email="")[:5]
    mails = [reset_mail(account, address) for account in accounts if cache.add(*_pause(account))]
    log_event("password reset requested", name=name, mails=len(mails))
    if mails:
        deliver(mails)


def _pause(account: User) -> tuple[str, int, int]:
    return f"reset-mail-{account.pk}", 1, SECONDS_BETWEEN_MAILS
