"""New links for first use to more people than a page has time for, one mail after the other."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from archiveportal.accounts.first_links import renew_link, send_links
from archiveportal.accounts.models import FirstLink, User
from archiveportal.jobs.services import JobCancelled, JobHandle, order_job
from archiveportal.refusal import Refused

KIND = "accounts.first_links"
#: refusals that the result names; the others are counted
NAMED = 5


def order_sending(*, accounts: Sequence[int], address: str, by: User) -> str:
    """Order the job and return the address of its page."""
    title = _("Send %(count)s links for first use") % {"count": len(accounts)}
    job = order_job(kind=KIND, title=title, arguments={"accounts": list(accounts), "address": address}, by=by)
    return reverse("jobs:detail", args=[job.pk])


def send(handle: JobHandle) -> None:
    """Renew and send link after link. Whom a killed worker has reached is not written to again."""
    by = handle.job.ordered_by
    if by is None or not by.can_manage_accounts or not by.is_active:
        handle.fail(_("Whoever ordered it may no longer manage accounts. No link was sent."))
        return
    keys = handle.arguments["accounts"]
    reached = _reached(handle, keys)
    left = User.objects.editable_by(by).able_to_sign_in().in_bulk(set(keys) - reached)
    sent, refusals = len(reached), []
    try:
        for account in (left[key] for key in keys if key in left):
            handle.tell(step=_("sending"), done=sent, total=len(keys))
            try:
                link = renew_link(account=account, by=by)
            except Refused as refusal:
                refusals += refusal.messages
                continue
            sent += send_links(links=[link], address=handle.arguments["address"], by=by)
    except JobCancelled:
        handle.cancel(_("Cancelled. %(sent)s of %(count)s links were sent.") % {"sent": sent, "count": len(keys)})
        return
    more = [_("and %(count)s more") % {"count": len(refusals) - NAMED}] if len(refusals) > NAMED else []
    words = [_("%(sent)s of %(count)s links sent.") % {"sent": sent, "count": len(keys)}, *refusals[:NAMED], *more]
    handle.finish(" ".join(words))


def _reached(handle: JobHandle, keys: Sequence[int]) -> set[int]:
    """Return whom this job wrote to before its worker was killed."""
    sent = FirstLink.objects.filter(account__in=keys, made_by=handle.job.ordered_by)
    return set(sent.filter(sent_at__gte=handle.job.ordered_at).values_list("account", flat=True))
