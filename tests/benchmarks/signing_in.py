"""S11: the time of a refused sign-in does not tell whether a name exists. S10: a locked name costs no hashing."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import ROOT, environment, manage
from tests.benchmarks.targets import Target

RUNS = 50
NAMES = ("known", "unknown", "disabled")


def targets(folder: Path) -> Iterator[Target]:
    database = folder / "signing-in.sqlite3"
    manage(database, "migrate", "--verbosity", "0")
    command = [sys.executable, "-m", "tests.benchmarks.signing_in"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(database), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    times = json.loads(done.stdout.splitlines()[-1])
    middle = median(chain.from_iterable(times[name] for name in NAMES))
    medians = {name: median(each) for name, each in times.items()}
    detail = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in medians.items())
    yield Target(
        f"Refused sign-ins, median of {RUNS}: furthest from their middle (known, unknown, disabled)",
        max(abs(medians[name] - middle) for name in NAMES) / middle,
        most=0.15,
        detail=detail,
    )
    yield Target("A locked name: time / time of a refused sign-in", medians["locked"] / middle, most=1, detail=detail)


def measure() -> dict[str, list[float]]:
    """Each try comes from an address of its own, so that nothing is locked but what shall be."""
    from django.conf import settings
    from django.test import Client

    from archiveportal.accounts.models import Role, User

    settings.ALLOWED_HOSTS = ["testserver"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    for name in ("known", "disabled", "locked"):
        User.objects.create_user(
            username=name, password="mot-mat-khau-rat-dai-2019", full_name=name, role=Role.LEADERSHIP,
            is_active=name != "disabled",
        )  # fmt: skip
    client = Client()

    def one(name: str, address: str) -> float:
        data = {"username": name, "password": "mot-mat-khau-sai-2019"}
        begin = time.perf_counter()
        client.post("/tai-khoan/dang-nhap/", data, REMOTE_ADDR=address)
        return time.perf_counter() - begin

    for _try in range(5):
        one("locked", "10.9.9.9")
    times: dict[str, list[float]] = {name: [] for name in (*NAMES, "locked")}
    for turn in range(RUNS):
        # By turns, so that a busy moment of the machine meets all of them.
        for place, name in enumerate(NAMES):
            times[name].append(one(name, f"10.{place}.0.{turn}"))
        times["locked"].append(one("locked", "10.9.9.9"))
    return times


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure()))
