"""The process that opens files of other people: content on its input, JSON and bytes on its output.

    python -I program.py MEMORY SECONDS READER ARGUMENT…

What a file makes a library do is held to so much memory and time, and takes nothing of the portal
with it. Answers with one line of JSON, then with the bytes of the reader.
"""

import importlib
import json
import logging
import resource
import sys
from pathlib import Path


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    # It writes no file at all.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from archiveportal.opening.reasons import CannotOpen, Reason

    reader = importlib.import_module(f"archiveportal.opening.readers.{sys.argv[3]}")
    facts, body = {}, b""
    try:
        facts, body = reader.read(sys.stdin.buffer.read(), sys.argv[4:])
    except CannotOpen as error:
        facts = error.facts | {"refused": error.reason}
    except MemoryError:
        facts = {"refused": Reason.TOO_LARGE}
    # Whatever a broken file brings a library to raise, panics of native code among it.
    except BaseException as error:
        facts = {"refused": Reason.BROKEN, "error": type(error).__name__}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
