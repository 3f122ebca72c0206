"""A database that takes every word and answers none: R5 and R13.

A proxy between portal and PostgreSQL goes on acknowledging and passes nothing on, which is what a
frozen machine or a broken network looks like. Keepalives do not end such a wait.
"""

from __future__ import annotations

import select
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.drills.portal import ask, environment, free_port, manage, serving
from tests.run_all import postgres

LONGEST_PAGE, LONGEST_READY = 11, 5


class Proxy:
    """Passes bytes between a port and the socket of PostgreSQL, as long as it is not frozen."""

    def __init__(self, target: str) -> None:
        self.target, self.port = target, free_port()
        self.flows = threading.Event()
        self.flows.set()
        self.door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        while True:
            near, _address = self.door.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.target)
            threading.Thread(target=self._pass_on, args=(near, far), daemon=True).start()

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        # Either side may have given up: that is what the drill is about.
        with near, far, suppress(OSError):
            while True:
                ready, _writing, _failing = select.select([near, far], [], [])
                self.flows.wait()
                for side in ready:
                    data = side.recv(65536)
                    if not data:
                        return
                    (far if side is near else near).sendall(data)


def main() -> None:
    with postgres() as address, tempfile.TemporaryDirectory() as folder:
        folder_of_socket = parse_qs(urlsplit(address).query)["host"][0]
        proxy = Proxy(f"{folder_of_socket}/.s.PGSQL.5432")
        own = environment(f"postgres://postgres:@127.0.0.1:{proxy.port}/postgres", Path(folder))
        manage("migrate", "--verbosity", "0", environment=own)
        with serving(own) as portal:
            proxy.flows.clear()
            try:
                _check(portal)
            finally:
                proxy.flows.set()
            after = ask(f"{portal}/readyz")
            assert after.status == 200, after
            assert ask(f"{portal}/tai-khoan/dang-nhap/").status == 200


def _check(portal: str) -> None:
    ready = ask(f"{portal}/readyz")
    assert (ready.status, ready.seconds < LONGEST_READY) == (503, True), ready
    # The sign-in page asks nothing; a session that has to be looked up does.
    page = ask(f"{portal}/?viec=tat-ca")
    print(f"  /readyz {ready.status} in {ready.seconds:.1f} s; / {page.status} in {page.seconds:.1f} s")
    assert (page.status, page.seconds < LONGEST_PAGE) == (503, True), page
