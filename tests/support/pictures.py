"""Made-up uploads for tests."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

#: 10°46'37" north, 106°42'4" east
PLACE = {1: "N", 2: (10.0, 46.0, 37.0), 3: "E", 4: (106.0, 42.0, 4.0)}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


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
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("word/document.xml", *names):
            archive.writestr(name, "<w:document/>")
    return file.getvalue()
