"""Statements whose SQL is written once and run often.

Django takes several times as long to write the SQL of a query as the database takes to answer it.
On the path of an answer, the most frequent request by far, the SQL is therefore kept: that of a
query as Django wrote it, that of a write by its columns. Values are never kept: each run puts in
its own, and reads the rows anew.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.query import get_related_populators

from archiveportal.model_fields import own_field

#: of a row; a larger number is none of the database
LARGEST_KEY = 2**63 - 1
#: texts that one query has at most, by what it is made with
MOST_TEXTS = 50
#: rows of one statement: SQLite may take no more than 999 values
MOST_ROWS = 50
#: keys of one query, for the same reason
MOST_KEYS = 900

AnyRow = TypeVar("AnyRow", bound=models.Model)
AnyKey = TypeVar("AnyKey", int, str)


class Given(Expression):
    """A gap in a prepared query: the value is put in each time that the query runs."""

    def __init__(self, name: str, field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class _Gap(NamedTuple):
    """The place of a value in the SQL of one kind of database."""

    name: str
    field: models.Field[Any, Any]
    #: the type of values that need no conversion
    taken: type | None

    def fill(self, values: dict[str, Any], connection: Any) -> Any:
        """Return the value as the database takes it. Raise EmptyResultSet for a key that no row has."""
        value = values[self.name]
        if isinstance(value, int) and value > LARGEST_KEY:
            raise EmptyResultSet
        return value if _is_taken(value, self.taken) else self.field.get_db_prep_value(value, connection)


@dataclass(frozen=True)
class _Text:
    """The SQL of a query with its gaps, and how a row of its answer is read."""

    sql: str
    parameters: Sequence[Any]
    #: (place in the row, converters, expression)
    converted: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]
    build: Callable[[Sequence[Any]], Any]

    def filled(self, values: dict[str, Any], connection: Any) -> list[Any]:
        """Return the parameters with a value in each gap."""
        return [each.fill(values, connection) if isinstance(each, _Gap) else each for each in self.parameters]

    def read(self, row: Sequence[Any], connection: Any) -> Any:
        values = list(row)
        for place, converters, expression in self.converted:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return self.build(values)


class Prepared:
    """A query whose SQL is kept, once per connection and per arguments of `make`.

    `make` returns the query set, with a `Given` for each value that differs from run to run. Its
    arguments are all that the query depends on otherwise, for instance the scope of a viewer.
    """

    def __init__(self, make: Callable[..., models.QuerySet]) -> None:
        self.make = make

    def rows(self, *made_with: Hashable, **values: Any) -> list[Any]:
        """Run the query and return its rows: instances, or tuples for `values_list`."""
        connection = connections[DEFAULT_DB_ALIAS]
        try:
            text = self._text(connection, made_with)
            parameters = text.filled(values, connection)
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            _run(cursor, [Statement(text.sql, parameters)])
            found = cursor.fetchall()
        if text.converted:
            return [text.read(row, connection) for row in found]
        return found if text.build is tuple else list(map(text.build, found))

    def first(self, *made_with: Hashable, **values: Any) -> Any:
        """Return the first row, or None."""
        return next(iter(self.rows(*made_with, **values)), None)

    def _text(self, connection: Any, made_with: tuple[Hashable, ...]) -> _Text:
        # Kept with the connection, as the converters are its own.
        texts = vars(connection).setdefault("prepared_texts", {}).setdefault(self, {})
        if made_with not in texts:
            if len(texts) >= MOST_TEXTS:
                texts.clear()
            texts[made_with] = _write(self.make(*made_with), connection)
        return texts[made_with]


def _write(rows: models.QuerySet, connection: Any) -> _Text:
    """Let Django write the SQL of a query set."""
    compiler = rows.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    gaps = [_gap(each, connection.vendor) if isinstance(each, Given) else each for each in parameters]
    selected = [expression for expression, _sql, _alias in compiler.select]
    converters = compiler.get_converters(selected)
    converted = [(place, each, expression) for place, (each, expression) in converters.items()]
    return _Text(sql, gaps, converted, _builder(compiler, connection.alias))


def _gap(given: Given, vendor: str) -> _Gap:
    return _Gap(given.name, given.output_field, _taken_type(given.output_field, vendor))


def _builder(compiler: Any, alias: str) -> Callable[[Sequence[Any]], Any]:
    """Return what makes a row of the answer an instance; a tuple where the query has values."""
    if not compiler.query.default_cols:
        return tuple
    info = compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = frozenset(compiler.select[place][0].target.attname for place in range(first, last))
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]
    _look_up_in_sets(related)

    def build(row: Sequence[Any]) -> Any:
        instance = info["model"].from_db(alias, names, row[first:last])
        for each in related:
            each.populate(row, instance)
        return instance

    return build


def _look_up_in_sets(populators: list[Any]) -> None:
    """Let Django look up each field of a model in a set of the names that were read, and not in a list."""
    for each in populators:
        each.init_list = frozenset(each.init_list)
        _look_up_in_sets(each.related_populators)


@dataclass(frozen=True)
class Statement:
    """A write with its values."""

    sql: str
    parameters: Sequence[Any]


def insertion(
    rows: Sequence[models.Model], *, unique: tuple[str, ...] = (), renewed: tuple[str, ...] = ()
) -> Statement:
    """Return the insertion of rows of one model, whose keys the database gives.

    Where a row with the same `unique` fields is there already, its `renewed` fields change instead.
    """
    connection, model = connections[DEFAULT_DB_ALIAS], type(rows[0])
    places = _places(model, connection.vendor)
    values = [[place.added(row, connection) for place in places] for row in rows]
    return Statement(_insertion_sql(model, len(rows), unique, renewed), list(chain.from_iterable(values)))


#: The database takes a value of this type as it is. Django asks each field in turn, which costs
#: more than the statement itself.
TAKEN_AS_THEY_ARE: dict[type[models.Field[Any, Any]], type] = {
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.CharField: str,
    models.PositiveIntegerField: int,
    models.PositiveSmallIntegerField: int,
    models.TextField: str,
}


#: and PostgreSQL these too
TAKEN_BY_POSTGRESQL: dict[type[models.Field[Any, Any]], type] = {
    models.DateField: datetime.date,
    models.DateTimeField: datetime.datetime,
    models.DecimalField: Decimal,
    models.UUIDField: uuid.UUID,
}


class _Place(NamedTuple):
    """A column that is written: its field, and what is known of it beforehand."""

    field: models.Field[Any, Any]
    attribute: str
    #: the type of values that need no conversion
    taken: type | None
    #: whether the field itself has a say when a row is added
    has_own_value: bool

    def added(self, row: models.Model, connection: Any) -> Any:
        """Return the value of a new row as the database takes it."""
        if self.has_own_value:
            return self._stored(self.field.pre_save(row, add=True), connection)
        return self._stored(getattr(row, self.attribute), connection)

    def changed(self, row: models.Model, connection: Any) -> Any:
        """Return the value of a stored row as the database takes it."""
        return self._stored(getattr(row, self.attribute), connection)

    def _stored(self, value: Any, connection: Any) -> Any:
        # No field stores None as anything but NULL.
        if value is None or _is_taken(value, self.taken):
            return value
        return self.field.get_db_prep_save(value, connection=connection)


def _is_taken(value: Any, taken: type | None) -> bool:
    """Tell whether the database takes a value as it is: of moments, those that name their zone."""
    is_of_type = type(value) is taken
    return is_of_type and (not isinstance(value, datetime.datetime) or value.tzinfo is not None)


@lru_cache(maxsize=200)
def _places(model: type[models.Model], vendor: str, names: tuple[str, ...] | None = None) -> list[_Place]:
    """Return the columns of the named fields, or of all that an insertion writes."""
    fields = _fields(model) if names is None else [own_field(model, name) for name in names]
    return [
        _Place(field, field.attname, _taken_type(field, vendor), type(field).pre_save is not models.Field.pre_save)
        for field in fields
    ]


def _taken_type(field: models.Field[Any, Any], vendor: str) -> type | None:
    """Return the type of values that need no conversion for this field; None for fields that always convert."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    further = TAKEN_BY_POSTGRESQL if vendor == "postgresql" else {}
    return TAKEN_AS_THEY_ARE.get(type(target)) or further.get(type(target))


