"""Statements whose SQL is kept: their values are not, and what a scope hides stays hidden."""

import datetime
import re
import uuid
from decimal import Decimal

import pytest
from django.db import (
    DEFAULT_DB_ALIAS,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    connection,
    connections,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from archiveportal.history.models import Event
from archiveportal.history.services import event, recording
from archiveportal.model_fields import own_field
from archiveportal.statements import MOST_ROWS, MOST_TEXTS, Given, Prepared, Statement, run_together, update
from criteria.inspections.models import Enrolment, Inspection
from tests.support.factories import enrol, make_district, make_round, make_ward
from wards.models import Ward

pytestmark = pytest.mark.django_db

OF_SCOPE = Prepared(
    lambda scope: (
        Ward.objects.visible_to(scope).filter(code=Given("code", own_field(Ward, "code"))).select_related("district")
    )
)


@pytest.fixture
def ward():
    return make_ward(district=make_district())


def test_a_kept_text_finds_other_values_and_renewed_rows(cast, ward):
    leader = cast.leader.scope
    other = make_ward(district=ward.district)
    assert OF_SCOPE.first(leader, code=ward.code) == ward
    assert OF_SCOPE.first(leader, code=other.code) == other
    Ward.objects.filter(pk=ward.pk).update(name="Tên mới")
    with CaptureQueriesContext(connection) as captured:
        found = OF_SCOPE.first(leader, code=ward.code)
        assert (found.name, found.district) == ("Tên mới", ward.district)
    assert len(captured) == 1


def test_each_scope_has_a_text_of_its_own(cast, ward):
    assert OF_SCOPE.first(cast.leader.scope, code=ward.code) == ward
    assert OF_SCOPE.first(cast.quan10.scope, code=ward.code) is None
    own = cast.quan10.scope.within(wards=[])
    assert OF_SCOPE.rows(own, code=ward.code) == []


def test_texts_do_not_pile_up(cast):
    for number in range(MOST_TEXTS + 5):
        OF_SCOPE.rows(cast.leader.scope.within(wards=[number]), code="x")
    assert len(connections[DEFAULT_DB_ALIAS].prepared_texts[OF_SCOPE]) <= MOST_TEXTS


def test_values_are_read_as_django_reads_them(ward):
    """Dates and JSON are text on SQLite."""
    run_together(list(recording([event(about=ward, by=None, via="page", changes={"name": ("a", 1)})])))
    columns = Prepared(
        lambda: Event.objects.filter(object_id=Given("pk", own_field(Event, "object_id"))).values_list(
            "changes", "occurred_at"
        )
    )
    stored = Event.objects.get(object_id=ward.pk)
    assert (
        columns.rows(pk=ward.pk) == [(stored.changes, stored.occurred_at)] == [({"name": ["a", 1]}, stored.occurred_at)]
    )


def test_days_and_numbers_are_stored_as_django_stores_them(ward):
    row = enrol(make_round(), ward)
    row.published_score, row.published_maximum = Decimal("7.25"), Decimal(23)
    row.planned_on = datetime.date(2026, 2, 28)
    run_together([update(row, ("published_score", "published_maximum", "planned_on"))])
    stored = Enrolment.objects.get(published_score=Decimal("7.25"), planned_on=row.planned_on)
    assert (stored.pk, stored.published_maximum) == (row.pk, 23)


@pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime")
def test_a_moment_without_a_zone_is_read_in_that_of_the_portal(cast, ward):
    """As Django reads it: the database would take it for its own."""
    naive = datetime.datetime(2026, 2, 28, 6, 30)
    row = enrol(make_round(), ward).inspection
    row.changed_at = naive
    run_together([update(row, ("changed_at",))])
    assert timezone.localtime(Inspection.objects.get(pk=row.pk).changed_at).hour == 6
    found = Prepared(lambda: Inspection.objects.filter(changed_at=Given("moment", own_field(Inspection, "changed_at"))))
    assert found.first(moment=naive) == found.first(moment=timezone.make_aware(naive)) == row


def test_many_rows_go_in_parts(ward):
    count = MOST_ROWS * 2 + 1
    statements = list(recording(event(about=ward, by=None, via="page", reason=str(n)) for n in range(count)))
    assert len(statements) == 3
    run_together(statements)
    assert set(Event.objects.values_list("reason", flat=True)) == {str(number) for number in range(count)}


def test_what_fails_takes_the_others_back(ward):
    events = list(recording([event(about=ward, by=None, via="page")]))
    ward.name = None
    with pytest.raises(IntegrityError), transaction.atomic():
        run_together([*events, update(ward, ("name",))])
    assert not Event.objects.exists()


def sent_by(*statements):
    """Run statements and return the messages to the server, with names of plans as `name`."""
    with CaptureQueriesContext(connection) as captured:
        run_together(statements)
    return [re.sub(r"kept_\d+", "name", query["sql"]) for query in captured]


# SQLite keeps no plans
@pytest.mark.only_postgresql
class TestPlans:
    @pytest.fixture
    def read(self):
        """Return a statement of a value, which no other test uses."""
        unique = uuid.uuid4().hex
        return lambda value: Statement(f"SELECT 7 %% 4 AS n{unique} WHERE 1 < %s", [value])

    def test_a_statement_is_planned_once(self, read):
        first, second = sent_by(read(2)), sent_by(read(0))
        kept = read(2).sql.replace("%%", "%").replace("%s", "$1")
        assert first == [f"PREPARE name AS {kept}; EXECUTE name('2')"]
        assert second == ["EXECUTE name('0')"]

    def test_the_same_statement_twice_in_a_message_is_planned_once(self, read):
        (message,) = sent_by(read(2), read(0), read(2))
        assert message.count("PREPARE") == 1
        assert message.endswith("; EXECUTE name('2'); EXECUTE name('0'); EXECUTE name('2')")

    def test_what_fails_leaves_no_name_behind(self, read):
        missing = Statement("SELECT 1 FROM nothing_of_this_name", [])
        for _turn in range(2):
            with pytest.raises(ProgrammingError), transaction.atomic():
                run_together([read(2), missing])
        assert sent_by(read(2))[0].startswith("PREPARE name ")

    def test_a_plan_outlives_its_transaction(self, read):
        with transaction.atomic():
            run_together([read(2)])
            transaction.set_rollback(True)
        assert sent_by(read(3)) == ["EXECUTE name('3')"]

    def test_a_changed_column_is_planned_anew(self):
        stored = Statement("SELECT value FROM changing WHERE value > %s", [0])
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE changing (value integer) ON COMMIT DROP")
            run_together([stored])
            cursor.execute("ALTER TABLE changing ALTER value TYPE bigint")
        with pytest.raises(NotSupportedError), transaction.atomic():
            run_together([stored])
        run_together([stored])

    def test_few_statements_are_kept(self, monkeypatch, read):
        monkeypatch.setattr("archiveportal.postgresql.plans.MOST", 0)
        assert sent_by(read(2), Statement("SELECT %s", ["x"]))[0].endswith(" WHERE 1 < 2; SELECT 'x'")

    def test_a_pool_gets_statements_as_they_are(self, monkeypatch, read):
        monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "plans", None)
        assert sent_by(read(2), Statement("SELECT %s", ["x"]))[0].endswith(" WHERE 1 < 2; SELECT 'x'")


@pytest.mark.django_db(transaction=True)
# SQLite has no server
@pytest.mark.only_postgresql
def test_a_connection_that_the_server_ended_is_made_anew():
    """Without a question to the server before each request."""
    # One that is as old as it may become would be closed below.
    connection.close()
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    connection.close_if_unusable_or_obsolete()
    assert connection.is_usable()
    with connection.copy().temporary_connection() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])
    assert not connection.is_usable()
    connection.close()
