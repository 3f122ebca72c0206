"""A database of its own for processes of the portal."""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connection


@pytest.fixture
def environment(tmp_path, django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """Of processes on a database of their own, empty at first."""
    own = {**os.environ, "DJANGO_SETTINGS_MODULE": "archiveportal.settings", "PORTAL_PROCESS": "1"}
    if connection.vendor != "postgresql":
        yield own | {"DATABASE_URL": f"sqlite:///{tmp_path / 'previous.sqlite3'}"}
        return
    params = connection.get_connection_params()
    names = ("host", "port", "user", "password")
    params = {key: params[key] for key in names if params.get(key)}
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
