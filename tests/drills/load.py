"""Two hundred signed-in people at work for some minutes: R15. And an export of 50,000 rows.

Each opens pages and answers criteria as an inspector does, with a pause to read and type. The
server has two workers of four threads; it, its PostgreSQL and the two hundred share this machine.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

from tests.drills.people import Client, Inspector, Worker, at_work
from tests.drills.portal import Place, environment, hold, manage, place, serving

PEOPLE = 200
#: seconds between two things that one person does
PAUSE = (4.0, 8.0)
PAGES = ["/", "/phieu/{enrolment}/", "/dot-kiem-tra/gd1-2019/", "/don-vi/", "/phieu/{enrolment}/lich-su/"]
#: of four things that a person does, one is a page
ANSWERS = 3
ROWS, WARDS, MOST_MEGABYTES = 50_000, 2_200, 300


class Person(Inspector):
    """Answers, and looks at a page now and then."""

    def turn(self) -> None:
        if self.gives_up.wait(random.uniform(*PAUSE)):
            return
        if random.randint(0, ANSWERS):
            super().turn()
            return
        path = random.choice(PAGES).format(enrolment=self.person["enrolment"])
        self.insist("", lambda: self.client.get(path))


def main(minutes: float) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="drill-") as folder,
        place("PostgreSQL", Path(folder), people=PEOPLE) as here,
    ):
        _serve(here, minutes)
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        _export(Path(folder))


def _serve(here: Place, minutes: float) -> None:
    with serving(here.environment, workers=2) as portal:
        workers: list[Worker] = [
            Person(Client(portal.port, person["session"]), person) for person in here.people["inspectors"]
        ]
        with at_work(workers):
            end = time.monotonic() + minutes * 60
            while time.monotonic() < end:
                time.sleep(1)
        memory = sum(each.memory_info().rss for each in portal.workers()) / 2**20
    times = list(chain.from_iterable(worker.times for worker in workers))
    failed = list(chain.from_iterable(worker.failed for worker in workers))
    state = here.state()
    print(
        f"  {PEOPLE} people, {minutes:g} min: {len(times)} requests ({len(times) / minutes / 60:.0f}/s), median "
        f"{median(times) * 1000:.0f} ms, p95 {quantiles(times, n=20)[18] * 1000:.0f} ms, longest {max(times):.1f} s; "
        f"{len(failed)} errors; workers {memory:.0f} MB"
    )
    hold(not failed, f"{len(failed)} errors: {failed[:3]}")
    hold(not state["faults"], f"{state['faults'][:10]}")


def _export(folder: Path) -> None:
    own = environment(f"sqlite:///{folder / 'many.sqlite3'}", folder / "files")
    manage("migrate", "--verbosity", "0", environment=own)
    manage("simulate", "--wards", str(WARDS), environment=own)
    started = time.monotonic()
    manage("export", "results-long", "--round", "mo-phong-1", "--output", str(folder / "long.xlsx"), environment=own)
    # The largest of all that were started; the others are small.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  {WARDS * 23} rows exported in {time.monotonic() - started:.1f} s, at most {peak:.0f} MB")
    hold(WARDS * 23 >= ROWS, "too few rows")
    hold(peak < MOST_MEGABYTES, f"{peak:.0f} MB")
