"""Rows that were changed without an event are found by what the history says of them last."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archiveportal.accounts import services as accounts
from archiveportal.accounts.models import Role, User
from archiveportal.history.agreeing import disagreements
from archiveportal.history.models import Event
from archiveportal.history.sealing import seal_history
from criteria.inspections.models import Enrolment
from tests.support.factories import answer


@pytest.fixture
def answered(cast) -> Enrolment:
    """A checklist with all its answers and an account that was made, by the portal's services."""
    enrolment = Enrolment.objects.get(ward__code="27202")
    answer(enrolment, cast.inspector, "met")
    account = User(username="moi", full_name="Người mới", role=Role.INSPECTOR)
    accounts.create_account(account=account, by=cast.administrator)
    return Enrolment.objects.get(pk=enrolment.pk)


def in_silence(statement: str, *values) -> None:
    """Write as a connection that passes for the portal's: no trigger records it."""
    before = Event.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount
    assert Event.objects.count() == before


def test_what_was_written_by_services_agrees(answered):
    assert list(disagreements()) == []


def test_answers_and_a_role_that_were_changed_in_silence_are_named(answered):
    results = answered.inspection.results.exclude(outcome="")
    count = results.count()
    assert count > 20
    in_silence(
        "UPDATE inspections_result SET outcome = 'not_met' WHERE inspection_id = %s AND outcome <> ''",
        answered.inspection.pk,
    )
    in_silence("UPDATE accounts_user SET role = 'approver' WHERE username = 'moi'")
    found = list(disagreements())
    assert len(found) == count + 1
    account = User.objects.get(username="moi")
    assert found[0] == (f"accounts.user {account.pk} (Người mới): role is 'approver', its last event says 'inspector'")
    first = results.order_by("pk").first()
    assert (
        f"inspections.result {first.pk} ({first.criterion}): outcome is 'not_met', its last event says 'met'" in found
    )


def test_the_command_compares_rows_when_asked(answered):
    seal_history()
    call_command("check_history", rows=False, stdout=StringIO())
    in_silence("UPDATE accounts_user SET role = 'approver' WHERE username = 'moi'")
    call_command("check_history", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_the_command_names_rows_of_one_moment(answered):
    seal_history()
    call_command("check_history", rows=True, stdout=StringIO())
    in_silence("UPDATE accounts_user SET role = 'approver' WHERE username = 'moi'")
    with pytest.raises(CommandError, match="role is 'approver', its last event says 'inspector'"):
        call_command("check_history", rows=True)
