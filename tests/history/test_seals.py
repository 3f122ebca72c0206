"""Sealed events are proven: what was changed, removed or added afterwards is named."""

import datetime
import json
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.urls import reverse
from django.utils import timezone

from archiveportal.backup.guards import GUARDS
from archiveportal.history import seal_guard, sealing
from archiveportal.history.canonical import EventDigest, event_digests
from archiveportal.history.models import Event, Seal
from archiveportal.history.proving import heads_in, prove
from archiveportal.history.sealing import newest_head, seal_history, unsealed_since
from archiveportal.history.triggers import GUARD, put_up_guard, take_down
from tests.accounts.conftest import log_lines as log_lines  # the lines of the portal

ROOT = Path(__file__).parents[2]
COLUMNS = "id, occurred_at, actor_id, actor_name, via, action, object_type, object_id, object_name, changes, reason"
#: events as both databases have to digest them
KNOWN = [
    (
        *(1, "2026-11-29 03:04:05.120000", None, "", "sql", "changed", "x.y", 7, "Tiêu chí 12"),
        *('{"b": [null, true], "a": [1, "ứng"]}', ""),
    ),
    (
        *(5, "2026-11-29 03:04:05", 12, 'Nguyễn "A"\\', "page", "created", "x.y", -7, "x", "{}"),
        "Lý do\n“hai” dòng 😀",
    ),
    (
        *(9, "2019-01-01 00:00:00.000001", 0, "", "page", "closed", "x.y", 2**53, ""),
        *('{"n": [18.50, {"z": 1, "c": []}]}', ""),
    ),
]
KNOWN_CONTENT = "670a14b5da225cb2c3dcb036a4a37180e432010f320e7a82939fb902f5078632"


def make_events(count: int = 1) -> list[int]:
    """Make events and return their keys."""
    kept = {"actor_name": "", "via": "command", "action": "created", "object_type": "x.y", "object_name": "x"}
    events = [Event(object_id=number, **kept) for number in range(count)]
    for event in events:
        event.save(force_insert=True)
    return [event.pk for event in events]


def put_in(rows: list[tuple], database=connection) -> None:
    places = ", ".join(["%s"] * len(rows[0]))
    with database.cursor() as cursor:
        cursor.executemany(f"INSERT INTO history_event ({COLUMNS}) VALUES ({places})", rows)


