"""Checks of the place where the portal runs, for `manage.py check --deploy`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection

#: they print a mail or forget it
NO_MAIL = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "locmem")}
#: rights of others than the owner and the group
OTHERS = stat.S_IRWXO


@register(Tags.security, deploy=True)
def fit_for_a_server(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Name what a server must not be left with."""
    return [*_left_over(), *_open_files(), *_owned_tables()]


def _left_over() -> Iterator[CheckMessage]:
    if settings.LOCAL:
        yield Warning(
            "LOCAL=1 is set: plain HTTP and demo accounts are for a person's own machine.",
            hint="Take LOCAL out of the environment and of .env.",
            id="portal.W001",
        )
    if not os.environ.get("DATABASE_URL"):
        yield Warning(
            "DATABASE_URL is not set, so the portal uses an SQLite file beside the code.",
            hint="Set DATABASE_URL; PostgreSQL is the production database.",
            id="portal.W002",
        )
    if settings.EMAIL_BACKEND in NO_MAIL:
        yield Warning(
            "EMAIL_URL names no mail server, so links to a new password are printed or lost instead of mailed.",
            hint="Set EMAIL_URL (smtp+tls://user:password@host:587) and DEFAULT_FROM_EMAIL.",
            id="portal.W003",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Warning(
            "ALLOWED_HOSTS takes every name.",
            hint="List the portal's own names, comma separated.",
            id="portal.W004",
        )


def _open_files() -> Iterator[CheckMessage]:
    """Name files with secrets that every user of the machine can read."""
    for path in _secret_files():
        if path.exists() and path.stat().st_mode & OTHERS:
            yield Warning(
                f"Every user of this machine can read {path}.",
                hint=f"chmod o= {path}",
                id="portal.W005",
            )


def _secret_files() -> Iterator[Path]:
    yield settings.ENV_FILE
    yield Path(settings.MEDIA_ROOT)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and ":memory:" not in str(database["NAME"]):
        for ending in ("", "-wal", "-shm"):
            yield Path(f"{database['NAME']}{ending}")


def _owned_tables() -> Iterator[CheckMessage]:
    """Name a serving role that could take the triggers of the history down."""
    if connection.vendor != "postgresql":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() "
                "AND pg_has_role(current_user, tableowner, 'MEMBER')"
            )
            owned = cursor.fetchone()[0]
    except DatabaseError as error:
        yield Error(f"The owner of the tables cannot be read: {error}", id="portal.E002")
        return
    if owned:
        yield Error(
            f"The role of DATABASE_URL owns {owned} tables: it can take the triggers of the history down.",
            hint="Run `manage.py database_roles`, and serve by the role that it makes.",
            id="portal.E001",
        )
