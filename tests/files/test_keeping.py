"""Uploaded files: what is taken, what is refused with words, and what the shown copy still carries."""

import io
import random
import struct
import zlib

import pytest
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from PIL import Image

from archiveportal.files import services
from archiveportal.files.models import StoredFile
from archiveportal.files.services import ANY_KIND, clean_name, files_or_nothing, keep_file
from archiveportal.files.uploads import LARGEST_REQUEST, RefuseHugeRequests
from tests.support.factories import make_user
from tests.support.pictures import PDF, photograph, upload, word_file


def noise(**options) -> bytes:
    """Return a photograph whose last bytes are picture too."""
    mode, file = options.pop("mode", "RGB"), io.BytesIO()
    dots = random.Random(7).randbytes(300 * 200 * 3)
    Image.frombytes("RGB", (300, 200), dots).convert(mode).save(file, "JPEG", **options)
    return file.getvalue()


@pytest.fixture
def person(db):
    return make_user()


def stored_names() -> set[str]:
    if not default_storage.exists(""):
        return set()
    folders, _files = default_storage.listdir("")
    names: set[str] = set()
    for folder in folders:
        names |= {f"{folder}/{name}" for name in default_storage.listdir(folder)[1]}
    return names


def shown(stored: StoredFile) -> Image.Image:
    with stored.shown.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


def test_the_shown_copy_has_no_position_and_stands_upright(person):
    content = photograph((400, 200), place=True, orientation=6)
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    stored = keep_file(upload=upload(content), by=person)
    picture = shown(stored)
    assert not picture.getexif()
    assert not picture.getexif().get_ifd(0x8825)
    assert not picture.info.get("exif")
    assert picture.size == (stored.width, stored.height) == (200, 400)
    with stored.original.open("rb") as file:
        assert file.read() == content


def test_a_large_photograph_is_shown_scaled(person):
    stored = keep_file(upload=upload(photograph((4000, 3000))), by=person)
    assert (stored.width, stored.height) == (1600, 1200)


def grey16() -> bytes:
    file = io.BytesIO()
    Image.new("I;16", (40, 30), 0x8000).save(file, "PNG")
    return file.getvalue()


def test_sixteen_bits_of_grey_stay_grey(person):
    picture = shown(keep_file(upload=upload(grey16(), "quet.png"), by=person))
    assert 120 <= picture.convert("L").getpixel((5, 5)) <= 136


def test_what_is_transparent_becomes_white(person):
    for mode, colour in (("RGBA", (200, 0, 0, 0)), ("LA", (0, 0))):
        content = photograph(mode=mode, colour=colour, image_format="PNG")
        picture = shown(keep_file(upload=upload(content, "dau.png"), by=person))
        assert min(picture.getpixel((5, 5))) > 250


def test_printers_colours_and_animations_are_shown(person):
    cmyk = photograph(mode="CMYK", colour=(0, 255, 255, 0))
    red = shown(keep_file(upload=upload(cmyk), by=person)).getpixel((5, 5))
    assert red[0] > 150 > red[1]
    frames, file = [Image.new("P", (30, 20), n) for n in range(3)], io.BytesIO()
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    assert shown(keep_file(upload=upload(file.getvalue(), "dong.png"), by=person)).size == (30, 20)
    file = io.BytesIO()
    frames[0].convert("RGB").save(file, "WEBP", save_all=True, append_images=[f.convert("RGB") for f in frames[1:]])
    assert keep_file(upload=upload(file.getvalue(), "dong.webp"), by=person).kind == "picture"


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "rong.jpg", None),
        (photograph()[:200], "hong.jpg", "broken"),
        (noise()[:-50], "thieu.jpg", "cut"),
        (noise(progressive=True)[:-50], "thieu.jpg", "cut"),
        (noise()[:20_000], "nua.jpg", "cut"),
        (photograph(image_format="PNG")[:-30], "hong.png", "broken"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00garbage" * 9, "hong.jpg", "broken"),
        (b"\xff\xd8\xff<?php system($_GET[0]); ?>", "anh.jpg.php", "broken"),
        (png_of(30_000, 30_000), "bom.png", "pixels"),
        (png_of(8_000, 8_000), "bom.png", "pixels"),
        (png_of(13_000, 10), "dai.png", "pixels"),
        (png_of(2_000_000_000, 2_000_000_000), "bom.png", "pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "hinh.svg", "kind"),
        (b"<!doctype html><script>alert(1)</script>", "trang.jpg", "kind"),
        (b"GIF89a" + b"\x00" * 50, "anh.gif", "kind"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "IMG_1.HEIC", "kind"),
        (b"PK\x03\x04" + b"\x00" * 80, "hong.docx", "broken"),
        (word_file("word/vbaProject.bin"), "macro.docm", "macros"),
        (b"MZ\x90\x00" + b"\x00" * 100, "chay.exe", "kind"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(person, content, name, code):
    before = stored_names()
    with pytest.raises(ValidationError) as refusal:
        keep_file(upload=SimpleUploadedFile(name, content), by=person, kinds=ANY_KIND)
    assert refusal.value.code == code
    assert refusal.value.message
    assert stored_names() == before
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"mode": "CMYK"}])
@pytest.mark.parametrize("missing", [1, 2])
def test_a_photograph_that_lacks_only_its_end_mark_is_taken(person, options, missing):
    whole = noise(**options)
    stored = keep_file(upload=upload(whole[:-missing]), by=person)
    assert shown(stored).tobytes() == shown(keep_file(upload=upload(whole), by=person)).tobytes()


