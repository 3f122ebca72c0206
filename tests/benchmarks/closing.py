"""The page that closes the figures of a round, with its checks, and the page of passages, against their raw queries.

The queries are those that the page makes, sent again as they are. Of 10,600 wards the whole page is
measured. Of 322 the raw queries take 5 ms, less than Django takes for a page without any ward, so
that the page of an empty round is taken off.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import ROOT, environment, manage
from tests.benchmarks.targets import Target

FEW, MANY, RUNS = 322, 10_600, {322: 40, 10_600: 9}
PAGES = {"closing": "/bao-cao/chot-so-lieu/dot-kiem-tra/{}/", "passages": "/bao-cao/van-ban/dot-kiem-tra/{}/"}


def targets(folder: Path) -> Iterator[Target]:
    for wards in (FEW, MANY):
        database = folder / f"closing-{wards}.sqlite3"
        manage(database, "migrate", "--verbosity", "0")
        manage(database, "simulate", "--wards", str(wards))
        command = [sys.executable, "-m", __name__]
        done = subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True, text=True)
        for page, found in json.loads(done.stdout.splitlines()[-1]).items():
            name = f"Page of {page}, {wards} wards"
            yield Target(f"{name}: queries", found["queries"], most=26, detail=f"{found['queries']:.0f} queries")
            if page == "closing" or wards == MANY:
                yield _time(name, found, is_small=wards == FEW)


def _time(name: str, found: dict[str, float], *, is_small: bool) -> Target:
    seconds = {part: f"{found[part] * 1000:.0f} ms" for part in ("page", "empty", "sql")}
    own = found["page"] - found["empty"] if is_small else found["page"]
    what = "what its wards take / their raw queries" if is_small else "time / raw queries"
    detail = "page {page}, of an empty round {empty}, raw queries {sql}".format(**seconds)
    return Target(f"{name}: {what}", own / found["sql"], most=2, detail=detail)


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from criteria.inspections.models import Round
    from tests.support.factories import make_user

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    simulated = Round.objects.get(is_simulated=True)
    empty = Round.objects.create(
        code="trong",
        name="Đợt trống",
        criteria_set=simulated.criteria_set,
        starts_on=simulated.starts_on,
        ends_on=simulated.ends_on,
    )
    client = Client()
    client.force_login(make_user("approver"), backend="archiveportal.accounts.backends.PortalBackend")

    def measured(address: str) -> dict[str, float]:
        asked: list[tuple] = []

        def keep(execute: Callable, sql: str, params: tuple, many: bool, context: dict) -> Any:
            asked.append((sql, params))
            return execute(sql, params, many, context)

        client.get(address.format(simulated.code))
        with connection.execute_wrapper(keep):
            client.get(address.format(simulated.code))

        def ask() -> None:
            with connection.cursor() as cursor:
                for sql, params in asked:
                    cursor.execute(sql, params)
                    cursor.fetchall()

        work = {
            "page": lambda: client.get(address.format(simulated.code)),
            "empty": lambda: client.get(address.format(empty.code)),
            "sql": ask,
        }
        # The least disturbed run of each; by turns, so that a busy moment meets all of them.
        times: dict[str, list[float]] = {name: [] for name in work}
        for _turn in range(RUNS[simulated.enrolments.count()]):
            for name, do in work.items():
                start = time.process_time()
                do()
                times[name].append(time.process_time() - start)
        return {"queries": len(asked)} | {name: min(found) for name, found in times.items()}

    print(json.dumps({name: measured(address) for name, address in PAGES.items()}))


if __name__ == "__main__":
    main()
