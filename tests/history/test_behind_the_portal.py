"""A change made in a shell or with plain SQL leaves an event, written by the database; the portal's own leave one too,
and not two."""

import datetime
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.utils import timezone

from archiveportal.accounts.models import User
from archiveportal.history.models import Event
from archiveportal.history.registry import UNTRACED
from criteria.inspections.models import Enrolment, Inspection, Result, Round
from manage import writes_history
from tests.support.factories import answer
from tests.support.inspections import published_finding
from training.models import Course
from wards.models import Ward

ROOT = Path(__file__).parents[2]


@pytest.fixture
def behind(cast):
    """This connection is not one of the portal's: it lacks the mark."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL portal.application = 'off'")
            yield cursor
        else:
            cursor.execute("PRAGMA analysis_limit = 0")
            yield cursor
            cursor.execute(f"PRAGMA analysis_limit = {settings.PORTAL_MARK}")


def traces():
    return Event.objects.filter(via="sql").order_by("pk")


def test_an_answer_changed_by_sql(cast, behind):
    result = Result.objects.select_related("criterion").earliest("pk")
    behind.execute(
        "UPDATE inspections_result SET outcome = 'not_met', number = 18.5, note = 'Sửa \"tay\"' WHERE id = %s",
        [result.pk],
    )
    (event,) = traces()
    assert (event.object_type, event.object_id) == ("inspections.inspection", result.inspection_id)
    assert event.object_name == str(result.criterion)
    assert event.changes == {"outcome": ["met", "not_met"], "number": [None, event.changes["number"][1]],
                             "note": ["", 'Sửa "tay"']}  # fmt: skip
    assert float(event.changes["number"][1]) == 18.5
    assert event.action == "changed" and event.actor_id is None and event.actor_name
    assert event in Event.objects.about(result.inspection)
    assert {change["field"] for change in event.readable_changes} == {"kết quả", "số liệu", "ghi chú"}


def test_update_in_a_shell(cast, behind):
    Ward.objects.filter(code="27676").update(name="Thạnh An mới")
    Round.objects.update(status="closed")
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    by_type = {event.object_type: event for event in traces()}
    assert by_type["wards.ward"].changes == {"name": ["Thạnh An", "Thạnh An mới"]}
    assert by_type["inspections.round"].changes == {"status": ["open", "closed"]}
    assert by_type["accounts.user"].changes == {"is_active": [True, False]}
    assert by_type["accounts.user"].object_name == cast.leader.full_name


def test_rows_added_and_deleted(cast, behind):
    ward = Ward.objects.create(code="99999", name="Ma", kind="phuong", district=Ward.objects.first().district)
    pk = ward.pk
    behind.execute("DELETE FROM wards_ward WHERE id = %s", [pk])
    made, gone = traces()
    assert (made.action, made.object_id, made.changes["code"]) == ("created", pk, [None, "99999"])
    assert (gone.action, gone.object_id, gone.changes["code"]) == ("deleted", pk, ["99999", None])
    assert str(gone) == f"{made.object_name}: {gone.get_action_display()}"


def test_secrets_are_named_and_not_told(cast, behind):
    before = cast.leader.password
    cast.leader.set_password("mot-mat-khau-moi-2019")
    cast.leader.save(update_fields=["password"])
    User.objects.create_superuser(username="root", password="mat-khau-cua-root", full_name="Gốc", role="administrator")
    changed, made = traces()
    assert changed.changes == {"password": [None, "changed"]}
    assert made.changes["password"] == [None, "changed"]
    everything = str(list(traces().values()))
    assert before not in everything and cast.leader.password not in everything and "md5$" not in everything


def test_districts_of_a_course(cast, behind):
    course = Course.objects.filter(organiser_districts__isnull=False).first()
    course.organiser_districts.clear()
    assert {(event.object_type, event.object_id) for event in traces()} == {("training.course", course.pk)}


def test_nothing_is_recorded_twice(cast):
    phuong6 = Enrolment.objects.get(ward__code="27202")
    before = Event.objects.count()
    answer(phuong6, cast.inspector, "met")
    assert Event.objects.count() == before + 23
    assert not traces().exists()


def test_emptying_a_table(cast, behind):
    """PostgreSQL records it once, with the number of rows; SQLite has no TRUNCATE: each row."""
    count = Result.objects.count()
    assert count
    if connection.vendor == "postgresql":
        behind.execute("SET CONSTRAINTS ALL IMMEDIATE")
        behind.execute("TRUNCATE inspections_result CASCADE")
        (event,) = traces()
        assert (event.action, event.object_name) == ("deleted", "inspections_result")
        assert event.changes == {"rows": [count, 0]}
    else:
        behind.execute("DELETE FROM inspections_result")
        assert [event.action for event in traces()] == ["deleted"] * count


def is_of_the_portal(module: str) -> bool:
    """Return whether a module lies in the portal's own folder, whatever the settings say of it."""
    return (ROOT / module.partition(".")[0]).is_dir()


