"""Which jobs a person sees, and which a worker may take."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q

from archiveportal.scope import Viewer


class JobQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> JobQuerySet:
        """Return all for those who manage accounts and look after the portal, else the own ones."""
        if viewer.scope.can_manage_accounts:
            return self
        # A scope is no account and has no key.
        return self.filter(ordered_by=getattr(viewer, "pk", None))

    def waiting(self) -> JobQuerySet:
        """Return the jobs that nobody has begun, the oldest first."""
        return self.filter(status="waiting").order_by("pk")

    def without_sign_since(self, moment: datetime.datetime) -> JobQuerySet:
        """Return the running jobs whose worker has given no sign of life since a moment."""
        return self.filter(Q(beat_at__lt=moment) | Q(beat_at=None), status="running")
