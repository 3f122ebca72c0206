"""Stands in for programs that change a machine, while docs/admin.md is run in a folder of its own.

Called with the name of the program first. Nothing is changed outside of the folder, and
what the page asks for is checked: a unit that is not installed, or a user other than the page's,
ends with 1.
"""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import urlsplit

SCRATCH = Path(os.environ.get("DRILL_SCRATCH", "/nonexistent"))
#: folders of the page, each within the scratch folder
FOLDERS = re.compile(
    r"(?<![\w.])(/srv/vtlt|/etc/(?:vtlt|systemd|nginx)|/var/lib/vtlt|/var/backups/vtlt|/usr/local/sbin"
    r"|/run/vtlt\.sock|/root)\b"
)
UNITS = SCRATCH / "etc/systemd/system"
SOCKET, PROCESS = SCRATCH / "run/vtlt.sock", SCRATCH / "run/vtlt.pid"
#: units that Debian brings
OF_DEBIAN = {"systemd-journald.service", "nginx.service", "postgresql.service"}
USERS = {"postgres", "vtlt"}
START = 60


def here(text: str) -> str:
    """Return a text with each folder of the page moved into the scratch folder."""
    return FOLDERS.sub(lambda found: f"{SCRATCH}{found[0]}", text)


def nothing(arguments: list[str]) -> None:
    """Leave the machine as it is."""
    if not arguments:
        raise SystemExit("an argument is missing")


def install(arguments: list[str]) -> None:
    """Install without changing owners; copied files name the scratch folder too."""
    kept = list(arguments)
    for option in ("-o", "-g"):
        while option in kept:
            place = kept.index(option)
            if kept[place + 1] not in USERS:
                raise SystemExit(f"{kept[place + 1]} is no user of the page")
            del kept[place : place + 2]
    subprocess.run(["/usr/bin/install", *kept], check=True)
    if "-d" in kept:
        return
    target = Path(kept[kept.index("-t") + 1] if "-t" in kept else kept[-1])
    for file in target.iterdir() if target.is_dir() else [target]:
        file.write_text(here(file.read_text(encoding="utf-8")), encoding="utf-8")


def runuser(arguments: list[str]) -> None:
    """Run the command as whoever runs the drill; `postgres` is the superuser of the drill's server."""
    option, user, dashes, *command = arguments
    if (option, dashes) != ("--user", "--") or user not in USERS:
        raise SystemExit(f"runuser {arguments} is not what the page agreed on")
    os.execvp(command[0], command)


def git(arguments: list[str]) -> None:
    """Clone the drill's own repository; everything else is git itself."""
    wanted = [os.environ["DRILL_REPOSITORY"] if word.startswith("https://") else word for word in arguments]
    os.execv("/usr/bin/git", ["git", *wanted])


def python3(arguments: list[str]) -> None:
    """Take the virtualenv that is there already."""
    if arguments != ["-m", "venv", ".venv"]:
        raise SystemExit(f"python3 {arguments}: only a virtualenv is made")
    Path(".venv").symlink_to(os.environ["DRILL_VENV"])


def curl(arguments: list[str]) -> None:
    """Ask the portal by its socket, as nginx does."""
    address = urlsplit(arguments[-1])
    connection = http.client.HTTPConnection(address.hostname or "")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(30)
    connection.sock.connect(str(SOCKET))
    headers = {"Host": address.netloc, "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"}
    connection.request("GET", address.path, headers=headers)
    answer = connection.getresponse()
    print(answer.read().decode())
    if answer.status >= 400:
        raise SystemExit(22)


def systemctl(arguments: list[str]) -> None:
    """Check the names of units; start and stop the portal as its unit says."""
    action, *rest = arguments
    units = [word for word in rest if not word.startswith("-") and "*" not in word]
    unknown = [unit for unit in units if unit not in OF_DEBIAN and not (UNITS / unit).exists()]
    if unknown:
        raise SystemExit(f"systemctl {action}: {', '.join(unknown)} is not installed")
    if "vtlt.service" in units and action in ("start", "enable", "restart"):
        _stop()
        _start()
    elif "vtlt.service" in units and action == "stop":
        _stop()


def _start() -> None:
    """Start the program of the unit with the socket at the place where systemd hands it over."""
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(UNITS / "vtlt.service")
    SOCKET.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(SOCKET))
    door.listen()
    handed = f'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&{door.fileno()}'
    command = ["sh", "-c", handed, "sh", *unit["Service"]["ExecStart"].split()]
    with (SCRATCH / "portal.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=unit["Service"]["WorkingDirectory"], pass_fds=[door.fileno()], stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    PROCESS.write_text(str(process.pid))
    end = time.monotonic() + START
    while time.monotonic() < end:
        try:
            return curl(["https://vtlt.example.vn/healthz"])
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the portal did not start")


def _stop() -> None:
    if not PROCESS.exists():
        return
    process = int(PROCESS.read_text())
    PROCESS.unlink()
    os.kill(process, signal.SIGTERM)
    end = time.monotonic() + START
    while Path(f"/proc/{process}").exists() and time.monotonic() < end:
        time.sleep(0.1)


PROGRAMS = {
    "apt-get": nothing, "chown": nothing, "curl": curl, "df": nothing, "git": git, "install": install,
    "journalctl": nothing, "nginx": nothing, "python3": python3, "runuser": runuser, "systemctl": systemctl,
    "useradd": nothing,
}  # fmt: skip

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](sys.argv[2:])
