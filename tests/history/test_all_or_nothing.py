"""A service whose last write fails leaves every table and the file store as they were."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.history.test_every_way import STORIES

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class BrokenWrite(Exception):
    """Raised where a database would refuse the last write of a service."""


#: The history is sealed before the transaction of a closing begins, whatever becomes of that.
SEALS = "history_seal"


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
        tables, files = digest_tables(), self._digest_files()
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
        if self._digest_files() != files:
            self.faults.append(f"{way.__name__}: files were left behind")
            self._remove_new_files(files)
        return way(**options)

    def _count_writes(self, way: Callable[..., Any], options: dict, files: dict) -> int:
        counter = WriteCounter()
        with transaction.atomic(), connection.execute_wrapper(counter):
            way(**copy.deepcopy(options))
            transaction.set_rollback(True)
        self._remove_new_files(files)
        return counter.count

    def _digest_files(self) -> dict[Path, str]:
        paths = [path for path in self.folder.rglob("*") if path.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def _remove_new_files(self, files: dict[Path, str]) -> None:
        for path in self._digest_files().keys() - files.keys():
            path.unlink()


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
def file_folder(settings, tmp_path) -> Path:
    backend = "django.core.files.storage.FileSystemStorage"
    store = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": store}
    settings.REMINDERS_BY_MAIL = True
    return tmp_path


@pytest.mark.django_db
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_a_failing_last_write_leaves_nothing_behind(story, cast, file_folder):
    breaker = Breaker(file_folder)
    story(breaker, cast)
    assert breaker.faults == [], "\n".join(breaker.faults)
