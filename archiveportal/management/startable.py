"""Says in one sentence why `make run` cannot serve here, before anything is set up.

    python archiveportal/management/startable.py HOST PORT

Runs before any package is installed, so it imports nothing but Python's own modules.
"""

import errno
import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def hindrance(root: Path, host: str, port: str) -> str:
    """Says what to do about the folder or the address, or nothing where both will do."""
    return _of_folder(root) or _of_address(host, port)


def _of_folder(root: Path) -> str:
    for path in (root, root / "var", root / "db.sqlite3"):
        if path.exists() and not os.access(path, os.W_OK):
            return f"Nothing can be written to {path}: run a copy of the portal in a folder of your own."
    return ""


def _of_address(host: str, port: str) -> str:
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return f"PORT={port} is no port: give a number up to 65535, such as make run PORT=8001."
    try:
        addresses = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
        family, kind, protocol, _name, address = addresses[0]
        with socket.socket(family, kind, protocol) as tried:
            # As the server does: a port that was left a moment ago is free.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
            tried.listen()
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            return f"Port {port} of {host} is in use: stop what serves there, or give another PORT=."
        if fault.errno == errno.EACCES:
            return f"Port {port} is kept for the system: take a higher one: make run PORT=8001."
        return f"HOST={host} is no address of this machine: leave HOST out, or give one of its own."
    return ""


if __name__ == "__main__":
    sys.exit(hindrance(ROOT, *sys.argv[1:3]) or 0)
