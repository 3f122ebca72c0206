"""docs/admin.md, the units and nginx's configuration are held to the code; `make drill` runs the page."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import reverse

import manage
from archiveportal import settings as portal_settings
from archiveportal.accounts.views import REASONS
from archiveportal.database import LONGEST_WAIT
from archiveportal.files.uploads import LARGEST_REQUEST
from tests.admin_page import DEPLOY, PAGE, ROOT, all_commands, blocks, commands_in, portal_commands

UNITS = sorted((DEPLOY / "systemd").iterdir())
TIMERS = [unit for unit in UNITS if unit.suffix == ".timer"]
#: units that Debian brings
OF_DEBIAN = {"systemd-journald.service", "nginx.service", "postgresql.service"}
MEGABYTE = 1024 * 1024


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def unit(path: Path) -> ConfigParser:
    parsed = ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str
    parsed.read(path)
    return parsed


def service_of(timer: Path) -> tuple[Path, str]:
    """Return the unit that a timer starts, and the instance of a template."""
    name = unit(timer)["Timer"]["Unit"].removesuffix(".service")
    template, at, instance = name.partition("@")
    return DEPLOY / "systemd" / f"{template}{at}.service", instance


def command_of(timer: Path) -> list[str]:
    path, instance = service_of(timer)
    words = unit(path)["Service"]["ExecStart"].replace("%i", instance).split()
    assert words[:2] == ["/srv/vtlt/.venv/bin/python", "manage.py"]
    return words[2:]


def nginx() -> list[list[str]]:
    """Return the directives of nginx's configuration; a block begins with `{` and ends with `}`."""
    text = re.sub(r"^\s*#.*$", "", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"), flags=re.MULTILINE)
    words = re.findall(r"'[^']*'|\"[^\"]*\"|[;{}]|[^\s;{}]+", text)
    directives: list[list[str]] = [[]]
    for word in words:
        if word in ";{}":
            directives[-1] += [] if word == ";" else [word]
            directives.append([])
        else:
            directives[-1].append(word)
    return [directive for directive in directives if directive]


def values_of(name: str) -> list[list[str]]:
    return [directive[1:] for directive in nginx() if directive[0] == name]


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def test_every_block_is_a_shell_script():
    for block in blocks():
        checked = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("words", [*portal_commands(), *map(command_of, TIMERS)], ids=" ".join)
def test_commands_of_the_portal_take_their_arguments(words):
    """The parser of the command reads them; it ends the process at an unknown option."""
    name, *arguments = words
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(arguments)


def named_units() -> Iterator[str]:
    for block in blocks():
        for command in commands_in(block.text):
            if command[0] == "systemctl":
                yield from (word for word in command[2:] if re.fullmatch(r"[\w@-]+\.\w+", word))


def test_units_are_there_and_each_is_switched_on():
    present = {path.name for path in UNITS}
    assert set(named_units()) - OF_DEBIAN - present == set()
    started = {service_of(timer)[0].name for timer in TIMERS}
    assert present - set(named_units()) - started == set()
    assert {path.name for path in TIMERS} <= set(re.findall(r"`([\w-]+\.timer)`", page()))


def test_files_of_the_page_are_in_the_repository_and_named():
    named = set(re.findall(r"\bdeploy/[\w./*-]*[\w*]", page()))
    assert [name for name in named if not list(ROOT.glob(name))] == []
    files = {path for path in DEPLOY.rglob("*") if path.is_file()}
    assert files - set(chain.from_iterable(map(ROOT.glob, named))) == set()


def test_units_run_as_the_portals_user_where_the_page_puts_things():
    for path in UNITS:
        parsed = unit(path)
        if not parsed.has_section("Service"):
            continue
        service = parsed["Service"]
        assert (service["User"], service["UMask"], service["WorkingDirectory"]) == ("vtlt", "0077", "/srv/vtlt")
        folders = [service.get(name, "") for name in ("ReadWritePaths", "EnvironmentFile")]
        assert [folder for folder in folders if folder not in page()] == [], path.name
        assert service["ProtectSystem"] == "strict"
        assert service["NoNewPrivileges"] == "yes"


def test_the_owners_address_is_given_to_its_commands_alone():
    """The script and the units agree with manage.py on who gets it."""
    script = (DEPLOY / "vtlt").read_text(encoding="utf-8")
    given = re.search(r"^ +([\w |]+)\)$", script, re.MULTILINE)[1]
    assert set(given.split(" | ")) == manage.COMMANDS_OF_THE_OWNER
    for timer in TIMERS:
        service = unit(service_of(timer)[0])["Service"]
        needs_owner = command_of(timer)[0] in manage.COMMANDS_OF_THE_OWNER
        assert ("/etc/vtlt/owner.env" in service.get("EnvironmentFile", "")) == needs_owner, timer.name


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.name)
def test_timers_have_a_time(path):
    when = unit(path)["Timer"]["OnCalendar"]
    assert re.fullmatch(r"(\w{3}(\.\.\w{3})? )?\*-\*-\* (\*|\d\d):\d\d", when)


def test_systemd_reads_the_units(tmp_path):
    """Where systemd is; their form is held by the tests above."""
    program = shutil.which("systemd-analyze")
    if program is None:
        return
    copies = [_with_programs_that_exist(path, tmp_path) for path in UNITS]
    checked = subprocess.run([program, "verify", "--man=no", *copies], capture_output=True, text=True)
    about_ours = [line for line in checked.stderr.splitlines() if "vtlt" in line]
    assert about_ours == []


