"""Load a stored release, bring it forward, and print what is compared.

`python -m tests.releases.reading STORED_FILE`; DATABASE_URL names an empty database. Tables are
read by SQL, and rows by the names of apps and models, so that modules may move without a change here.
"""

from __future__ import annotations

import io
import json
import lzma
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from tests.support.triggers import triggers

#: the files of a stored release
SQLITE, POSTGRESQL, COMPARED = "release.sqlite3.xz", "release.sql.xz", "compared.json.xz"
#: tables that are Django's own, or that a session writes
NOT_COMPARED = ("django_", "auth_", "axes_", "sqlite_")


def restore(stored: Path) -> None:
    """Put the stored file, a whole SQLite database or SQL of pg_dump, into the empty database."""
    content = lzma.decompress(stored.read_bytes())
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).write_bytes(content)
        return
    connection.ensure_connection()
    # Several statements at once, which Django's cursor would not take.
    connection.connection.cursor().execute(content.decode())
    # The dump leaves settings behind: an empty search path above all.
    connection.close()


def bring_forward() -> list[str]:
    """Upgrade, and return what was changed without an event, by the migrations or ever before."""
    # It names models, which are there once Django is set up.
    from archiveportal.history.agreeing import disagreements
    from tests.releases.untold import rows_of_today, untold

    before, last_event = rows_of_today(), _last_event()
    call_command("migrate", verbosity=0)
    faults = untold(before, last_event)
    call_command("load_baseline", stdout=io.StringIO())
    return faults + list(disagreements())


def _last_event() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM history_event")
        return cursor.fetchone()[0]


def read() -> dict[str, Any]:
    """Return what must be the same after every upgrade, as JSON holds it."""
    compared = {
        "figures": read_figures(),
        "scores": read_scores(),
        "closings": read_closings(),
        "editions": read_editions(),
        "kept_papers": read_kept_papers(),
        "events": read_events(),
        "states": read_states(),
        "rows": count_rows(),
    }
    # The last: signing in writes a session.
    compared["pages"] = read_closing_pages()
    return json.loads(json.dumps(compared, default=str))


def read_figures() -> list[dict[str, Any]]:
    """Return the figures of `manage.py figures --json`, also where one is unexplained."""
    printed = io.StringIO()
    try:
        call_command("figures", json=True, stdout=printed)
    except CommandError as error:
        assert error.returncode == 1
    return json.loads(printed.getvalue())


def read_scores() -> list[list[Any]]:
    enrolments = apps.get_model("inspections", "Enrolment").objects
    rows = enrolments.with_standing().select_related("round", "ward", "inspection")
    return [
        [
            row.round.code,
            row.ward.code,
            row.inspection.status,
            *_plain(row.inspection.score, row.inspection.maximum),
            row.inspection.met_criteria,
            row.inspection.open_criteria,
            *_plain(row.standing_score, row.standing_maximum),
            *_plain(row.published_score, row.published_maximum),
        ]
        for row in rows.order_by("round__code", "position")
    ]


def _plain(*numbers: Any) -> list[str | None]:
    """Write numbers alike on both databases: 308, not 308.00."""
    return [None if number is None else f"{float(number):g}" for number in numbers]


def read_closings() -> list[dict[str, Any]]:
    closings = apps.get_model("reports", "Closing").objects.order_by("pk")
    names = ("kind", "sequence", "figures", "digest", "note", "number", "issued_on", "signatory")
    return [
        {"subject": closing.subject.code}
        | {name: getattr(closing, name) for name in names}
        | {"files": closing.files.count(), "has_signed_copy": closing.signed_copy_id is not None}
        for closing in closings
    ]


def read_editions() -> list[int]:
    closings = apps.get_model("reports", "Closing").objects.order_by("pk")
    return list(closings.values_list("edition", flat=True))


def read_kept_papers() -> list[dict[str, Any]]:
    """Return what each closing keeps of its paper: the roles and numbers of its files, its words, who
    is to sign, and how the signed PDF was compared."""
    closings = apps.get_model("reports", "Closing").objects.order_by("pk")
    names = ("signatory_name", "content_digest", "signed_comparison")
    papers = []
    for closing in closings:
        content = closing.content or {}
        papers.append(
            {name: getattr(closing, name) for name in names}
            | {
                "signatory": content.get("signatory"),
                "sources": content.get("sources"),
                # Their SHA-256 would tell the moment at which they were made.
                "files": list(closing.files.order_by("order").values_list("role", "number")),
            }
        )
    return papers


def read_events() -> dict[str, int]:
    return _counted("history_event", "object_type", "via", "action")


def read_states() -> dict[str, dict[str, int]]:
    """Count the rows in every state, which also shows that the stored release has them all."""
    return {
        "inspections": _counted("inspections_inspection", "status"),
        "findings": _counted("inspections_finding", "status"),
        "kept": _counted("inspections_keptanswer", "decision"),
        "rounds": _counted("inspections_round", "status"),
        "roles": _counted("accounts_user", "role"),
    }


def _counted(table: str, *columns: str) -> dict[str, int]:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names}, COUNT(*) FROM {table} GROUP BY {names}")
        counted = {" ".join(row[:-1]): row[-1] for row in cursor.fetchall()}
    return dict(sorted(counted.items()))


def count_rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in sorted(tables):
            if not table.startswith(NOT_COMPARED):
                cursor.execute(f"SELECT COUNT(*) FROM {table}")
                counts[table] = cursor.fetchone()[0]
    return counts


def read_closing_pages() -> list[dict[str, Any]]:
    """Return what the page of each closing says of it today, in the order of the closings."""
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    setup_test_environment()
    client = Client(HTTP_ACCEPT_LANGUAGE="vi")
    leader = apps.get_model("accounts", "User").objects.get(username="lanhdaoso")
    client.force_login(leader, backend="archiveportal.accounts.backends.PortalBackend")
    kinds = {"round": "dot-kiem-tra", "scheme": "de-an"}
    pages = []
    for closing in apps.get_model("reports", "Closing").objects.order_by("pk"):
        page = client.get(reverse("reports:closing", args=[closing.pk]))
        address = reverse("reports:closings", args=[kinds[closing.kind], closing.subject.code])
        listed = client.get(address)
        text = page.content.decode()
        pages.append(
            {
                "status": page.status_code,
                "changed": page.context["changed"],
                "total": page.context["total"],
                "is_whole": page.context["is_whole"],
                "shows_number": bool(closing.number) and closing.number in text,
                "is_newest": page.context["newer"] is None,
                "is_touched": listed.context["is_touched"],
                "told": _told(listed.context["differences"]),
            }
        )
    return pages


def _told(differences: Any) -> list[Any]:
    """Return how many figures and lines the list of closings says to differ."""
    return [differences.figures, differences.lines, differences.is_uncounted] if differences else []


if __name__ == "__main__":
    django.setup()
    restore(Path(sys.argv[1]))
    upgrade = {"untold": bring_forward(), "triggers": sorted(triggers())}
    print(json.dumps(read() | upgrade, ensure_ascii=False, default=str))
