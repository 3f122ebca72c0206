"""Templates that fetch, run, damage or wear out: refused by what they mean, whatever their spelling."""

import io
import re
import struct
import zipfile
import zlib

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from archiveportal.accounts.scope import EVERYTHING
from archiveportal.no_breaks import NO_BREAK
from archiveportal.refusal import Refused
from archiveportal.word.untrusted.plain_document import repack_plain_document
from archiveportal.word.untrusted.rendering import MOST_USES
from reports.documents import filling, report_file
from reports.documents.own import MADE_AT
from reports.models import ReportKind
from reports.word_templates.services import take_template, try_out
from tests.support.papers import footnotes, words
from tests.support.word_templates import (
    DOCUMENT,
    OWN,
    RELATED,
    RELATIONS,
    TYPES,
    WORD,
    changed,
    code,
    field,
    mark,
    note,
    paragraph,
    reference,
    run,
    with_body,
    with_notes,
    with_relation,
)
from training.models import Scheme

OUTSIDE = 'TargetMode="External"'
SECTION = re.compile(r"<w:sectPr.*?</w:sectPr>", re.DOTALL)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
TABLE = '<w:tbl><w:tblGrid><w:gridCol w:w="900"/></w:tblGrid><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>'
SPLIT = "{</w:t></w:r><w:r><w:t>{ ten</w:t></w:r><w:proofErr w:type='spellStart'/><w:r w:rsidR='1'><w:t>_de_an }}"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink">{}</svg>'


def refusal(content: bytes) -> Refused | None:
    try:
        try_out(content, ReportKind.SCHEME)
    except Refused as refused:
        return refused
    return None


def report_in(cast, content: bytes) -> bytes:
    upload = SimpleUploadedFile("mau.docx", content)
    take_template(kind=ReportKind.SCHEME, upload=upload, by=cast.approver)
    return report_file(user=EVERYTHING, subject=Scheme.objects.get(), made_at=MADE_AT)


def picture(content: str, ending: str = "png") -> bytes:
    default = f'<Default Extension="{ending}" ContentType="image/{ending}"/></Types>'
    return changed({TYPES: lambda text: text.replace("</Types>", default), f"word/media/x.{ending}": content})


def in_utf16(text: str, before: str = "") -> bytes:
    return ('<?xml version="1.0" encoding="UTF-16"?>' + before + text[text.index("<w:document") :]).encode("utf-16")


def packed_twice() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(OWN)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr(DOCUMENT.upper(), source.read(DOCUMENT))
    return made.getvalue()


def bomb(megabytes: int, *, says: bytes = b"") -> bytes:
    """A picture of many zeros; by `says` the directory of the archive takes it for its first bytes alone."""
    kind = '<Default Extension="jpeg" ContentType="image/jpeg"/></Types>'
    made = io.BytesIO(changed({TYPES: lambda text: text.replace("</Types>", kind)}))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as target:
        target.writestr("docProps/x.jpeg", says + bytes(megabytes << 20))
    content = bytearray(made.getvalue())
    if says:
        entry = content.rindex(b"PK\x01\x02")
        start = struct.unpack_from("<I", content, entry + 42)[0]
        for place in (entry + 16, start + 14):
            struct.pack_into("<I", content, place, zlib.crc32(says))
            struct.pack_into("<I", content, place + 8, len(says))
    return bytes(content)


def locked() -> bytes:
    content = bytearray(OWN)
    for found in re.finditer(b"PK\x01\x02", OWN):
        content[found.start() + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("relations", "code"),
    [
        (f"<Relationship Id='a' Target='http://e/x' Type='{RELATED}/image' TargetMode = 'External'/>", "external"),
        (f'<Relationship TargetMode="&#69;xternal" Type="{RELATED}/im&#97;ge" Id="a" Target="//e/x"/>', "external"),
        (f'<p:Relationship xmlns:p="P" Type="{RELATED}/image" Id="a" Target="//e" {OUTSIDE}/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/image" Target="http://e/hyperlink" {OUTSIDE}/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/image" Target="http://e/x"/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/attachedTemplate" Target="x.dotm" {OUTSIDE}/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/hyperlink" Target="file://e/x" {OUTSIDE}/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/hyperlink" Target="x.docx" {OUTSIDE}/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/hyperlink" Target="&#106;avascript:x" {OUTSIDE}/>', "external"),
        (f'<Relationship Id="a" Type="{RELATED}/aFChunk" Target="x.html"/>', "objects"),
        (f'<Relationship Id="a" Type="{RELATED}/oleObject" Target="x.xml"/>', "objects"),
    ],
)  # fmt: skip
def test_what_leads_out_of_the_file_in_any_spelling(relations, code):
    text = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
    for encoding in ("utf-8", "utf-16"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}</Relationships>'.encode(encoding)
        assert refusal(changed({"word/_rels/header1.xml.rels": declared})).code == code


