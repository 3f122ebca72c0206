"""What keeps `make run` from serving is said in one sentence, before an address is printed."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from archiveportal.management import startable

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.fixture
def free(taken) -> str:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def test_a_free_port_in_a_folder_of_ones_own(tmp_path, free):
    assert startable.hindrance(tmp_path, "127.0.0.1", free) == ""
    assert startable.hindrance(tmp_path, "localhost", free) == ""


def test_a_port_in_use_is_one_sentence(taken):
    command = [sys.executable, "archiveportal/management/startable.py", "127.0.0.1", taken]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Port {taken} of 127.0.0.1 is in use") and "PORT=" in line


@pytest.mark.parametrize("name", ["", "var", "db.sqlite3"])
def test_what_cannot_be_written_is_named(tmp_path, monkeypatch, free, name):
    path = tmp_path / name
    path.touch() if name.endswith("3") else path.mkdir(exist_ok=True)
    monkeypatch.setattr(os, "access", lambda asked, mode: asked != path)
    said = startable.hindrance(tmp_path, "127.0.0.1", free)
    assert said.startswith(f"Nothing can be written to {path}: ")


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1"])
def test_what_is_no_port(tmp_path, port):
    assert "is no port" in startable.hindrance(tmp_path, "127.0.0.1", port)


def test_what_is_no_address_of_this_machine(tmp_path, free):
    assert "no address of this machine" in startable.hindrance(tmp_path, "192.0.2.1", free)


def test_a_port_of_the_system(tmp_path, monkeypatch, free):
    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert "kept for the system" in startable.hindrance(tmp_path, "127.0.0.1", free)


def test_make_asks_before_anything_else():
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nrun: startable $(RUN) .env\n" in recipe
    assert 'archiveportal/management/startable.py "$(HOST)" "$(PORT)"' in recipe
