"""What a backup says of itself, and what a restored one is compared by."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max

from archiveportal.history.models import Event
from archiveportal.history.sealing import newest_head
from reports.frozen.figures import digest_of
from reports.ledger.entries import load_entries
from reports.ledger.records import BaselineMissing
from reports.models import Closing

#: sign-ins and sessions come and go without a trace
PASSING = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}


def facts() -> dict[str, Any]:
    """Return counts, figures, closings and the head of the history, as they can be stored."""
    return {
        "migrations": _migrations(),
        "rows": _rows(),
        "figures": _figures(),
        "closings": _closings(),
        "history": _history(),
    }


def _history() -> dict[str, Any]:
    """Return how many events there are, the newest one, and the head of their seals."""
    return {
        "events": Event.objects.count(),
        "newest": Event.objects.aggregate(last=Max("pk"))["last"],
        "head": newest_head(),
    }


def _migrations() -> dict[str, str]:
    """Return the newest migration of each app: the release that the rows belong to."""
    applied = MigrationRecorder(connection).migration_qs.order_by("app", "name").values_list("app", "name")
    return dict(applied)


def _rows() -> dict[str, int]:
    """Return the number of rows of each table."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - PASSING
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
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
