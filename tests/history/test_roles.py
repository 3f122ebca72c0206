"""On PostgreSQL the portal is told by its role, not by a mark that any connection can set."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from archiveportal.accounts.models import Role
from archiveportal.checks import fit_for_a_server
from archiveportal.history.models import Event
from archiveportal.history.proving import prove
from archiveportal.history.roles import put_up_function, serving_roles
from archiveportal.history.sealing import seal_history
from archiveportal.history.triggers import traced_models
from criteria.inspections.models import Result
from tests.history.test_every_way import STORIES
from tests.kept import load_reports_data
from tests.support.factories import make_user

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
MARK = "SET portal.application = 'on'"
CHANGE = "UPDATE wards_ward SET legal_act = 'NQ thử' WHERE code = '27676'"


@pytest.fixture
def roles(transactional_db):
    """Both roles on the test's own database; SQLite has none."""
    if connection.vendor != "postgresql":
        yield None
        return
    load_reports_data()
    names = [f"{connection.settings_dict['NAME']}_{name}" for name in ("serve", "people")]
    call_command("database_roles", serve=names[0], people=names[1], stdout=StringIO())
    yield names
    with connection.cursor() as cursor:
        put_up_function(cursor, [])
        for name in names:
            cursor.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")


def events_by(role: str, *statements: str, options: str = "") -> list[str]:
    """Write as a role and return the ways in of the events that the database wrote."""
    before = Event.objects.count()
    parts = connection.connection.info.dsn_parameters
    with closing(psycopg2.connect(host=parts["host"], dbname=parts["dbname"], user=role, options=options)) as other:
        with other.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        other.commit()
    return list(Event.objects.order_by("pk").values_list("via", flat=True)[before:])


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Let the portal connect as a role."""
    owner = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = owner


def test_the_portal_is_told_by_its_role(roles):
    if roles is None:
        with pytest.raises(CommandError, match="SQLite has no roles"):
            call_command("database_roles")
        return
    serve, people = roles
    # The serving role writes its history itself; everybody else's writes are recorded, mark or not.
    assert events_by(serve, CHANGE) == []
    assert events_by(people, CHANGE.replace("thử", "hai")) == ["sql"]
    assert events_by(people, MARK, CHANGE.replace("thử", "ba")) == ["sql"]
    # Roles stay what they are through a migration.
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        assert serving_roles(cursor) == [serve]
    assert events_by(people, MARK, CHANGE.replace("thử", "bốn")) == ["sql"]
    # The owner migrates and loads with the mark; without it, it is anybody.
    owner = connection.settings_dict["USER"]
    assert events_by(owner, MARK, CHANGE.replace("thử", "năm")) == []
    assert events_by(owner, CHANGE.replace("thử", "sáu")) == ["sql"]


def test_everything_that_people_change_has_an_event(roles):
    """All results and the role of an account, by somebody who pretends to be the portal."""
    if roles is None:
        return
    _serve, people = roles
    make_user(Role.INSPECTOR, "nhan")
    count = Result.objects.count()
    assert count > 20
    pretences = [
        MARK,
        "SET LOCAL portal.application = 'on'",
        # Tables of somebody's own that are called like those which the rule asks.
        f"CREATE TEMP TABLE pg_tables AS SELECT '{people}'::name AS tableowner, 'history_event'::name AS tablename, "
        "current_schema() AS schemaname",
        "CREATE TEMP TABLE history_event (LIKE history_event)",
        "CREATE TEMP TABLE pg_class AS SELECT * FROM pg_catalog.pg_class LIMIT 0",
        "SET search_path = pg_temp, public",
    ]
    writes = [
        "UPDATE inspections_result SET note = 'x'",
        "UPDATE accounts_user SET role = 'approver' WHERE username = 'nhan'",
    ]
    assert events_by(people, *pretences, *writes) == ["sql"] * (count + 1)
    # PORTAL_PROCESS=1 in the environment sets the mark when the connection is made.
    assert events_by(people, CHANGE, options="-c portal.application=on") == ["sql"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO history_event (occurred_at, actor_name, via, action, object_type, object_id, object_name, "
        "changes, reason) VALUES (now(), 'Người khác', 'page', 'approved', 'x.y', 1, 'x', '{}', '')",
        "INSERT INTO history_seal (number, first_event, last_event, events, sealed_at, previous, content, marks, "
        "digest) VALUES (9, 1, 1, 1, now(), '', '', '', '')",
    ],
)
def test_people_make_no_events_and_no_seals(roles, statement):
    if roles is None:
        return
    serve, people = roles
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        events_by(people, statement)
    events_by(serve, statement)


def test_people_write_only_what_leaves_an_event_and_read_no_session(roles):
    """Who reads the key of a session is signed in as the person whose it is."""
    if roles is None:
        return
    serve, people = roles
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rights = "SELECT {}".format(", ".join(f"has_table_privilege(%s, '{{0}}', '{each}')" for each in RIGHTS))
        found = {}
        for table in tables:
            cursor.execute(rights.format(table), [people] * len(RIGHTS))
            found[table] = cursor.fetchone()
        cursor.execute(rights.format("django_session"), [serve] * len(RIGHTS))
        assert cursor.fetchone() == (True,) * 4
        # A portal that could take migrations off the list would have them run once more.
        cursor.execute(rights.format("django_migrations"), [serve] * len(RIGHTS))
        assert cursor.fetchone() == (True, False, False, False)
    traced = {model._meta.db_table for model in traced_models()}
    assert traced < set(tables)
    for table, granted in found.items():
        others = (False,) * 4 if table == "django_session" else (True, False, False, False)
        assert granted == ((True,) * 4 if table in traced else others), table


def test_nobody_chooses_the_key_of_an_event(roles):
    for role in roles or []:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            events_by(role, "INSERT INTO history_event (id, occurred_at, actor_name, via, action, object_type, "
                            "object_id, object_name, changes, reason) VALUES (-1, now(), '', 'page', 'created', "
                            "'x.y', 1, 'x', '{}', '')")  # fmt: skip
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            events_by(role, "SELECT setval('history_event_id_seq', 1)")


def test_nobody_borrows_the_rights_of_the_owner(roles):
    """The function of the triggers has them: behind a table of somebody's own it would do anything."""
    for role in roles or []:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            events_by(
                role,
                "CREATE TEMP TABLE own (id bigint)",
                "CREATE TRIGGER own AFTER INSERT ON own FOR EACH ROW "
                "EXECUTE FUNCTION history_trace('x.y', 'id', 'session_user')",
                "INSERT INTO own VALUES (1)",
            )


