"""Rounds of inspection: their teams, and the wards enrolled in them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archiveportal.history.models import FromReport
from archiveportal.percent import Rounding
from criteria.inspections.querysets import EnrolmentQuerySet, RoundPartQuerySet, RoundQuerySet
from criteria.models import CriteriaSet
from wards.models import Grouping, Ward

if TYPE_CHECKING:
    from criteria.inspections.models.self_assessment import SelfAssessment
    from criteria.inspections.queries.progress import Progress

PERSON = settings.AUTH_USER_MODEL


class Round(FromReport):
    """A phase of inspection with one criteria set. The period assessed and the day of the report are two things.

    The way is draft -> open -> closed. A draft is seen by those who prepare rounds alone. A trial is
    a rehearsal: marked everywhere, in no figure, and it can be deleted.
    """

    class Status(models.TextChoices):
        DRAFT = "in_draft", _("in draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    class Kind(models.TextChoices):
        GUIDANCE = "guidance", _("inspection and guidance of records and archives work")
        SPECIALISED = "specialised", _("specialised inspection by Decree 217/2025/NĐ-CP")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    #: for places with little room: the head of a page on a phone
    short_name = models.CharField(_("short name"), max_length=24, blank=True)
    is_trial = models.BooleanField(_("trial round"), default=False)
    #: a specialised inspection goes by decision, announcement and period; guidance prints no ground of the decree
    kind = models.CharField(_("kind of inspection"), max_length=12, choices=Kind, default=Kind.GUIDANCE)
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="rounds")
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    #: number and date of the report that published its scores
    report_number = models.CharField(_("report"), max_length=40, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    #: đồng, for the round as a whole; no report breaks it down
    funding = models.DecimalField(max_digits=15, decimal_places=0, null=True, blank=True)
    #: how the report on the round, and every page and workbook of its scores, rounds percentages
    rounding = models.CharField(
        _("rounding of percentages"),
        max_length=10,
        choices=Rounding,
        default=Rounding.WHOLE,
    )
    #: wards answer the checklist themselves before the team comes; only the team's answers score
    asks_self_assessment = models.BooleanField(_("asks for self-assessment first"), default=False)
    self_assessment_due = models.DateField(_("self-assessment until"), null=True, blank=True)
    #: how its units are divided, in lists, subtotals and papers; without it, by districts where units have them
    grouping = models.ForeignKey(
        Grouping, models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("way of grouping")
    )
    #: the earlier round that its units, ways and teams were carried over from
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="copies")
    #: the earlier round whose unmet criteria alone this one asks for ("theo dõi")
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by", verbose_name=_("follows up")
    )
    closed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)
    is_simulated = models.BooleanField(default=False, editable=False)

    #: set by queries.with_progress
    progress: Progress

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection round")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="round_status", condition=Q(status__in=["in_draft", "open", "closed"])),
            models.CheckConstraint(name="round_kind", condition=Q(kind__in=["guidance", "specialised"])),
            models.CheckConstraint(name="round_rounding", condition=Q(rounding__in=Rounding.values)),
            models.CheckConstraint(
                name="round_funding",
                condition=Q(funding__isnull=True) | Q(funding__gte=0),
                violation_error_message=_("An amount of money cannot be negative."),
            ),
            models.CheckConstraint(
                name="round_period",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day must not come before the first day."),
            ),
            models.CheckConstraint(
                name="round_deadline",
                condition=Q(deadline__isnull=True) | Q(deadline__gte=F("starts_on")),
                violation_error_message=_("The deadline must not come before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def is_specialised(self) -> bool:
        """Tell whether the inspection goes by Nghị định 217/2025/NĐ-CP."""
        return self.kind == self.Kind.SPECIALISED

    @property
    def mark(self) -> str:
        """Return what every paper of a round says that is none of a real one; blank otherwise."""
        if self.is_trial:
            return "ĐỢT THỬ"
        return "SỐ LIỆU MÔ PHỎNG" if self.is_simulated else ""

    @property
    def marked_name(self) -> str:
        """Return the name for lists in which rounds of both kinds are mixed: a trial says that it is one."""
        return f"{self.name} ({gettext('trial round')})" if self.is_trial else self.name

    @property
    def head_name(self) -> str:
        """Return the name for places with little room."""
        return self.short_name or self.name


class Team(models.Model):
    """An inspection team (đoàn kiểm tra) of a round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="teams")
    name = models.CharField(_("team"), max_length=120)
    #: grows with every change of the team or its members
    version = models.PositiveIntegerField(default=1)

    objects = RoundPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection team")
        ordering = ["round", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name"],
                name="team_name",
                violation_error_message=_("The round has a team of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person in a team. People from other offices have no account; name and office are kept as they were."""

    class Part(models.TextChoices):
        HEAD = "head", _("head of the team")
        DEPUTY = "deputy", _("deputy head of the team")  # "nếu có", NĐ 217/2025/NĐ-CP, art. 12.1
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    person = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="teams")
    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position, office"), max_length=200, blank=True)
    part = models.CharField(_("part in the team"), max_length=10, choices=Part, default=Part.MEMBER)
    order = models.PositiveSmallIntegerField(default=0)
    #: "đã rà soát điều kiện" (NĐ 217/2025/NĐ-CP, art. 12.2), and nothing more about a person
    conditions_reviewed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    conditions_reviewed_on = models.DateField(_("conditions reviewed on"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["team", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(part="head"),
                name="team_one_head",
                violation_error_message=_("A team has one head."),
            ),
            models.UniqueConstraint(
                fields=["team", "person"],
                name="team_member_once",
                violation_error_message=_("This person is in the team already."),
            ),
            models.CheckConstraint(
                name="team_member_part", condition=Q(part__in=["head", "deputy", "secretary", "member"])
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Enrolment(FromReport):
    """A ward in a round, at its place in the table, with the score that a signed report published for it.

    `way` says how it is inspected; `team` and `planned_on` say who inspects it and when. A closed
    round can be open for one ward up to and with `reopened_until`; in an open one `extended_until`
    is a later deadline for this ward. A ward that others look at this year has an overlap, and may be
    left out of the plan for it.
    """

    class Way(models.TextChoices):
        REPORT = "report", _("self-assessment, report")
        ON_SITE = "on_site", _("inspection on the spot")
        REMOTE = "remote", _("remote inspection")

    class Overlap(models.TextChoices):
        INSPECTORATE = "inspectorate", _("inspectorate")
        AUDIT = "audit", _("state audit")
        OTHER = "other", _("another inspection")

    round = models.ForeignKey(Round, models.PROTECT, related_name="enrolments")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="enrolments")
    position = models.PositiveIntegerField(_("No."))
    published_score = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    published_maximum = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    #: the personnel cells as scanned; order and spelling are unreliable (discrepancies D12, D13, D25)
    published_personnel = models.CharField(max_length=300, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="enrolments")
    planned_on = models.DateField(_("planned day"), null=True, blank=True)
    way = models.CharField(_("way of inspection"), max_length=10, choices=Way, default=Way.ON_SITE)
    #: who else inspects the ward this year, and by which paper, when
    overlap = models.CharField(_("inspected by others"), max_length=12, choices=Overlap, blank=True)
    overlap_source = models.CharField(_("source"), max_length=300, blank=True)
    is_left_out = models.BooleanField(_("left out of the plan"), default=False)
    left_out_reason = models.TextField(_("reason for leaving it out"), blank=True)
    extended_until = models.DateField(_("deadline of this unit"), null=True, blank=True)
    extension_ground = models.TextField(_("ground of the extension"), blank=True)
    #: a later day for the self-assessment alone, also after it was handed in
    self_extended_until = models.DateField(_("self-assessment of this unit until"), null=True, blank=True)
    self_extension_ground = models.TextField(_("ground of the later day"), blank=True)
    reopened_until = models.DateField(_("open again until"), null=True, blank=True, editable=False)
    reopening_reason = models.TextField(blank=True, editable=False)

    #: added by the querysets: with_standing
    standing_score: Decimal | None
    standing_maximum: Decimal | None
    standing_ratio: float | None
    standing_bar: int | None
    #: added by the pages of one criterion: the code of the answer to it
    answer: str
    #: set by queries.turns
    answered: int
    #: added by queries.overview: the accounts of the unit
    is_activated: bool
    officer: str | None
    telephone: str | None
    mailbox: str | None

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "ward"],
                name="enrolment_once",
                violation_error_message=_("This ward is in the round already."),
            ),
            models.UniqueConstraint(fields=["round", "position"], name="enrolment_position"),
            models.CheckConstraint(
                name="enrolment_published_score",
                condition=Q(published_score__isnull=True)
                | Q(
                    published_score__gte=0,
                    published_maximum__isnull=False,
                    published_maximum__gt=0,
                    published_maximum__gte=F("published_score"),
                ),
                violation_error_message=_("A published score needs its maximum and cannot exceed it."),
            ),
            models.CheckConstraint(
                name="enrolment_reopened_with_reason",
                condition=Q(reopened_until__isnull=True) | ~Q(reopening_reason=""),
                violation_error_message=_("Say why the round is opened again for this ward."),
            ),
            models.CheckConstraint(name="enrolment_way", condition=Q(way__in=["report", "on_site", "remote"])),
            models.CheckConstraint(
                name="enrolment_overlap",
                condition=Q(overlap="", overlap_source="")
                | Q(overlap__in=["inspectorate", "audit", "other"]) & ~Q(overlap_source=""),
                violation_error_message=_("Say who inspects this unit, by which document or plan."),
            ),
            models.CheckConstraint(
                name="enrolment_left_out_with_reason",
                condition=Q(is_left_out=False) | ~Q(left_out_reason=""),
                violation_error_message=_("Say why the unit is left out of the plan."),
            ),
            models.CheckConstraint(
                name="enrolment_extended_with_ground",
                condition=Q(extended_until__isnull=True) | ~Q(extension_ground=""),
                violation_error_message=_("Say on what ground the deadline is extended."),
            ),
            models.CheckConstraint(
                name="enrolment_self_extended_with_ground",
                condition=Q(self_extended_until__isnull=True) | ~Q(self_extension_ground=""),
                violation_error_message=_("Say on what ground the unit gets a later day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ward} – {self.round}"

    @property
    def is_open_now(self) -> bool:
        """The round is open, or open again for this ward today."""
        return self.round.is_open or (self.reopened_until is not None and self.reopened_until >= timezone.localdate())

    @property
    def takes_answers(self) -> bool:
        """A team fills in the checklist now: not of a ward that only reports, or is left out of the plan."""
        return self.is_visited and self.is_open_now

    @property
    def can_be_planned(self) -> bool:
        """The round is open for the ward, or still a draft."""
        return self.is_open_now or self.round.is_draft

    @property
    def only_reports(self) -> bool:
        """The ward assesses itself and reports; no team fills in its checklist."""
        return self.way == self.Way.REPORT

    @property
    def is_visited(self) -> bool:
        """A team inspects the ward, on the spot or from afar."""
        return not (self.only_reports or self.is_left_out)

    @property
    def own_assessment(self) -> SelfAssessment | None:
        """Return the self-assessment, or None where there is none yet; read it along for many wards.

        Templates ask for this one: `self_assessment` does not exist for a ward that began none.
        """
        return getattr(self, "self_assessment", None)

    @property
    def has_reported(self) -> bool:
        """Tell whether the self-assessment was handed in."""
        assessment = self.own_assessment
        return assessment is not None and assessment.handed_in_at is not None

    @property
    def unvisited_state(self) -> str:
        """Return in words where a ward is that no team inspects."""
        if self.is_left_out:
            return gettext("left out of the plan")
        if self.own_assessment and self.own_assessment.is_accepted:
            return gettext("report accepted, not verified")
        return gettext("self-assessment reported") if self.has_reported else gettext("self-assessment awaited")

    @property
    def due_on(self) -> datetime.date | None:
        """Return the last day for this ward."""
        if self.round.is_closed:
            return self.reopened_until
        return self.extended_until or self.round.deadline

    @property
    def hands_in_until(self) -> datetime.date | None:
        """Return the last day for the self-assessment of this ward; None where no day is set."""
        due = self.round.self_assessment_due
        later = [day for day in (self.extended_until, self.self_extended_until) if day]
        return max([due, *later]) if due else None

    @property
    def is_late(self) -> bool:
        """Tell whether the last day for the self-assessment has passed."""
        due = self.hands_in_until
        return due is not None and due < timezone.localdate()
