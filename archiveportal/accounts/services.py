"""Every write to accounts: with history, and with a line in the log for what a security review looks for."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial

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
from archiveportal.accounts.models import FirstLink, StandIn, User
from archiveportal.accounts.querysets import AccountQuerySet
from archiveportal.accounts.rights import roles_with
from archiveportal.history.models import Action, Event, Via
from archiveportal.history.services import differences, event, record, record_all, refuse_stale
from archiveportal.logs import log_event
from archiveportal.model_fields import related_rows
from archiveportal.refusal import Refused
from archiveportal.scope import Right
from archiveportal.statements import rows_with, update_all

#: what the administrator can set; the sign-in name only when the account is made
FIELDS = ("full_name", "email", "role", "district", "ward", "position", "telephone", "is_active")
#: the same in the order of the form, which says what it was made on
SHOWN = ("full_name", "role", "district", "ward", "position", "telephone", "email", "is_active")
#: fields that decide what a person may do and see
ACCESS = {"role", "district", "ward"}
#: fields that follow from the name
KEYS = ("sort_key", "search_key")
# Without letters and digits that are mistaken for each other on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: writes a mail
Mail = Callable[[], EmailMessage]
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
    _create([account], by=by, via=via)
    return password


def create_accounts(*, accounts: Sequence[User], by: User | None, via: str = Via.PAGE) -> None:
    """Save many new accounts, all or none. Nobody can sign in before a link or a slip brings a password."""
    for account in accounts:
        account.password = make_password(None)
        account.must_change_password = True
    _create(accounts, by=by, via=via)


@transaction.atomic
def _create(accounts: Sequence[User], *, by: User | None, via: str) -> None:
    """Save new accounts by a number of statements that does not depend on how many they are, but for batches."""
    _read_units(accounts)
    for account in accounts:
        account.set_keys()
    try:
        with transaction.atomic():
            User.objects.bulk_create(accounts)
    except IntegrityError as error:
        # Two presses at the same moment: the form of the second had seen the name free.
        raise Refused({"username": _("Somebody has this sign-in name already. Please choose another.")}) from error
    record_all([_created(account, by=by, via=via) for account in accounts])
    if by:
        for account in accounts:
            log_event("account created", user=account.pk, username=account.username, role=account.role, by=by.pk)
            _tell(_mails_of_approver(account, by=by))


def _created(account: User, *, by: User | None, via: str) -> Event:
    changes = {name: (None, getattr(account, name)) for name in ("username", *FIELDS) if getattr(account, name)}
    return event(about=account, by=by, via=via, action=Action.CREATED, changes=changes)


def _read_units(accounts: Sequence[User]) -> None:
    """Read the units of accounts once for all of them: the history names them."""
    for name in ("ward", "district"):
        key = f"{name}_id"
        unread = [each for each in accounts if getattr(each, key) and name not in each._state.fields_cache]
        found = rows_with(related_rows(User, name), "pk", (getattr(each, key) for each in unread))
        units = {unit.pk: unit for unit in found}
        for account in unread:
            setattr(account, name, units[getattr(account, key)])


def update_account(*, account: User, made_on: str | None = None, by: User | None, via: str = Via.PAGE) -> list[str]:
    """Saves what differs from the stored row, and gives the names of those fields. Raises `Stale`."""
    (names,) = update_accounts(accounts=[account], made_on=[made_on], by=by, via=via)
    return names


@transaction.atomic
def update_accounts(
    *, accounts: Sequence[User], made_on: Sequence[str | None], by: User | None, via: str = Via.PAGE
) -> list[list[str]]:
    """Save what differs from the stored rows, all or none; return the names of the fields of each.

    `made_on` has the digest of each row that the page or the plan showed. Raises `Stale`.
    """
    locked = User.objects.select_for_update().order_by("pk")
    stored = {row.pk: row for row in rows_with(locked, "pk", (account.pk for account in accounts))}
    for account, digest_shown in zip(accounts, made_on, strict=True):
        if digest_shown is not None:
            refuse_stale(stored=stored[account.pk], typed=account, names=SHOWN, made_on=digest_shown)
    _read_units([*stored.values(), *accounts])
    changes = [differences(stored[account.pk], account, FIELDS) for account in accounts]
    author = by.pk if by else None
    for account, changed in zip(accounts, changes, strict=True):
        if account.pk == author and {"role", "is_active"} & set(changed):
            raise Refused(_own_access(changed))
    differing = [(account, changed) for account, changed in zip(accounts, changes, strict=True) if changed]
    _write(differing)
    record_all([event(about=account, by=by, via=via, changes=changed) for account, changed in differing])
    if any("email" in changed for _account, changed in differing):
        _read_stand_ins([*stored.values(), *accounts])
    mails: list[Mail] = []
    for account, changed in differing:
        mails += _follow(account, changed, before=stored[account.pk], by=by)
    _tell(mails)
    return [[*changed] for changed in changes]


def _write(differing: Sequence[tuple[User, dict[str, tuple]]]) -> None:
    """Write what differs of each account, those with the same fields together."""
    together: dict[tuple[str, ...], list[User]] = defaultdict(list)
    for account, changed in differing:
        account.set_keys()
        together[(*changed, *KEYS) if "full_name" in changed else (*changed,)].append(account)
    for names, accounts in together.items():
        update_all(accounts, names)


def _read_stand_ins(accounts: Iterable[User]) -> None:
    """Read once for all of them whether they decide on what others submitted."""
    standing_in = set(StandIn.objects.today().values_list("person", flat=True))
    for account in accounts:
        account.may_decide = account.can_approve or account.pk in standing_in


def _follow(account: User, changed: dict[str, tuple], *, before: User, by: User | None) -> list[Mail]:
    """Log what a review looks for and end sessions; return the mails that are due."""
    author = by.pk if by else None
    mails: list[Mail] = []
    if "email" in changed:
        log_event("e-mail address changed", user=account.pk, username=account.username, by=author)
        mails += [partial(address_changed_mail, account, before.email)] if before.email else []
        if by and account.pk != author and (before.may_decide or account.may_decide):
            readers = _approvers_with_address(but=account)
            mails += [partial(approvers_address_mail, account, each, by=by) for each in readers]
    if ACCESS & set(changed):
        facts = {name: [str(value) for value in changed[name]] for name in ACCESS & set(changed)}
        log_event("role changed", user=account.pk, username=account.username, by=author, changes=facts)
        if by and not before.can_approve:
            mails += _mails_of_approver(account, by=by)
    if "is_active" in changed:
        if not account.is_active:
            end_sessions(account)
        name = "account enabled" if account.is_active else "account disabled"
        log_event(name, user=account.pk, username=account.username, by=author)
    return mails


def _mails_of_approver(account: User, *, by: User) -> list[Mail]:
    """Let the approvers know of another one: an administrator could make one to approve by it."""
    readers = _approvers_with_address(but=account) if account.can_approve else ()
    return [partial(approver_made_mail, account, each, by=by) for each in readers]


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
        _tell([partial(password_replaced_mail, account, each, by=by) for each in _approvers_with_address()])


def _approvers_with_address(*, but: User | None = None) -> AccountQuerySet:
    """Return those who would notice that another person approves by the account of one of them."""
    approvers = User.objects.able_to_sign_in().filter(role__in=roles_with(Right.CAN_APPROVE)).exclude(email="")
    return approvers.exclude(pk=but.pk) if but else approvers


def _tell(mails: Sequence[Mail]) -> None:
    """Write mails and send them together once the change is stored: others may write meanwhile."""
    if mails:
        transaction.on_commit(lambda: deliver([write() for write in mails]))


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
