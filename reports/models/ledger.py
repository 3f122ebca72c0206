"""The ledger: every tracked figure of the two reports, and every place where they contradict themselves."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Bilingual:
    def local(self, field: str) -> str:
        """Return a text in the language of the screen; Vietnamese where it has no translation."""
        return (get_language() == "en" and getattr(self, f"{field}_en")) or getattr(self, field)


class Discrepancy(Bilingual, models.Model):
    """A contradiction inside the reports, their arithmetic or the law they cite."""

    class Severity(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    code = models.CharField(_("code"), max_length=5, unique=True)
    report = models.CharField(_("report"), max_length=10)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
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

    class Meta:
        verbose_name = _("discrepancy")
        ordering = ["code"]

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
