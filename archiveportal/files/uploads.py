"""Stopping a request that is far too large before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

#: bytes; well above what a form may carry, so that a file that is somewhat too large still gets its own message
LARGEST_REQUEST = 80 * 1024 * 1024


class RefuseHugeRequests(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS; it leaves everything else to those after it."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **options: Any) -> None:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
