"""Fields and relations of models, looked up by name."""

from __future__ import annotations

from typing import Any

from django.db import models


def own_field(row: models.Model | type[models.Model], name: str) -> models.Field[Any, Any]:
    """Return the field `name` that the model itself declares, never the other end of a relation.

    Raise FieldDoesNotExist where the model has no such field.
    """
    field = row._meta.get_field(name)
    assert isinstance(field, models.Field), f"{name} is the other end of a relation"
    return field


def related_rows(model: type[models.Model], name: str) -> Any:
    """Return a query set of all rows to which the relation `name` of a model can lead.

    A queryset asks it for rows of other models, since it names no model.
    """
    related = model._meta.get_field(name).related_model
    assert isinstance(related, type), f"{name} is no relation"
    return related._default_manager.all()


def join_rows(model: type[models.Model], name: str) -> Any:
    """Return a query set of all rows of the join table behind the many-to-many field `name`."""
    field = own_field(model, name)
    assert isinstance(field, models.ManyToManyField), f"{name} has no join table"
    through = field.remote_field.through
    assert through is not None, f"the join table of {name} is not set up yet"
    return through._default_manager.all()
