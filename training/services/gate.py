"""The refusal for people who may not record training."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.refusal import Refused


def refuse_unless_entering(by: User | None) -> None:
    """Raise Refused for a person whose role does not record training; the portal's own command may."""
    if by is not None and not by.can_inspect:
        raise Refused(_("Your role does not record training."))
