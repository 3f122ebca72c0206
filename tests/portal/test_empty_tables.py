"""Emptying the tables between tests, while a request of the last one is still at work."""

import threading

import pytest
from django.db import OperationalError, connection

from archiveportal.accounts.models import User
from tests import kept


@pytest.fixture
def _a_deadlock_at_first(monkeypatch):
    empty = kept._empty_once
    attempts = []

    def empty_or_be_ended() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise OperationalError("deadlock detected")
        empty()

    monkeypatch.setattr(kept, "_empty_once", empty_or_be_ended)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_a_deadlock_at_first")
def test_the_tables_are_emptied_once_more_after_a_deadlock():
    User.objects.create_user(username="ai", full_name="Ai", role="administrator")
    kept.empty_tables()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_tables_wait_for_a_request_that_is_at_work():
    may_end = threading.Event()

    def process_request_thread() -> None:
        may_end.wait(kept.PATIENCE)
        try:
            User.objects.create_user(username="ai", full_name="Ai", role="administrator")
        finally:
            connection.close()

    request = threading.Thread(target=process_request_thread)
    request.start()
    threading.Timer(0.2, may_end.set).start()
    kept.empty_tables()
    assert not User.objects.exists()
