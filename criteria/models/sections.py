"""The headings under which a set has its leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from criteria.models.sets import CriteriaSet, PartOfSet
from criteria.titles import in_language

#: levels of headings at most
MOST_LEVELS = 3


class Section(PartOfSet):
    """A heading of a set. `position` orders all headings of the set, each before those under it.

    The services hold the depth at `MOST_LEVELS` and refuse a cycle.
    """

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="sections")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("under the section")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    #: as printed: "I", "1", "1.1"
    number = models.CharField(_("printed number"), max_length=12, blank=True)
    title = models.CharField(_("title of the section"), max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    #: what the act says that the points of the section add up to
    points = models.DecimalField(_("announced points"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("section")
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "position"], name="section_position"),
            models.CheckConstraint(
                name="section_not_under_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A section does not lie under itself."),
            ),
            models.CheckConstraint(
                name="section_points",
                condition=Q(points__isnull=True) | Q(points__gt=0),
                violation_error_message=_("Points lie above zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def local_title(self) -> str:
        return in_language(self.title, self.title_en)
