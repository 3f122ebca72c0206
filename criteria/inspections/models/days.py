"""Days that the State swaps for others, as they were entered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from criteria.inspections.querysets import SwappedDayQuerySet


class SwappedDay(models.Model):
    """A day off in the place of another, or a day that is worked in the place of another."""

    day = models.DateField(
        _("day"), unique=True, error_messages={"unique": _("This day is entered already. Remove it first.")}
    )
    is_off = models.BooleanField(_("nobody works"), default=True)
    reason = models.CharField(_("reason"), max_length=200)
    #: the paper that says so
    source = models.CharField(_("source"), max_length=300)

    objects = SwappedDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("swapped day")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
