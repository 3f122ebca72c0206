"""People who use the portal, and what each role may do."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.querysets import AccountManager
from archiveportal.vietnamese import normalise, search_key, sort_key


class Role(models.TextChoices):
    INSPECTOR = "inspector", _("Inspector (records and archives sub-department)")
    APPROVER = "approver", _("Leader of the records and archives sub-department")
    DISTRICT = "district", _("District interior office")
    WARD = "ward", _("Records officer of a ward, commune or township")
    LEADERSHIP = "leadership", _("Leadership of the Department of Home Affairs")
    ADMINISTRATOR = "administrator", _("System administrator")


class User(AbstractUser):
    """One person with one role. The `can_` and `sees_` properties are all that other code asks about a role."""

    first_name = last_name = None
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

    objects = AccountManager()

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

    def save(self, **kwargs) -> None:
        self.set_keys()
        if {"full_name", "username"} & set(kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*kwargs["update_fields"], "full_name", "sort_key", "search_key"}
        super().save(**kwargs)

    def set_keys(self) -> None:
        """Lists of people stand in the order of the given name, which is the last word: An before Bình."""
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
        """The district or ward of the account; blank for people of the City's offices."""
        if self.ward_id:
            return self.ward.full_title
        return self.district.title if self.district_id else ""

    def _is(self, *roles: Role) -> bool:
        return self.role in roles

    @property
    def sees_all_units(self) -> bool:
        return self._is(Role.INSPECTOR, Role.APPROVER, Role.LEADERSHIP, Role.ADMINISTRATOR)

    @property
    def sees_results(self) -> bool:
        return self._is(Role.INSPECTOR, Role.APPROVER, Role.LEADERSHIP, Role.DISTRICT, Role.WARD)

    @property
    def sees_dashboard(self) -> bool:
        """A round at a glance: the City, or the own district; a single ward has its own page."""
        return self.sees_results and not self._is(Role.WARD)

    @property
    def sees_unapproved_results(self) -> bool:
        return self.can_inspect

    @property
    def can_inspect(self) -> bool:
        """Fill and submit checklists, record training."""
        return self._is(Role.INSPECTOR, Role.APPROVER)

    @property
    def can_approve(self) -> bool:
        """Return or approve checklists of others; rounds, criteria sets, quotas, reports."""
        return self._is(Role.APPROVER)

    @property
    def answers_for_units(self) -> bool:
        """Answer findings, and assess own wards where a round asks for it."""
        return self._is(Role.DISTRICT, Role.WARD)

    @property
    def sees_training(self) -> bool:
        return self.sees_results

    @property
    def sees_all_courses(self) -> bool:
        return self._is(Role.INSPECTOR, Role.APPROVER, Role.LEADERSHIP)

    @property
    def sees_reports(self) -> bool:
        """The reports on rounds and schemes as documents: they are of the whole City."""
        return self.sees_results and self.sees_all_units

    @property
    def sees_ledger(self) -> bool:
        """The figures of the two reports and their contradictions: for those who work on them."""
        return self._is(Role.INSPECTOR, Role.APPROVER, Role.ADMINISTRATOR)

    @property
    def can_manage_accounts(self) -> bool:
        return self._is(Role.ADMINISTRATOR)

    @property
    def can_manage_units(self) -> bool:
        """Add and correct districts and wards."""
        return self._is(Role.ADMINISTRATOR)
