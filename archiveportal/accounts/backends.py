"""Signing in by name and password."""

from __future__ import annotations

from itertools import product
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet

from archiveportal.accounts.models import User, one_form
from archiveportal.model_fields import own_field
from archiveportal.statements import Given, Prepared

#: of a unit, what no page asks of that of its reader; a row is read where one does
OF_UNITS_ALONE = (
    *("is_baseline", "as_reported", "legal_act", "act_signed_on", "act_name"),
    *("listed_as", "sort_key", "search_key"),
)


def _account() -> QuerySet[User]:
    """Return an account with its unit, which may have ended."""
    unread = ["__".join(path) for path in product(("district", "ward"), OF_UNITS_ALONE)]
    accounts = User.objects.filter(pk=Given("pk", own_field(User, "id"))).order_by()
    return accounts.select_related("district", "ward").defer(*unread)


#: read with each request of a signed-in person
ACCOUNT = Prepared(_account)


class PortalBackend(ModelBackend):
    """Refuses disabled accounts, those that ended with their unit and, outside local mode, the ones for trying the
    portal out.

    The password is checked before this, and an unknown name costs one hashing too, so that
    the time of an answer does not show which names exist. A session of a refused account ends with
    its next request.
    """

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **options: Any
    ) -> Any:
        """Return the account; an unknown name costs as many hashings as a wrong password."""
        user = super().authenticate(request, username, password, **options)
        has_another_form = password is not None and one_form(password) != password
        if user is None and has_another_form and not User.objects.filter(username=username).exists():
            User().set_password(password)
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        is_in_use = super().user_can_authenticate(user) and (settings.LOCAL or not user.is_demo)
        return is_in_use and not user.has_ended

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a session, read anew for each request."""
        user = ACCOUNT.first(pk=user_id)
        return user if user and self.user_can_authenticate(user) else None
