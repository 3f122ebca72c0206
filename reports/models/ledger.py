"""The ledger: every tracked figure of the two reports, and every place where they contradict themselves."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reports.querysets import DiscrepancyQuerySet


class Bilingual:
    def local(self, field: str) -> str:
        """Return a text in the language of the screen; Vietnamese where it has no translation."""
        return (get_language() == "en" and getattr(self, f"{field}_en")) or getattr(self, field)


class Discrepancy(Bilingual, models.Model):
    """A place where the reports contradict themselves, cite wrongly or leave something open.

    A row that turned out to be none keeps its code and says in `withdrawn` why: codes are never used again, and
    links to it still arrive.
    """

    class Category(models.TextChoices):
        FIGURES = "figures", _("Contradiction of figures")
        WORDING = "wording", _("Mistake of citation or spelling")
        OPEN = "open", _("Point to be clarified")

    class Severity(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    code = models.CharField(_("code"), max_length=5, unique=True)
    report = models.CharField(_("report"), max_length=10)
    category = models.CharField(_("class of discrepancy"), max_length=10, choices=Category, default=Category.FIGURES)
    #: what it does to the conclusion of a reader; blank for a point to be clarified
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    kind = models.CharField(_("kind"), max_length=60)
    kind_en = models.CharField(max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=120)
    printed = models.TextField(_("as printed"))
    finding = models.TextField(_("what follows"))
    finding_en = models.TextField(blank=True)
    action = models.TextField(_("what the portal does"))
    action_en = models.TextField(blank=True)
    confidence = models.CharField(_("confidence"), max_length=200)
    confidence_en = models.CharField(max_length=200, blank=True)
    #: why it left the list; blank while it stands
    withdrawn = models.TextField(_("withdrawn because"), blank=True)
    withdrawn_en = models.TextField(blank=True)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("discrepancy")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="discrepancy_category", condition=Q(category__in=["figures", "wording", "open"])
            ),
            models.CheckConstraint(
                name="discrepancy_severity",
                condition=Q(category="open", severity="")
                | (~Q(category="open") & Q(severity__in=["high", "medium", "low"])),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def local_kind(self) -> str:
        return self.local("kind")

    @property
    def local_finding(self) -> str:
        return self.local("finding")

    @property
    def local_action(self) -> str:
        return self.local("action")

    @property
    def local_confidence(self) -> str:
        return self.local("confidence")

    @property
    def local_withdrawn(self) -> str:
        return self.local("withdrawn")


class Figure(Bilingual, models.Model):
    """A figure as a report prints it. Its values come from `reports.ledger`, never from this row."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    report = models.CharField(_("report"), max_length=10)
    section = models.CharField(_("section"), max_length=40)
    label = models.CharField(_("figure"), max_length=200)
    printed = models.CharField(_("as printed"), max_length=200)
    kind = models.CharField(max_length=40)
    derivation = models.TextField(_("derivation"))
    derivation_en = models.TextField(blank=True)
    discrepancies = models.ManyToManyField(Discrepancy, related_name="figures", blank=True)

    class Meta:
        verbose_name = _("figure")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def local_derivation(self) -> str:
        return self.local("derivation")
