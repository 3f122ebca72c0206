"""The last step of every Word file: its properties, where its lines may break, and its bytes."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from archiveportal.file_properties import LANGUAGE, agency, extended_properties, moment_of_file, title_of_file
from archiveportal.word.line_breaks import keep_names_together

#: what a template says of itself is not said of the report that is made from it
OF_THE_TEMPLATE = ("category", "comments", "content_status", "identifier", "keywords", "subject", "version")
LAST_PRINTED = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastPrinted"


def finished(document: Any, *, title: str, made_at: datetime.datetime) -> bytes:
    """Return the document as a file with the properties of the agency. The same document and the
    same `made_at` give the same bytes."""
    keep_names_together(document)
    _describe(document, title, made_at)
    return _same_bytes(document)


def speak_vietnamese(document: Any) -> None:
    """Set the language of all text, so that Word checks no Vietnamese word as an English one."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    for script in ("val", "eastAsia"):
        language.set(qn(f"w:{script}"), LANGUAGE)


def _describe(document: Any, title: str, made_at: datetime.datetime) -> None:
    about = document.core_properties
    about.title, issuer = title_of_file(title), agency()
    about.author = about.last_modified_by = issuer
    about.language, about.revision = LANGUAGE, 1
    about.created = about.modified = moment_of_file(made_at)
    for name in OF_THE_TEMPLATE:
        setattr(about, name, "")
    root = document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).element
    for printed in root.findall(LAST_PRINTED):
        root.remove(printed)
    _replace_extended_properties(document.part.package, issuer)


def _replace_extended_properties(package: Any, issuer: str) -> None:
    """Leave out the thumbnail and put the agency in the place of program, company and manager."""
    for key, relation in list(package.rels.items()):
        # By the last word: strict OOXML has the same words at another address.
        if relation.reltype.rpartition("/")[2] in ("thumbnail", "extended-properties"):
            del package.rels[key]
    name = PackURI("/docProps/app.xml")
    part = Part(name, CONTENT_TYPE.OFC_EXTENDED_PROPERTIES, extended_properties(issuer), package)
    package.relate_to(part, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)


def leave_out_unused(document: Any, table_styles: set[str]) -> None:
    """Remove the styles of other tables, the copy of all styles for programs of 2007, and the thumbnail."""
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in table_styles:
            style.element.getparent().remove(style.element)
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] in ("stylesWithEffects", "thumbnail"):
                del part.rels[key]


class _Members:
    """Takes what python-docx writes into an archive: its members by name, not compressed yet."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def write(self, name: PackURI, content: bytes) -> None:
        self.contents[name.membername] = content


def _same_bytes(document: Any) -> bytes:
    """Return the archive without the time of its making.

    Its members are taken before python-docx packs them, which would be done twice.
    """
    package, members, made = document.part.package, _Members(), io.BytesIO()
    for part in package.parts:
        part.before_marshal()
    PackageWriter._write_content_types_stream(members, package.parts)  # noqa: SLF001
    PackageWriter._write_pkg_rels(members, package.rels)  # noqa: SLF001
    PackageWriter._write_parts(members, package.parts)  # noqa: SLF001
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members.contents, key=lambda name: (name != "[Content_Types].xml", name)):
            archive.writestr(zipfile.ZipInfo(name), members.contents[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()
