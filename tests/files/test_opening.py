"""Documents are opened, in a process of its own: what is taken, what is refused and with which words."""

import io
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from archiveportal.files.judging import judge_content
from archiveportal.files.services import ANY_KIND, PICTURE_OR_PDF, check_file, keep_file
from archiveportal.opening import process
from archiveportal.opening.process import Limits, open_limited
from archiveportal.opening.reasons import CannotOpen, Reason
from archiveportal.refusal import Refused
from archiveportal.sheets.reading.opening import TableFormat, format_of_table
from archiveportal.word.untrusted.plain_document import repack_plain_document
from criteria.inspections.models import Evidence
from tests.support.factories import answer, enrol, make_user
from tests.support.office import (
    LOCKED_WORD_STREAM,
    LOCKED_WORKBOOK_STREAM,
    WORD_STREAM,
    WORKBOOK_STREAM,
    compound_file,
    packed,
    with_replaced,
    word_parts,
)
from tests.support.pdf import pdf_of
from tests.support.pictures import PDF, upload, word_file

SAMPLES = Path(__file__).parents[1] / "sheets"
TRANSITIONAL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships"


def judged(content: bytes, name: str = "tep", kinds=ANY_KIND):
    with translation.override("vi"):
        return judge_content(content, name=name, kinds=kinds)


def refusal(content: bytes, name: str = "tep", kinds=ANY_KIND) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        judged(content, name, kinds)
    return refused.value


def encrypted(word: str, algorithm: str = "RC4-128") -> bytes:
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(PDF))
    writer.encrypt(word, "chu nhan", algorithm=algorithm)
    writer.write(file)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        b"\xef\xbb\xbf" + PDF,
        b"\r\n\r\n" + PDF,
        b"Content-Type: application/pdf\r\n\r\n" + PDF,
        b"x" * 1000 + PDF,
        PDF.replace(b"%PDF-1.7", b"%PDF-2.0"),
        PDF + b"\0" * 5000,
        PDF + b"\r\n<!-- cached -->",
        PDF.removesuffix(b"%%EOF\n"),
        encrypted(""),
        encrypted("", "AES-128"),
        encrypted("", "AES-256"),
    ],
    ids=[
        *("plain", "BOM", "blank lines", "mail", "much before", "2.0", "zeros after", "text after", "no end"),
        *("protected only", "protected by AES", "protected by AES-256"),
    ],
)
def test_pdfs_that_every_reader_opens_are_taken(content):
    assert judged(content, kinds=PICTURE_OR_PDF).kind == "pdf"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.4\n", "broken"),
        (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "broken"),
        (PDF[: len(PDF) // 2], "broken"),
        (pdf_of([]), "broken"),
        (encrypted("mat khau"), "password"),
        (encrypted("mat khau", "AES-128"), "password"),
        (encrypted("mat khau", "AES-256"), "password"),
        (b"x" * 1100 + PDF, "kind"),
        (b"<html>%PDF-1.4", "kind"),
    ],
)
def test_what_no_reader_opens_is_no_scan(content, code):
    assert refusal(content, "quet.pdf", PICTURE_OR_PDF).code == code


def test_the_password_is_named():
    for content in (encrypted("mat khau"), compound_file({"EncryptedPackage": b"x"})):
        assert "mật khẩu" in refusal(content).message


def of_the_web() -> bytes:
    return with_replaced(word_parts(), b"word/document.xml", b"word/document2.xml")


def strict() -> bytes:
    return with_replaced(word_parts(), TRANSITIONAL, STRICT)


