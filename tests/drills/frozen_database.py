"""A database that answers nothing: R5 and R13.

A proxy stands between portal and PostgreSQL. It goes silent in two ways: it takes every word and
acknowledges it, as a frozen machine does (keepalives do not end such a wait); or its packets are
dropped and nothing is acknowledged, as behind a broken network. The kernel drops them by a filter
on the sockets of the proxy, so that new connections get no answer either.
"""

from __future__ import annotations

import ctypes
import select
import socket
import struct
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.drills.people import Client, Inspector
from tests.drills.portal import Place, Portal, ask, environment, hold, serving
from tests.run_all import postgres

LONGEST_PAGE, LONGEST_READY = 11, 5
#: of Linux: <asm-generic/socket.h>
SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
#: a program of one step: take no byte of the packet
TAKE_NOTHING = struct.pack("HBBI", 6, 0, 0, 0)


class Proxy:
    """Passes bytes between a port and the socket of PostgreSQL, as long as it is not silent."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.flows = threading.Event()
        self.flows.set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.near: list[socket.socket] = []
        threading.Thread(target=self._let_in, daemon=True).start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Acknowledge everything and pass nothing on."""
        self.flows.clear()
        try:
            yield
        finally:
            self.flows.set()

    @contextmanager
    def dropping(self) -> Iterator[None]:
        """Let the kernel drop every packet that comes, also of those who knock."""
        program = ctypes.create_string_buffer(TAKE_NOTHING)
        filter_of = struct.pack("HL", 1, ctypes.addressof(program))
        sockets = [self.door, *(each for each in self.near if each.fileno() >= 0)]
        with self.frozen():
            for each in sockets:
                each.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, filter_of)
            try:
                yield
            finally:
                for each in sockets:
                    # One that its other end gave up may be closed by now.
                    with suppress(OSError):
                        each.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)

    def _let_in(self) -> None:
        while True:
            near, _address = self.door.accept()
            self.near.append(near)
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
        database = f"postgres://postgres:@127.0.0.1:{proxy.port}/postgres"
        here = Place("PostgreSQL", Path(folder), environment(database, Path(folder)))
        here.manage("migrate", "--verbosity", "0")
        here.manage("load_baseline")
        person = here.people["inspectors"][0]
        with serving(here.environment) as portal:
            inspector = Inspector(Client(portal.port, person["session"]), person)
            _check("acknowledged", proxy.frozen(), portal, inspector)
            _check("dropped", proxy.dropping(), portal, inspector)
        state = here.state()
        hold(not state["faults"], f"{state['faults'][:10]}")


def _check(name: str, silence: AbstractContextManager[None], portal: Portal, inspector: Inspector) -> None:
    """Ask what the monitor, a person and a device ask, while the database is silent and after it."""
    key, code = str(uuid.uuid4()), inspector.person["codes"][0 if name == "dropped" else 1]
    hold(inspector.client.get("/").status == 200, "no page before")
    with silence:
        ready = ask(f"{portal.address}/readyz")
        page, answer = inspector.client.get("/"), inspector.send(key, code)
    print(
        f"  packets {name}: /readyz {ready.status} in {ready.seconds:.1f} s; page {page.status} in "
        f"{page.seconds:.1f} s; answer of a device {answer.status} in {answer.seconds:.1f} s"
    )
    hold((ready.status, ready.seconds < LONGEST_READY) == (503, True), f"/readyz: {ready}")
    for each in (page, answer):
        hold((each.status, each.seconds < LONGEST_PAGE) == (503, True), f"{each}")
    hold("Cơ sở dữ liệu" in answer.json["message"], answer.text)
    # What went into the dropped packets is sent again by itself, after some seconds.
    after = [inspector.client.get("/"), inspector.send(key, code), ask(f"{portal.address}/readyz")]
    hold([each.status for each in after] == [200, 200, 200], f"once it answers again: {after}")
