"""How the criteria of a version follow from those of the one before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from criteria.models.leaves import Criterion
from criteria.models.sets import CriteriaSet, PartOfSet


class Crossing(PartOfSet):
    """A criterion of the set that `criteria_set` replaces, and what became of it.

    One that was split has a row for each new criterion, several that were merged a row each.
    """

    class Relation(models.TextChoices):
        SAME = "same", _("the same")
        REWORDED = "reworded", _("reworded")
        SPLIT = "split", _("split")
        MERGED = "merged", _("merged")
        NEW = "new", _("new")
        DROPPED = "dropped", _("dropped")

    #: the new version
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="crossings")
    old_criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="crossings_to",
        verbose_name=_("criterion before"),
    )
    new_criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="crossings_from",
        verbose_name=_("criterion now"),
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a crosswalk")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "old_criterion", "new_criterion"],
                name="crossing_once",
                violation_error_message=_("The crosswalk has this line already."),
            ),
            models.CheckConstraint(
                name="crossing_sides",
                condition=Q(relation="new", old_criterion__isnull=True, new_criterion__isnull=False)
                | Q(relation="dropped", old_criterion__isnull=False, new_criterion__isnull=True)
                | Q(
                    relation__in=["same", "reworded", "split", "merged"],
                    old_criterion__isnull=False,
                    new_criterion__isnull=False,
                ),
                violation_error_message=_(
                    "A new criterion has none before it, a dropped one none after it; every other line has both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_criterion or '—'} → {self.new_criterion or '—'}"
