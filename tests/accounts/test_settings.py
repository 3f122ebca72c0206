"""S5, S6: the settings of a server, read in a process of their own, as a server starts."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
KEY = secrets.token_urlsafe(50)
NAMES = [
    "SESSION_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_SECURE",
    "CSRF_COOKIE_SAMESITE",
    "LANGUAGE_COOKIE_SECURE",
    "LANGUAGE_COOKIE_SAMESITE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "DEBUG",
    "LOCAL",
    "ALLOWED_HOSTS",
]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess:
    # Nothing of a person's own .env file, nor of its mode, counts here.
    blank = {"ENV_FILE": "no-file", "DJANGO_SETTINGS_MODULE": "archiveportal.settings"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | blank | environment,
        capture_output=True,
        text=True,
        timeout=60,
        umask=0o077,
    )


@pytest.fixture
def server(tmp_path) -> dict[str, str]:
    return {
        "SECRET_KEY": KEY,
        "ALLOWED_HOSTS": "vtlt.example",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "EMAIL_URL": "smtp://mail.example:25",
        "FILES_DIR": str(tmp_path / "files"),
    }


@pytest.mark.parametrize("key", ["", "short", "x" * 49])
def test_no_start_without_a_long_secret_key(key, server):
    answer = run("manage.py", "check", **server | {"SECRET_KEY": key})
    assert answer.returncode != 0 and "SECRET_KEY must be set" in answer.stderr


def test_the_deploy_check_passes(server):
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **server)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("LOCAL", "1", "portal.W001"),
        ("DATABASE_URL", "", "portal.W002"),
        ("EMAIL_URL", "consolemail://", "portal.W003"),
        ("EMAIL_URL", "dummymail://", "portal.W003"),
        ("ALLOWED_HOSTS", "*", "portal.W004"),
    ],
)
def test_the_deploy_check_names_what_is_left_over(server, name, value, code):
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **server | {name: value})
    assert answer.returncode != 0
    assert code in answer.stderr


def test_the_deploy_check_names_settings_and_files_that_everybody_can_read(server, tmp_path):
    files, written = tmp_path / "files", tmp_path / ".env"
    files.mkdir(mode=0o700)
    written.touch(mode=0o600)
    command = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert run(*command, **server | {"ENV_FILE": str(written)}).returncode == 0
    for path in (files, written):
        path.chmod(path.stat().st_mode | 0o004)
    answer = run(*command, **server | {"ENV_FILE": str(written)})
    assert answer.returncode != 0
    assert str(files) in answer.stderr and str(written) in answer.stderr


def test_the_deploy_check_names_a_database_that_everybody_can_read(server, tmp_path):
    file = tmp_path / "empty.sqlite3"
    file.touch(mode=0o600)
    assert run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **server).returncode == 0
    file.chmod(0o644)
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **server)
    assert "portal.W005" in answer.stderr
    assert str(file) in answer.stderr


def test_the_deploy_check_fails_with_debug(server):
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **server | {"DEBUG": "1"})
    assert answer.returncode != 0


def test_the_deploy_check_fails_where_the_accounts_cannot_be_read(server):
    broken = {"DATABASE_URL": "sqlite:////no/such/folder/db.sqlite3"}
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **server | broken)
    assert answer.returncode != 0


def values(**environment: str) -> dict:
    found = f"{{name: getattr(settings, name) for name in {NAMES}}}"
    code = f"import json; from archiveportal import settings; print(json.dumps({found}))"
    answer = run("-c", code, **environment)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_cookies_and_transport_of_a_server(server):
    found = values(**server)
    for name in NAMES:
        if name.endswith(("_SECURE", "_HTTPONLY", "SSL_REDIRECT", "SUBDOMAINS")):
            assert found[name] is True, name
        if name.endswith("SAMESITE"):
            assert found[name] == "Lax", name
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert found["DEBUG"] is False and found["LOCAL"] is False and found["ALLOWED_HOSTS"] == ["vtlt.example"]


def test_no_host_is_allowed_that_was_not_named(server):
    assert values(**server | {"ALLOWED_HOSTS": ""})["ALLOWED_HOSTS"] == []


def test_local_mode_is_asked_for(server):
    assert values(**server | {"LOCAL": "1"})["SESSION_COOKIE_SECURE"] is False


def test_the_header_of_a_proxy_is_believed_only_when_configured(server):
    code = "from archiveportal import settings as s; print(getattr(s, 'SECURE_PROXY_SSL_HEADER', None), s.PROXY_COUNT)"
    assert run("-c", code, **server).stdout.strip() == "None 0"
    behind = run("-c", code, **server | {"BEHIND_TLS_PROXY": "1", "PROXY_COUNT": "1"}).stdout
    assert "HTTP_X_FORWARDED_PROTO" in behind and behind.strip().endswith("1")


def test_a_wrong_host_is_refused(client, db):
    answer = client.get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400 and b"Traceback" not in answer.content