def test_rights_that_a_later_migration_gives_are_taken_again(roles):
    """Default privileges give both roles all rights to new tables."""
    if roles is None:
        return
    serve, people = roles
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT INSERT, UPDATE, DELETE ON history_seal, history_event TO {people}, {serve}")
        cursor.execute("GRANT EXECUTE ON FUNCTION history_trace() TO PUBLIC")
    call_command("migrate", verbosity=0)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        events_by(people, "DELETE FROM history_seal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege(%s, 'history_trace()', 'EXECUTE')", [people])
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_table_privilege(%s, 'history_event', 'INSERT')", [people])
        assert cursor.fetchone() == (False,)


def test_the_serving_role_seals_and_proves(roles):
    if roles is None:
        return
    serve, people = roles
    with connected_as(serve):
        (seal,) = seal_history()
        assert seal.events == Event.objects.count()
    for role in (serve, people):
        with connected_as(role):
            assert prove([seal.head]).faults == []


@pytest.mark.django_db
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.strip("_"))
def test_the_serving_role_does_everything_that_services_do(story, cast, settings, tmp_path):
    """A table or sequence without its grant, or a statement that asks for more, fails here."""
    if connection.vendor != "postgresql":
        return
    settings.STORAGES = settings.STORAGES | {"default": in_folder(tmp_path)}
    settings.REMINDERS_BY_MAIL = True
    call_command("database_roles", serve="story_serve", people="story_people", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION story_serve")
        cursor.execute("SELECT history_is_portal()")
        assert cursor.fetchone() == (True,)
    before = Event.objects.filter(via="sql").count()
    try:
        story(lambda way, **options: way(**options), cast)
        assert Event.objects.filter(via="sql").count() == before
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")


def in_folder(folder):
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE history_event DISABLE TRIGGER USER",
        "DROP TABLE history_event",
        "UPDATE history_event SET actor_name = 'x'",
        "DELETE FROM history_event",
        "TRUNCATE wards_ward CASCADE",
        "UPDATE history_seal SET digest = digest",
        "DELETE FROM history_seal",
        "UPDATE wards_ward SET id = 10000 WHERE code = '27676'",
        "CREATE TABLE mine ()",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        "CREATE OR REPLACE FUNCTION history_is_portal() RETURNS boolean LANGUAGE sql AS $$ SELECT true $$",
        "SET session_replication_role = replica",
    ],
)
def test_neither_role_takes_the_guards_down(roles, statement):
    for role in roles or []:
        with pytest.raises(psycopg2.Error):
            events_by(role, statement)


def test_the_deploy_check_names_a_serving_role_that_owns_tables(roles, settings):
    """The tests connect as the owner."""
    codes = {message.id for message in fit_for_a_server(None)}
    assert ("portal.E001" in codes) == (connection.vendor == "postgresql")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a b", "x;drop", "Ắ", ""])
def test_names_that_are_none_are_refused(name):
    with pytest.raises(CommandError):
        call_command("database_roles", serve=name, stdout=StringIO())
