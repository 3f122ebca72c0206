"""Whether a stored file still is what was kept: its SHA-256 is in its row, which never changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.files.base import File
from django.db import models
from django.utils.translation import gettext_lazy as _

from archiveportal.files.models import StoredFile

#: of a file that is gone, that the portal may not read, or whose disk fails
UNREADABLE = (OSError, ValueError)


class State(models.TextChoices):
    """Whether a kept file still has the SHA-256 that was taken when it was kept."""

    SAME = "same", _("file not changed since it was kept")
    ALTERED = "altered", _("altered in the store")
    MISSING = "missing", _("missing in the store")


@dataclass(frozen=True)
class FileNotAsKept(Exception):
    """The store has another content under the name of a kept file, or none."""

    file: StoredFile
    state: State


def read_as_kept(file: StoredFile) -> bytes:
    """Return the content of a kept file. Raise `FileNotAsKept` where it is not the one that was kept."""
    try:
        with file.original.open("rb") as opened:
            content = opened.read()
    except UNREADABLE:
        raise FileNotAsKept(file, State.MISSING) from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileNotAsKept(file, State.ALTERED)
    return content


def state_of(file: StoredFile) -> State:
    """Read the file from the store and take its SHA-256 again, a piece at a time."""
    try:
        with file.original.open("rb") as content:
            digest = sha256_of(content)
    except UNREADABLE:
        return State.MISSING
    return State.SAME if digest == file.sha256 else State.ALTERED


def sha256_of(file: File) -> str:
    """Return the SHA-256 of a file, which is read a piece at a time."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def has_bytes(file: StoredFile) -> bool:
    """Return whether the store has anything of the file, or of the copy that is shown of it."""
    fields = (field for field in (file.original, file.shown) if field)
    return any(field.storage.exists(str(field.name)) for field in fields)


def has_its_size(file: StoredFile) -> bool:
    """Return whether the store has a file of the right size; its content is not read."""
    try:
        return file.original.storage.size(str(file.original.name)) == file.size
    except OSError:
        return False
