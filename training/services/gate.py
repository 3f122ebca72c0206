"""The refusal for people who may not record training."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.refusal import Refused


def refuse_unless_entering(by: User) -> None:
    """Raise Refused for a person whose role does not record training."""
    if not by.can_inspect:
        raise Refused(_("Your role does not record training."))
