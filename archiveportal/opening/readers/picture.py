"""The copy that is shown of a photograph: made from its pixels alone."""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image, ImageOps

from archiveportal.opening.reasons import CannotOpen, Reason

FORMATS = ("JPEG", "PNG", "WEBP")
#: how Pillow calls a JPEG that a telephone has put more than one picture into
JPEG = ("JPEG", "MPO")
#: the mark that ends a JPEG
JPEG_END = b"\xff\xd9"
#: data that a decoder takes for more of the picture, if it still waits for some
MORE_DATA = b"\x5a\xa5\x36\xc9" * 2048
#: the longer side of the shown copy, in pixels
SHOWN_SIDE = 1600


def read(content: bytes, arguments: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return width and height, and a JPEG: upright, `SHOWN_SIDE` at most, no place or device.

    `arguments` are the most pixels of a JPEG, of another format, and of one side.
    """
    most_of_jpeg, most, longest_side = map(int, arguments)
    with warnings.catch_warnings():
        # Pillow's own limits give way to ours.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        Image.MAX_IMAGE_PIXELS = None
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            _refuse_pixels(picture, most_of_jpeg if picture.format in JPEG else most, longest_side)
            is_jpeg = picture.format in JPEG
        try:
            upright = _upright(content)
        except OSError:
            if not is_jpeg:
                raise
            upright = _without_end(content)
    return _as_jpeg(upright)


def _refuse_pixels(picture: Image.Image, most: int, longest_side: int) -> None:
    if picture.width * picture.height > most:
        raise CannotOpen(Reason.PIXELS, most=most, is_side=False)
    if max(picture.size) > longest_side:
        raise CannotOpen(Reason.PIXELS, most=longest_side, is_side=True)


def _upright(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        picture.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))
        small = _full_colour(picture)
        small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        return ImageOps.exif_transpose(small)


def _without_end(content: bytes) -> Image.Image:
    """Return a JPEG that lacks nothing but its mark of the end. Raise `CannotOpen` if it lacks more.

    The decoder fills what is missing with grey and says nothing. It ignores more data after a whole
    picture, and draws it where a part is missing.
    """
    content = content.removesuffix(b"\xff")
    upright = _upright(content + JPEG_END)
    if upright.tobytes() != _upright(content + MORE_DATA + JPEG_END).tobytes():
        raise CannotOpen(Reason.CUT)
    return upright


def _full_colour(picture: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be made smaller without harm."""
    if picture.mode.startswith("I"):
        # 16 bits of grey: the upper eight are what a screen shows.
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("1", "P", "PA"):
        has_clear_parts = "transparency" in picture.info or picture.mode == "PA"
        return picture.convert("RGBA" if has_clear_parts else "RGB")
    return picture


def _as_jpeg(picture: Image.Image) -> tuple[dict[str, Any], bytes]:
    """Copy nothing but the pixels; what was transparent becomes white."""
    plain, file = Image.new("RGB", picture.size, "white"), io.BytesIO()
    if picture.mode in ("RGBA", "LA"):
        picture = picture.convert("RGBA")
        plain.paste(picture, mask=picture.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    plain.save(file, "JPEG", quality=82, optimize=True)
    return {"width": plain.width, "height": plain.height}, file.getvalue()
