"""Bands of scores, and answers that bar the higher ones."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from criteria import outcomes
from criteria.models.leaves import Criterion, Option
from criteria.models.sets import CriteriaSet, PartOfSet


class Band(PartOfSet):
    """A range of scores: its lower bound belongs to it, its upper bound does not.

    The bounds are percent of the maximum, or points where the set says `bands_by` points.
    The bands of 5355/BC-SNV, II.2.a: 100 %; from 50 % to under 100 %; under 50 %. `printed_label` has the words
    of the report, which do not fit the bounds (discrepancies D07 to D09).
    """

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="bands")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    printed_label = models.CharField(max_length=120, blank=True)
    lower_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    #: blank: no upper bound, so that the maximum itself belongs to the band
    upper_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    #: of a set whose bands are by points; blank otherwise
    lower_points = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    #: blank: no upper bound
    upper_points = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "position"], name="band_position"),
            models.CheckConstraint(
                name="band_bounds",
                condition=Q(lower_percent__gte=0)
                & (Q(upper_percent__isnull=True) | Q(upper_percent__gt=F("lower_percent"))),
                violation_error_message=_("The upper bound of a band must lie above its lower bound."),
            ),
            models.CheckConstraint(
                name="band_points",
                condition=Q(lower_points__isnull=True, upper_points__isnull=True)
                | Q(lower_points__gte=0, upper_points__isnull=True)
                | Q(lower_points__gte=0, upper_points__gt=F("lower_points")),
                violation_error_message=_("The upper bound of a band must lie above its lower bound."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Bar(PartOfSet):
    """A rule that holds a unit at a band or below (điểm liệt) while all its conditions are true."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="bars")
    position = models.PositiveSmallIntegerField(_("position"))
    highest_band = models.ForeignKey(
        Band, models.PROTECT, related_name="bars", verbose_name=_("highest band that can be reached")
    )

    class Meta:
        verbose_name = _("rule that bars higher bands")
        ordering = ["criteria_set", "position"]
        constraints = [models.UniqueConstraint(fields=["criteria_set", "position"], name="bar_position")]

    def __str__(self) -> str:
        return str(self.highest_band)


class BarCondition(PartOfSet):
    """An answer to one leaf, as an outcome or an option; the conditions of a bar are joined by "and"."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="bar_conditions")
    bar = models.ForeignKey(Bar, models.PROTECT, related_name="conditions")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="bar_conditions", verbose_name=_("criterion"))
    outcome = models.CharField(_("answer"), max_length=15, choices=outcomes.choices(), blank=True)
    option = models.ForeignKey(
        Option, models.PROTECT, null=True, blank=True, related_name="bar_conditions", verbose_name=_("option")
    )

    class Meta:
        verbose_name = _("condition of a rule that bars higher bands")
        ordering = ["bar", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bar", "criterion"], name="bar_condition_once"),
            models.CheckConstraint(
                name="bar_condition_answer",
                condition=(Q(option__isnull=False) & Q(outcome=""))
                | (Q(option__isnull=True) & Q(outcome__in=[code for code, _label in outcomes.choices()])),
                violation_error_message=_("Choose the answer that bars the higher bands."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.criterion)
