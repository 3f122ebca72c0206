"""People who work on a portal while a drill goes on: each a thread with a session of its own.

What a device does when nothing comes back, they do too: the same is sent again under its number.
"""

from __future__ import annotations

import http.client
import io
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlencode

import pypdf

from tests.benchmarks.autosaving.inspectors import TOKEN
from tests.drills.portal import Answer

#: seconds between two tries
REST = 0.3
BOUNDARY = "drill-7d1f"


class Client:
    """A signed-in browser. Every request is a connection of its own, as from a proxy."""

    def __init__(self, port: int, session: str, *, longest: float = 60) -> None:
        self.port, self.longest = port, longest
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {"Accept": "text/html"})

    def post(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        file: tuple[str, bytes] | None = None,
        accept: str = "application/json",
    ) -> Answer:
        """Send a form; `file` is the name and content of a file beside it."""
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if file:
            body, kind = _parts(fields, *file), f"multipart/form-data; boundary={BOUNDARY}"
        return self._ask("POST", path, body, {"Accept": accept, "Content-Type": kind})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.longest)
        try:
            # A server that refuses early may be heard although it does not listen.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body or None, self.headers | headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), time.monotonic() - started)
        finally:
            connection.close()


def _parts(fields: Mapping[str, Any], name: str, content: bytes) -> bytes:
    head = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def pdf(megabytes: float) -> bytes:
    """Return a PDF of one page that carries so much, and no two are alike."""
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_attachment("quet.bin", random.randbytes(int(megabytes * 2**20)))
    writer.write(file)
    return file.getvalue()


class Worker:
    """One person at work; `turn` does one thing and tells what came of it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.done: list[str] = []
        self.times: list[float] = []
        #: answers that were none, and tries without an answer
        self.failed: list[str] = []
        self.gives_up = threading.Event()

    def turn(self) -> None:
        raise NotImplementedError

    def insist(self, key: str, send: Any) -> Answer | None:
        """Send until an answer comes that decides, as a device does; None when the drill is over."""
        while True:
            try:
                answer = send()
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
            else:
                if answer.status == 200:
                    self.times.append(answer.seconds)
                    # What is refused with words is decided too: so many files and no more.
                    if '"state": "refused"' in answer.text:
                        return None
                    self.done.append(key)
                    return answer
                self.failed.append(f"{answer.status} {answer.text[:200]}")
            if self.gives_up.wait(REST):
                return None


class Inspector(Worker):
    """Answers one criterion after the other."""

    def __init__(self, client: Client, person: dict[str, Any]) -> None:
        super().__init__(client)
        self.person = person
        self.versions: dict[str, int] = {}

    def turn(self) -> None:
        code, key = random.choice(self.person["codes"]), str(uuid.uuid4())
        note = f"Lần {time.time_ns()}"
        answer = self.insist(key, lambda: self.send(key, code, note))
        if answer is not None:
            self.versions[code] = answer.json["version"]

    def send(self, key: str, code: str, note: str = "Có") -> Answer:
        fields = {"user": self.person["user"], "set": self.person["set"], "criterion": code, "outcome": "met"}
        fields |= {"submission_id": key, "base_version": self.versions.get(code, 0), "note": note}
        fields |= {"number": "", "text": "", "via": "autosave", "made_at": "", "device_now": ""}
        return self.client.post(f"/phieu/{self.person['enrolment']}/luu/", fields)


class Photographer(Worker):
    """Uploads one piece of evidence after the other."""

    def __init__(self, client: Client, person: dict[str, Any], *, megabytes: float = 4) -> None:
        super().__init__(client)
        self.person, self.megabytes = person, megabytes

    def turn(self) -> None:
        key, content = str(uuid.uuid4()), pdf(self.megabytes)
        self.insist(key, lambda: self.upload(key, content))

    def upload(self, key: str, content: bytes, *, accept: str = "application/json") -> Answer:
        code = self.person["codes"][int(key[:2], 16) % len(self.person["codes"])]
        fields = {"upload_id": key, "user": self.person["user"], "criterion": code}
        return self.client.post(
            f"/phieu/{self.person['enrolment']}/minh-chung/", fields, file=("ban.pdf", content), accept=accept
        )


class Closer(Worker):
    """Closes the figures of the training scheme, again and again."""

    PAGE = "/bao-cao/chot-so-lieu/de-an/02-2014/"

    def turn(self) -> None:
        self.insist("", self.close)

    def close(self) -> Answer:
        page = self.client.get(self.PAGE)
        seen = re.search(r'name="seen" value="(\d+)"', page.text)
        if page.status != 200 or seen is None:
            return page
        fields = {
            "day": "",
            "signatory": "director",
            "signatory_name": "Người ký",
            "note": "",
            "agreed": "on",
            "seen": seen[1],
        }
        answer = self.client.post(self.PAGE, fields, accept="text/html")
        # The page that follows is not read; one that shows the form again has refused.
        status = {302: 200, 200: 409}.get(answer.status, answer.status)
        return Answer(status, answer.text, answer.seconds)


@contextmanager
def at_work(workers: list[Worker]) -> Iterator[None]:
    """Let all work until the block ends; what they have begun then they bring to its end."""
    over = threading.Event()

    def work(worker: Worker) -> None:
        while not over.is_set():
            worker.turn()

    threads = [threading.Thread(target=work, args=[each], daemon=True) for each in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        # Long enough for a few tries, then nobody insists any more.
        for thread in threads:
            thread.join(timeout=30)
        for each in workers:
            each.gives_up.set()
        for thread in threads:
            thread.join(timeout=90)
