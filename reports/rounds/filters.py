"""Filters of the tables of a round."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from criteria.inspections.lists.filters import REPORTED, EnrolmentFilter
from criteria.models import Band
from criteria.outcomes import Outcome, outcome_named, query_choices


class SummaryFilter(EnrolmentFilter):
    """As on the page of the round; the bands are at hand already and are not read again."""

    band = django_filters.ChoiceFilter(label=_("Band"), method="filter_band", choices=[])

    class Meta(EnrolmentFilter.Meta):
        pass

    def __init__(self, *args: Any, bands: list[Band], **options: Any) -> None:
        self.bands = {str(band.pk): band for band in bands}
        super().__init__(*args, bands=bands, **options)
        self.filters["band"].extra["choices"] = [(key, band.label) for key, band in self.bands.items()]

    def filter_band(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.in_band(self.bands[value])

    def of_units(self, rows: QuerySet) -> QuerySet:
        """Narrow other rows with units by what is chosen of the unit; there are none in a state of checklists."""
        if not self.form.is_bound:
            return rows
        chosen = self.form.cleaned_data if self.form.is_valid() else None
        if chosen is None or chosen["status"] not in ("", REPORTED):
            return rows.none()
        for name in ("q", "kind", self.divided.parameter):
            if chosen.get(name):
                rows = self.filters[name].filter(rows, chosen[name])
        return rows

    @property
    def chosen_band(self) -> Band | None:
        """Return the band that is chosen."""
        chosen = self.form.cleaned_data["band"] if self.form.is_bound and self.form.is_valid() else ""
        return self.bands[chosen] if chosen else None


class CriterionFilter(SummaryFilter):
    """Rows carry `answer`, the outcome of one criterion."""

    answer = django_filters.ChoiceFilter(label=_("Answer"), method="filter_answer", choices=[])

    class Meta(EnrolmentFilter.Meta):
        pass

    def __init__(self, *args: Any, offered: Iterable[Outcome], **options: Any) -> None:
        super().__init__(*args, **options)
        del self.filters["band"], self.filters["status"]
        self.filters["answer"].extra["choices"] = query_choices(offered)

    def filter_answer(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(answer=outcome_named(value).code)
