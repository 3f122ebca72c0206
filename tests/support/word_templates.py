"""Templates for tests: the portal's own, changed part by part as another program or a hostile hand would."""

from __future__ import annotations

import io
import zipfile

from reports.documents.own import own_template
from reports.models import ReportKind

OWN = own_template(ReportKind.SCHEME)
DOCUMENT, RELATIONS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def changed(parts: dict, content: bytes = OWN) -> bytes:
    """The file with other parts: text or bytes, a function of the old text, or None for a part that is left out."""
    made, parts = io.BytesIO(), dict(parts)
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            new = parts.pop(name, source.read(name))
            if new is not None:
                target.writestr(name, new(source.read(name).decode()) if callable(new) else new)
        for name, new in parts.items():
            target.writestr(name, new)
    return made.getvalue()


def with_body(xml: str, content: bytes = OWN) -> bytes:
    """The file with more at the end of its body."""
    return changed({DOCUMENT: lambda text: text.replace("<w:sectPr", xml + "<w:sectPr", 1)}, content)


def with_relation(kind: str, target: str, more: str = "", content: bytes = OWN) -> bytes:
    relation = f'<Relationship Id="more" Type="{RELATED}/{kind}" Target="{target}" {more}/></Relationships>'
    return changed({RELATIONS: lambda text: text.replace("</Relationships>", relation)}, content)


def with_notes(notes: str, body: str = "") -> bytes:
    """The file with footnotes of its own."""
    override = f'<Override PartName="/word/notes.xml" ContentType="{NOTES}"/></Types>'
    content = changed(
        {
            TYPES: lambda text: text.replace("</Types>", override),
            "word/notes.xml": f'<w:footnotes xmlns:w="{WORD}">{notes}</w:footnotes>',
        },
        with_relation("footnotes", "notes.xml"),
    )
    return with_body(body, content)


def note(number: object, text: str = "Ghi chú") -> str:
    return f'<w:footnote w:id="{number}">{paragraph(run(text))}</w:footnote>'


def reference(number: object) -> str:
    return paragraph(f'<w:r><w:footnoteReference w:id="{number}"/></w:r>')


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def code(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(*inside: str) -> str:
    return mark("begin") + "".join(inside) + mark("end")


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"
