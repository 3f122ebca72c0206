"""No wait on the database is without end, and the page says what to do."""

import socket
import time
from dataclasses import dataclass

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg2 import extensions

from archiveportal import database


@dataclass
class Silent:
    """A connection whose server acknowledges; what it answers are the states, the last for ever."""

    line: socket.socket
    states: list[int]

    def fileno(self) -> int:
        return self.line.fileno()

    def poll(self) -> int:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


@pytest.fixture
def line():
    near, far = socket.socketpair()
    with near, far:
        yield near, far


def test_an_answer_ends_the_wait(line):
    near, far = line
    far.send(b"x")
    database.wait(Silent(near, [extensions.POLL_WRITE, extensions.POLL_READ, extensions.POLL_OK]))


def test_a_silent_server_ends_it_too(line):
    started = time.monotonic()
    with pytest.raises(database.NoAnswer), database.within(0.1):
        database.wait(Silent(line[0], [extensions.POLL_READ]))
    assert time.monotonic() - started >= 0.1


def test_all_waits_of_a_request_have_one_limit(line):
    with database.within(0.05):
        time.sleep(0.06)
        with pytest.raises(database.NoAnswer):
            database.wait(Silent(line[0], [extensions.POLL_READ]))


@pytest.fixture
def broken(monkeypatch):
    """A portal whose database is gone; signed out, since nobody can be known."""

    def refuse(*_anything):
        raise OperationalError("the database does not answer")

    monkeypatch.setattr("archiveportal.accounts.middleware.RequestGate._watch_clock", refuse)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/", "/phieu/1/"])
def test_a_page_without_its_database_says_what_to_do(broken, path):
    answer = broken.get(path)
    assert answer.status_code == 503
    assert "Cơ sở dữ liệu không trả lời" in answer.content.decode()


def test_a_script_gets_words_it_can_read(broken):
    answer = broken.post("/phieu/1/luu/", headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert "thiết bị tự gửi lại" in answer.json()["message"]
