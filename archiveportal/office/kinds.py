"""The kinds of papers that the portal writes, and the levels that issue them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Who issues a paper; its head on the paper follows from it."""

    DEPARTMENT = "department", _("the office")
    DIVISION = "division", _("the sub-department")
    TEAM = "team", _("the inspection team")


class PaperKind(models.TextChoices):
    ROUND_REPORT = "round_report", _("report on a round")
    SCHEME_REPORT = "scheme_report", _("report on a training scheme")
    ROUND_LETTER = "round_letter", _("letter that begins a round")
    PLAN = "plan", _("plan of an inspection by subject")
    DECISION = "decision", _("inspection decision")
    CONDUCT_PLAN = "conduct_plan", _("plan of how to inspect")
    VISIT_NOTICE = "visit_notice", _("notice of the day of inspection")
    ANNOUNCEMENT = "announcement", _("minutes of the announcement")
    MINUTES = "minutes", _("inspection minutes")
    RESULT_REPORT = "result_report", _("report on the results of an inspection")
    REMEDY_LETTER = "remedy_letter", _("letter that asks to put things right")
    EXTENSION = "extension", _("decision to extend an inspection")
    PAUSE = "pause", _("decision to pause an inspection")
    STOP = "stop", _("decision to stop an inspection")
    TEAM_CHANGE = "team_change", _("decision to change the team")
