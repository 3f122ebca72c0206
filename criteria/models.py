"""What a ward is inspected for and how it scores. A set freezes at its first use, also while it is
only proposed."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from criteria.querysets import CriteriaSetQuerySet, LegalActQuerySet


class CriteriaSet(models.Model):
    """A version of a list of criteria with its legal basis and its bands."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        IN_FORCE = "in_force", _("in force")
        REPLACED = "replaced", _("replaced")

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=200)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    allows_not_applicable = models.BooleanField(_("allows the answer “not applicable”"), default=False)
    #: set when the first round uses the set; criteria and bands do not change from then on
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(_("note"), blank=True)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("criteria set")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="criteria_set_version",
                violation_error_message=_("This version of the set exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartOfSetQuerySet(models.QuerySet):
    """Changes that bypass `save()` meet the same refusal."""

    def _refuse_if_frozen(self) -> None:
        if self.filter(criteria_set__frozen_at__isnull=False).exists():
            raise ValidationError(FROZEN)

    def update(self, **values: Any) -> int:
        self._refuse_if_frozen()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_if_frozen()
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        objs = list(objs)
        if CriteriaSet.objects.filter(pk__in={row.criteria_set_id for row in objs}, frozen_at__isnull=False).exists():
            raise ValidationError(FROZEN)
        return super().bulk_create(objs, *args, **options)


FROZEN = _("This set is in use and does not change any more. Make a new version of it.")


class PartOfSet(models.Model):
    """A row of a set: neither added, changed nor deleted once the set is frozen."""

    objects = PartOfSetQuerySet.as_manager()

    if TYPE_CHECKING:
        # Each part has a foreign key of its own.
        criteria_set_id: int

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        self._refuse_if_frozen()
        super().save(**kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_if_frozen()
        return super().delete(*args, **kwargs)

    def _refuse_if_frozen(self) -> None:
        if CriteriaSet.objects.filter(pk=self.criteria_set_id, frozen_at__isnull=False).exists():
            raise ValidationError(FROZEN)


class Criterion(PartOfSet):
    """One leaf column of the summary table: a question, a fact, or a question with a fact beside it."""

    class FactKind(models.TextChoices):
        NONE = "", _("none")
        INTEGER = "integer", _("whole number")
        DECIMAL = "decimal", _("number")
        TEXT = "text", _("text")

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="criteria")
    #: place among the columns of the printed table, from 1
    position = models.PositiveSmallIntegerField(_("position"))
    #: number among the criteria; blank for a fact that is not a criterion
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    code = models.CharField(_("code"), max_length=10)
    heading = models.CharField(_("heading in the table"), max_length=80)
    #: upper heading that spans several columns, as in the appendix of 5355/BC-SNV
    printed_group = models.CharField(_("upper heading in the table"), max_length=80, blank=True)
    name = models.CharField(_("full name"), max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    guidance = models.TextField(_("guidance"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    #: section of the checklist
    group = models.CharField(_("section"), max_length=120)
    group_en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    #: whether it is answered by met or not met at all
    has_outcome = models.BooleanField(default=True)
    #: whether it counts in the score
    is_counted = models.BooleanField(_("counts"), default=True)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, default=Decimal(1))
    fact_kind = models.CharField(max_length=10, choices=FactKind, blank=True)
    fact_label = models.CharField(max_length=120, blank=True)
    fact_label_en = models.CharField(max_length=120, blank=True)
    fact_unit = models.CharField(max_length=20, blank=True)
    #: a smaller fact warns; it does not decide the outcome (20 m² for a store: 5355, II.1.a)
    fact_minimum = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    #: needed for an answer before the checklist is submitted
    needs_evidence = models.BooleanField(_("“met” needs evidence"), default=False)
    needs_explanation = models.BooleanField(_("“not met” needs a note"), default=False)

    class Meta:
        verbose_name = _("criterion")
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "position"], name="criterion_position"),
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_code"),
            models.UniqueConstraint(fields=["criteria_set", "number"], name="criterion_number"),
            models.CheckConstraint(
                name="criterion_counts_with_outcome",
                condition=Q(is_counted=False) | Q(has_outcome=True, number__isnull=False, points__gt=0),
                violation_error_message=_("A criterion that counts needs a number, an outcome and points."),
            ),
        ]

    #: of a page that asked for them: acts that it cites as they stand on a day (`criteria.acts`)
    cited_acts: Sequence[Any] = ()

    def __str__(self) -> str:
        return f"{self.number}. {self.name}" if self.number else self.name

    def _local(self, field: str) -> str:
        """Return a text in the language of the screen; Vietnamese where it has no translation."""
        return (get_language() == "en" and getattr(self, f"{field}_en")) or getattr(self, field)

    @property
    def local_name(self) -> str:
        return self._local("name")

    @property
    def local_group(self) -> str:
        return self._local("group")

    @property
    def local_fact_label(self) -> str:
        return self._local("fact_label")


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


class Band(PartOfSet):
    """A range of scores in percent of the maximum: `lower_percent` belongs to it, `upper_percent` does not.

    The bands of 5355/BC-SNV, II.2.a: 100 %; from 50 % to under 100 %; under 50 %. `printed_label` has the words
    of the report, which do not fit the bounds (discrepancies D07 to D09).
    """

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="bands")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    printed_label = models.CharField(max_length=120, blank=True)
    lower_percent = models.DecimalField(max_digits=5, decimal_places=2)
    #: blank: no upper bound, so that the maximum itself belongs to the band
    upper_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

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
        ]

    def __str__(self) -> str:
        return self.label


class StockNote(models.Model):
    """A sentence for the note of a criterion, ready to be taken. It belongs to all versions of a set, by their codes,
    and decides nothing, so that it changes also while a set is in use."""

    set_code = models.CharField(max_length=40)
    criterion_code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("sentence"), max_length=300)

    class Meta:
        ordering = ["set_code", "criterion_code", "position"]
        constraints = [
            models.UniqueConstraint(fields=["set_code", "criterion_code", "position"], name="stock_note_position")
        ]

    def __str__(self) -> str:
        return self.text


class Recommendation(models.Model):
    """The sentence proposed where a criterion is not met. It belongs to all versions of a set, by their
    codes, and changes also while a set is in use, as a stock sentence does."""

    set_code = models.CharField(max_length=40)
    criterion_code = models.CharField(max_length=10)
    text = models.CharField(_("sentence"), max_length=600)

    class Meta:
        ordering = ["set_code", "criterion_code"]
        constraints = [models.UniqueConstraint(fields=["set_code", "criterion_code"], name="recommendation_once")]

    def __str__(self) -> str:
        return self.text
