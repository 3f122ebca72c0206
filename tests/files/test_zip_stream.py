"""A ZIP that is sent while it is written."""

import io
import zipfile

from archiveportal.files.zip_stream import zip_pieces

FILES = {"01-a.jpg": b"\xff\xd8" * 70_000, "02-trống.txt": b"", "00-mục lục.docx": b"PK" * 500}


def test_it_is_an_ordinary_archive():
    content = b"".join(zip_pieces(FILES.items()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        # With bit 3 the sizes follow the content, and some programs refuse what is not compressed.
        assert not any(each.flag_bits & 0x08 for each in archive.infolist())


def test_each_file_is_given_before_the_next_is_read():
    read = []

    def files():
        for name, content in FILES.items():
            read.append(name)
            yield name, content

    pieces = zip_pieces(files())
    for place, (name, content) in enumerate(FILES.items(), 1):
        piece = next(pieces)
        assert len(read) == place and name.encode() in piece
        assert len(piece) < len(content) + 200
    assert b"PK\x05\x06" in next(pieces) and next(pieces, None) is None