def test_every_table_of_the_portal_is_watched(db):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE tgname LIKE 'history_trace_%%'"
            )
        else:
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'history_trace_%%'")
        watched = {table for (table,) in cursor.fetchall()}
    ours = [model for model in apps.get_models(include_auto_created=True) if is_of_the_portal(model.__module__)]
    assert {model._meta.db_table for model in ours if model._meta.label_lower not in UNTRACED} == watched
    assert {"inspections_result", "accounts_user", "training_course_organiser_districts"} <= watched


def environment_of_manage() -> dict[str, str]:
    """Return the environment in which manage.py works on the database of this test, without the mark."""
    environment = {key: value for key, value in os.environ.items() if key != "PORTAL_PROCESS"}
    environment["DJANGO_SETTINGS_MODULE"] = "archiveportal.settings"
    if connection.vendor == "sqlite":
        environment["DATABASE_URL"] = f"sqlite:///{connection.settings_dict['NAME']}"
        return environment
    params = connection_params()
    environment |= {f"PG{key.upper()}": str(value) for key, value in params.items()}
    environment["DATABASE_URL"] = f"postgresql:///{params['dbname']}"
    return environment


def connection_params() -> dict[str, str]:
    """Return the parameters of the PostgreSQL connection of this test."""
    params = connection.get_connection_params()
    return {key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)}


def run_manage(*arguments: str, **variables: str) -> None:
    """Run manage.py in a process of its own, as a timer or a person would."""
    command = [sys.executable, "manage.py", *arguments]
    environment = environment_of_manage() | variables
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.mark.django_db(transaction=True)
def test_the_shells_of_both_databases(baseline):
    """As somebody would do it: the database's own shell, and `manage.py shell`."""
    statement = "UPDATE inspections_inspection SET status = 'draft' WHERE status = 'approved'"
    if connection.vendor == "postgresql":
        with closing(connection.Database.connect(**connection_params())) as other, other:
            other.cursor().execute(statement)
    else:
        with closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as other, other:
            other.execute(statement)
    (event,) = traces()
    assert event.object_id == Inspection.objects.get(version=1).pk
    assert event.changes == {"status": ["approved", "draft"]}
    run_manage("shell", "-c", "from wards.models import Ward; Ward.objects.filter(code='27676').update(legal_act='x')")
    run_manage("load_baseline")
    assert [event.object_type for event in traces()] == ["inspections.inspection", "wards.ward"]


@pytest.mark.django_db(transaction=True)
def test_reminders_of_a_timer_write_their_own_history(cast):
    cast.quan10.email = "pnv@quan10.example"
    cast.quan10.save(update_fields=["email"])
    late = timezone.localdate() - datetime.timedelta(days=12)
    finding = published_finding(Enrolment.objects.get(ward__code="27202"), cast.inspector, due_on=late)
    run_manage("send_reminders", REMINDERS_BY_MAIL="1", EMAIL_URL="consolemail://")
    assert [event.via for event in Event.objects.about(finding)] == ["command"]
    assert not traces().exists()


def test_every_command_of_the_portal_carries_the_mark():
    commands = get_commands()
    own = {command for command, app in commands.items() if is_of_the_portal(app)}
    assert {"load_baseline", "figures", "send_reminders"} <= own
    assert {command for command in commands if writes_history(command)} == own | {"migrate", "runserver"}


def test_a_command_of_the_portal_writes_its_own_history(cast):
    call_command("create_administrator", "quantri9", "Quản trị", stdout=StringIO())
    assert not traces().exists()
    assert Event.objects.filter(object_type="accounts.user", via="command").exists()