@pytest.mark.parametrize("target", ["https://hochiminhcity.gov.vn/", "http://a.vn", "mailto:vtlt@a.vn"])
def test_links_to_pages_and_letter_boxes_are_taken(target):
    assert refusal(with_relation("hyperlink", target, OUTSIDE)) is None


def test_a_link_is_not_the_address_of_a_picture():
    pictures = f'<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="{RELATED}" r:id="more"/>'
    content = with_body(paragraph(f"<w:r><w:pict>{pictures}</w:pict></w:r>"))
    assert refusal(with_relation("hyperlink", "http://e/x.png", OUTSIDE, content)).code == "external"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (field(code(" DD"), code("EAUTO c:\\x "), mark("separate"), run("1")), "DDEAUTO"),
        (field(run(" DDE"), code(" x")), "DDE"),
        (field(code(' IF 1=1 "'), field(code("includepicture x")), code('"')), "INCLUDEPICTURE"),
        (field(code("PAGE"), mark("separate"), field(code("LINK x"))), "LINK"),
        (field(field(code("QUOTE 68 68 69")), code(" PAGE")), "{…}"),
        (f"<x:fldSimple xmlns:x='{WORD}' x:instr=' INCLUDE&#84;EXT x'/>", "INCLUDETEXT"),
        (mark("begin") + code("MACROBUTTON x"), "MACROBUTTON"),
        (code("DATABASE x"), "DATABASE"),
        (field(code("MERGEFIELD ten")), "MERGEFIELD"),
        (field(code('HYPERLINK \\o "x" "file://e/a"')), "file://e/a"),
        (field(code("HYPERLINK \\\\e\\a")), "e"),
        (field(code("HYPERLINK "), field(code('QUOTE "file:"'))), "{…}"),
    ],
)
def test_a_field_code_that_is_refused_is_named(body, named):
    refused = refusal(with_body(paragraph(body)))
    assert refused.code == "external" and f"“{named}”" in refused.message % (refused.params or {})


@pytest.mark.parametrize(
    "body",
    [
        field(code(" PAGE \\* MERGEFORMAT "), mark("separate"), run("1")),
        field(code(' TOC \\o "1-3" '), mark("separate"), field(code(" PAGEREF _a \\h "), mark("separate"), run("2"))),
        field(code(' HYPERLINK \\l "_a" ')) + field(code('HYPERLINK "https://a.vn" \\t "_blank"')),
        "<w:fldSimple w:instr=' numpages '>" + run("3") + "</w:fldSimple>",
        field(code(" = 1 + 1 ")) + field(),
    ],
)
def test_field_codes_of_an_ordinary_paper_are_taken(body):
    assert refusal(with_body(paragraph(body))) is None


def test_what_a_condition_leaves_is_looked_at_too():
    body = paragraph(
        run("{% if nguoi_ky %}"), mark("begin"), code("REF "), run("{% endif %}"), code("DDE x"), mark("end")
    )
    assert refusal(with_body(body)).code == "external"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (with_body(f'<x:altChunk xmlns:x="{WORD}"/>'), "external"),
        (with_body(f'<x:subDoc xmlns:x="{WORD}"/>'), "external"),
        (with_body(paragraph("<w:r><w:object/></w:r>")), "objects"),
        (with_body(paragraph("<w:r><w:control/></w:r>")), "objects"),
        (changed({"word/settings.xml": f'<x:settings xmlns:x="{WORD}"><x:mailMerge/></x:settings>'}), "external"),
        (changed({DOCUMENT: lambda text: in_utf16(text, "<!DOCTYPE x>")}), "external"),
        (changed({"word/x.html": "<b/>"}), None),
        (changed({"word/x.exe": "MZ"}), "objects"),
        (picture("%!PS-Adobe"), "objects"),
        (picture(DRAWING.format('<image l:href="http://e/x.png"/>')), "external"),
        (picture(DRAWING.format("<style>a{fill:url(http://e)}</style>")), "external"),
        (picture(DRAWING.format("<style>a{fill:url(#b)}</style><use href='#b'/>"), "svg"), None),
        (changed({TYPES: lambda text: text.replace(MAIN, MACROS)}), "objects"),
        (changed({TYPES: lambda text: text.replace(MAIN, MAIN.replace(".document.", ".template."))}), "no_document"),
        (b"\xd0\xcf\x11\xe0 .doc", "no_document"),
        (locked(), "no_document"),
        (packed_twice(), "package"),
        (bomb(64), "too_large"),
        (bomb(64, says=b"zeros"), "objects"),
        (changed({f"word/media/{number}.png": b"" for number in range(1200)}), "too_large"),
        (changed({f"word/{number}.xml": "<a>" + " " * 1_000_000 + "</a>" for number in range(5)}), "too_large"),
        (with_body(paragraph("<w:r>" + "<w:t/>" * 70_000 + "</w:r>")), "too_large"),
        (with_body(paragraph(f'<w:r><w:pict r:id="no" xmlns:r="{RELATED}"/></w:r>')), "package"),
        (changed({DOCUMENT: in_utf16}), None),
    ],
)  # fmt: skip
def test_what_a_file_may_hold(content, code):
    assert getattr(refusal(content), "code", None) == code


