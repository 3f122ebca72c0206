"""Photographs: what they are, and the copy that is shown of them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PICTURE = 50_000_000  # pixels
#: of formats that can only be read whole, and at full size
LARGEST_WHOLE = 25_000_000
LONGEST_SIDE = 12_000
#: one at a time in a process: three large ones at once would take all its memory
_one_at_a_time = Lock()
#: the longer side of the shown copy, in pixels
SHOWN_SIDE = 1600


class Unreadable(Exception):
    """The picture is broken."""


class TooManyPixels(Exception):
    """It would take more memory than one picture may: `most` pixels, or so many on one side."""

    def __init__(self, most: int, *, is_side: bool = False) -> None:
        super().__init__(most)
        self.most, self.is_side = most, is_side


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """Only the head is read here. Pillow's own limits give way to ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                yield picture
        except Image.DecompressionBombError as error:
            raise TooManyPixels(LARGEST_PICTURE) from error


def format_of(content: bytes) -> str:
    """ "JPEG", "PNG", "WEBP", or blank for what is no picture; read from the content."""
    for picture_format, start in (("JPEG", b"\xff\xd8\xff"), ("PNG", b"\x89PNG\r\n\x1a\n")):
        if content.startswith(start):
            return picture_format
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def shown_copy(content: bytes) -> tuple[bytes, int, int]:
    """A JPEG made only from the pixels: upright, at most `SHOWN_SIDE` wide or high, no data about
    place or device.

    Returns it with its width and height. Raises `Unreadable` or `TooManyPixels`.
    """
    try:
        with _one_at_a_time, _opened(content) as picture:
            most = LARGEST_PICTURE if picture.format == "JPEG" else LARGEST_WHOLE
            if picture.width * picture.height > most:
                raise TooManyPixels(most)
            if max(picture.size) > LONGEST_SIDE:
                raise TooManyPixels(LONGEST_SIDE, is_side=True)
            picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
            small = _full_colour(picture)
            small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
            upright = ImageOps.exif_transpose(small)
        return _as_jpeg(upright)
    except TooManyPixels:
        raise
    except Exception as error:
        # Whatever a broken or hostile file makes the library stumble over.
        raise Unreadable from error


def _full_colour(picture: Image.Image) -> Image.Image:
    """In a mode that can be made smaller without harm."""
    if picture.mode.startswith("I"):
        # 16 bits of grey: the upper eight are what a screen shows.
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("1", "P", "PA"):
        return picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    return picture


def _as_jpeg(picture: Image.Image) -> tuple[bytes, int, int]:
    """Copy nothing but the pixels; what was transparent becomes white."""
    plain, file = Image.new("RGB", picture.size, "white"), io.BytesIO()
    if picture.mode in ("RGBA", "LA"):
        picture = picture.convert("RGBA")
        plain.paste(picture, mask=picture.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    plain.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue(), *plain.size