def in_batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield rows in parts that one statement can take."""
    for first in range(0, len(rows), MOST_ROWS):
        yield rows[first : first + MOST_ROWS]


@lru_cache(maxsize=200)
def _fields(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in model._meta.local_concrete_fields if not field.primary_key)


@lru_cache(maxsize=200)
def _insertion_sql(model: type[models.Model], count: int, unique: tuple[str, ...], renewed: tuple[str, ...]) -> str:  # noqa: PLR0917
    fields = _fields(model)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([row] * count)}'  # noqa: S608
    if not unique:
        return sql
    key, changed = _columns(model, unique), _columns(model, renewed)
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in changed)
    return f"{sql} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"


def update(row: models.Model, names: tuple[str, ...]) -> Statement:
    """Return the update of some fields of a stored row."""
    connection, model = connections[DEFAULT_DB_ALIAS], type(row)
    places = _places(model, connection.vendor, (*names, "id"))
    values = [place.changed(row, connection) for place in places]
    return Statement(_update_sql(model, names), values)


@lru_cache(maxsize=200)
def _update_sql(model: type[models.Model], names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{column} = %s" for column in _columns(model, names))
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "id" = %s'  # noqa: S608


def _columns(model: type[models.Model], names: tuple[str, ...]) -> list[str]:
    return [f'"{own_field(model, name).column}"' for name in names]


def update_all(rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    """Update the same fields of many stored rows, within a transaction.

    SQLite takes the values of all rows with one statement, PostgreSQL the statements of some rows in
    one message.
    """
    statements = [update(row, names) for row in rows]
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        for some in in_batches(statements):
            run_together(some)
    elif statements:
        with connection.cursor() as cursor:
            cursor.executemany(statements[0].sql, [each.parameters for each in statements])


def key_batches(keys: Iterable[AnyKey]) -> Iterator[list[AnyKey]]:
    """Yield distinct keys in parts that one query can take, each time in the same order."""
    distinct = sorted(set(keys))
    for first in range(0, len(distinct), MOST_KEYS):
        yield distinct[first : first + MOST_KEYS]


def rows_with(rows: models.QuerySet[AnyRow], path: str, keys: Iterable[AnyKey]) -> Iterator[AnyRow]:
    """Yield the rows whose `path` is one of many keys."""
    for some in key_batches(keys):
        yield from rows.filter(**{f"{path}__in": some})


def run_together(statements: Sequence[Statement]) -> None:
    """Run writes one after another; PostgreSQL takes all of them in one message.

    Within a transaction: one that fails takes the others back.
    """
    if statements:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            _run(cursor, statements)


def _run(cursor: Any, statements: Sequence[Statement]) -> None:
    """Run statements; the server plans each of them once per connection, where it may keep it."""
    if cursor.db.vendor != "postgresql":
        for each in statements:
            cursor.execute(each.sql, each.parameters)
    elif cursor.db.plans:
        cursor.db.plans.run(cursor, statements)
    else:
        sql = "; ".join(each.sql for each in statements)
        cursor.execute(sql, list(chain.from_iterable(each.parameters for each in statements)))
