"""Recording what a round costs at its units."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.history.models import Via
from archiveportal.history.services import Stale, record
from archiveportal.logs import log_event
from archiveportal.templatetags.portal import money
from criteria.inspections.models import Round
from criteria.inspections.services.rounds import locked_round, with_reported_values

#: digits of an amount in đồng, as the column has them
DIGITS = 15


@transaction.atomic
def set_round_funding(
    *, inspection_round: Round, amount: int | Decimal, shown: int | Decimal | None, by: User, via: str = Via.PAGE
) -> bool:
    """Record the amount in đồng, of an open or a closed round; tell whether it is another one.

    It is what the work costs at the units of the round, not the cost of the inspection. `shown` is
    the amount that the form showed: raises Stale where a colleague recorded another one since.
    """
    stored = locked_round(inspection_round, by)
    before, after = stored.funding, Decimal(amount)
    if not 0 <= after < 10**DIGITS or after != after.to_integral_value():
        raise ValidationError({"amount": _("An amount is a whole number of đồng, with 15 digits at most.")})
    if before == after:
        return False
    if before != shown:
        message = _("Not saved yet: a colleague has recorded meanwhile:")
        raise Stale(f"{message} {money(before)}")
    stored.as_reported = with_reported_values(stored, ["funding"])
    stored.funding = after
    stored.save(update_fields=["funding", "as_reported"])
    record(about=stored, by=by, via=via, changes={"funding": (before, after)})
    log_event("funding of a round recorded", user=by.pk, round=stored.code)
    return True
