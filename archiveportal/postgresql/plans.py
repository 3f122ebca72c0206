"""Statements that PostgreSQL parses and plans once per connection, and then runs by name.

For the short queries on the path of an answer, reading and planning the SQL takes the server longer
than running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import NotSupportedError

#: statements that one connection keeps; the server plans further ones each time
MOST = 200


class HasSQL(Protocol):
    """A statement with its values; `%s` is the place of each."""

    @property
    def sql(self) -> str: ...

    @property
    def parameters(self) -> Sequence[Any]: ...


class Plans:
    """Run statements of one connection by name, from their second time on."""

    def __init__(self) -> None:
        #: what runs a kept statement, by its SQL
        self._calls: dict[str, str] = {}
        self._given_names = 0

    def run(self, cursor: Any, statements: Sequence[HasSQL]) -> None:
        """Run statements in one message; the cursor then has the rows of the last one."""
        texts: list[str] = []
        values: list[Any] = []
        new: dict[str, str] = {}
        for each in statements:
            call = self._calls.get(each.sql) or new.get(each.sql)
            if call is None and len(self._calls) + len(new) < MOST:
                name = self._next_name()
                call = new[each.sql] = _call(name, each)
                texts.append(f"PREPARE {name} AS {_numbered(each)}")
            texts.append(call or each.sql)
            values += map(_handed_over, each.parameters) if call else each.parameters
        try:
            cursor.execute("; ".join(texts), values)
        except NotSupportedError:
            # A migration changed the type of a column that a kept statement returns.
            self._calls.clear()
            raise
        # Only now: a message that fails may have ended before the server knew the name.
        self._calls |= new

    def _next_name(self) -> str:
        """Return a name that this connection has not used, not even in a message that failed."""
        self._given_names += 1
        return f"kept_{self._given_names}"


def _handed_over(value: Any) -> Any:
    """Return a value as it stands between the brackets of EXECUTE: a whole number in quotes.

    So it is read by the type of its place. Bare, it has one of its own, and the server sets up a
    cast for each key.
    """
    return str(value) if type(value) is int else value


def _call(name: str, statement: HasSQL) -> str:
    places = ", ".join(["%s"] * len(statement.parameters))
    return f"EXECUTE {name}({places})" if places else f"EXECUTE {name}"


def _numbered(statement: HasSQL) -> str:
    """Return the SQL with a number at the place of each value, as part of a text with places."""
    numbers = tuple(f"${number}" for number, _value in enumerate(statement.parameters, start=1))
    return (statement.sql % numbers).replace("%", "%%")
