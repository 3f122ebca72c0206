"""People who use the portal, and what each role may do."""

import unicodedata
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from archiveportal.accounts.querysets import (
    AccountManager,
    FirstLinkQuerySet,
    HandingOverQuerySet,
    StandInQuerySet,
)
from archiveportal.accounts.rights import RIGHTS_BY_CODE, Role, role_choices
from archiveportal.scope import AnswersRights, Right, Scope
from archiveportal.vietnamese import normalise, search_key, sort_key
from wards.lines import keys_of_predecessors


def one_form(password: str) -> str:
    """Return a password in NFC: a Mac sends “ế” as three characters, a telephone as one."""
    return unicodedata.normalize("NFC", password)


class User(AnswersRights, AbstractUser):
    """One person with one role. Other code asks for rights, never for the role itself."""

    # None takes the columns of the base class away; the types know no such removal.
    first_name = last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=role_choices)
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, blank=True, verbose_name=_("district"), related_name="+"
    )
    ward = models.ForeignKey(
        "wards.Ward", models.PROTECT, null=True, blank=True, verbose_name=_("ward"), related_name="+"
    )
    position = models.CharField(_("position held"), max_length=120, blank=True, default="")
    telephone = models.CharField(_("telephone"), max_length=30, blank=True, default="")
    must_change_password = models.BooleanField(_("must change the password at the next sign-in"), default=False)
    #: one mail a day of what is unread; the person chooses
    wants_daily_mail = models.BooleanField(_("one mail a day of what is new"), default=True)
    #: kept by whoever tells people something, so that no page asks for it
    unread_notices = models.PositiveIntegerField(default=0, editable=False)
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
                condition=Q(role__in=["ward", "unit_leader"], ward__isnull=False)
                | (~Q(role__in=["ward", "unit_leader"]) & Q(ward__isnull=True)),
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

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password if raw_password is None else one_form(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether a password is right, in whichever form of Unicode a keyboard sends it.

        The raw one is for hashes of before: they were made of what was typed.
        """
        forms = dict.fromkeys([raw_password and one_form(raw_password), raw_password])
        return any(super(User, self).check_password(form) for form in forms)

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
    def has_ended(self) -> bool:
        """Tell whether the account ended with its unit: one that was made later is there on purpose."""
        unit = self.ward or self.district
        last = unit.valid_to if unit else None
        return last is not None and timezone.localdate(self.date_joined) <= last < timezone.localdate()

    @property
    def rights(self) -> frozenset[Right]:
        """Return the rights of the role; a form may ask before the account has a role."""
        return RIGHTS_BY_CODE.get(self.role, frozenset())

    @cached_property
    def former_wards(self) -> frozenset[int]:
        """Return the keys of the units that the ward of the account took over, whole or in part."""
        return keys_of_predecessors([self.ward_id]) if self.ward_id else frozenset()

    @property
    def scope(self) -> Scope:
        return Scope.of(self)

    @cached_property
    def may_decide(self) -> bool:
        """Tell whether the person decides on what others submitted: an approver, or who stands in
        for one today."""
        return self.can_approve or StandIn.objects.today().filter(person=self.pk).exists()


class StandIn(models.Model):
    """A person who decides in the place of the approvers for some days, by a decision on paper.

    Named where every approver had a hand in what has to be decided on. The row is never changed or
    deleted; it can be ended earlier.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("person"),
        related_name="stand_ins",
    )
    decision = models.CharField(_("number of the decision"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="stand_in_days",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not come before the first."),
            ),
            models.CheckConstraint(
                name="stand_in_by_another",
                condition=~Q(person=F("recorded_by")),
                violation_error_message=_("Nobody names himself."),
            ),
            models.CheckConstraint(name="stand_in_decision", condition=~Q(decision="")),
            models.CheckConstraint(
                name="stand_in_ended",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.decision})"


class FirstLink(models.Model):
    """A link by which a person chooses the first password, sent to the mailbox of the unit.

    The link itself is stored nowhere: it is computed from the row and the account
    (first_links.py). A new link, a new password and its use end it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not sent yet")
        SENT = "sent", _("sent")
        USED = "used", _("used")
        EXPIRED = "expired", _("ran out")
        ENDED = "ended", _("ended")

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="first_links")
    sent_to = models.EmailField(_("sent to"), max_length=254)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    #: number of the import that made the account
    batch = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    #: the last moment at which it can be used; set when it is sent
    ends_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    #: what the mail server said when it did not take the mail
    fault = models.CharField(max_length=300, blank=True)

    objects = FirstLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link for first use")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at__isnull=True, ended_at__isnull=True),
                name="first_link_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.sent_to

    @property
    def state(self) -> str:
        if self.used_at:
            return self.State.USED
        if self.ended_at:
            return self.State.ENDED
        if self.ends_at is None:
            return self.State.WAITING
        return self.State.SENT if timezone.now() <= self.ends_at else self.State.EXPIRED

    @property
    def tag(self) -> str:
        """Return the style of the tag that shows the state."""
        styles = {self.State.USED: "approved", self.State.SENT: "submitted", self.State.WAITING: "draft"}
        return styles.get(self.State(self.state), "returned")

    @property
    def state_label(self) -> str:
        return str(self.State(self.state).label)


class HandingOver(models.Model):
    """A line that the officer of a unit left: who goes on from which day, and what is open.

    It names the unit as it was then; the accounts may be moved later.
    """

    leaving = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who leaves")
    )
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who goes on")
    )
    ward = models.ForeignKey("wards.Ward", models.PROTECT, null=True, related_name="+", verbose_name=_("ward"))
    district = models.ForeignKey(
        "wards.District", models.PROTECT, null=True, related_name="+", verbose_name=_("district")
    )
    since = models.DateField(_("from the day"))
    open_matters = models.TextField(_("what is open"), max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = HandingOverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handing over")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="handing_over_to_another", condition=~Q(leaving=F("successor"))),
            models.CheckConstraint(
                name="handing_over_of_one_unit",
                condition=Q(ward__isnull=False, district__isnull=True) | Q(ward__isnull=True, district__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaving} → {self.successor}"
