"""The page of a checklist of 100 criteria, each with a note and a photograph, as an inspector gets it to fill in."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import ROOT, environment, manage
from tests.benchmarks.targets import Target

CRITERIA = 100


def targets(folder: Path) -> Iterator[Target]:
    database = folder / "checklist.sqlite3"
    manage(database, "migrate", "--verbosity", "0")
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, cwd=ROOT, env=environment(database), check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    name = f"Checklist page, {CRITERIA} criteria with notes and evidence"
    yield Target(f"{name}: KB of HTML", found["bytes"] / 1024, most=120, detail=f"{found['bytes']} bytes")
    yield Target(
        f"{name}: queries / those of 10 criteria",
        found["queries"] / found["queries_of_few"],
        most=1,
        detail=f"{found['queries']} / {found['queries_of_few']}",
    )


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.support.factories import make_user
    from tests.support.long_checklists import make_long_checklist

    settings.ALLOWED_HOSTS = ["testserver"]
    # Static files are not collected here; their hashed names would add some 300 bytes.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    person, client = make_user(), Client()
    client.force_login(person, backend="archiveportal.accounts.backends.PortalBackend")

    def opened(criteria: int) -> tuple[int, int]:
        """Bytes and queries of a page whose session and templates are there already."""
        address = f"/phieu/{make_long_checklist(criteria, person).pk}/"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        return len(response.content), len(queries)

    _few, queries_of_few = opened(10)
    size, queries = opened(CRITERIA)
    print(json.dumps({"bytes": size, "queries": queries, "queries_of_few": queries_of_few}))


if __name__ == "__main__":
    main()
