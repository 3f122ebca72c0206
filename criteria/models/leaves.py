"""Leaves of a set: what is asked, how it is scored, and the sentences that are ready for its note."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from archiveportal.vietnamese import number
from criteria import indicators
from criteria.models.sections import Section
from criteria.models.sets import CriteriaSet, PartOfSet
from criteria.titles import in_language


def _numbered(number: str, name: str) -> str:
    return f"{number}. {name}" if number else name


class Criterion(PartOfSet):
    """One leaf column of the summary table: a question, a fact, or a question with a fact beside it."""

    class FactKind(models.TextChoices):
        NONE = "", _("none")
        INTEGER = "integer", _("whole number")
        DECIMAL = "decimal", _("number")
        TEXT = "text", _("text")

    class Kind(models.TextChoices):
        MET = "met", _("met or not")
        CHOICE = "choice", _("choice")
        PART = "part", _("points up to a maximum")
        RATIO = "ratio", _("ratio in steps")
        MEASURE = "measure", _("count or measure with a threshold")
        DATE = "date", _("date with a deadline")
        PARTS = "parts", _("parts that add up")
        FACT = "fact", _("fact, not scored")

    class Sign(models.TextChoices):
        NONE = "", _("points")
        DEDUCTION = "deduction", _("deduction")
        BONUS = "bonus", _("bonus")

    #: what papers call points that stand apart
    SIGNS_ON_PAPER = {Sign.DEDUCTION: "điểm trừ", Sign.BONUS: "điểm thưởng"}

    class CheckWay(models.TextChoices):
        NONE = "", _("not laid down")
        ON_SITE = "on_site", _("on site")
        DOCUMENTS = "documents", _("by documents")
        DATA = "data", _("by data")

    class ThresholdRule(models.TextChoices):
        AT_LEAST = "at_least", _("at least")
        AT_MOST = "at_most", _("at most")

    #: kinds that nobody answers with an outcome
    UNSCORED = (Kind.FACT, Kind.PARTS)
    #: kinds whose outcome and points follow from the values of the answer
    DERIVED = (Kind.CHOICE, Kind.PART, Kind.RATIO, Kind.MEASURE, Kind.DATE)
    #: kinds that earn more than all or none of their points
    GRADED = (Kind.CHOICE, Kind.PART, Kind.RATIO)

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="criteria")
    #: place among the columns of the printed table, from 1
    position = models.PositiveSmallIntegerField(_("position"))
    #: heading that it lies under; blank in a set without sections, which has `group` alone
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="leaves", verbose_name=_("section")
    )
    #: number among the criteria that count, from 1; blank for a fact and for the sum of parts
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    #: number as printed where it is not the running one: "1.1"
    printed_number = models.CharField(_("printed number"), max_length=12, blank=True)
    code = models.CharField(_("code"), max_length=10)
    heading = models.CharField(_("heading in the table"), max_length=80)
    #: upper heading that spans several columns, as in the appendix of 5355/BC-SNV
    printed_group = models.CharField(_("upper heading in the table"), max_length=80, blank=True)
    name = models.CharField(_("full name"), max_length=1000)
    name_en = models.CharField(max_length=1000, blank=True)
    guidance = models.TextField(_("guidance"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=1000, blank=True)
    #: section of the checklist; in a set with sections the title of the highest
    group = models.CharField(_("section"), max_length=300)
    group_en = models.CharField(max_length=300, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(_("way of scoring"), max_length=10, choices=Kind, default=Kind.MET)
    #: points that are taken off or added apart from the maximum
    sign = models.CharField(_("deduction or bonus"), max_length=10, choices=Sign, blank=True)
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
    #: which of the facts that are added up over the units its number is; blank for any other
    indicator = models.CharField(_("is added up as"), max_length=20, choices=indicators.choices(), blank=True)
    #: of a measure: met from here, or up to here; the unit is `fact_unit`
    threshold = models.DecimalField(_("threshold"), max_digits=9, decimal_places=2, null=True, blank=True)
    threshold_rule = models.CharField(
        _("rule of the threshold"), max_length=10, choices=ThresholdRule, default=ThresholdRule.AT_LEAST
    )
    #: of a date: met on this day and before
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    check_way = models.CharField(_("way of checking"), max_length=10, choices=CheckWay, blank=True)
    evidence_needed = models.TextField(_("documents to be shown"), blank=True)
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
            models.UniqueConstraint(
                fields=["criteria_set", "indicator"],
                condition=~Q(indicator=""),
                name="criterion_indicator_once",
                violation_error_message=_("Another criterion of the set is added up as this already."),
            ),
            models.CheckConstraint(
                name="criterion_indicator_of_number",
                condition=Q(indicator="") | Q(fact_kind__in=["integer", "decimal"]) | Q(kind="measure"),
                violation_error_message=_("Only a number is added up."),
            ),
            models.CheckConstraint(
                name="criterion_kind",
                condition=Q(kind__in=["fact", "parts"], has_outcome=False, is_counted=False)
                | Q(kind__in=["met", "choice", "part", "ratio", "measure", "date"], has_outcome=True),
                violation_error_message=_("A fact and a sum of parts are not answered; every other kind is."),
            ),
            models.CheckConstraint(
                name="criterion_choices",
                condition=Q(sign__in=["", "deduction", "bonus"])
                & Q(check_way__in=["", "on_site", "documents", "data"])
                & Q(threshold_rule__in=["at_least", "at_most"]),
            ),
            models.CheckConstraint(
                name="criterion_points",
                condition=Q(points__gte=0),
                violation_error_message=_("Points cannot be negative. Choose “deduction” for points to be taken off."),
            ),
            models.CheckConstraint(
                name="criterion_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A criterion is no part of itself."),
            ),
        ]

    #: of a page that asked for them: acts that it cites as they stand on a day (`criteria.acts`)
    cited_acts: Sequence[Any] = ()

    def __str__(self) -> str:
        """Return the name in the history, with the running number as triggers write it."""
        return f"{self.number}. {self.name}" if self.number else self.name

    @property
    def numbered_name(self) -> str:
        """Return the name with the number by which lists name it."""
        return _numbered(self.listed_number, self.name)

    @property
    def numbered_heading(self) -> str:
        """Return the short name, as heads of tables have it, with the same number."""
        return _numbered(self.listed_number, self.heading)

    @property
    def printed_name(self) -> str:
        """Return the name with the number as printed, for lists over many sets: it is read without its set."""
        return _numbered(self.shown_number, self.name)

    @property
    def shown_number(self) -> str:
        """Return the number as printed, else the running one; blank where it has neither."""
        return self.printed_number or str(self.number or "")

    @property
    def name_on_paper(self) -> str:
        """Return the name, marked as a deduction or a bonus: one that is not met is no failing of that size."""
        return f"{self.name} ({self.SIGNS_ON_PAPER[self.Sign(self.sign)]})" if self.sign else self.name

    @property
    def number_with_headings(self) -> str:
        """Return the number with those of its headings, in a set that counts anew below each of them; else blank."""
        return self.criteria_set.numbers_with_headings.get(self.pk, "") if self.section_id else ""

    @property
    def listed_number(self) -> str:
        """Return the number by which lists without headings name the criterion: "II.1" where there is an "I.1"."""
        return self.number_with_headings or self.shown_number

    @property
    def is_derived(self) -> bool:
        """Whether outcome and points follow from the values of the answer."""
        return self.kind in self.DERIVED

    @property
    def is_graded(self) -> bool:
        """Whether an answer can earn some of the points: a table shows how many."""
        return self.kind in self.GRADED

    @property
    def is_in_maximum(self) -> bool:
        """Whether its points are among those that can be reached: deductions and bonuses stand apart."""
        return self.is_counted and not self.sign

    @property
    def number_in_tables(self) -> str | int | None:
        """Return the number for a table of criteria: the running one as a number, a printed one as its text."""
        return self.listed_number if self.printed_number else self.number

    @property
    def is_in_words(self) -> bool:
        """Whether a table shows words of it, for which a column of signs is too narrow."""
        return not self.has_outcome and self.fact_kind == self.FactKind.TEXT

    @property
    def takes_number(self) -> bool:
        """Whether its answer has a number: a fact beside it, points, a count or the part of a ratio."""
        return self.can_be_added_up or self.kind in (self.Kind.PART, self.Kind.RATIO)

    @property
    def can_be_added_up(self) -> bool:
        """Whether its answer has one number that can be an indicator."""
        return self.kind == self.Kind.MEASURE or self.fact_kind in (self.FactKind.INTEGER, self.FactKind.DECIMAL)

    @cached_property
    def options_by_key(self) -> dict[int, Option]:
        """Return {key: option} of a choice; empty for other kinds, without a query."""
        options = self.options.all() if self.kind == self.Kind.CHOICE else ()
        return {option.pk: option for option in options}

    @property
    def option_points(self) -> dict[int, Decimal]:
        return {key: option.points for key, option in self.options_by_key.items()}

    @cached_property
    def step_points(self) -> list[tuple[Decimal, Decimal]]:
        """Return (percent, points) of the steps of a ratio; empty for other kinds, without a query."""
        steps = self.steps.all() if self.kind == self.Kind.RATIO else ()
        return [(step.lower_percent, step.points) for step in steps]

    @property
    def local_name(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def local_group(self) -> str:
        return in_language(self.group, self.group_en)

    @property
    def local_fact_label(self) -> str:
        return in_language(self.fact_label, self.fact_label_en)


class Option(PartOfSet):
    """An answer of a choice, with its points: those that a deduction takes off, those that other leaves earn."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="options")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="options", verbose_name=_("criterion"))
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("words of the option"), max_length=300)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("option of a choice")
        ordering = ["criterion", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "position"], name="option_position"),
            models.UniqueConstraint(
                fields=["criterion", "text"],
                name="option_text",
                violation_error_message=_("This criterion has an option with these words already."),
            ),
            models.CheckConstraint(
                name="option_points",
                condition=Q(points__gte=0),
                violation_error_message=_("Points of an option cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class RatioStep(PartOfSet):
    """What a ratio earns from `lower_percent` on, until the next step begins."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="ratio_steps")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="steps", verbose_name=_("criterion"))
    lower_percent = models.DecimalField(_("from (percent)"), max_digits=5, decimal_places=2)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)

    class Meta:
        verbose_name = _("step of a ratio")
        ordering = ["criterion", "-lower_percent"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "lower_percent"],
                name="ratio_step_once",
                violation_error_message=_("This criterion has a step from this percentage on already."),
            ),
            models.CheckConstraint(
                name="ratio_step_bounds",
                condition=Q(lower_percent__gte=0, lower_percent__lte=100, points__gte=0),
                violation_error_message=_("A step begins between 0 and 100 percent; its points are not negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{number(self.lower_percent)}%"


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
