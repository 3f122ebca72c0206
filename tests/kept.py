"""Empty all tables, and fill them with the reports' data as they were loaded first.

Tests with real transactions leave tables to empty. `flush` would also build each trigger anew and
`load_baseline` would compute each row: together some seconds for every such test.
"""

import io
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass

from django.apps import apps
from django.core.management.color import no_style
from django.db import OperationalError, connection, transaction

from archiveportal.management.commands.load_baseline import load_reports
from tests.support.reports_round import open_reports_round


@dataclass(frozen=True)
class Rows:
    """The rows of a table as text of COPY, with the names of their columns: a test that migrates
    back and forth changes their order."""

    columns: str
    content: str


#: on PostgreSQL: rows by table. A process has one database.
ROWS: dict[str, Rows] = {}
#: on SQLite: copies of the whole file, without rows and with those of the reports
IMAGES: dict[str, sqlite3.Connection] = {}
EMPTY, REPORTS = "empty", "reports"
#: seconds that a request may still take when its test is over
PATIENCE = 20
#: how often a request may come between
ATTEMPTS = 5
#: Filled by migrations, and never emptied.
FILLED_BY_DJANGO = {"django_content_type", "auth_permission"}


def load_reports_data() -> None:
    """Fill empty tables with what the two reports have, as `load_baseline` does; their round is
    open, so that tests can work in it.

    The other units of the City are left out: whoever needs them takes the fixture `city`.
    """
    if REPORTS in IMAGES:
        _bring_back_file(REPORTS)
    elif ROWS:
        _bring_back_rows()
    else:
        load_reports()
        open_reports_round()
        if connection.vendor == "postgresql":
            ROWS.update(_copied_out(_tables()))
        else:
            _keep_file(REPORTS)


def empty_tables() -> None:
    """Delete all rows, past the triggers that refuse or record it; the triggers stay.

    A request that a browser had sent may reach the server after its test, while the rows are
    locked one after the other; PostgreSQL then ends one of the two. Once more is enough: the
    request has ended meanwhile, or finds no session.
    """
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            _empty_once()
        except OperationalError:
            if not attempts_left:
                raise
        else:
            return


def _empty_once() -> None:
    _wait_for_requests()
    if EMPTY in IMAGES:
        _bring_back_file(EMPTY)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        empty = _empty_on_postgresql if connection.vendor == "postgresql" else _empty_on_sqlite
        empty(cursor, _tables())
    if connection.vendor == "sqlite":
        _keep_file(EMPTY)


def _wait_for_requests() -> None:
    """Let requests end that a browser sent before it was closed.

    Each holds rows of one table and may want those of another; emptying all of them locks them one
    after the other, and PostgreSQL would end either as a deadlock.
    """
    end = time.monotonic() + PATIENCE
    for thread in threading.enumerate():
        # The server of the tests has a thread for each connection, which ends with it.
        if thread.name.endswith("(process_request_thread)"):
            thread.join(max(0.0, end - time.monotonic()))


def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(names) - FILLED_BY_DJANGO)


def _empty_on_postgresql(cursor, tables: list[str]) -> None:
    # A twentieth of what TRUNCATE takes, which gives every table and index a new file.
    _without_triggers(cursor)
    cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in tables))


def _without_triggers(cursor) -> None:
    """Let no trigger and no foreign key look at what this transaction writes; for a superuser."""
    cursor.execute("SET LOCAL session_replication_role = replica")


def _empty_on_sqlite(cursor, tables: list[str]) -> None:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = dict(cursor.fetchall())
    for name in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    for table in tables:
        cursor.execute(f'DELETE FROM "{table}"')
    for statement in triggers.values():
        cursor.execute(statement)


def _copied_out(tables: list[str]) -> dict[str, Rows]:
    kept = {}
    with connection.cursor() as cursor:
        for table in tables:
            described = connection.introspection.get_table_description(cursor, table)
            columns = ", ".join(f'"{column.name}"' for column in described)
            copy = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" ({columns}) TO STDOUT', copy)
            kept[table] = Rows(columns, copy.getvalue())
    return {table: rows for table, rows in kept.items() if rows.content}


def _bring_back_rows() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _without_triggers(cursor)
        for table, rows in ROWS.items():
            cursor.copy_expert(f'COPY "{table}" ({rows.columns}) FROM STDIN', io.StringIO(rows.content))
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def _keep_file(name: str) -> None:
    IMAGES[name] = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as database:
        database.backup(IMAGES[name])


def _bring_back_file(name: str) -> None:
    """Write the whole file anew, past Django: it has no transaction open, and reads the file again."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=PATIENCE)) as database:
        IMAGES[name].backup(database)
