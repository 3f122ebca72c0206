"""A criteria set, the rows that are its parts, and what it is meant for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from criteria.models.numbers import numbers_with_headings
from criteria.querysets import CriteriaSetQuerySet
from wards.models import Ward

FROZEN = _("This set is in use and does not change any more. Make a new version of it.")


def _is_blank_or_positive(field: str) -> Q:
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0})


class CriteriaSet(models.Model):
    """A version of a list of criteria with its legal basis and its bands."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft set")
        PROPOSED = "proposed", _("proposed")
        IN_FORCE = "in_force", _("in force")
        REPLACED = "replaced", _("replaced")

    class NotApplicable(models.TextChoices):
        LEFT_OUT = "left_out", _("is left out of the points that can be reached")
        FULL = "full", _("earns the full points")

    class BandsBy(models.TextChoices):
        PERCENT = "percent", _("percent of the points that can be reached")
        POINTS = "points", _("points")

    #: states of a version that may still be changed
    UNPUBLISHED = (Status.DRAFT, Status.PROPOSED)

    code = models.CharField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=200)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    allows_not_applicable = models.BooleanField(_("allows the answer “not applicable”"), default=False)
    allows_not_shown = models.BooleanField(_("allows the answer “could not be shown”"), default=False)
    allows_excused = models.BooleanField(_("allows the answer “excused”"), default=False)
    #: what a criterion is worth that does not apply, or is excused
    not_applicable_counts = models.CharField(
        _("a criterion that does not apply"), max_length=10, choices=NotApplicable, default=NotApplicable.LEFT_OUT
    )
    #: what the act says that all points add up to; checked before the set is published
    announced_total = models.DecimalField(_("announced total"), max_digits=8, decimal_places=2, null=True, blank=True)
    bands_by = models.CharField(_("bands by"), max_length=10, choices=BandsBy, default=BandsBy.PERCENT)
    #: most points that deductions and bonuses can come to; blank: no limit
    deduction_cap = models.DecimalField(
        _("most points that can be deducted"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    bonus_cap = models.DecimalField(_("most bonus points"), max_digits=8, decimal_places=2, null=True, blank=True)
    #: version or set that this one was made from
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("replaces")
    )
    #: set when the set is put in force, or used by a round before; neither it nor its parts change from then on
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
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(status="in_force"),
                name="criteria_set_in_force_once",
                violation_error_message=_("Another version of the set is in force."),
            ),
            models.CheckConstraint(
                name="criteria_set_status",
                condition=Q(status__in=["draft", "proposed", "in_force", "replaced"]),
            ),
            models.CheckConstraint(
                name="criteria_set_rules",
                condition=Q(not_applicable_counts__in=["left_out", "full"], bands_by__in=["percent", "points"]),
            ),
            models.CheckConstraint(
                name="criteria_set_limits",
                condition=_is_blank_or_positive("announced_total")
                & _is_blank_or_positive("deduction_cap")
                & _is_blank_or_positive("bonus_cap"),
                violation_error_message=_("A total and a limit of points lie above zero."),
            ),
            models.CheckConstraint(
                name="criteria_set_replaces_another",
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                violation_error_message=_("A set does not replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_written(self) -> bool:
        """Whether it is a draft or a proposal that no round uses."""
        return self.status in self.UNPUBLISHED and self.frozen_at is None

    @cached_property
    def numbers_with_headings(self) -> dict[int, str]:
        """Return {key of a criterion: its number with those of its headings} where the set counts anew below each."""
        sections = {section.pk: section for section in self.sections.all()}
        return numbers_with_headings(list(self.criteria.all()), sections)

    @property
    def has_points_without_answers(self) -> bool:
        """Whether a criterion that does not apply, or is excused, earns its points: a score is then no count of
        criteria met."""
        is_full = self.not_applicable_counts == self.NotApplicable.FULL
        return is_full and (self.allows_not_applicable or self.allows_excused)


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


class SetKind(PartOfSet):
    """A kind of unit that a set is meant for; a set without such rows is meant for every kind."""

    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="kinds")
    kind = models.CharField(_("kind of unit"), max_length=10, choices=Ward.Kind)

    class Meta:
        verbose_name = _("kind of unit of a set")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["criteria_set", "kind"], name="set_kind_once")]

    def __str__(self) -> str:
        return self.get_kind_display()