def _with_programs_that_exist(path: Path, folder: Path) -> str:
    text = re.sub(r"/srv/vtlt/\.venv/bin/\w+", "/bin/true", path.read_text(encoding="utf-8"))
    copy = folder / path.name
    copy.write_text(text.replace("/srv/vtlt", "/").replace("/var/backups/vtlt", "/var"), encoding="utf-8")
    return str(copy)


#: set by the portal itself, or for a person's own machine
NOT_FOR_A_SERVER = {"AS_OWNER", "PORTAL_PROCESS", "HOST", "DEBUG", "ENV_FILE", "LOCAL"}


def settings_that_are_read() -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"(\w+)"', Path(portal_settings.__file__).read_text(encoding="utf-8")))


def test_every_setting_is_named_for_whoever_runs_it():
    for text in (page(), (ROOT / ".env.example").read_text(encoding="utf-8")):
        assert [name for name in settings_that_are_read() - NOT_FOR_A_SERVER if name not in text] == []


def test_every_setting_of_the_page_is_one():
    read = settings_that_are_read()
    written = set(re.findall(r"^(?:echo )?\"?([A-Z_]+)=", page(), re.MULTILINE))
    assert written - {"OWNER_PASSWORD", "PEOPLE_PASSWORD"} - read == set()
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "EMAIL_URL", "FILES_DIR"} <= written
    assert "LOCAL" not in written


def test_nginx_reads_its_configuration(tmp_path):
    """Where nginx is; the tests below read the configuration themselves."""
    program, openssl = shutil.which("nginx"), shutil.which("openssl")
    if program is None or openssl is None:
        return
    (new_key,) = [command for command in all_commands() if command[0] == "openssl"]
    tls = [word.replace("/etc/vtlt/tls", str(tmp_path)) for word in new_key[1:]]
    subprocess.run([openssl, *tls], check=True, capture_output=True)
    own = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for folder in ("/etc/vtlt/tls", "/var/log/nginx", "/run"):
        own = own.replace(f"{folder}/", f"{tmp_path}/")
    own = re.sub(r"listen (\[::\]:)?(80|443)", r"listen \g<1>1\2", own)
    places = [f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    around = f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}"
    text = f"{around} http {{ access_log {tmp_path}/access.log; {' '.join(places)} {own} }}"
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    checked = subprocess.run([program, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_brackets_of_nginx_close():
    opened = [directive[-1] for directive in nginx() if directive[-1] in "{}"]
    depth = 0
    for bracket in opened:
        depth += 1 if bracket == "{" else -1
        assert depth >= 0
    assert depth == 0


def test_nginx_takes_what_the_portal_takes():
    ((largest,),) = values_of("client_max_body_size")
    # More than the portal takes, so that the portal refuses it with words.
    assert LARGEST_REQUEST < int(largest.removesuffix("m")) * MEGABYTE < 2 * LARGEST_REQUEST
    assert f"`client_max_body_size {largest}`" in page()


def test_nginx_waits_longer_than_the_portal():
    ((reading,),) = values_of("proxy_read_timeout")
    assert seconds(reading) > LONGEST_WAIT
    assert f"`proxy_read_timeout {reading}`" in page()


def test_nginx_says_who_asks():
    """One proxy of our own adds the address that it saw; the request's number is in both logs."""
    headers = dict(map(tuple, values_of("proxy_set_header")))
    assert headers["X-Forwarded-For"] == "$proxy_add_x_forwarded_for"
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert headers["Host"] == "$host"
    assert "PROXY_COUNT=1\n" in page() and "BEHIND_TLS_PROXY=1\n" in page()
    assert "$upstream_http_x_request_id" in " ".join(" ".join(words) for words in values_of("log_format"))


def test_nginx_sends_bodies_without_a_session_to_the_sign_in_page():
    ((key, *_more), *_others) = values_of("map")
    assert key.startswith(f'"$cookie_{settings.SESSION_COOKIE_NAME}:')
    answers = dict(words for words in values_of("return") if len(words) == 2)
    assert json.loads(answers["401"].strip("'")) == {"sign_in": reverse("accounts:sign-in")}
    assert answers["303"] == f"{reverse('accounts:sign-in')}?reason=unsaved"
    assert "unsaved" in REASONS


def test_nginx_and_the_unit_mean_one_socket():
    (server,) = [words for words in values_of("server") if words != ["{"]]
    listens = unit(DEPLOY / "systemd/vtlt.socket")["Socket"]
    assert server[0] == f"unix:{listens['ListenStream']}"
    assert (listens["SocketUser"], listens["SocketMode"]) == ("www-data", "0600")


def test_transport_is_encrypted_and_modern():
    assert values_of("ssl_protocols") == [["TLSv1.2", "TLSv1.3"]]
    assert ["301", "https://vtlt.example.vn$request_uri"] in values_of("return")
    for name in ("ssl_certificate", "ssl_certificate_key"):
        ((place,),) = values_of(name)
        assert place in page()


def test_the_page_while_the_portal_is_down_is_kept_by_nobody():
    ((*_statuses, page_of_nginx),) = values_of("error_page")
    assert (DEPLOY / page_of_nginx.strip("/")).exists()
    assert ["Cache-Control", "no-store", "always"] in values_of("add_header")