def test_what_the_directory_of_an_archive_says_is_not_believed():
    content = bomb(64, says=b"\xff\xd8\xff")
    with zipfile.ZipFile(io.BytesIO(repack_plain_document(content))) as archive:
        assert archive.getinfo("docProps/x.jpeg").compress_size == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{p ten_de_an }}", "not_a_field"),
        ("{{tr ten_de_an }}", "not_a_field"),
        ("{%tr ten_de_an %}", "not_a_field"),
        ("{% colspan ten_de_an %}", "not_a_field"),
        ("{% raw %}{{ &lt;w:altChunk/&gt; }}{% endraw %}", "not_a_field"),
        ("{# ghi chú #}", "not_a_field"),
        ("{% if " + " or ".join(["ten_de_an"] * 30) + " %}{% endif %}", "not_a_field"),
        ("{{%tr if x %}", "syntax"),
        ("{{ }}", "syntax"),
        ("{{" * 100_000, "syntax"),
        ("{{ ten_de_an", "syntax"),
        ("{%if nguoi_ky%}x{%else%}y{%endif%}", None),
        (SPLIT, None),
    ],
)  # fmt: skip
def test_what_a_field_may_be(text, code):
    assert getattr(refusal(with_body(paragraph(run(text)))), "code", None) == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<w:p w:rsidR="{{ ten_de_an }}"/>', "misplaced"),
        (paragraph("<w:r><w:delText>{{ ten_de_an }}</w:delText></w:r>"), "misplaced"),
        (paragraph(run("{{ ten_")) + paragraph(run("de_an }}")), "syntax"),
        (paragraph(run("{% if nguoi_ky %}")) + TABLE.format(paragraph(run("{% endif %}"))), "syntax"),
        (paragraph(run("{%p if nguoi_ky %}")) + paragraph(run("a")) + paragraph(run("{%p endif %}")), None),
    ],
)  # fmt: skip
def test_where_a_field_may_stand(body, code):
    assert getattr(refusal(with_body(body)), "code", None) == code


@pytest.mark.parametrize("part", ["word/header1.xml", "docProps/core.xml", "word/notes.xml"])
def test_an_unknown_field_is_named_wherever_it_stands(part):
    content = with_notes(note(1), reference(1))
    places = {
        "word/header1.xml": ("</w:p>", run("{{ la_gi }}") + "</w:p>"),
        "docProps/core.xml": ("Mẫu báo cáo", "{{ la_gi }}"),
        "word/notes.xml": ("Ghi chú", "{{ la_gi }}"),
    }
    refused = refusal(changed({part: lambda text: text.replace(*places[part], 1)}, content))
    assert refused.code == "unknown_field" and "la_gi" in refused.message


def test_fields_are_counted_over_all_parts():
    fields = paragraph(run("{{ ten_de_an }}")) * (MOST_USES - 50)
    header = {
        "word/header1.xml": lambda text: text.replace("</w:hdr>", paragraph(run("{{ ten_de_an }}" * 60)) + "</w:hdr>")
    }
    assert refusal(with_body(fields)) is None
    assert refusal(changed(header, with_body(fields))).code == "too_many_fields"
    assert refusal(with_body(paragraph(run("{{ ten_de_an }}")) * 15_000)).code == "too_many_fields"
    title = {"docProps/core.xml": lambda text: text.replace("Mẫu báo cáo", "{{ ten_de_an }}" * 600)}
    assert refusal(changed(title)).code == "too_many_fields"


@pytest.mark.parametrize("settings", ["", "<w:sectPr/>"])
def test_a_template_without_page_settings(cast, settings):
    report = report_in(cast, changed({DOCUMENT: lambda text: SECTION.sub(settings, text)}))
    (section,) = docx.Document(io.BytesIO(report)).sections
    sizes = (section.page_width, section.page_height, section.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 30]
    assert section._sectPr.getnext() is None and "II. NHẬN XÉT, ĐÁNH GIÁ" in words(report)


def test_page_settings_that_do_not_stand_at_the_end(cast):
    report = report_in(
        cast, changed({DOCUMENT: lambda text: SECTION.sub("", text).replace("<w:body>", "<w:body><w:sectPr/>")})
    )
    assert docx.Document(io.BytesIO(report)).element.body[-1].tag.endswith("}sectPr")


