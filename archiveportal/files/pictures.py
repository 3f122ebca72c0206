"""Photographs: what they are, and the copy that is shown of them."""

from __future__ import annotations

from archiveportal.opening.process import MEGABYTE, Limits, open_limited

#: pixels of a JPEG
LARGEST_PICTURE = 50_000_000
#: of formats that can only be read whole, and at full size
LARGEST_WHOLE = 25_000_000
LONGEST_SIDE = 12_000
#: a JPEG of 50 megapixels that is sent in several passes takes the most memory
LIMITS = Limits(memory=1024 * MEGABYTE, seconds=30)


def format_of(content: bytes) -> str:
    """ "JPEG", "PNG", "WEBP", or blank for what is no picture; read from the content."""
    for picture_format, start in (("JPEG", b"\xff\xd8\xff"), ("PNG", b"\x89PNG\r\n\x1a\n")):
        if content.startswith(start):
            return picture_format
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def shown_copy(content: bytes) -> tuple[bytes, int, int]:
    """A JPEG made only from the pixels: upright, at most 1,600 pixels wide or high, no data about
    place or device.

    Returns it with its width and height. Raises `CannotOpen`.
    """
    most = (LARGEST_PICTURE, LARGEST_WHOLE, LONGEST_SIDE)
    facts, copy = open_limited("picture", content, *most, limits=LIMITS)
    return copy, facts["width"], facts["height"]