@pytest.mark.parametrize(
    ("content", "kind", "file_format"),
    [
        (word_file(), "word", "docx"),
        (of_the_web(), "word", "docx"),
        (strict(), "word", "docx"),
        (workbook(), "excel", "xlsx"),
        (with_replaced(parts_of(workbook()), b"xl/workbook.xml", b"xl/workbook2.xml"), "excel", "xlsx"),
        (compound_file({"WordDocument": WORD_STREAM, "1Table": b""}), "word", "doc"),
        (compound_file({"Workbook": WORKBOOK_STREAM}), "excel", "xls"),
        (compound_file({"Book": WORKBOOK_STREAM}), "excel", "xls"),
        ((SAMPLES / "sample.xls").read_bytes(), "excel", "xls"),
    ],
)
def test_documents_of_offices_are_recognised(content, kind, file_format):
    found = judged(content)
    assert (found.kind, found.file_format, found.copy) == (kind, file_format, ())


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (compound_file({"EncryptionInfo": b"", "EncryptedPackage": b""}), "password", "mật khẩu"),
        (compound_file({"WordDocument": LOCKED_WORD_STREAM}), "password", "mật khẩu"),
        (compound_file({"Workbook": LOCKED_WORKBOOK_STREAM}), "password", "mật khẩu"),
        (compound_file({"WordDocument": WORD_STREAM, "Macros": b""}), "macros", "macro"),
        (compound_file({"Workbook": WORKBOOK_STREAM, "_VBA_PROJECT_CUR": b""}), "macros", "macro"),
        (with_replaced(word_parts(), b"wordprocessingml.document.main", b"wordprocessingml.template.main"),
         "template", ".dotx"),
        (with_replaced(word_parts(), b"openxmlformats-officedocument.wordprocessingml.document.main",
                       b"ms-word.document.macroEnabled.main"), "macros", "macro"),
        (with_replaced(word_parts(), b"<w:document", b"<w:nothing"), "broken", "hỏng"),
        (packed(word_parts() | {"word/document.xml": b"<w:document"}), "broken", "hỏng"),
        (word_file()[:-200], "broken", "hỏng"),
        (compound_file({"WordDocument": b"something else"}), "broken", "hỏng"),
        (compound_file({"PowerPoint Document": b""}), "kind", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4000, "broken", "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "broken", "hỏng"),
        ((SAMPLES / "sample.ods").read_bytes(), "kind", "dù tên tệp"),
        (packed({"word/document.xml": b"<w:document/>"}), "kind", "Word"),
        (b"{\\rtf1 Quyet dinh}", "kind", "rich text"),
        (b"\xef\xbb\xbf<html><table>", "kind", "trang web"),
    ],
)  # fmt: skip
def test_each_refusal_gives_its_own_reason(content, code, said):
    refused = refusal(content, "quyet dinh.doc")
    assert refused.code == code
    assert said in refused.message


@pytest.mark.parametrize(
    ("content", "name", "kinds", "said"),
    [
        (b"<html>Bien ban</html>", "biên bản.pdf", PICTURE_OR_PDF, "không phải là PDF"),
        (word_file(), "biên bản.PDF", PICTURE_OR_PDF, "không phải là PDF"),
        (b"\r\n\xff\xd8\xff\xe0", "kho.JPG", PICTURE_OR_PDF, "không phải là ảnh"),
        (b"Rar!\x1a\x07\x01", "quyết định.docx", ANY_KIND, "không phải là Word"),
        (PDF, "quyết định.docx", ["word"], "không phải là Word"),
        (b"Rar!\x1a\x07\x01", "quyết định.rar", ANY_KIND, "chỉ đính kèm được"),
        (PDF, "biên bản.pdf", ["word"], "chỉ đính kèm được"),
    ],
)
def test_a_name_that_promises_what_may_be_attached_is_contradicted(content, name, kinds, said):
    refused = refusal(content, name, kinds)
    assert (refused.code, said in refused.message) == ("kind", True)


def test_where_scans_are_taken_no_document_is():
    for content in (word_file(), workbook(), compound_file({"WordDocument": WORD_STREAM})):
        assert refusal(content, kinds=PICTURE_OR_PDF).code == "kind"
    assert refusal(PDF, kinds=["word"]).code == "kind"


@pytest.mark.django_db
def test_old_documents_are_evidence_that_is_saved_and_never_shown(cast, sign_in, mine_checklist):
    client = sign_in(cast.inspector)
    content = compound_file({"WordDocument": WORD_STREAM})
    page = client.get(reverse("inspections:evidence-add", args=[mine_checklist.pk, "TC01"]))
    form = page.context["form"].initial
    sent = {"user": form["user"], "criterion": "TC01", "upload_id": form["upload_id"], "via": "page"}
    answered = client.post(
        reverse("inspections:evidence", args=[mine_checklist.pk]), sent | {"file": upload(content, "qd 12")}
    )
    assert answered.status_code == 302
    piece = Evidence.objects.get()
    assert (piece.file.kind, piece.file.name) == ("word", "qd 12.doc")


