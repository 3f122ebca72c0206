"""What a user may see of the criteria sets."""

from __future__ import annotations

from typing import Any

from django.db import models


class CriteriaSetQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> CriteriaSetQuerySet:
        """What is asked is no secret among those who see how it was answered."""
        return self if user.sees_results else self.none()

    def editable_by(self, user: Any) -> CriteriaSetQuerySet:
        """Sets that an approver may copy, change or put in force; a set in use refuses changes by itself."""
        return self if user.can_approve else self.none()
