"""The choice of a district for lists: those of all years are many."""

from __future__ import annotations

from collections.abc import Iterator

import django_filters
from django.utils import timezone
from django_filters.fields import ModelChoiceField, ModelChoiceIterator


class _Districts(ModelChoiceIterator):
    """Choices by name, made without a row of the database for each."""

    def __iter__(self) -> Iterator[tuple[int | str, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for district in self.queryset.as_list(timezone.localdate()):
            yield district.pk, district.title


class _DistrictField(ModelChoiceField):
    iterator = _Districts


class DistrictFilter(django_filters.ModelChoiceFilter):
    """Narrow a list to a district; its queryset is that of a person."""

    field_class = _DistrictField