def run(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def unguarded(db):
    """As whoever owns the database can: without the triggers that guard history and seals."""
    take_down(connection, (GUARD,))
    seal_guard.take_down(connection)


@pytest.fixture
def sealed(unguarded) -> list[int]:
    """Three seals over ten events each, with a key between them that nobody got."""
    keys = []
    for _number in range(3):
        keys += make_events(11)
        run("DELETE FROM history_event WHERE id = %s", keys.pop(-2))
        seal_history()
    assert prove().faults == []
    return keys


def faults(*heads: str) -> str:
    return "\n".join(prove(heads).faults)


def test_events_are_sealed_once_and_in_a_chain(db):
    assert seal_history() == [] and newest_head() == ""
    first = make_events(3)
    second = make_events(2)
    (one,) = seal_history()
    assert seal_history() == []
    third = make_events(4)
    (two,) = seal_history()
    assert (one.number, one.first_event, one.last_event, one.events) == (1, first[0], second[-1], 5)
    assert (two.number, two.first_event, two.last_event, two.events) == (2, third[0], third[-1], 4)
    assert (one.previous, two.previous) == ("", one.digest)
    assert newest_head() == f"2:{two.digest}"
    make_events(2)
    proof = prove()
    assert (proof.seals, proof.events, proof.unsealed, proof.head) == (2, 9, 2, two.head)
    assert proof.faults == []


def test_each_head_is_a_line_of_the_log_once_it_is_stored(db, log_lines, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_events(3)
        (seal,) = seal_history()
        assert log_lines.named("history sealed") == []
    (line,) = log_lines.named("history sealed")
    assert (line["head"], line["events"], line["last_event"]) == (newest_head(), 3, seal.last_event)


def test_many_events_make_several_seals(db, monkeypatch):
    monkeypatch.setattr(sealing, "LARGEST", 4)
    keys = make_events(10)
    assert [seal.events for seal in seal_history()] == [4, 4, 2]
    assert Seal.objects.order_by("-number").first().last_event == keys[-1]
    assert prove().faults == []


def test_both_databases_digest_alike(db):
    """The digest of these events is the same wherever they are."""
    put_in(KNOWN)
    assert sealing.content_of(list(event_digests())) == KNOWN_CONTENT


@contextmanager
def another_database(path):
    """A file of SQLite with a table of events."""
    settings = connection.settings_dict | {"NAME": str(path), "OPTIONS": {}, "CONN_HEALTH_CHECKS": False}
    moved = DatabaseWrapper(settings)
    with moved.schema_editor() as editor:
        editor.create_model(Event)
    moved.cursor().execute("BEGIN")
    yield moved
    moved.close()


def test_rows_that_are_moved_to_another_database_keep_their_digests(baseline, tmp_path):
    run("UPDATE wards_ward SET legal_act = 'NQ “thử” \\', is_baseline = NOT is_baseline WHERE code = '27676'")
    put_in([(KNOWN[2][0] + 10**6, *KNOWN[2][1:])])
    rows = list(Event.objects.order_by("pk").values_list(*COLUMNS.split(", ")))
    assert len(rows) > 50
    with another_database(tmp_path / "moved.sqlite3") as moved:
        stored = [tuple(json.dumps(value) if isinstance(value, dict) else value for value in row) for row in rows]
        put_in([(key, moved.ops.adapt_datetimefield_value(at), *rest) for key, at, *rest in stored], moved)
        there = list(event_digests(database=moved))
    assert there == list(event_digests())


def test_a_changed_event_is_named(sealed):
    run("UPDATE history_event SET actor_name = 'Người khác' WHERE id IN (%s, %s)", sealed[12], sealed[14])
    run("UPDATE history_event SET changes = '{\"a\": [1, 2]}' WHERE id = %s", sealed[25])
    second, third = prove().faults
    assert second.startswith("Seal 2 of ") and f"events {sealed[10]} to {sealed[19]}:" in second
    assert second.endswith(f": changed {sealed[12]}, {sealed[14]}.")
    assert third.startswith("Seal 3 of ") and third.endswith(f": changed {sealed[25]}.")


@pytest.mark.parametrize("place", [0, 5, 9, 10, 29])
def test_a_removed_event_is_named(sealed, place):
    run("DELETE FROM history_event WHERE id = %s", sealed[place])
    (fault,) = prove().faults
    assert fault.startswith(f"Seal {place // 10 + 1} of ") and fault.endswith(f": removed {sealed[place]}.")


def test_an_added_event_is_named(sealed):
    between, before = sealed[9] - 1, sealed[0] - 1
    assert {between, before}.isdisjoint(sealed)
    for key in (between, before):
        put_in([(key, *KNOWN[0][1:])])
    (fault,) = prove().faults
    assert fault.startswith("Seal 1 of ") and fault.endswith(f": added {before}, {between}.")


def test_an_event_that_took_another_key_is_named(sealed):
    run("UPDATE history_event SET id = %s WHERE id = %s", sealed[9] - 1, sealed[3])
    assert faults().endswith(f": removed {sealed[3]}; added {sealed[9] - 1}.")


def test_many_unlike_events_are_counted(sealed):
    run("UPDATE history_event SET reason = 'x'")
    run("UPDATE history_seal SET events = events WHERE number = 1")
    assert all("changed" in fault for fault in prove().faults)
    assert len(prove().faults) == 3


def test_a_seal_that_was_altered_removed_or_replaced_is_told(sealed):
    run("UPDATE history_seal SET events = 9, marks = 'x' WHERE number = 2")
    assert faults() == "Seal 2 was altered: it does not agree with its digest."
    run("DELETE FROM history_seal WHERE number = 2")
    assert faults() == f"Seals 2 to 2 are missing.\n10 events before event {sealed[20]} have no seal."
    run("UPDATE history_seal SET number = 2 WHERE number = 3")
    assert "Seal 2 does not follow seal 1: one of them was replaced." in faults()
    run("DELETE FROM history_seal")
    assert faults() == "Nothing is sealed: 30 events and no seal."


def test_a_chain_that_was_written_anew_is_seen_by_heads_from_elsewhere(sealed):
    kept = newest_head()
    last = Seal.objects.get(number=2).head
    run("DELETE FROM history_seal WHERE number = 3")
    run("UPDATE history_event SET reason = 'x' WHERE id = %s", sealed[25])
    seal_history()
    assert faults() == ""
    assert faults(last) == ""
    assert faults(last, kept) == f"Head {kept} is not in the chain: the chain was written anew, or seals were removed."
    # Seals that were cut off the end are seen too.
    run("DELETE FROM history_seal WHERE number > 1")
    assert last in faults(last)


def test_heads_are_found_in_logs_and_manifests():
    head = f"12:{'ab' * 32}"
    log = json.dumps({"event": "history sealed", "head": head, "sha256": "c" * 64, "time": "10:22"})
    assert heads_in([log, "x", f"niêm phong {head}."]) == {head}


def test_the_commands(sealed, tmp_path):
    def said(*arguments: str) -> str:
        out = StringIO()
        call_command(*arguments, stdout=out)
        return out.getvalue()

    put_up_guard(connection)
    seal_guard.put_up(connection)
    assert said("seal_history").startswith("0 events in 0 new seals. Head: 3:")
    make_events(1)
    assert said("seal_history").startswith("1 events in 1 new seals. Head: 4:")
    heads = tmp_path / "heads.log"
    heads.write_text(f'{{"head": "{newest_head()}"}}\n')
    assert "31 events in 4 seals are as they were sealed, 0 have no seal yet" in said(
        "check_history", "--heads", str(heads), "--head", Seal.objects.get(number=1).head
    )
    with pytest.raises(CommandError, match="is not in the chain"):
        call_command("check_history", "--head", f"2:{'0' * 64}")
    with pytest.raises(CommandError, match="A head is a number"):
        call_command("check_history", "--head", "abc")
    heads.write_text("none")
    with pytest.raises(CommandError, match="There is no head in"):
        call_command("check_history", "--heads", str(heads))
    take_down(connection, (GUARD,))
    run("DELETE FROM history_event WHERE id = %s", sealed[4])
    put_up_guard(connection)
    with pytest.raises(CommandError, match=f"removed {sealed[4]}\\."):
        call_command("check_history")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_seal SET digest = digest",
    "DELETE FROM history_seal",
    *(["TRUNCATE history_seal"] if connection.vendor == "postgresql" else [
        "REPLACE INTO history_seal SELECT * FROM history_seal",
        "UPDATE OR REPLACE history_seal SET number = 1",
    ]),
])  # fmt: skip
def test_seals_are_guarded(db, statement):
    make_events(1)
    seal_history()
    with pytest.raises(DatabaseError, match="a seal of the history does not change"), transaction.atomic():
        run(statement)


