"""Pages of 10,600 units against the same pages of 322: their time, the queries and the HTML they take."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from tests.benchmarks.measure import ROOT, environment, manage
from tests.benchmarks.targets import Target
from tests.support.long_pages import LARGEST, MOST_QUERIES

FEW, MANY = 322, 10_600
#: The pages of few and of many are asked by turns, so that a busy minute of the machine meets both.
TURNS, RUNS = 4, 3
#: Beyond what the database takes: as long as the page of 322 units, at most. The database counts all
#: units of a round for a total, and all their answers for a figure by criterion.
MOST = 1.5
#: reads each checklist that is not approved, for whoever closes the round, once
ONCE = "/dong/"
#: milliseconds: a page that takes less is no measure
LEAST = 20


def targets(folder: Path) -> Iterator[Target]:
    databases = [_made(folder / f"{wards}.sqlite3", wards) for wards in (FEW, MANY)]
    turns = [[_measured(database) for database in databases] for _turn in range(TURNS)]
    few, many = (_fastest(costs) for costs in zip(*turns, strict=True))
    for page, of_many in many.items():
        if ONCE in page:
            continue
        yield Target(
            f"{page}: time with {MANY} units / with {FEW}, without SQL",
            _own(of_many) / max(_own(few[page]), LEAST),
            most=MOST,
            detail="{page:.0f} ms, of them {sql:.0f} SQL".format(**of_many) + f" / {few[page]['page']:.0f} ms",
        )
    yield _largest("HTML of the largest page, KB", many, "bytes", most=LARGEST, unit=1000)
    yield _largest("Queries of the page that asks most", many, "queries", most=MOST_QUERIES)


def _own(cost: dict[str, float]) -> float:
    return cost["page"] - cost["sql"]


def _largest(name: str, pages: dict[str, dict], of: str, *, most: float, unit: int = 1) -> Target:
    page = max(pages, key=lambda each: pages[each][of])
    return Target(name, pages[page][of] / unit, most=most / unit, detail=page)


def _made(database: Path, wards: int) -> Path:
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(wards))
    return database


def _measured(database: Path) -> dict[str, dict]:
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _fastest(costs: Sequence[dict[str, dict]]) -> dict[str, dict]:
    return {page: min((each[page] for each in costs), key=_own) for page in costs[0]}


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from archiveportal.accounts.models import User
    from archiveportal.office import kept
    from criteria.inspections.models import Round
    from tests.support.factories import make_user
    from tests.support.long_pages import long_pages

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # A process reads the rows of the office anew once in a while, whichever page it is at.
    kept.SHOWN = float("inf")
    costs = {}
    for role, addresses in long_pages(Round.objects.get()).items():
        client = Client()
        person = User.objects.filter(role=role).first() or make_user(role)
        client.force_login(person, backend="archiveportal.accounts.backends.PortalBackend")
        for address in addresses:
            costs[f"{role} {address}"] = _cost(client, address)
    print(json.dumps(costs))


def _cost(client: Any, address: str) -> dict[str, float]:
    """Return milliseconds of CPU of the page and of its SQL, which works within the process on SQLite.

    SQLite counts while the rows of its answer are fetched, all but the first.
    """
    from django.db import connection
    from django.db.backends.sqlite3.base import SQLiteCursorWrapper

    of_sql: list[float] = []
    of_rows: list[float] = []

    def timed(execute: Callable, sql: str, params: tuple, many: bool, context: dict) -> object:
        start = time.process_time()
        rows = execute(sql, params, many, context)
        of_sql.append(time.process_time() - start)
        return rows

    def fetched(cursor: Any, size: int = 1) -> list:
        start = time.process_time()
        rows = super(SQLiteCursorWrapper, cursor).fetchmany(size)
        of_rows.append(time.process_time() - start)
        return rows

    client.get(address)
    runs = []
    with connection.execute_wrapper(timed), mock.patch.object(SQLiteCursorWrapper, "fetchmany", fetched, create=True):
        for _run in range(RUNS):
            of_sql.clear()
            of_rows.clear()
            start = time.process_time()
            size = len(client.get(address).content)
            page, sql = time.process_time() - start, sum(of_sql) + sum(of_rows)
            runs.append({"page": page * 1000, "sql": sql * 1000, "queries": len(of_sql), "bytes": size})
    # Whatever else the machine does only adds to it.
    return min(runs, key=_own)


if __name__ == "__main__":
    main()
