"""A service whose last write fails leaves every table and the file store as they were."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from archiveportal.postgresql.plans import Plans
from tests.history.test_every_way import STORIES

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class BrokenWrite(Exception):
    """Raised where a database would refuse the last write of a service."""


#: The history is sealed before the transaction of a closing begins, whatever becomes of that.
SEALS = "history_seal"


#: Services that keep a file and then run a job: what fails ends the job with words, and the row of
#: what was handed in stays. `tests/jobs` and `tests/imports` hold that its result is all or nothing.
#: Where an import is dropped, its file goes after the row; what a fault leaves, `sweep_files` removes.
IN_STEPS = {"begin_import", "answer_question", "confirm_import", "drop_import"}


class WriteCounter:
    """Count the writes of a call and let one of them fail before it reaches the database.

    A statement that PostgreSQL itself refuses would end the whole transaction of the test, and
    with it hide what a service without a transaction of its own leaves behind.
    """

    def __init__(self, failing: int = 0) -> None:
        self.count = 0
        self.failing = failing

    def __call__(self, execute, sql, params, many, context) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            self.count += 1
            if self.count == self.failing:
                raise BrokenWrite(sql)
        return execute(sql, params, many, context)


class Breaker:
    """Call a service three times: to count its writes, with the last one failing, and for good."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[str] = []

    def __call__(self, way: Callable[..., Any], **options: Any) -> Any:
        if way.__name__ in IN_STEPS:
            return way(**options)
        tables, files = digest_tables(), self._read_files()
        last = self._count_writes(way, options, files)
        counter = WriteCounter(failing=last)
        try:
            with connection.execute_wrapper(counter):
                way(**copy.deepcopy(options))
        except BrokenWrite:
            pass
        else:
            self.faults.append(f"{way.__name__}: write {last} was not reached")
        # Without a transaction of its own, `Model.save` leaves the mark on that of the test.
        transaction.set_rollback(False)
        after = digest_tables()
        changed = [table for table, content in after.items() if content != tables[table] and table != SEALS]
        if changed:
            self.faults.append(f"{way.__name__}: rows were left in {', '.join(changed)}")
        if self._read_files() != files:
            self.faults.append(f"{way.__name__}: files were left behind, or are gone")
            self._put_files_back(files)
        return way(**options)

    def _count_writes(self, way: Callable[..., Any], options: dict, files: dict[Path, bytes]) -> int:
        """Count the writes of a call that is undone, with the files that it removes once it has ended."""
        counter = WriteCounter()
        with transaction.atomic(), connection.execute_wrapper(counter):
            way(**copy.deepcopy(options))
            transaction.set_rollback(True)
        self._put_files_back(files)
        return counter.count

    def _read_files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def _put_files_back(self, files: dict[Path, bytes]) -> None:
        for path in self._read_files().keys() - files.keys():
            path.unlink()
        for path, content in files.items():
            path.write_bytes(content)


def digest_tables() -> dict[str, tuple[int, str]]:
    """Return the number of rows and a digest of the content of every table."""
    contents = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            contents[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return contents


@pytest.fixture(autouse=True)
def file_folder(settings, tmp_path, monkeypatch) -> Path:
    backend = "django.core.files.storage.FileSystemStorage"
    store = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": store}
    settings.REMINDERS_BY_MAIL = True
    # Run by its name, a statement would not say that it writes.
    monkeypatch.setattr(Plans, "run", run_in_full)
    return tmp_path


def run_in_full(plans: Plans, cursor: Any, statements: list[Any]) -> None:
    """Run statements in one message, as a connection does that keeps none of them."""
    parameters = list(chain.from_iterable(each.parameters for each in statements))
    cursor.execute("; ".join(each.sql for each in statements), parameters)


@pytest.mark.django_db
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_a_failing_last_write_leaves_nothing_behind(story, cast, file_folder):
    breaker = Breaker(file_folder)
    story(breaker, cast)
    assert breaker.faults == [], "\n".join(breaker.faults)
