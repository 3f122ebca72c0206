"""Taking in files: what is too large or of another kind is refused before anything is kept."""

from __future__ import annotations

import errno
import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from archiveportal.accounts.models import User
from archiveportal.files.judging import judge_content
from archiveportal.files.models import StoredFile, random_name
from archiveportal.logs import log_event
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number

MEGABYTE = 1024 * 1024
LARGEST_FILE = 15 * MEGABYTE
KIND = StoredFile.Kind
PICTURE_OR_PDF = (KIND.PICTURE, KIND.PDF)
#: of what may be a photograph or a document: old and new files of Word and Excel are kept, never shown
ANY_KIND = (KIND.PICTURE, KIND.PDF, KIND.WORD, KIND.EXCEL)
#: endings of file names by format; the first one is added where the name has none of them
ENDINGS = {
    "JPEG": (".jpg", ".jpeg", ".jfif"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "pdf": (".pdf",),
    "docx": (".docx",),
    "doc": (".doc",),
    "xlsx": (".xlsx",),
    "xls": (".xls",),
}
#: what file dialogues offer for documents; what a file is, is read from its content
ACCEPTED_DOCUMENTS = "application/pdf,.pdf,.docx,.doc,.xlsx,.xls"
#: the disk is full, or what the portal may have of it
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
#: the files written within `files_or_nothing`
_written: ContextVar[list[StoredFile] | None] = ContextVar("written", default=None)


@contextmanager
def files_or_nothing() -> Iterator[None]:
    """Around a transaction (a decorator above `@transaction.atomic`): when it fails, its files are removed again.

    A process that dies, or a connection that breaks when the rows may already be stored, leaves
    them; `manage.py sweep_files` finds those that no row has.
    """
    files: list[StoredFile] = []
    token = _written.set(files)
    try:
        yield
    except (InterfaceError, OperationalError):
        raise
    except BaseException:
        for stored in files:
            _remove(stored)
        raise
    finally:
        _written.reset(token)


@dataclass(frozen=True)
class CheckedUpload:
    """An upload that can be taken: read, and a picture scaled."""

    name: str
    kind: str
    content: bytes
    shown: bytes = b""
    width: int | None = None
    height: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def check_file(*, upload: UploadedFile, kinds: Collection[str] = PICTURE_OR_PDF) -> CheckedUpload:
    """Reads an upload. What it is is read from the content, never from its name.

    Raises `ValidationError` with a message for the person. Scaling takes a while: call it before the transaction,
    so that nobody waits for the rows that it holds.
    """
    name, size = clean_name(upload.name), upload.size or 0
    if size > LARGEST_FILE:
        raise ValidationError(
            _("“%(name)s” has %(size)s MB; a file may have %(limit)s MB at most. Make it smaller and choose it again.")
            % {
                "name": name,
                "size": number(-(-size // MEGABYTE)),
                "limit": number(LARGEST_FILE // MEGABYTE),
            },
            code="too_large",
        )
    if not size:
        raise ValidationError(_("“%(name)s” is empty. Choose another file.") % {"name": name})
    content = upload.read()
    judged = judge_content(content, name=name, kinds=kinds)
    ending = _ending(name, judged.file_format)
    return CheckedUpload(ending, judged.kind, content, *judged.copy)


def keep_file(*, upload: UploadedFile | CheckedUpload, by: User, kinds: Collection[str] = PICTURE_OR_PDF) -> StoredFile:
    """Stores an upload under a random name, with its SHA-256 and for a picture the copy that is shown.

    To be called inside the transaction of the row that the file belongs to, within `files_or_nothing`.
    """
    checked = upload if isinstance(upload, CheckedUpload) else check_file(upload=upload, kinds=kinds)
    stored = _row(checked.content, checked.name, kind=checked.kind, by=by)
    stored.width, stored.height = checked.width, checked.height
    _write(stored, checked.content, checked.shown)
    log_event("file stored", user=by.pk, file=stored.pk, kind=stored.kind, size=stored.size, sha256=stored.sha256)
    return stored


def keep_made(*, content: bytes, name: str, kind: str, by: User) -> StoredFile:
    """Stores a file that the portal made itself; otherwise as `keep_file`."""
    stored = _row(content, clean_name(name), kind=kind, by=by)
    _write(stored, content, b"")
    return stored


def _row(content: bytes, name: str, *, kind: str, by: User) -> StoredFile:
    sha256 = hashlib.sha256(content).hexdigest()
    return StoredFile(kind=kind, name=name, size=len(content), sha256=sha256, stored_by=by)


def _write(stored: StoredFile, content: bytes, shown: bytes) -> None:
    """Files first, then the row; a row that cannot be written leaves no file."""
    try:
        write_whole(stored.original, content)
        if shown:
            write_whole(stored.shown, shown)
        stored.save(force_insert=True)
    except BaseException:
        _remove(stored)
        raise
    if (files := _written.get()) is not None:
        files.append(stored)


def write_whole(field: FieldFile, content: bytes | IO[bytes]) -> None:
    """Write one file under a random name. Nothing stays of one that the store has no room for."""
    name = random_name(None, "")
    try:
        field.name = field.storage.save(name, ContentFile(content) if isinstance(content, bytes) else File(content))
    except BaseException as error:
        field.storage.delete(name)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            log_event("no room in the store", **({"size": len(content)} if isinstance(content, bytes) else {}))
            raise Refused(
                _(
                    "Nothing was kept: the store for files has no room left. Tell the administrator, then do it once "
                    "more."
                ),
                code="no_room",
            ) from error
        raise


def can_write() -> bool:
    """Write a small file and take it away again, for the monitor. Raises `OSError`."""
    name = f"ready-{secrets.token_hex(6)}"
    try:
        default_storage.save(name, ContentFile(b"ready"))
    finally:
        # On a full disk an empty one is there.
        default_storage.delete(name)
    return True


def _remove(stored: StoredFile) -> None:
    for field in (stored.original, stored.shown):
        if field:
            field.delete(save=False)


def clean_name(name: str | None) -> str:
    """Return the person's name of the file, fit to be shown and to be used in a header."""
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name or "")[-1])
    name = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in name)
    return re.sub(r'[<>:"|?*; ]+', " ", name).strip(" .")[-120:].strip(" .") or "tep"


def _ending(name: str, file_format: str) -> str:
    """Return the name with an ending that fits the content, so that no computer opens it as
    something else."""
    endings = ENDINGS[file_format]
    return name if name.lower().endswith(endings) else name + endings[0]
