"""Which accounts and stand-ins a person may see, and how accounts are searched."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from archiveportal.scope import Viewer
from archiveportal.vietnamese import search_key


class AccountQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> AccountQuerySet:
        """Return all accounts for those who manage them, else the viewer's own, if it has one."""
        if viewer.scope.can_manage_accounts:
            return self
        # A scope is no account and has no key.
        return self.filter(pk=getattr(viewer, "pk", None))

    def editable_by(self, viewer: Viewer) -> AccountQuerySet:
        return self if viewer.scope.can_manage_accounts else self.none()

    def matching(self, text: str) -> AccountQuerySet:
        """Match every word of the text in the full name or the sign-in name, without regard to
        diacritics."""
        accounts = self
        for word in search_key(text).split():
            accounts = accounts.filter(search_key__contains=word)
        return accounts

    def able_to_sign_in(self) -> AccountQuerySet:
        """Not disabled, not ended with its unit; and on a server, not an account for trying the portal out."""
        accounts = self.filter(is_active=True).exclude(_ended("ward")).exclude(_ended("district"))
        return accounts if settings.LOCAL else accounts.filter(is_demo=False)

    def known_as(self, name: str) -> AccountQuerySet:
        """Return the account with this sign-in name, or the accounts with this e-mail address."""
        return self.filter(Q(username=name) | Q(email__iexact=name) & ~Q(email=""))


def _ended(unit: str) -> Q:
    """Condition on accounts: their unit ended after they were made, see `User.has_ended`."""
    last = f"{unit}__valid_to"
    return Q(**{f"{last}__lt": timezone.localdate(), f"{last}__gte": TruncDate("date_joined")})


class StandInQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> StandInQuerySet:
        """Return all for those who read the reports of the City, else none."""
        return self if viewer.scope.sees_reports else self.none()

    def editable_by(self, viewer: Viewer) -> StandInQuerySet:
        return self if viewer.scope.can_approve else self.none()

    def today(self) -> StandInQuerySet:
        """Return those that hold today."""
        day = timezone.localdate()
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at=None)


class FirstLinkQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> FirstLinkQuerySet:
        """Return all for those who see what is done to accounts, else none."""
        return self if viewer.scope.sees_administration else self.none()

    def open(self) -> FirstLinkQuerySet:
        """Return those that were neither used nor ended; they may have run out."""
        return self.filter(used_at=None, ended_at=None)


class HandingOverQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> HandingOverQuerySet:
        """Return the lines of the units in scope, for whoever goes on there; those of former units are not read."""
        scope = viewer.scope
        if scope.sees_all_units:
            return self
        condition = scope.of_wards("ward") & Q(ward__isnull=False)
        if scope.wards is None and scope.districts is not None:
            condition |= Q(district__in=sorted(scope.districts))
        return self.filter(condition)


# The plugin makes no class of it: the module of UserManager knows this app as that of the accounts.
class AccountManager(UserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    use_in_migrations = False
