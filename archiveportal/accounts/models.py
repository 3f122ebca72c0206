"""People who use the portal, and what each role may do."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.querysets import AccountManager
from archiveportal.accounts.rights import RIGHTS, Role
from archiveportal.scope import AnswersRights, Right, Scope
from archiveportal.vietnamese import normalise, search_key, sort_key


class User(AnswersRights, AbstractUser):
    """One person with one role. Other code asks for rights, never for the role itself."""

    # None takes the columns of the base class away; the types know no such removal.
    first_name = last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, blank=True, verbose_name=_("district"), related_name="+"
    )
    ward = models.ForeignKey(
        "wards.Ward", models.PROTECT, null=True, blank=True, verbose_name=_("ward"), related_name="+"
    )
    must_change_password = models.BooleanField(_("must change the password at the next sign-in"), default=False)
    #: shown to people who try the portal out; refused outside local mode
    is_demo = models.BooleanField(default=False, editable=False)
    sort_key = models.CharField(max_length=800, editable=False, db_index=True, default="")
    search_key = models.CharField(max_length=400, editable=False, default="")

    objects: ClassVar[AccountManager] = AccountManager()

    REQUIRED_FIELDS = ["full_name", "role"]

    class Meta:
        verbose_name = _("account")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(name="user_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="user_district_by_role",
                condition=Q(role="district", district__isnull=False) | (~Q(role="district") & Q(district__isnull=True)),
                violation_error_message=_(
                    "An account of a district interior office needs its district; other roles have none."
                ),
            ),
            models.CheckConstraint(
                name="user_ward_by_role",
                condition=Q(role="ward", ward__isnull=False) | (~Q(role="ward") & Q(ward__isnull=True)),
                violation_error_message=_("An account of a ward needs its ward; other roles have none."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, **kwargs: Any) -> None:
        self.set_keys()
        if {"full_name", "username"} & set(kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "full_name", "sort_key", "search_key"}
        super().save(**kwargs)

    def set_keys(self) -> None:
        """Lists of people are ordered by the given name, which is the last word: An before Bình."""
        self.full_name = normalise(self.full_name)
        family, _space, given = self.full_name.rpartition(" ")
        self.sort_key = sort_key(f"{given} {family}")[:800]
        self.search_key = search_key(f"{self.full_name} {self.username}")[:400]

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @property
    def unit_title(self) -> str:
        """Return the district or ward of the account; blank for people of the City's offices."""
        if self.ward:
            return self.ward.full_title
        return self.district.title if self.district else ""

    @property
    def rights(self) -> frozenset[Right]:
        """Return the rights of the role; a form may ask before the account has a role."""
        return RIGHTS[Role(self.role)] if self.role in Role.values else frozenset()

    @property
    def scope(self) -> Scope:
        return Scope.of(self)
