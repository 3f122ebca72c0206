"""Handing files out. The caller has checked that the person may see the row that the file belongs to.

A file that was withdrawn is not handed out: its old addresses say so, with 410.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from archiveportal.files.checking import read_as_kept
from archiveportal.files.models import StoredFile
from archiveportal.logs import log_event

TYPES: dict[str, str] = {
    StoredFile.Kind.PDF: "application/pdf",
    StoredFile.Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    StoredFile.Kind.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: of the older formats of the same kinds, by the ending that the name was given when it was kept
OLDER_TYPES = {".doc": "application/msword", ".xls": "application/vnd.ms-excel"}


def attached(request: HttpRequest, stored: StoredFile) -> FileResponse | HttpResponse:
    """Send the file as it was handed in, to be saved, never to be shown within the portal."""
    return _attached(request, stored, lambda: _opened(stored, stored.original))


def attached_as_kept(request: HttpRequest, stored: StoredFile) -> FileResponse | HttpResponse:
    """Send the file to be saved after taking its SHA-256 again. Raise `FileNotAsKept`."""
    return _attached(request, stored, lambda: io.BytesIO(read_as_kept(stored)))


def _attached(
    request: HttpRequest, stored: StoredFile, open_file: Callable[[], FieldFile | io.BytesIO]
) -> FileResponse | HttpResponse:
    """Each file that leaves the portal is one line of the log, with the person who asked for it."""
    if stored.withdrawn:
        return _withdrawn(request, stored)
    content = open_file()
    log_event("file downloaded", file=stored.pk, kind=stored.kind, sha256=stored.sha256)
    response = FileResponse(content, as_attachment=True, filename=stored.name)
    response["Content-Type"] = _type_of(stored)
    return _guarded(response)


def picture(request: HttpRequest, stored: StoredFile) -> FileResponse | HttpResponse:
    """Send the shown copy of a photograph: a JPEG that the portal made itself."""
    if stored.withdrawn:
        return _withdrawn(request, stored)
    log_event("picture shown", file=stored.pk, sha256=stored.sha256)
    return _guarded(FileResponse(_opened(stored, stored.shown), content_type="image/jpeg"))


def _type_of(stored: StoredFile) -> str:
    older = OLDER_TYPES.get(stored.name.lower()[-4:]) if stored.kind in TYPES else None
    return older or TYPES.get(stored.kind, "application/octet-stream")


def _withdrawn(request: HttpRequest, stored: StoredFile) -> HttpResponse:
    """Say that the file was withdrawn, by whom and why, at an address that had it."""
    return render(request, "files/withdrawn.html", {"file": stored}, status=410)


def _opened(stored: StoredFile, file: FieldFile) -> FieldFile:
    if not file:
        raise Http404
    try:
        return file.open("rb")
    except FileNotFoundError:
        log_event("file missing", file=stored.pk, sha256=stored.sha256)
        raise Http404 from None


def _guarded(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
