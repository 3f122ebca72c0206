"""Which papers of inspections, and which approvals of plans, a person sees."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from archiveportal.model_fields import related_rows
from archiveportal.scope import Viewer
from criteria.inspections.querysets import RoundPartQuerySet, _begun, _units

#: kinds of papers on a decision that its units get
OF_ITS_UNITS = ("decision", "extension", "pause", "stop", "team_change")


class OfficialPaperQuerySet(models.QuerySet):
    """Papers: drafts are seen by those who inspect; issued ones by whoever sees what they are about."""

    def visible_to(self, viewer: Viewer) -> Self:
        units = _units(viewer, "enrolment__ward")
        if units is None:
            return self.none()
        rows = self.filter(_begun(viewer, "round__"))
        if viewer.scope.sees_unapproved_results:
            return rows
        rows = rows.filter(state="issued", voided_at__isnull=True)
        if not units:
            return rows
        decisions = related_rows(self.model, "decision").visible_to(viewer).order_by()
        # A report on several units is for those who decided; a unit gets what is addressed to it.
        own = rows.filter(units).exclude(kind="result_report").order_by()
        of_decision = rows.filter(kind__in=OF_ITS_UNITS, decision__in=decisions.values("pk")).order_by()
        return rows.filter(Q(pk__in=own.values("pk")) | Q(pk__in=of_decision.values("pk")))

    def standing(self) -> Self:
        """Leave out papers that were voided."""
        return self.filter(voided_at__isnull=True)


class PlanApprovalQuerySet(RoundPartQuerySet):
    """Approvals of plans: seen by whoever sees the round."""

    def standing(self) -> Self:
        """Leave out approvals that were voided."""
        return self.filter(voided_at__isnull=True)
