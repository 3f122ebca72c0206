"""Training of the people who do records and archives work: schemes, their targets, and what was held."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from archiveportal.history.models import FromReport
from archiveportal.own_words import Choices, in_its_words
from archiveportal.percent import Rounding
from archiveportal.vietnamese import number, search_key, sort_key
from training.querysets import CategoryQuerySet, CourseQuerySet, SchemeQuerySet, YearTargetQuerySet
from wards.models import District

PERSON = settings.AUTH_USER_MODEL
MOST = 9_999_999  # a count has seven digits at most


class CountingUnit(models.TextChoices):
    """Persons and attendances are not the same: one person can attend twice (discrepancy E07)."""

    PERSONS = "persons", _("persons")
    ATTENDANCES = "attendances", _("attendances")


def summary_rules() -> Choices:
    """Return the rules in the words of the office."""
    return in_its_words(SummaryRule, city=_("courses of %(area_word)s counted in the unit of the line"))


def organisers() -> Choices:
    return in_its_words(Course.Organiser, city="%(level)s")


def sources() -> Choices:
    return in_its_words(Funding.Source, city=_("Budget of %(area_word)s"))


class SummaryRule(models.TextChoices):
    """Which courses of a category enter its summary line. A single course can say otherwise."""

    ALL = "all", _("every course counted in the unit of the line")
    CITY = "city", _("courses of the City counted in the unit of the line")
    NONE = "none", _("no course")


class Scheme(FromReport):
    """A training scheme. Its period and the day of its figures are two things (discrepancy E16)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=300)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    decided_on = models.DateField(null=True, blank=True)
    starts_year = models.PositiveSmallIntegerField()
    ends_year = models.PositiveSmallIntegerField()
    #: day of the final report
    cut_off_on = models.DateField(null=True, blank=True)
    #: how the report on the scheme, and every page and workbook of it, rounds percentages
    rounding = models.CharField(
        _("rounding of percentages"),
        max_length=10,
        choices=Rounding,
        default=Rounding.TRUNCATED,
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("training scheme")
        ordering = ["-starts_year"]
        constraints = [
            models.CheckConstraint(name="scheme_period", condition=Q(ends_year__gte=F("starts_year"))),
            models.CheckConstraint(name="scheme_rounding", condition=Q(rounding__in=Rounding.values)),
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A line of the scheme's summary, or a kind of training outside it."""

    class Kind(models.TextChoices):
        DEGREE = "degree", _("Degree training")
        PROFESSIONAL = "professional", _("Professional courses")
        BRIEFING = "briefing", _("Briefings")
        STUDY_TOUR = "study_tour", _("Study tours")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="categories")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    #: what its results are counted in
    unit = models.CharField(_("unit"), max_length=15, choices=CountingUnit)
    #: which courses enter its line, unless a course says otherwise; blank: each course says so itself
    summary_rule = models.CharField(
        _("courses that enter the summary line"), max_length=10, choices=summary_rules, blank=True
    )
    #: nothing of a later day enters the line
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    stop_reason = models.CharField(_("why it was stopped"), max_length=300, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        ordering = ["scheme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="category_code"),
            models.UniqueConstraint(fields=["scheme", "position"], name="category_position"),
            models.CheckConstraint(
                name="category_summary_rule", condition=Q(summary_rule__in=["", *SummaryRule.values])
            ),
            models.CheckConstraint(
                name="category_stop_has_reason",
                condition=Q(stopped_on__isnull=True) | ~Q(stop_reason=""),
                violation_error_message=_("Say why the category is stopped."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Quota(FromReport):
    """The target of a category with the unit that it is set in. No row, or no number, means no target: not zero.

    A target that is taken back keeps its row, and with it what the report had.
    """

    category = models.OneToOneField(Category, models.PROTECT, related_name="quota")
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=15, choices=CountingUnit)

    class Meta:
        verbose_name = _("target")
        constraints = [
            models.CheckConstraint(
                name="quota_target",
                condition=Q(target__isnull=True) | Q(target__lte=MOST),
                violation_error_message=_("A count has 7 digits at most."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.category}: {number(self.target)}"


class YearTarget(models.Model):
    """The target of a category for one year, by a decision. Counted in the unit of the category.

    `ordinal` 0 is the target as it was set first, 1 and more are adjustments: the last one holds.
    No number means that this decision sets none.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="year_targets")
    year = models.PositiveSmallIntegerField(_("year"))
    ordinal = models.PositiveSmallIntegerField(default=0)
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=200)
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)

    objects = YearTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of a year")
        ordering = ["category", "year", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["category", "year", "ordinal"], name="year_target_once"),
            models.CheckConstraint(
                name="year_target_count",
                condition=Q(target__isnull=True) | Q(target__lte=MOST),
                violation_error_message=_("A count has 7 digits at most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.year}: {number(self.target)}"


class Course(FromReport):
    """A row of training as a report or a person records it: one class or several of the same kind."""

    class Organiser(models.TextChoices):
        CITY = "city", _("City")
        DEPARTMENT = "department", _("Departments and agencies")
        DISTRICT = "district", _("Districts")
        COMMUNE = "commune", _("Communes")

    category = models.ForeignKey(Category, models.PROTECT, related_name="courses", verbose_name=_("category"))
    name = models.CharField(_("name of the course"), max_length=300)
    partner = models.CharField(_("training institution"), max_length=300, blank=True)
    #: provinces visited, separated by ";" — counted for "10 tỉnh" (discrepancy E08)
    provinces = models.CharField(_("provinces visited"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    audience = models.CharField(_("for whom"), max_length=500, blank=True)
    subjects = models.CharField(_("subjects"), max_length=500, blank=True)
    held_from = models.DateField(_("first day"), null=True, blank=True)
    held_to = models.DateField(_("last day"), null=True, blank=True)
    classes = models.PositiveIntegerField(_("number of classes"), null=True, blank=True)
    participants = models.PositiveIntegerField(_("participants"))
    #: "hơn 400", "hơn 3.070": the figure is a lower bound and keeps its word
    is_lower_bound = models.BooleanField(_("“more than”: the exact number is not known"), default=False)
    unit = models.CharField(_("counted in"), max_length=15, choices=CountingUnit)
    organiser = models.CharField(_("organised by"), max_length=12, choices=organisers)
    organiser_districts = models.ManyToManyField(
        District, blank=True, related_name="+", verbose_name=_("organising districts")
    )
    #: which rows enter the summary line is data (E09, E13, E15)
    enters_summary = models.BooleanField(_("enters the summary line"), default=False)
    #: `enters_summary` is what the rule of the category says; otherwise the row decides itself
    follows_rule = models.BooleanField(_("follows the rule of its category"), default=False)
    fund_source = models.CharField(_("source of the funds"), max_length=300, blank=True)
    #: one share can be known without the other: a report may name only what the organiser pays
    organiser_share = models.DecimalField(
        _("share paid by the organiser (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    participant_share = models.DecimalField(
        _("share paid by the participants (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    registered = models.PositiveIntegerField(_("registered"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("attended"), null=True, blank=True)
    certified = models.PositiveIntegerField(_("certified"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    #: key within the report that the row comes from; blank for rows that people entered
    report_key = models.SlugField(max_length=40, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    voided_by = models.ForeignKey(PERSON, models.PROTECT, null=True, editable=False, related_name="+")
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = models.TextField(blank=True, editable=False)
    #: of the form that made the row, so that a second press makes no second row
    submission_id = models.UUIDField(null=True, unique=True, editable=False)
    # Without a limit: folding can make a text longer than the fields that it comes from.
    search_key = models.TextField(editable=False)
    sort_key = models.TextField(editable=False, default="")

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        ordering = ["category__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "report_key"], condition=~Q(report_key=""), name="course_report_key"
            ),
            models.CheckConstraint(
                name="course_period",
                condition=Q(held_from__isnull=True) | Q(held_to__isnull=True) | Q(held_to__gte=F("held_from")),
                violation_error_message=_("The last day must not come before the first day."),
            ),
            models.CheckConstraint(
                name="course_counts",
                condition=Q(participants__lte=MOST)
                & (Q(classes__isnull=True) | Q(classes__lte=MOST))
                & (Q(registered__isnull=True) | Q(registered__lte=MOST))
                & (Q(attended__isnull=True) | Q(attended__lte=MOST))
                & (Q(certified__isnull=True) | Q(certified__lte=MOST)),
                violation_error_message=_("A count has 7 digits at most."),
            ),
            models.CheckConstraint(
                name="course_attendance",
                condition=Q(certified__isnull=True) | Q(attended__isnull=True) | Q(certified__lte=F("attended")),
                violation_error_message=_("More people certified than attended."),
            ),
            models.CheckConstraint(
                name="course_shares",
                condition=(
                    Q(organiser_share__isnull=True, participant_share__isnull=True)
                    | Q(participant_share__isnull=True, organiser_share__gte=0, organiser_share__lte=100)
                    | Q(organiser_share__isnull=True, participant_share__gte=0, participant_share__lte=100)
                    | Q(
                        organiser_share__isnull=False,
                        participant_share__isnull=False,
                        organiser_share__gte=0,
                        participant_share__gte=0,
                        organiser_share=Decimal(100) - F("participant_share"),
                    )
                ),
                # Without a percent sign: constraints put their name into the message by one.
                violation_error_message=_("The two shares must add up to one hundred percent."),
            ),
            models.CheckConstraint(
                name="course_void_has_reason",
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""),
                violation_error_message=_("Say why the row is voided."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.set_keys()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key", "sort_key"}
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("training:course", args=[self.pk])

    def set_keys(self) -> None:
        """Keys for search and order; bulk writes call it too."""
        self.search_key = search_key(f"{self.name} {self.partner} {self.place} {self.provinces}")
        self.sort_key = sort_key(self.name)

    @property
    def stands_alone(self) -> bool:
        """Tell whether the row is added to no other: a report gave it and left it out of its summary.

        The report does not say whether such rows are contained in each other (E14, E15).
        """
        return self.is_baseline and not self.enters_summary

    @property
    def is_voided(self) -> bool:
        return self.voided_at is not None


class WorkforceCount(FromReport):
    """How many people do the work on a day, and how many of them hold an archives qualification (E12)."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="workforce_counts")
    counted_on = models.DateField()
    #: the report does not say when it counted: the day is its own
    is_day_inferred = models.BooleanField(default=False, editable=False)
    total = models.PositiveIntegerField()
    qualified = models.PositiveIntegerField()

    class Meta:
        ordering = ["counted_on"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "counted_on"], name="workforce_once"),
            models.CheckConstraint(
                name="workforce_qualified",
                condition=Q(qualified__lte=F("total")),
                violation_error_message=_("More people qualified than there are."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qualified}/{self.total}"


class Funding(FromReport):
    """Money of a scheme by source, in đồng."""

    class Source(models.TextChoices):
        CITY = "city", _("City budget")
        DISTRICT = "district", _("District budget")
        AGENCY = "agency", _("Agencies' own funds")
        COMMUNE = "commune", _("Commune budget")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="fundings")
    source = models.CharField(max_length=10, choices=sources)
    amount = models.DecimalField(max_digits=15, decimal_places=0)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "source"], name="funding_once"),
            models.CheckConstraint(
                name="funding_amount",
                condition=Q(amount__gte=0),
                violation_error_message=_("An amount of money cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.amount}"
