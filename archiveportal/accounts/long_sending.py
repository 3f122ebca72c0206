"""Who sends more links than a page has time for.

The room of jobs knows accounts, and not the other way round: it enters itself here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from archiveportal.accounts.models import User


class Sender(Protocol):
    """Takes an order to renew and send links, and returns the address of the page that shows how far it is."""

    def __call__(self, *, accounts: Sequence[int], address: str, by: User) -> str: ...


_senders: list[Sender] = []


def register(sender: Sender) -> None:
    """Enter the one who sends. Entered twice, it is one."""
    _senders[:] = [sender]


def order_sending(*, accounts: Sequence[User], address: str, by: User) -> str:
    """Order that these accounts get new links; `address` is that of the portal."""
    (sender,) = _senders
    return sender(accounts=[account.pk for account in accounts], address=address, by=by)
