"""`python -m tests.benchmarks.autosaving.inspectors PEOPLE WAY PORT SECONDS [--without-pause]`: many at once, in one
thread, on raw sockets, so that the load takes little from what it measures. Prints times and errors as JSON."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import uuid
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOKEN = "k" * 32


class Inspector:
    def __init__(self, person: dict[str, Any], port: int, state: Path) -> None:
        self.person, self.port, self.given = person, port, 0
        self.versions: dict[str, int] = json.loads(state.read_text()) if state.exists() else {}
        self.state = state
        self.times: list[float] = []
        self.errors: list[str] = []

    async def work(self, begin: float, end: float, pause: float) -> None:
        self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        due = begin + random.random() * pause
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await self._save(due if pause else time.perf_counter())
            due = due + pause if pause else time.perf_counter()
        self.streams[1].close()
        self.state.write_text(json.dumps(self.versions))

    async def _save(self, due: float) -> None:
        codes = self.person["codes"]
        code, outcome = codes[self.given % len(codes)], ("met", "not_met")[self.given // len(codes) % 2]
        self.given += 1
        # A note that differs from the one before, also after a pause of the whole load.
        note = f"Đã xem hồ sơ lần {time.time_ns()}"
        fields = {"user": self.person["user"], "set": self.person["set"], "criterion": code, "outcome": outcome}
        fields |= {"submission_id": uuid.uuid4(), "base_version": self.versions.get(code, 0), "note": note}
        fields |= {"number": "", "text": "", "via": "autosave", "made_at": "", "device_now": ""}
        try:
            status, body = await self._post(urlencode(fields).encode())
            answer = json.loads(body) if status == 200 else {}
        except (OSError, ValueError, asyncio.IncompleteReadError) as fault:
            self.errors.append(repr(fault))
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
            return
        if answer.get("state") != "saved":
            self.errors.append(f"{status} {body[:300]!r}")
            return
        self.versions[code] = answer["version"]
        self.times.append(time.perf_counter() - due)

    async def _post(self, body: bytes) -> tuple[int, bytes]:
        head = (
            f"POST /phieu/{self.person['enrolment']}/luu/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Accept: application/json\r\nX-CSRFToken: {TOKEN}\r\n"
            f"Cookie: sessionid={self.person['session']}; csrftoken={TOKEN}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        reader, writer = self.streams
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        content = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            writer.close()
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        return int(lines[0].split()[1]), content


async def main(people: str, way: str, port: str, seconds: str, *options: str) -> None:
    folder = Path(people).parent
    listed = json.loads(Path(people).read_text(encoding="utf-8"))
    inspectors = [Inspector(each, int(port), folder / f"{way}-{each['user']}.json") for each in listed]
    begin = time.perf_counter()
    end, pause = begin + int(seconds), 0.0 if "--without-pause" in options else 1.0
    await asyncio.gather(*[inspector.work(begin, end, pause) for inspector in inspectors])
    taken = time.perf_counter() - begin
    times = list(chain.from_iterable(inspector.times for inspector in inspectors))
    errors = list(chain.from_iterable(inspector.errors for inspector in inspectors))
    print(json.dumps({"seconds": taken, "times": times, "errors": errors}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
