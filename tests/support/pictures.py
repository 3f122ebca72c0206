"""Made-up uploads for tests."""

import io
import zipfile

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.support.pdf import pdf_of

#: 10°46'37" north, 106°42'4" east
PLACE = {1: "N", 2: (10.0, 46.0, 37.0), 3: "E", 4: (106.0, 42.0, 4.0)}
PDF = pdf_of([["Kế hoạch"]])


def photograph(
    size=(80, 60), colour="teal", *, mode="RGB", image_format="JPEG", place=False, orientation=None, **options
) -> bytes:
    picture, file, exif = Image.new(mode, size, colour), io.BytesIO(), Image.Exif()
    if place:
        exif.get_ifd(0x8825).update(PLACE)
        exif[0x010F] = "Điện thoại"
    if orientation:
        exif[0x0112] = orientation
    picture.save(file, image_format, exif=exif, **options)
    return file.getvalue()


def upload(content: bytes | None = None, name: str = "kho.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photograph() if content is None else content)


def word_file(*names: str) -> bytes:
    """Return a Word file with more parts of these names."""
    file = io.BytesIO()
    docx.Document().save(file)
    with zipfile.ZipFile(file, "a") as archive:
        for name in names:
            archive.writestr(name, b"part")
    return file.getvalue()
