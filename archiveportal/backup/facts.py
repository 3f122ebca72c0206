"""What a backup says of itself, and what a restored one is compared by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from archiveportal.backup.guards import open_guards, present_guards
from archiveportal.history.models import Event, Seal
from archiveportal.history.proving import prove
from archiveportal.history.sealing import newest_head
from reports.frozen.figures import digest_of
from reports.ledger.entries import load_entries
from reports.ledger.records import BaselineMissing
from reports.models import Closing

#: sign-ins and sessions come and go without a trace
PASSING = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}


#: what tables of any release say; the others are computed by models of the release itself
STORED = ("migrations", "rows", "history", "guards")


def facts() -> dict[str, Any]:
    """Return counts, figures, closings, guards and the head of the history, as they can be stored."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return stored_facts(tables) | {
        "figures": _figures(),
        "closings": _closings(),
        "open_guards": open_guards(),
    }


def proven_facts(head: str) -> dict[str, Any]:
    """Return the facts, and what the seals of the history do not prove of it up to a head.

    Older backups have no head, and nothing to prove.
    """
    kept = {head, *heads_of_closings()} if head else set()
    return facts() | {"unproven": prove(kept).faults if kept else []}


def heads_of_closings() -> set[str]:
    """Return the heads of the history that closings keep."""
    return set(Closing.objects.exclude(history_head="").order_by().values_list("history_head", flat=True))


def stored_facts(tables: Iterable[str] = ()) -> dict[str, Any]:
    """Return those facts that a database of an older release has too; of all its tables where none are named."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    return {
        "migrations": _migrations(),
        "rows": _rows(set(tables) or present),
        "history": _history(has_seals=Seal._meta.db_table in present),
        "guards": present_guards(),
    }


def _history(*, has_seals: bool) -> dict[str, Any]:
    """Return how many events there are, the newest one, and the head of their seals."""
    return {
        "events": Event.objects.count(),
        "newest": Event.objects.aggregate(last=Max("pk"))["last"],
        "head": newest_head() if has_seals else "",
    }


def migrations_of_release() -> dict[str, str]:
    """Return the newest migration of each app that this release has."""
    return dict(sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations))


def unknown_migrations(stored: dict[str, Any]) -> list[str]:
    """Return the migrations of a backup that this release does not have: a newer one made it."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    return [f"{app}.{name}" for app, name in sorted(stored["migrations"].items()) if (app, name) not in known]


def is_older(stored: dict[str, Any]) -> bool:
    """Tell whether a backup was made by a release with fewer migrations than this one."""
    return any(stored["migrations"].get(app) != name for app, name in migrations_of_release().items())


def _migrations() -> dict[str, str]:
    """Return the newest migration of each app: the release that the rows belong to."""
    applied = MigrationRecorder(connection).migration_qs.order_by("app", "name").values_list("app", "name")
    return dict(applied)


def _rows(tables: set[str]) -> dict[str, int]:
    """Return the number of rows of each table."""
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - PASSING):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


def _figures() -> str:
    """Return a digest of the ledger: every figure as reported and now; blank where nothing is loaded."""
    try:
        entries = load_entries()
    except BaselineMissing:
        return ""
    lines = [[entry.code, entry.reported.display, entry.now.display, entry.verdict.value] for entry in entries]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def _closings() -> dict[str, str]:
    """Return the digest of each closing, computed anew from its stored figures."""
    closings = Closing.objects.order_by("pk").values_list("pk", "figures")
    return {str(pk): digest_of(figures) for pk, figures in closings}


def differences(expected: dict[str, Any], restored: dict[str, Any]) -> list[str]:
    """Return a line for each fact that differs."""
    lines = []
    for name, value in expected.items():
        other = restored.get(name)
        if isinstance(value, dict) and isinstance(other, dict):
            lines += [
                f"{name}, {key}: {value.get(key)} in the backup, {other.get(key)} restored"
                for key in sorted({*value, *other})
                if value.get(key) != other.get(key)
            ]
        elif value != other:
            lines.append(f"{name}: {value} in the backup, {other} restored")
    return lines