@pytest.mark.django_db
def test_the_name_says_the_format_and_so_does_the_answer(rf):
    from archiveportal.files.responses import attached

    person = make_user()
    for content, name, content_type in (
        (compound_file({"WordDocument": WORD_STREAM}), "qd.doc", "application/msword"),
        (compound_file({"Workbook": WORKBOOK_STREAM}), "bieu.docx.xls", "application/vnd.ms-excel"),
    ):
        stored = keep_file(upload=upload(content, name.removesuffix(".xls")), by=person, kinds=ANY_KIND)
        response = attached(rf.get("/"), stored)
        assert stored.name == name and response["Content-Type"] == content_type
        assert (
            response["Content-Disposition"].startswith("attachment")
            and "sandbox" in response["Content-Security-Policy"]
        )


@pytest.mark.parametrize("is_locked", [True, False])
def test_a_template_says_whether_it_is_locked_or_old(is_locked):
    content = compound_file({"EncryptedPackage" if is_locked else "WordDocument": WORD_STREAM})
    with pytest.raises(Refused) as refused, translation.override("vi"):
        repack_plain_document(content)
    assert ("mật khẩu" in refused.value.message) == is_locked
    assert (".doc)" in refused.value.message) != is_locked


def test_a_template_of_office_on_the_web_is_read_and_a_strict_one_says_why_not():
    assert repack_plain_document(of_the_web())
    with pytest.raises(Refused, match="Strict"):
        repack_plain_document(strict())


def test_a_template_of_libreoffice_keeps_one_part_of_properties():
    """LibreOffice 7.4 writes “officedocument” in small letters in the type of one relationship."""
    parts = word_parts()
    kind = b"package/2006/relationships/metadata/core-properties"
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        kind, b"officedocument/2006/relationships/metadata/core-properties"
    )
    import docx

    document, made = docx.Document(io.BytesIO(repack_plain_document(packed(parts)))), io.BytesIO()
    document.core_properties.title = "Báo cáo"
    document.save(made)
    with zipfile.ZipFile(made) as archive:
        assert sorted(set(archive.namelist())) == sorted(archive.namelist())


def test_tables_are_told_by_what_they_say_of_themselves():
    renamed = with_replaced(parts_of(workbook()), b"xl/workbook.xml", b"xl/workbook2.xml")
    assert format_of_table(renamed) == TableFormat.XLSX
    assert format_of_table((SAMPLES / "sample.ods").read_bytes()) == TableFormat.ODS
    text = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})
    for content, code in ((text, "no_table"), (word_file(), "no_table")):
        with pytest.raises(Refused) as refused:
            format_of_table(content)
        assert refused.value.code == code


@pytest.mark.parametrize(("limits", "code"), [(Limits(memory=1 << 20), None), (Limits(seconds=0), "too_large")])
def test_the_limits_end_the_process(limits, code):
    with pytest.raises(CannotOpen) as refused:
        open_limited("pdf", PDF, limits=limits)
    assert code is None or refused.value.reason == code


def test_two_files_are_open_at_once_and_a_third_waits(monkeypatch):
    monkeypatch.setattr(process, "LONGEST_QUEUE", 0.2)
    with process._one_of_few(), process._one_of_few():
        with pytest.raises(CannotOpen) as refused:
            open_limited("pdf", PDF, limits=Limits())
        assert refused.value.reason == Reason.BUSY
        monkeypatch.setattr(process, "LONGEST_QUEUE", 20)
        done: list[dict] = []
        waiting = threading.Thread(target=lambda: done.append(open_limited("pdf", PDF, limits=Limits())[0]))
        waiting.start()
        time.sleep(0.1)
        assert not done
    waiting.join()
    assert done == [{"pages": 1}]


def test_the_process_imports_nothing_of_django():
    readers = Path(process.PROGRAM).parent / "readers"
    names = [f"archiveportal.opening.readers.{path.stem}" for path in readers.glob("[a-z]*.py")]
    code = f"import sys; sys.path.insert(0, {str(Path(process.PROGRAM).parents[2])!r})\n"
    code += "\n".join(f"import {name}" for name in names)
    code += "\nprint([name for name in sys.modules if name.split('.')[0] == 'django'])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert len(names) == 7 and done.stdout.strip() == "[]"


@pytest.fixture
def mine_checklist(cast):
    from tests.support.factories import make_round, make_ward

    enrolment = enrol(make_round(), make_ward())
    answer(enrolment, cast.inspector, "met")
    return enrolment


def test_checking_reads_the_name_for_nothing():
    checked = check_file(upload=upload(of_the_web(), "bien ban.pdf"), kinds=ANY_KIND)
    assert (checked.kind, checked.name) == ("word", "bien ban.pdf.docx")