def test_footnotes_of_the_template_stay_beside_those_of_the_report(cast):
    before = footnotes(report_file(user=EVERYTHING, subject=Scheme.objects.get(), made_at=MADE_AT))
    report = report_in(cast, with_notes(note(0, "Theo {{ so_ky_hieu }}") + note(1), reference(0) + reference(1)))
    with zipfile.ZipFile(io.BytesIO(report)) as archive:
        text = archive.read("word/notes.xml").decode().replace(NO_BREAK, " ")
        named = re.findall(r'footnoteReference w:id="(-?\d+)"', archive.read(DOCUMENT).decode())
    ids = re.findall(r'<w:footnote [^>]*w:id="(-?\d+)"', text)
    assert len(ids) == len(set(ids)) == 4 + len(before) and set(named) < set(ids)
    assert len(named) == 2 + len(before) == len(set(named))
    assert "Theo Số: ………/BC-SNV" in text and "<w:separator/>" in text and "<w:continuationSeparator/>" in text


def test_words_in_a_footnote_are_never_fields(cast):
    """The document has two sections; each piece is filled in once."""
    scheme = Scheme.objects.get()
    scheme.name = "Đề án {{ so_ky_hieu }} {{ la }}"
    scheme.save(update_fields=["name"])
    section = paragraph("<w:pPr><w:sectPr/></w:pPr>")
    content = with_notes(note(1, "{{ ten_de_an }}"), reference(1) + section)
    with zipfile.ZipFile(io.BytesIO(report_in(cast, content))) as archive:
        assert "Đề án {{ so_ky_hieu }} {{ la }}" in archive.read("word/notes.xml").decode()


@pytest.mark.parametrize(
    "content",
    [
        with_notes(note(1) + note(1), reference(1)),
        with_notes("<w:footnote/>"),
        with_notes(note("x")),
        with_notes(note(2147483647), reference(2147483647)),
        with_notes(note(1), reference(5)),
        with_body(reference(1)),
        changed({"word/header1.xml": "<foo/>"}),
        changed({RELATIONS: lambda text: re.sub("<Relationship [^>]*header[^>]*/>", "", text)}),
    ],
)
def test_damaged_notes_and_headers_are_refused(content):
    assert refusal(content).code in ("footnotes", "parts", "package")


@pytest.mark.parametrize(
    "parts",
    [
        {"word/styles.xml": f'<w:styles xmlns:w="{WORD}"/>'},
        {"word/styles.xml": None, RELATIONS: lambda text: re.sub(r"<Relationship [^>]*/styles\"[^>]*/>", "", text)},
        {
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}"><w:style w:type="paragraph" w:styleId="Heading1">'
            '<w:name w:val="Tên khác"/></w:style></w:styles>'
        },
    ],
)
def test_a_template_without_styles(cast, parts):
    report = report_in(cast, changed(parts))
    styles = docx.Document(io.BytesIO(report)).styles
    ids = [style.style_id for style in styles]
    assert len(ids) == len(set(ids)) and {"Normal", "Heading 1", "Heading 2", "Table Grid"} <= {s.name for s in styles}
    assert "Heading 1" in [each.style.name for each in docx.Document(io.BytesIO(report)).paragraphs]


def test_a_style_of_another_kind_is_refused_by_name():
    style = ('w:type="paragraph" w:styleId="Heading1"', 'w:type="character" w:styleId="Heading1"')
    refused = refusal(changed({"word/styles.xml": lambda text: text.replace(*style)}))
    assert refused.code == "style" and "Heading 1" in refused.message


def test_whatever_a_template_does_the_report_is_made(cast, monkeypatch):
    before = report_file(user=EVERYTHING, subject=Scheme.objects.get(), made_at=MADE_AT)
    report_in(cast, with_body(paragraph(run("Mẫu riêng"))))
    made = filling._rendered

    def broken(content, *arguments, **options):
        if content != OWN:
            raise TypeError("of the libraries")
        return made(content, *arguments, **options)

    monkeypatch.setattr(filling, "_rendered", broken)
    assert report_file(user=EVERYTHING, subject=Scheme.objects.get(), made_at=MADE_AT) == before


def test_a_refusal_is_a_sentence_on_the_page(cast, sign_in):
    content = with_body(paragraph(field(code(" INCLUDE"), code("PICTURE x "))))
    upload = SimpleUploadedFile("mau.docx", content)
    page = sign_in(cast.approver).post(reverse("reports:templates"), {"kind": "de-an", "de-an-upload": upload})
    assert page.status_code == 200 and "INCLUDEPICTURE" in page.content.decode()
