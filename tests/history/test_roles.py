"""On PostgreSQL the portal is told by its role, not by a mark that any connection can set."""

from contextlib import closing
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archiveportal.checks import fit_for_a_server
from archiveportal.history.models import Event
from archiveportal.history.roles import put_up_function, serving_roles
from tests.kept import load_reports_data

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


def events_by(role: str, *statements: str) -> list[str]:
    """Write as a role and return the ways in of the events that the database wrote."""
    before = Event.objects.count()
    parts = connection.connection.info.dsn_parameters
    with closing(psycopg2.connect(host=parts["host"], dbname=parts["dbname"], user=role)) as other:
        with other.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        other.commit()
    return list(Event.objects.order_by("pk").values_list("via", flat=True)[before:])


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


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE history_event DISABLE TRIGGER USER",
        "DROP TABLE history_event",
        "UPDATE history_event SET actor_name = 'x'",
        "DELETE FROM history_event",
        "TRUNCATE wards_ward CASCADE",
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
