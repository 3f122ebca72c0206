"""The dashboard of a round among 28 rounds of 322 wards: its queries, and its figures against their raw SQL."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import ROOT, environment, manage
from tests.benchmarks.targets import Target

WARDS, ROUNDS, RUNS = 322, 28, 25
CITY = "the City"
FIGURES = [
    "distribution", "by_band", "average", "approved", "unit_count", "places", "least_met", "heat", "trend", "training",
]  # fmt: skip


def targets(folder: Path) -> Iterator[Target]:
    database = folder / "dashboard.sqlite3"
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "simulate", "--wards", str(WARDS), "--rounds", str(ROUNDS))
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True, text=True)
    for name, found in json.loads(done.stdout.splitlines()[-1]).items():
        where = f"Dashboard of {name}, {ROUNDS} rounds x {WARDS} wards"
        yield Target(f"{where}: queries", found["queries"], most=15, detail=f"{found['queries']} queries")
        if name == CITY:
            # A district asks for so little that its SQL is no measure.
            yield Target(
                f"{where}: figures / their raw SQL",
                found["figures"] / found["sql"],
                most=2,
                detail="{figures:.0f} ms / {sql:.0f} ms; whole page {page:.0f} ms".format(
                    **{name: found[name] * 1000 for name in ("figures", "sql", "page")}
                ),
            )


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from criteria.inspections.models import Round
    from reports.dashboard.data import Dashboard
    from tests.support.factories import make_user
    from training import baseline

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    baseline.load()
    code = Round.objects.values_list("code", flat=True).first()
    district = Round.objects.get(code=code).enrolments.first().ward.district_id
    person, client = make_user("leadership"), Client()
    client.force_login(person, backend="archiveportal.accounts.backends.PortalBackend")

    rounds = Round.objects.visible_to(person).select_related("criteria_set")
    inspection_round = rounds.prefetch_related("criteria_set__criteria", "criteria_set__bands").get(code=code)

    def read(district: int | None) -> None:
        """Everything that the pictures of the round are drawn from."""
        found = Dashboard(person, inspection_round, district_id=district)
        for name in FIGURES:
            getattr(found, name)

    def measured(address: str, district: int | None = None) -> dict[str, float]:
        asked: list[tuple] = []

        def keep(execute: Callable, sql: str, params: tuple, many: bool, context: dict) -> object:
            asked.append((sql, params))
            return execute(sql, params, many, context)

        client.get(address)
        with connection.execute_wrapper(keep):
            client.get(address)
        queries = len(asked)
        asked.clear()
        with connection.execute_wrapper(keep):
            read(district)

        def ask() -> None:
            with connection.cursor() as cursor:
                for sql, params in asked:
                    cursor.execute(sql, params)
                    cursor.fetchall()

        # SQLite works within the process, so that its time shows what a busy machine would blur; by turns all the same.
        work = {"page": lambda: client.get(address), "figures": lambda: read(district), "sql": ask}
        times: dict[str, list[float]] = {name: [] for name in work}
        for _turn in range(RUNS):
            for name, do in work.items():
                start = time.process_time()
                do()
                times[name].append(time.process_time() - start)
        return {"queries": queries} | {name: median(found) for name, found in times.items()}

    page = f"/bao-cao/toan-canh/{code}/"
    print(json.dumps({CITY: measured(page), "a district": measured(f"{page}?quan={district}", district)}))


if __name__ == "__main__":
    main()
