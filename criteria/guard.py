"""A criteria set in force or in use does not change, also not by SQL: neither its rows nor those of its parts.

A part names parts of its own set alone, and never comes into another one: what lies under a heading of another
set is in no table, and would change with that set.

Its state goes on: a version is put in force and replaced by a later one. A data migration that adds to
sets in use takes the guard down first; it is put up again after the migrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archiveportal.history import guards

# ruff: noqa: S608 (the statements are put together from names in the code)

REFUSAL = "a criteria set in use does not change"
PREFIX = "set_guard_"
SETS = "criteria_criteriaset"
PARTS = (
    *("criteria_criterion", "criteria_band", "criteria_citation", "criteria_section"),
    *("criteria_option", "criteria_ratiostep", "criteria_bar", "criteria_barcondition"),
    *("criteria_crossing", "criteria_setkind", "criteria_setbasis"),
)
#: of a set in force or in use
FROZEN = (
    *("id", "code", "version", "name", "legal_basis", "note", "allows_not_applicable", "frozen_at"),
    *("allows_not_shown", "allows_excused", "not_applicable_counts", "announced_total", "bands_by"),
    *("deduction_cap", "bonus_cap", "replaces_id"),
)
ELSEWHERE = "a part of a criteria set names parts of its own set"
#: {parts: the columns in which they name other parts, and the tables of these}
NAMED = {
    "criteria_section": {"parent_id": "criteria_section"},
    "criteria_criterion": {"section_id": "criteria_section", "parent_id": "criteria_criterion"},
    "criteria_option": {"criterion_id": "criteria_criterion"},
    "criteria_ratiostep": {"criterion_id": "criteria_criterion"},
    "criteria_citation": {"criterion_id": "criteria_criterion"},
    "criteria_bar": {"highest_band_id": "criteria_band"},
    "criteria_barcondition": {
        "bar_id": "criteria_bar",
        "criterion_id": "criteria_criterion",
        "option_id": "criteria_option",
    },
    "criteria_crossing": {"new_criterion_id": "criteria_criterion"},
}
#: states in which a set in use goes on; one that was replaced stays so
LATER_STATES = "'in_force', 'replaced'"
FUNCTION = "set_guard"


def put_up(connection: Any) -> None:
    take_down(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection, cursor):
            cursor.execute(statement)


def take_down(connection: Any) -> None:
    guards.take_down(connection, PREFIX)


def not_in_place(connection: Any) -> list[str]:
    """Return the triggers and functions that are missing, switched off or altered."""
    with connection.cursor() as cursor:
        statements = list(_statements(connection, cursor))
        created = {match[1]: statement for statement in statements if (match := guards.CREATED.match(statement))}
        functions = guards.unlike_functions(cursor, statements) if connection.vendor == "postgresql" else []
        return guards.unlike(cursor, created) + functions


def _statements(connection: Any, cursor: Any) -> Iterator[str]:
    """Yield the statements for the tables and columns that are there: migrations may stop before the last."""
    present = set(connection.introspection.table_names(cursor))
    columns = {table: _columns(connection, cursor, table) for table in (SETS, *PARTS) if table in present}
    frozen = [name for name in FROZEN if name in columns.get(SETS, ())]
    # None of them names a table that comes after its column.
    references = {
        table: {column: named for column, named in NAMED.get(table, {}).items() if column in stored}
        for table, stored in columns.items()
    }
    make = _postgresql if connection.vendor == "postgresql" else _sqlite
    yield from make(references, frozen)


def _columns(connection: Any, cursor: Any, table: str) -> set[str]:
    return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def _in_use(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM {SETS} AS used WHERE used.id = {row}.criteria_set_id AND used.frozen_at IS NOT NULL)"


def _elsewhere(references: Mapping[str, str]) -> str:
    """Return the condition that a part names one of another set, or one that is not there yet.

    `references` are {column: the table that it names}.
    """
    of_own_set = "SELECT 1 FROM {} AS named WHERE named.id = NEW.{} AND named.criteria_set_id = NEW.criteria_set_id"
    return " OR ".join(
        f"NEW.{column} IS NOT NULL AND NOT EXISTS ({of_own_set.format(named, column)})"
        for column, named in references.items()
    )


def _moves(distinct: str) -> str:
    return f"NEW.criteria_set_id {distinct} OLD.criteria_set_id"


def _goes_back(distinct: str) -> str:
    return f"NEW.status {distinct} OLD.status AND (NEW.status NOT IN ({LATER_STATES}) OR OLD.status = 'replaced')"


def _changed(columns: Iterable[str], distinct: str) -> str:
    return " OR ".join(f"NEW.{column} {distinct} OLD.{column}" for column in columns)


def _sqlite(tables: Mapping[str, Mapping[str, str]], frozen: Iterable[str]) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table, references in tables.items():
        if table == SETS:
            used = "OLD.frozen_at IS NOT NULL"
            changed = f"{_changed(frozen, 'IS NOT')} OR {_goes_back('IS NOT')}"
            yield f"CREATE TRIGGER {PREFIX}update_{table} BEFORE UPDATE ON {table} WHEN {used} AND ({changed}) {refuse}"
            yield f"CREATE TRIGGER {PREFIX}delete_{table} BEFORE DELETE ON {table} WHEN {used} {refuse}"
            in_the_way = "(id = NEW.id OR (code = NEW.code AND version = NEW.version)) AND frozen_at IS NOT NULL"
            exists = f"EXISTS (SELECT 1 FROM {table} WHERE {in_the_way})"
            yield f"CREATE TRIGGER {PREFIX}replace_{table} BEFORE INSERT ON {table} WHEN {exists} {refuse}"
            continue
        yield f"CREATE TRIGGER {PREFIX}insert_{table} BEFORE INSERT ON {table} WHEN {_in_use('NEW')} {refuse}"
        either = f"{_in_use('OLD')} OR {_in_use('NEW')}"
        yield f"CREATE TRIGGER {PREFIX}update_{table} BEFORE UPDATE ON {table} WHEN {either} {refuse}"
        yield f"CREATE TRIGGER {PREFIX}delete_{table} BEFORE DELETE ON {table} WHEN {_in_use('OLD')} {refuse}"
        # REPLACE deletes the row in the way without a trigger on DELETE.
        in_the_way = f"SELECT 1 FROM {table} AS kept WHERE kept.id = NEW.id AND {_in_use('kept')}"
        yield f"CREATE TRIGGER {PREFIX}replace_{table} BEFORE INSERT ON {table} WHEN EXISTS ({in_the_way}) {refuse}"
        yield from _sqlite_of_one_set(table, references)


def _sqlite_of_one_set(table: str, references: Mapping[str, str]) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{ELSEWHERE}'); END"
    yield f"CREATE TRIGGER {PREFIX}moves_{table} BEFORE UPDATE ON {table} WHEN {_moves('IS NOT')} {refuse}"
    if references:
        for deed in ("INSERT", "UPDATE"):
            name = f"{PREFIX}names_{deed.lower()}_{table}"
            yield f"CREATE TRIGGER {name} BEFORE {deed} ON {table} WHEN {_elsewhere(references)} {refuse}"


def _postgresql(tables: Mapping[str, Mapping[str, str]], frozen: Iterable[str]) -> Iterator[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF TG_OP <> 'INSERT' AND {_in_use('OLD')} OR TG_OP <> 'DELETE' AND {_in_use('NEW')} THEN "
        f"RAISE EXCEPTION '{REFUSAL}'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END$$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}_empty() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF EXISTS (SELECT 1 FROM {SETS} WHERE frozen_at IS NOT NULL) THEN RAISE EXCEPTION '{REFUSAL}'; END IF; "
        "RETURN NULL; END$$"
    )
    for table, references in tables.items():
        yield f"CREATE TRIGGER {PREFIX}empty_{table} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {FUNCTION}_empty()"
        if table == SETS:
            used, refuse = "OLD.frozen_at IS NOT NULL", f"EXECUTE FUNCTION {FUNCTION}_refuse()"
            changed = f"{_changed(frozen, 'IS DISTINCT FROM')} OR {_goes_back('IS DISTINCT FROM')}"
            yield (
                f"CREATE TRIGGER {PREFIX}update_{table} BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({used} AND ({changed})) {refuse}"
            )
            yield f"CREATE TRIGGER {PREFIX}delete_{table} BEFORE DELETE ON {table} FOR EACH ROW WHEN ({used}) {refuse}"
            continue
        yield (
            f"CREATE TRIGGER {PREFIX}change_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
        )
        yield from _postgresql_of_one_set(table, references)


def _postgresql_of_one_set(table: str, references: Mapping[str, str]) -> Iterator[str]:
    """Yield a function and its trigger, which refuse as a constraint does."""
    function = f"{FUNCTION}_names_{table}"
    moves = f"TG_OP = 'UPDATE' AND {_moves('IS DISTINCT FROM')}"
    conditions = f"{moves} OR {_elsewhere(references)}" if references else moves
    yield (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF {conditions} "
        f"THEN RAISE EXCEPTION '{ELSEWHERE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END$$"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}names_{table} BEFORE INSERT OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