def test_the_largest_photographs_fit_into_the_process(person):
    """50 megapixels of the kind that takes the most memory to open."""
    content = photograph((8_300, 6_000), mode="CMYK", colour=(9, 9, 9, 9), progressive=True, subsampling=0)
    stored = keep_file(upload=upload(content), by=person)
    assert (stored.width, stored.height) == (1600, 1157)


def test_a_file_of_thirty_megabytes_is_refused(person):
    with pytest.raises(ValidationError) as refusal:
        keep_file(upload=upload(PDF + b"\x00" * 30 * 1024 * 1024, "to.pdf"), by=person)
    assert refusal.value.code == "too_large"
    assert "31" in refusal.value.message and "15" in refusal.value.message


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\a\\kho.jpg", "kho.jpg"),
        ("anh.jpg.php", "anh.jpg.php.jpg"),
        ("kho\r\nSet-Cookie: a=b.jpg", "kho Set-Cookie a=b.jpg"),
        ("", "tep.jpg"),
        ("...", "tep.jpg"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("Ảnh kho lưu trữ.JPG", "Ảnh kho lưu trữ.JPG"),
        ("x" * 500 + ".jpg", "x" * 116 + ".jpg"),
    ],
)
def test_names_are_fit_to_be_shown_and_end_as_the_content_is(person, name, kept):
    given = upload()
    given._name = name
    stored = keep_file(upload=given, by=person)
    assert stored.name == kept
    assert "/" not in clean_name(name)
    assert not set(stored.original.name) - set("0123456789abcdef/")
    assert kept.split(".")[0] not in stored.original.name


def test_a_document_that_is_something_else_too_is_only_a_document(person):
    stored = keep_file(upload=upload(PDF + b"<script>alert(1)</script>", "a.hta"), by=person)
    assert (stored.kind, stored.name, stored.width) == ("pdf", "a.hta.pdf", None)
    picture = keep_file(upload=upload(photograph() + b"<?php echo 1; ?>", "a.php"), by=person)
    with picture.shown.open("rb") as file:
        assert b"<?php" not in file.read()
    assert keep_file(upload=upload(word_file(), "bb.docx"), by=person, kinds=ANY_KIND).kind == "word"


def test_a_row_that_fails_leaves_no_file(person, monkeypatch):
    before = stored_names()

    @files_or_nothing()
    @transaction.atomic
    def save_two():
        keep_file(upload=upload(), by=person)
        assert stored_names() != before
        raise RuntimeError

    with pytest.raises(RuntimeError):
        save_two()
    monkeypatch.setattr(services.StoredFile, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keep_file(upload=upload(), by=person)
    assert stored_names() == before


def test_files_without_a_row_are_swept_after_a_day(person, settings, tmp_path, capsys):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    stored = keep_file(upload=upload(), by=person)
    orphan, young, foreign = tmp_path / "ab" / ("a" * 48), tmp_path / "cd" / ("c" * 48), tmp_path / "ab" / "readme.txt"
    for path in (orphan, young, foreign):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    import os
    import time

    long_ago = time.time() - 100_000
    kept = [tmp_path / stored.original.name, tmp_path / stored.shown.name]
    for path in (orphan, foreign, *kept):
        os.utime(path, (long_ago, long_ago))
    call_command("sweep_files")
    assert capsys.readouterr().out.startswith("1 ")
    assert not orphan.exists()
    assert all(path.exists() for path in (young, foreign, *kept))


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_broken_connection_leaves_the_file_since_its_row_may_stand(person, error):
    before = stored_names()
    with pytest.raises(error), files_or_nothing():
        keep_file(upload=upload(PDF, "a.pdf"), by=person)
        raise error
    left = stored_names() - before
    assert len(left) == 1
    with pytest.raises(ValueError), files_or_nothing():
        keep_file(upload=upload(PDF, "a.pdf"), by=person)
        raise ValueError
    assert stored_names() - before == left


def test_a_request_far_too_large_is_refused_before_it_is_read():
    handler = RefuseHugeRequests()
    assert handler.handle_raw_input(None, {}, LARGEST_REQUEST) is None
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, LARGEST_REQUEST + 1)


@pytest.mark.parametrize(
    ("content", "limit"),
    [(png_of(8_000, 8_000), "25 megapixel"), (png_of(13_000, 10), "12.000 điểm ảnh mỗi cạnh")],
)
def test_the_refusal_names_the_limit_that_was_passed(person, content, limit):
    with translation.override("vi"), pytest.raises(ValidationError, match=limit):
        keep_file(upload=upload(content, "lon.png"), by=person)
