"""Specialised inspections: the decision, its announcement at each unit, and what becomes of its period.

Articles are those of Nghị định 217/2025/NĐ-CP.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from criteria.inspections.models.rounds import Enrolment, Round, Team, TeamMember
from criteria.inspections.querysets import DecisionQuerySet, DecisionUnitQuerySet

PERSON = settings.AUTH_USER_MODEL

#: art. 13.2b: of an agency of a province, and by how much its period is extended at most
LONGEST_DAYS = 10
LONGEST_EXTENSION = 5


class Decision(models.Model):
    """A decision on an inspection (art. 11) by one team of one or several units.

    The way is draft -> issued, which is to have number and day. What an issued decision says does
    not change (criteria/inspections/issued_guard.py). It is voided with a reason, never deleted.
    """

    class Ground(models.TextChoices):
        SIGNS = "signs", _("signs of a breach of law, an incident or something unusual (art. 11.2a)")
        DIRECTED = "directed", _("directed, demanded or asked for by who may (art. 11.2b)")
        PLAN = "plan", _("plan of a topical inspection (art. 11.2c)")

    class ClockStarts(models.TextChoices):
        FIRST = "first", _("with the first announcement, for all units")
        EACH = "each", _("at each unit with its own announcement")

    round = models.ForeignKey(Round, models.PROTECT, related_name="decisions")
    team = models.ForeignKey(Team, models.PROTECT, related_name="decisions", verbose_name=_("inspection team"))
    title = models.CharField(_("title of the decision"), max_length=300)
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    #: the papers and facts behind the ground, a line each, as "Căn cứ ..." prints them
    grounds = models.TextField(_("grounds in words"), max_length=4000)
    contents = models.TextField(_("what is inspected"), max_length=4000)
    period_from = models.DateField(_("inspected period from"), null=True, blank=True)
    period_to = models.DateField(_("inspected period to"), null=True, blank=True)
    days_allowed = models.PositiveSmallIntegerField(
        _("days of the inspection"),
        default=LONGEST_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)],
    )
    clock_starts = models.CharField(_("the days begin"), max_length=10, choices=ClockStarts, default=ClockStarts.FIRST)
    #: blank until somebody decided whether a pause moves the last day
    pause_moves_end = models.BooleanField(_("the last day moves by the pause"), null=True, blank=True)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    #: who decides, as the paper writes it
    signer_title = models.CharField(_("title of who decides"), max_length=200, blank=True)
    signer_name = models.CharField(_("name of who decides"), max_length=120, blank=True)
    made_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.TextField(_("reason"), max_length=2000, blank=True, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection decision")
        ordering = ["round", "issued_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_ground",
                condition=Q(ground__in=["signs", "directed", "plan"]) & ~Q(grounds=""),
                violation_error_message=_("A decision on an inspection needs its ground (art. 11.2)."),
            ),
            models.CheckConstraint(
                name="decision_period",
                condition=Q(period_from__isnull=True) | Q(period_to__isnull=True) | Q(period_to__gte=F("period_from")),
                violation_error_message=_("The last day must not come before the first day."),
            ),
            models.CheckConstraint(
                name="decision_days",
                condition=Q(days_allowed__gte=1, days_allowed__lte=LONGEST_DAYS),
                violation_error_message=_("An inspection lasts 10 days at most (art. 13.2b)."),
            ),
            models.CheckConstraint(name="decision_clock_starts", condition=Q(clock_starts__in=["first", "each"])),
            models.CheckConstraint(
                name="decision_issued",
                condition=Q(issued_on__isnull=True, number="") | (Q(issued_on__isnull=False) & ~Q(number="")),
                violation_error_message=_("Number and day of a decision belong together."),
            ),
            models.CheckConstraint(
                name="decision_voided_with_reason", condition=Q(voided_at__isnull=True) | ~Q(void_reason="")
            ),
            models.UniqueConstraint(
                fields=["number", "issued_on"],
                condition=Q(voided_at__isnull=True) & ~Q(number=""),
                name="decision_number_once",
                violation_error_message=_("Another decision has this number and day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})" if self.number else self.title

    @property
    def is_issued(self) -> bool:
        return self.issued_on is not None

    @property
    def is_voided(self) -> bool:
        return self.voided_at is not None


class DecisionUnit(models.Model):
    """A unit that a decision names, and the day on which the head of the team announced it there.

    The days of the inspection count from that day; the portal never sets it by itself.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="units")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="decision_units")
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    announced_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    #: when the day was entered: one that was entered later is marked
    recorded_at = models.DateTimeField(null=True, editable=False)

    objects = DecisionUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit of the decision")
        ordering = ["decision", "enrolment__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "enrolment"],
                name="decision_unit_once",
                violation_error_message=_("The decision names this unit already."),
            ),
            models.CheckConstraint(
                name="decision_unit_announced",
                condition=Q(announced_on__isnull=True) | Q(announced_by__isnull=False, recorded_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment.ward)


class Extension(models.Model):
    """The one extension of a decision (art. 13.2b): by up to five days, for one of two grounds."""

    class Ground(models.TextChoices):
        COMPLEX = "complex", _("a complex case")
        HARD_TO_REACH = "hard_to_reach", _("an area that is hard to reach")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="extension")
    days = models.PositiveSmallIntegerField(
        _("days of the extension"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_EXTENSION)]
    )
    ground = models.CharField(_("ground"), max_length=15, choices=Ground)
    words = models.TextField(_("reason of the extension"), max_length=2000)
    number = models.CharField(_("document number"), max_length=60)
    issued_on = models.DateField(_("date of the document"))
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("extension of the inspection")
        constraints = [
            models.CheckConstraint(
                name="decision_extension_days",
                condition=Q(days__gte=1, days__lte=LONGEST_EXTENSION),
                violation_error_message=_("An inspection is extended by 5 days at most (art. 13.2b)."),
            ),
            models.CheckConstraint(
                name="decision_extension_ground",
                condition=Q(ground__in=["complex", "hard_to_reach"]) & ~Q(words=""),
                violation_error_message=_("Say why the inspection is extended."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Suspension(models.Model):
    """A pause (tạm dừng) or the end before its time (đình chỉ) of an inspection, by art. 7.2đ.

    It concerns one unit of the decision, or all of them. `until_on` is the last day of a pause.
    """

    class Kind(models.TextChoices):
        PAUSE = "pause", _("pause")
        STOP = "stop", _("stop")

    class Ground(models.TextChoices):
        FORCE_MAJEURE = "force_majeure", _("force majeure, the inspection cannot go on")
        UNIT_GONE = "unit_gone", _("the inspected unit does not exist any more")
        INSPECTED = "inspected", _("the content was inspected by an inspectorate")
        PROSECUTED = "prosecuted", _("a decision to prosecute was made")
        DEMANDED = "demanded", _("demanded by the head of the competent agency")

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="suspensions")
    #: blank: all units of the decision
    unit = models.ForeignKey(
        DecisionUnit, models.PROTECT, null=True, blank=True, related_name="suspensions", verbose_name=_("unit")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    ground = models.CharField(_("ground"), max_length=15, choices=Ground)
    reason = models.TextField(_("reason"), max_length=2000)
    number = models.CharField(_("document number"), max_length=60)
    issued_on = models.DateField(_("date of the document"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("last day of the pause"), null=True, blank=True)
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pause or stop")
        ordering = ["decision", "from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="suspension_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the inspection is paused or stopped."),
            ),
            models.CheckConstraint(
                name="suspension_ground",
                condition=Q(kind="pause", ground="force_majeure")
                | Q(kind="stop", ground__in=["unit_gone", "inspected", "prosecuted", "demanded"]),
                violation_error_message=_("Choose a ground of this kind (art. 7.2đ)."),
            ),
            models.CheckConstraint(
                name="suspension_days",
                condition=Q(until_on__isnull=True) | Q(kind="pause", until_on__gte=F("from_on")),
                violation_error_message=_("The last day must not come before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_open(self) -> bool:
        """Tell whether a pause still lasts, as far as was recorded."""
        return self.kind == self.Kind.PAUSE and self.until_on is None

    def days_until(self, last: datetime.date) -> int:
        """Return the days of a pause, up to and with `last` while it has no end."""
        until = min(filter(None, (self.until_on, last)))
        return max((until - self.from_on).days + 1, 0)


class TeamChange(models.Model):
    """A change of the head or of a member after the decision was issued, by a paper of its own.

    Names, parts and offices are kept as they were: the members of a team are written anew with every change.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="team_changes")
    part = models.CharField(_("part in the team"), max_length=10, choices=TeamMember.Part)
    leaves_name = models.CharField(_("who leaves"), max_length=120, blank=True)
    #: blank in changes of before they were kept: the part is the one that the change is about
    leaves_part = models.CharField(_("part of who leaves"), max_length=10, choices=TeamMember.Part, blank=True)
    leaves_position = models.CharField(_("position, office of who leaves"), max_length=200, blank=True)
    comes_person = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    comes_name = models.CharField(_("who comes"), max_length=120, blank=True)
    comes_position = models.CharField(_("position, office"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=2000)
    number = models.CharField(_("document number"), max_length=60)
    issued_on = models.DateField(_("date of the document"))
    recorded_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("change of the team")
        ordering = ["decision", "issued_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="team_change_part", condition=Q(part__in=["head", "deputy", "secretary", "member"])
            ),
            models.CheckConstraint(
                name="team_change_leaves_part",
                condition=Q(leaves_part__in=["", "head", "deputy", "secretary", "member"]),
            ),
            models.CheckConstraint(
                name="team_change_somebody",
                condition=~Q(leaves_name="") | ~Q(comes_name=""),
                violation_error_message=_("Say who leaves the team, who comes, or both."),
            ),
            models.CheckConstraint(
                name="team_change_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the team is changed."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def part_left(self) -> TeamMember.Part:
        """Return the part that who leaves had in the team."""
        return TeamMember.Part(self.leaves_part or self.part)
