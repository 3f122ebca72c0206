"""R12: the database of the previous release comes forward with its figures, and work goes on where it stood."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from archiveportal.history.triggers import REFUSAL

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path, django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """Of processes on a database of their own, empty at first."""
    own = {**os.environ, "DJANGO_SETTINGS_MODULE": "archiveportal.settings", "PORTAL_PROCESS": "1"}
    if connection.vendor != "postgresql":
        yield own | {"DATABASE_URL": f"sqlite:///{tmp_path / 'previous.sqlite3'}"}
        return
    params = connection.get_connection_params()
    params = {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)}
    name = f"previous_{os.getpid()}"
    with closing(connection.Database.connect(dbname="postgres", **params)) as server:
        server.autocommit = True
        server.cursor().execute(f"CREATE DATABASE {name}")
        try:
            yield (
                own
                | {f"PG{key.upper()}": str(value) for key, value in params.items()}
                | {"DATABASE_URL": f"postgresql:///{name}"}
            )
        finally:
            server.cursor().execute(f"DROP DATABASE {name}")


def run(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_previous_release_comes_forward(environment):
    previous = ["-m", "tests.history.previous_release"]
    run(environment, *previous, "fill")
    before = json.loads(run(environment, *previous, "read"))
    run(environment, "manage.py", "migrate", "--verbosity", "0")
    after = json.loads(run(environment, *previous, "read"))
    assert [row[0] for row in before["checklists"]] == ["draft", "submitted", "returned", "approved"]
    assert len(before["answers"]) == 12 and len(before["events"]) == 4
    assert after == before
    work = json.loads(run(environment, *previous, "work_on"))
    assert work == {"draft": "draft", "submitted": "approved", "returned": "returned", "approved": "refused"}
    delete = "from django.db import connection; connection.cursor().execute('DELETE FROM history_event')"
    with pytest.raises(AssertionError, match=REFUSAL):
        run(environment, "manage.py", "shell", "-c", delete)
    # The reports load on top, and every figure is explained.
    run(environment, "manage.py", "load_baseline")
    run(environment, "manage.py", "figures")
    run(environment, "manage.py", "migrate", "--check")