def test_a_trigger_that_was_taken_down_or_altered_is_named(baseline):
    make_events(1)
    seal_history()
    call_command("check_history", stdout=StringIO())
    if connection.vendor == "postgresql":
        ways = {
            "history_guard_all": "ALTER TABLE history_event DISABLE TRIGGER {}",
            "seal_guard_delete_history_seal": "DROP TRIGGER {} ON history_seal",
            "history_trace_wards_ward_rows": "DROP TRIGGER {} ON wards_ward",
            "closing_guard_update_reports_closing": "ALTER TABLE reports_closing DISABLE TRIGGER {}",
            "set_guard_change_criteria_criterion": "DROP TRIGGER {} ON criteria_criterion",
            "round_guard_update_inspections_round": "DROP TRIGGER {} ON inspections_round",
            "issued_guard_delete_inspections_decision": "DROP TRIGGER {} ON inspections_decision",
        }
        names = "SELECT tgname FROM pg_trigger WHERE tgname LIKE %s"
    else:
        body = "CREATE TRIGGER {0} AFTER UPDATE ON wards_ward WHEN false BEGIN SELECT 1; END"
        ways = {
            "history_guard_delete": "DROP TRIGGER {}",
            "seal_guard_delete_history_seal": "DROP TRIGGER {}",
            "history_trace_wards_ward_update": f"DROP TRIGGER {{0}}; {body}",
            "closing_guard_update_reports_closing": "DROP TRIGGER {}",
            "unit_code_guard_insert_wards_ward": "DROP TRIGGER {}",
            "set_guard_update_criteria_criterion": "DROP TRIGGER {}",
            "round_guard_update_inspections_round": "DROP TRIGGER {}",
            "issued_guard_delete_inspections_decision": "DROP TRIGGER {}",
        }
        names = "SELECT name FROM sqlite_master WHERE name LIKE %s"
    with connection.cursor() as cursor:
        for start, way in ways.items():
            cursor.execute(names, [f"{start}%"])
            (name,) = cursor.fetchone()
            for statement in way.format(name).split("; ", 1):
                cursor.execute(statement)
            with pytest.raises(CommandError, match=f"The guard {name} is missing, switched off or altered"):
                call_command("check_history")


# Triggers of SQLite call no functions
@pytest.mark.only_postgresql
@pytest.mark.parametrize(
    "name",
    [
        "history_guard",
        "history_trace",
        "row_guard",
        "history_key_guard",
        "round_guard",
        "issued_guard_inspections_decision",
    ],
)
def test_a_function_that_was_made_harmless_is_named(db, name):
    make_events(1)
    seal_history()
    run(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$")
    with pytest.raises(CommandError, match=f"The guard function {name} is missing"):
        call_command("check_history")


def test_every_guard_is_looked_at():
    modules = {path for path in ROOT.glob("*/**/*guard.py") if "GUARDS = [" in path.read_text(encoding="utf-8")}
    assert {Path(module.__file__) for module in GUARDS} == modules and len(modules) > 3


def test_a_seal_is_late_after_two_hours(unguarded, client):
    def said() -> str:
        return client.get(reverse("readyz")).content.decode()

    make_events(2)
    assert unsealed_since() is None
    old = timezone.now() - datetime.timedelta(hours=3)
    run("UPDATE history_event SET occurred_at = %s", connection.ops.adapt_datetimefield_value(old))
    moment = timezone.localtime(old).strftime("%d/%m/%Y %H:%M")
    assert f"history: events since {moment} are not sealed, see manage.py seal_history" in said()
    seal_history()
    make_events(1)
    assert "history:" not in said()


def test_a_digest_holds_key_and_all_columns(db):
    put_in(KNOWN)
    digests = list(event_digests())
    assert [each.key for each in digests] == [1, 5, 9]
    assert isinstance(digests[0], EventDigest) and len({each.digest for each in digests}) == 3
