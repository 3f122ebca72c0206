"""Handing files out. The caller has checked that the person may see the row that the file belongs to."""

from __future__ import annotations

from django.http import FileResponse

from archiveportal.files.models import StoredFile
from archiveportal.files.services import TYPES


def attached(stored: StoredFile) -> FileResponse:
    """The file as it was handed in, to be saved, never to be shown within the portal."""
    response = FileResponse(stored.original.open("rb"), as_attachment=True, filename=stored.name)
    response["Content-Type"] = TYPES.get(stored.kind, "application/octet-stream")
    return _guarded(response)


def picture(stored: StoredFile) -> FileResponse:
    """The shown copy of a photograph: a JPEG that the portal made itself."""
    return _guarded(FileResponse(stored.shown.open("rb"), content_type=TYPES["JPEG"]))


def _guarded(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
