"""Legal acts, and which of them criteria and sets rest on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from criteria.models.leaves import Criterion
from criteria.models.sets import CriteriaSet, PartOfSet
from criteria.querysets import LegalActQuerySet


class LegalAct(models.Model):
    """A law, decree, circular or decision that criteria rest on, with the days in which it was in force.

    A day that is not known stays empty: nothing is then said of it.
    """

    number = models.CharField(_("number and symbol"), max_length=60, unique=True)
    kind = models.CharField(_("kind of act"), max_length=40)
    title = models.CharField(_("title of the act"), max_length=300)
    issuer = models.CharField(_("issued by"), max_length=120)
    issued_on = models.DateField(_("issued on"))
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    #: last day in force
    in_force_to = models.DateField(_("in force to"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )
    #: where the portal has it from
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = LegalActQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal act")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.CheckConstraint(
                name="act_days",
                condition=Q(in_force_from__isnull=True)
                | Q(in_force_to__isnull=True)
                | Q(in_force_to__gte=F("in_force_from")),
                violation_error_message=_("The last day must not come before the first day."),
            ),
            models.CheckConstraint(
                name="act_not_replaced_by_itself",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
                violation_error_message=_("An act does not replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} số {self.number}"


class Citation(PartOfSet):
    """An act, or some articles of it, that a criterion rests on."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="citations")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="citations", verbose_name=_("criterion"))
    act = models.ForeignKey(LegalAct, models.PROTECT, related_name="citations", verbose_name=_("legal act"))
    articles = models.CharField(_("articles"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("citation")
        ordering = ["criterion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "act"],
                name="citation_once",
                violation_error_message=_("This criterion cites the act already."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.articles, str(self.act)]))


class SetBasis(PartOfSet):
    """An act, or some articles of it, that a set as a whole rests on."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="bases")
    act = models.ForeignKey(LegalAct, models.PROTECT, related_name="set_bases", verbose_name=_("legal act"))
    articles = models.CharField(_("articles"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("legal basis of a set")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "act"],
                name="set_basis_once",
                violation_error_message=_("This set names the act already."),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.articles, str(self.act)]))
