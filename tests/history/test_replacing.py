"""No row leaves a table without an event: keys do not change, and nothing is replaced in silence."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from archiveportal.history.models import Event
from archiveportal.history.replacing import REFUSAL
from archiveportal.history.triggers import traced_models
from criteria.inspections.models import Result
from training.models import Course

ON_SQLITE = connection.vendor == "sqlite"
TABLES = sorted(model._meta.db_table for model in traced_models())


@pytest.fixture
def behind(cast):
    """A connection without the mark; this one."""
    with connection.cursor() as cursor:
        if not ON_SQLITE:
            cursor.execute("SET LOCAL portal.application = 'off'")
            yield cursor
            return
        cursor.execute("PRAGMA analysis_limit = 0")
        yield cursor
        cursor.execute(f"PRAGMA analysis_limit = {settings.PORTAL_MARK}")
        cursor.execute("PRAGMA recursive_triggers = OFF")


def keys_of(cursor, table: str) -> list[int]:
    cursor.execute(f"SELECT id FROM {table} ORDER BY id")
    return [row[0] for row in cursor.fetchall()]


def is_refused(cursor, statement: str) -> bool:
    """Run a statement, undo it, and return whether the database refused it."""
    try:
        with transaction.atomic():
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def keeps_rows(cursor, table: str, statement: str) -> bool:
    """Run a statement, undo it, and return whether all rows of a table were still there."""
    before = keys_of(cursor, table)
    with transaction.atomic():
        cursor.execute(statement)
        after = keys_of(cursor, table)
        transaction.set_rollback(True)
    return before == after


def filled_tables(cursor) -> Iterator[tuple[str, list[int]]]:
    for table in TABLES:
        keys = keys_of(cursor, table)
        if len(keys) > 1:
            yield table, keys


def test_the_key_of_a_row_does_not_change(behind):
    ways = ("UPDATE {0} SET id = {1} WHERE id = {2}", "UPDATE {0} SET id = -{1} WHERE id = {1}")
    if ON_SQLITE:
        names = ("id", "rowid", "oid", "_ROWID_")
        ways += tuple(f"UPDATE OR REPLACE {{0}} SET {name} = {{1}} WHERE id = {{2}}" for name in names)
    tables = list(filled_tables(behind))
    assert len(tables) > 15
    # Also with the mark: nobody changes keys.
    for is_marked in (False, True):
        if is_marked and ON_SQLITE:
            behind.execute(f"PRAGMA analysis_limit = {settings.PORTAL_MARK}")
        if is_marked and not ON_SQLITE:
            behind.execute("SET LOCAL portal.application = 'on'")
        for table, (first, second, *_others) in tables:
            for way in ways:
                assert is_refused(behind, way.format(table, first, second)), (way, table)
        if ON_SQLITE:
            behind.execute("PRAGMA analysis_limit = 0")


# REPLACE is a word of SQLite
@pytest.mark.only_sqlite
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
def test_rows_are_replaced_by_nothing_on_any_unique_column(behind, recursive):
    """Each unique index of each table that has rows: another row takes the values of the first."""
    behind.execute(f"PRAGMA recursive_triggers = {recursive}")
    tried = 0
    for table, (first, second, *_others) in filled_tables(behind):
        behind.execute(f"SELECT * FROM {table} WHERE id = {first}")
        columns = [each[0] for each in behind.description if each[0] != "id"]
        every = ", ".join(f'"{column}"' for column in columns)
        copy = f"INSERT OR REPLACE INTO {table} (id, {every}) SELECT {{}}, {every} FROM {table} WHERE id = {first}"
        assert is_refused(behind, copy.format(second)), table
        for unique in unique_columns(behind, table):
            same = ", ".join(f'"{c}" = (SELECT "{c}" FROM {table} WHERE id = {first})' for c in unique)
            update = f"UPDATE OR REPLACE {table} SET {same} WHERE id = {second}"
            assert is_refused(behind, update) or keeps_rows(behind, table, update), update
            assert is_refused(behind, copy.format(10**9)), copy
            tried += 1
    assert tried > 20


def unique_columns(cursor, table: str) -> list[list[str]]:
    cursor.execute(f"SELECT name FROM pragma_index_list('{table}') WHERE \"unique\"")
    names = [row[0] for row in cursor.fetchall()]
    found = []
    for name in names:
        cursor.execute(f"SELECT name FROM pragma_index_info('{name}')")
        found.append([row[0] for row in cursor.fetchall()])
    return found


def test_what_replaces_nothing_stays_possible(behind):
    """A free value, a row that is there and skipped, one that is updated instead of added."""
    behind.execute("UPDATE wards_ward SET code = '99998' WHERE code = '27676'")
    behind.execute("UPDATE accounts_user SET username = 'leader-2' WHERE username = 'leader'")
    assert Event.objects.filter(via="sql", object_type="accounts.user").count() == 1
    course = Course.objects.filter(organiser_districts__isnull=False).first()
    course.organiser_districts.add(*course.organiser_districts.all())
    result = Result.objects.first()
    result.note = "Sửa"
    unique = ["inspection", "criterion"]
    Result.objects.bulk_create([result], update_conflicts=True, unique_fields=unique, update_fields=["note"])
    assert Event.objects.latest("pk").changes["note"][1] == "Sửa"


# PostgreSQL has schemas and roles
@pytest.mark.only_sqlite
@pytest.mark.django_db(transaction=True)
def test_writing_through_another_file_or_over_a_temporary_table_is_recorded(baseline, tmp_path):
    path = str(connection.settings_dict["NAME"])
    before = Event.objects.count()
    change = "UPDATE wards_ward SET legal_act = '{}' WHERE code = '27676'"
    with closing(sqlite3.connect(tmp_path / "own.sqlite3", isolation_level=None)) as other:
        other.execute(f"ATTACH '{path}' AS portal")
        other.execute(change.format("một").replace("wards_ward", "portal.wards_ward"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TEMP TABLE history_event (id)")
        other.execute(change.format("hai"))
        with pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
            other.execute("UPDATE OR REPLACE wards_ward SET id = (SELECT min(id) FROM wards_ward) WHERE code = '27676'")
        # A client that trusts no schema cannot ask for the mark: it writes nothing.
        other.execute("PRAGMA trusted_schema = OFF")
        try:
            other.execute(change.format("ba"))
        except sqlite3.OperationalError:
            assert Event.objects.count() == before + 2
        else:
            assert Event.objects.count() == before + 3
