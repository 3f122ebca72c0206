"""The functions that jobs call, by the names that stored jobs have. A name that was stored stays.

A function takes its `JobHandle`. It may be called again after its worker was killed: what it writes
belongs into one transaction that ends with `handle.finish`, so that it happens once or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiveportal.jobs.services import JobHandle

JOB_KINDS: dict[str, Callable[[JobHandle], None]] = {}
#: the right that a person must still have to fetch the file of a job, by its kind
FILE_RIGHTS: dict[str, str] = {}


def register(name: str, work: Callable[[JobHandle], None], *, file_right: str = "") -> None:
    """Add a function under a name; `file_right` names the right to the file that it makes.

    Raise ValueError where another function has the name.
    """
    if JOB_KINDS.get(name, work) is not work:
        raise ValueError(f"registered twice as a job: {name}")
    JOB_KINDS[name] = work
    if file_right:
        FILE_RIGHTS[name] = file_right
