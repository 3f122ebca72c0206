"""docs/admin.md from its first command to its last: R11, R12 and R13 as an administrator meets them.

A folder stands for the machine: the paths of the page lie within it, and programs that would change
the machine have stand-ins (`_stand_ins.py`). The shell, the commands of the portal, PostgreSQL with
an owner that is no superuser and a serving role, gunicorn behind its socket, git and openssl are
themselves.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from configparser import ConfigParser
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from tests.admin_page import ROOT, Block, blocks
from tests.drills import _stand_ins
from tests.drills.portal import hold
from tests.run_all import postgres, programs_of_postgresql
from tests.support.pictures import PDF

FOLDERS = (
    "root", "run", "srv", "usr/local/sbin", "programs",
    "etc/nginx/sites-available", "etc/nginx/sites-enabled", "etc/systemd/system",
)  # fmt: skip
#: what the page leaves to the office: its own mail server
MAIL_OF_THE_PAGE = "smtp+tls://vtlt:password@mail.example.vn:587"
#: hands in a file as a person does, and prints its place
KEEP_A_FILE = f"""
from django.core.files.uploadedfile import SimpleUploadedFile
from archiveportal.accounts.models import User
from archiveportal.files.services import keep_file
upload = SimpleUploadedFile("qd.pdf", {PDF!r})
print(keep_file(upload=upload, by=User.objects.get(username="quan.tri")).original.name)
"""


class Machine:
    """A folder that stands for the server, with a PostgreSQL of its own."""

    def __init__(self, scratch: Path, address: str) -> None:
        self.scratch = scratch
        self.folder_of_socket = parse_qs(urlsplit(address).query)["host"][0]
        for folder in FOLDERS:
            (scratch / folder).mkdir(parents=True)
        self._put_up_stand_ins()
        own_programs = f"{scratch}/programs:{scratch}/usr/local/sbin:{programs_of_postgresql()}"
        self.environment = {
            "PATH": f"{own_programs}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(scratch / "root"),
            "LANG": "C.UTF-8",
            "PGHOST": self.folder_of_socket,
            "PGUSER": "postgres",
            "DRILL_SCRATCH": str(scratch),
            "DRILL_REPOSITORY": str(self._repository()),
            "DRILL_VENV": str(ROOT / ".venv"),
            # What the virtualenv lacks is not fetched: it has to be there.
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def _put_up_stand_ins(self) -> None:
        for name in _stand_ins.PROGRAMS:
            program = self.scratch / "programs" / name
            program.write_text(f'#!/bin/sh\nexec {sys.executable} {_stand_ins.__file__} {name} "$@"\n')
            program.chmod(0o755)

    def _repository(self) -> Path:
        """Return a repository whose `main` is the commit that is checked out here."""
        folder = self.scratch / "repository.git"
        _git("clone", "--quiet", "--bare", str(ROOT), str(folder), at=ROOT)
        _git("update-ref", "refs/heads/main", _git("rev-parse", "HEAD", at=ROOT), at=folder)
        _git("symbolic-ref", "HEAD", "refs/heads/main", at=folder)
        return folder

    def run(self, text: str) -> str:
        """Run a block in the shell that the blocks before left, and return what it prints."""
        state = self.scratch / "state"
        before = f'. {state}; cd "$(cat {state}.folder)"\n' if state.exists() else ""
        after = f"\nexport -p > {state}; pwd > {state}.folder"
        done = subprocess.run(
            ["bash", "-e", "-c", f"{before}{self.here(text)}{after}"],
            env=self.environment, cwd=self.scratch / "root", capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{text}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def here(self, text: str) -> str:
        """Return a block with the folders, the database and the mail of this machine."""
        text = _stand_ins.FOLDERS.sub(lambda found: f"{self.scratch}{found[0]}", text)
        text = text.replace("@127.0.0.1/vtlt", f"@/vtlt?host={quote(self.folder_of_socket, safe='')}")
        return text.replace(MAIL_OF_THE_PAGE, f"filemail://{self.scratch}/mail")


def _git(*arguments: str, at: Path) -> str:
    return subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    with postgres() as address, tempfile.TemporaryDirectory(prefix="vtlt-book-") as folder:
        machine = Machine(Path(folder), address)
        try:
            for block in blocks():
                _run(machine, block)
            _run_units(machine)
        finally:
            machine.run("systemctl stop vtlt.service")


def _run(machine: Machine, block: Block) -> None:
    if block.heading == "A stored file is lost or altered.":
        _lose_a_file(machine)
    if block.heading == "Backup":
        _hand_in_a_file(machine)
    started = time.monotonic()
    printed = machine.run(block.text)
    print(f"  {block.heading}: {block.text.count(chr(10))} lines in {time.monotonic() - started:.1f} s", flush=True)
    for line in printed.splitlines():
        if line.strip():
            print(f"    {line}", flush=True)


def _hand_in_a_file(machine: Machine) -> None:
    file = machine.scratch / "keep.py"
    file.write_text(KEEP_A_FILE)
    place = machine.run(f"vtlt shell --verbosity 0 < {file}").strip()
    hold((machine.scratch / "var/lib/vtlt/files" / place).exists(), f"{place} is not there")


def _lose_a_file(machine: Machine) -> None:
    files = machine.scratch / "var/lib/vtlt/files"
    next(path for path in files.glob("??/*") if path.is_file()).unlink()


def _run_units(machine: Machine) -> None:
    """Run what the timers start, as their units say it."""
    units = machine.scratch / "etc/systemd/system"
    for timer in sorted(units.glob("*.timer")):
        name = _section(timer, "Timer")["Unit"]
        template, _at, instance = name.removesuffix(".service").partition("@")
        service = _section(units / (f"{template}@.service" if instance else name), "Service")
        secrets = f"set -a; . {service['EnvironmentFile']}; set +a; " if "EnvironmentFile" in service else ""
        command = service["ExecStart"].replace("%i", instance)
        printed = machine.run(f"(cd {service['WorkingDirectory']}; {secrets}{command})")
        print(f"  {timer.name}: {printed.strip()}", flush=True)


def _section(file: Path, name: str) -> dict[str, str]:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(file)
    return dict(unit[name])
