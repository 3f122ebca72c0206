"""Events are added, never changed or deleted: not by the models, and not by SQL."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from archiveportal.history.models import Event, Via
from archiveportal.history.services import record
from archiveportal.history.triggers import EVENTS, GUARD, REFUSAL, TRACE, put_up, take_down
from tests.support.triggers import triggers


@pytest.fixture
def event(cast) -> Event:
    record(about=cast.leader, by=cast.administrator, via=Via.PAGE, changes={"email": (None, "a@b.vn")})
    return Event.objects.latest("pk")


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


COPY = "actor_id, actor_name, via, action, object_type, object_id, object_name, changes, reason, occurred_at"
ON_POSTGRESQL = [
    f"TRUNCATE {EVENTS}",
    f"TRUNCATE {EVENTS} CASCADE",
    f"INSERT INTO {EVENTS} (id, {COPY}) SELECT id, {COPY} FROM {EVENTS} ON CONFLICT (id) DO UPDATE SET reason = 'x'",
]
ON_SQLITE = [
    f"REPLACE INTO {EVENTS} (id, {COPY}) SELECT id, {COPY} FROM {EVENTS}",
    f"INSERT INTO {EVENTS} (id, {COPY}) SELECT id, {COPY} FROM {EVENTS} WHERE true "
    "ON CONFLICT (id) DO UPDATE SET reason = 'x'",
    f"REPLACE INTO {EVENTS} (rowid, {COPY}) SELECT id, {COPY} FROM {EVENTS}",
    f"REPLACE INTO {EVENTS} (id, {COPY}) SELECT CAST(id AS TEXT), {COPY} FROM {EVENTS}",
    f"UPDATE OR REPLACE {EVENTS} SET id = 1",
    f"UPDATE OR REPLACE {EVENTS} SET rowid = 1",
]


#: the words of triggers, which a function may have
SOURCES = {
    "postgresql": "SELECT prosrc FROM pg_proc UNION SELECT pg_get_triggerdef(oid) FROM pg_trigger",
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
}


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {EVENTS} SET actor_name = 'Người khác'",
        f"UPDATE {EVENTS} SET reason = reason",
        f"DELETE FROM {EVENTS}",
        f"DELETE FROM {EVENTS} WHERE id = (SELECT max(id) FROM {EVENTS})",
        *(ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE),
    ],
)
def test_sql_neither_changes_nor_deletes_an_event(event, statement):
    before = list(Event.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match=REFUSAL):
        run(statement)
    assert list(Event.objects.order_by("pk").values()) == before


def test_the_models_own_ways_round_are_closed_too(event):
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        models.QuerySet(Event).update(actor_name="Người khác")
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        models.QuerySet(Event).filter(pk=event.pk)._raw_delete(connection.alias)
    with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
        models.QuerySet(Event).filter(pk=event.pk).delete()


def test_sql_still_adds(event):
    before = Event.objects.count()
    run(f"INSERT INTO {EVENTS} ({COPY}) SELECT {COPY} FROM {EVENTS} WHERE id = {event.pk}")
    assert Event.objects.count() == before + 1


def test_the_triggers_are_there_and_stay(db):
    before = triggers()
    assert {name[: len(GUARD)] for name in before} >= {GUARD}
    put_up(connection)
    assert triggers() == before
    take_down(connection, (GUARD, TRACE))
    assert not {name for name in triggers() if name.startswith((GUARD, TRACE))}
    put_up(connection)
    assert triggers() == before


def _some_event() -> None:
    Event(actor_name="", via=Via.COMMAND, action="created", object_type="x.y", object_id=1, object_name="x").save()


@pytest.mark.django_db(transaction=True)
def test_the_triggers_outlive_a_migration_that_rebuilds_tables():
    before = triggers()
    for label in ("history.Event", "inspections.Result"):
        model = apps.get_model(label)
        column = models.CharField(max_length=5, default="x")
        column.set_attributes_from_name("passing")
        if connection.vendor == "sqlite":
            take_down(connection)
        with connection.schema_editor() as editor:
            editor.add_field(model, column)
            editor.remove_field(model, column)
    call_command("migrate", verbosity=0)
    assert triggers() == before
    _some_event()
    with pytest.raises(DatabaseError, match=REFUSAL):
        run(f"DELETE FROM {EVENTS}")


@pytest.mark.django_db(transaction=True)
def test_emptying_all_tables_is_refused():
    _some_event()
    with pytest.raises(CommandError) as refusal:
        call_command("flush", interactive=False, verbosity=0)
    # Any table that a trigger keeps may be the first to refuse, in words of its own.
    words = str(refusal.value.__cause__).partition("\n")[0]
    with connection.cursor() as cursor:
        cursor.execute(SOURCES[connection.vendor])
        assert [source for (source,) in cursor.fetchall() if words in source]
    assert Event.objects.exists()
