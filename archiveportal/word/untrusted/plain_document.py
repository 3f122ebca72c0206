"""Whether a Word file is a plain document: words and pictures, nothing from outside, nothing that runs.

All is judged on the XML as a reader understands it, never on its spelling, and by what a paper needs: kinds of parts,
of relationships and of field codes that are not known are refused by name.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import docx
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from archiveportal.opening.packages import STRICT
from archiveportal.refusal import Refused
from archiveportal.word.untrusted.codes import attribute, is_link, local, refuse_codes, refuse_link
from archiveportal.word.untrusted.package import LARGEST_PART, TEXTS, no_document, packed, parts_of, too_large

#: parts of a file that are more than words, whatever they say they are
ALIEN = re.compile(r"(embeddings|activeX|vbaProject|vbaData|afchunk)", re.IGNORECASE)
#: the relationships of the package itself; how the type of the one to its properties ends
PACKAGE_RELATIONS, PROPERTIES = "_rels/.rels", "/relationships/metadata/core-properties"
#: of one part; a paper of a hundred pages has some thirty thousand
MOST_ELEMENTS = 60_000
#: relationships by the end of their type, in small letters; the rest of it differs between the editions of the standard
KNOWN_RELATIONSHIPS = frozenset([
    "officedocument", "core-properties", "extended-properties", "custom-properties", "thumbnail", "styles",
    "styleswitheffects", "numbering", "settings", "websettings", "fonttable", "font", "theme", "header", "footer",
    "footnotes", "endnotes", "comments", "commentsextended", "commentsids", "commentsextensible", "people", "image",
    "hdphoto", "hyperlink", "customxml", "customxmlprops", "glossarydocument", "printersettings", "diagramdata",
    "diagramlayout", "diagramquickstyle", "diagramcolors", "diagramdrawing", "classificationlabels",
    "intelligence2", "intelligence", "documenttasks",
])  # fmt: skip
#: where the address of a link may be used; anything else would fetch what is there
LINKS = ("hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver")
#: attributes that name a relationship
RELATED = ("{http://schemas.openxmlformats.org/officeDocument/", "{http://purl.oclc.org/ooxml/officeDocument/")
IDS = ("id", "embed", "link", "pict", "href")
ELEMENTS = {
    "altChunk": gettext_lazy("another file put into the text"),
    "subDoc": gettext_lazy("another document put into the text"),
    "attachedTemplate": gettext_lazy("a template that it is attached to"),
    "mailMerge": gettext_lazy("a mail merge"),
    "webVideoPr": gettext_lazy("a video from the web"),
    "schemaLibrary": gettext_lazy("a library of schemas"),
}
OBJECTS = ("object", "OLEObject", "control")
#: how pictures begin: PNG, JPEG, GIF, BMP, TIFF, Windows metafiles, icons, JPEG XR
PICTURES = (
    b"\x89PNG", b"\xff\xd8", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\x01\0\0\0", b"\xd7\xcd\xc6\x9a", b"\x01\0\x09\0",
    b"\0\0\x01\0", b"II\xbc",
)  # fmt: skip
OTHERS = ("obfuscatedfont", "x-fontdata", "x-font-ttf", "printersettings")
SVG = "{http://www.w3.org/2000/svg}"
#: what an SVG picture takes from elsewhere by its styles
ELSEWHERE = re.compile(r"url\(\s*[\"']?\s*(?!#|[\"'\s])|@import", re.IGNORECASE)
SCHEME = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def repack_plain_document(content: bytes, *, growth: int = 1) -> bytes:
    """Return the same document, packed anew from the parts that were judged.

    Raises `Refused` for what is no document, is far too large, or holds more than words and pictures. A document that
    was filled in may be `growth` times as large as a template.
    """
    parts = parts_of(content, growth=growth)
    try:
        _name_properties(parts)
        _refuse_parts(parts, growth)
        made = packed(parts)
        docx.Document(io.BytesIO(made))
    except Refused:
        raise
    # Whatever a broken file brings the libraries to raise, it is no document.
    except Exception as error:
        raise no_document() from error
    return made


def _name_properties(parts: dict[str, bytes]) -> None:
    """Name the relationship of the properties as the standard does; refuse the strict edition of it.

    LibreOffice 7 names it otherwise in what it calls Office Open XML. python-docx does not find the
    properties then and adds some, which are two parts of one name in the end.
    """
    root = _xml(parts[PACKAGE_RELATIONS])
    for element in root:
        kind = attribute(element, "Type")
        if kind.startswith(STRICT) and kind.endswith("/officeDocument"):
            message = _(
                "The file is saved as “Strict Open XML Document”. Save it as “Word Document (.docx)” and choose it "
                "again."
            )
            raise Refused(message, code="no_document")
        if kind.lower().endswith(PROPERTIES):
            element.set("Type", RELATIONSHIP_TYPE.CORE_PROPERTIES)
    parts[PACKAGE_RELATIONS] = etree.tostring(root, encoding="UTF-8", standalone=True)


def _refuse_parts(parts: Mapping[str, bytes], growth: int) -> None:
    for name in parts:
        if ALIEN.search(name):
            raise _objects(name)
    types = _types(parts)
    relations = {}
    for name, blob in parts.items():
        if name.lower().endswith(".rels"):
            relations[_source(name)] = _relations(_xml(blob))
    for name, blob in parts.items():
        if _is_text(name, types.get(name, ""), blob):
            if len(blob) > LARGEST_PART * growth:
                raise too_large()
            root = _xml(blob)
            if sum(1 for _each in root.iter()) > MOST_ELEMENTS * growth:
                raise too_large()
            _refuse_text(root, relations.get(name.lower(), {}))


def _types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the content type that each part declares."""
    root = _xml(parts["[Content_Types].xml"])
    types: dict[str, dict[str, str]] = {"Default": {}, "Override": {}}
    for element in root:
        key = attribute(element, "Extension") or attribute(element, "PartName").lstrip("/")
        if local(element.tag) in types:
            types[local(element.tag)][key.lower()] = attribute(element, "ContentType").lower()
    main_types = (each for each in types["Override"].values() if each.endswith(".main+xml"))
    of_document = next(main_types, "")
    if "macroenabled" in of_document or "template.main" in of_document:
        message = _("The file is a template of Word or may hold macros (.dotx, .docm). Save it as a document (.docx).")
        raise Refused(message, code="objects" if "macroenabled" in of_document else "no_document")
    extensions = {name: name.lower().rpartition(".")[2] for name in parts}
    return {
        name: types["Override"].get(name.lower()) or types["Default"].get(ending, "")
        for name, ending in extensions.items()
    }


def _is_text(name: str, content_type: str, blob: bytes) -> bool:
    """Whether a part is XML; raises `Refused` for what is neither that nor a picture or a font."""
    start = blob[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    # Readers know pictures by how they begin, not by what they are called: an SVG can be called a PNG.
    is_called_xml = name.lower().endswith(TEXTS) or content_type.endswith(("+xml", "/xml"))
    if is_called_xml or start.startswith(b"<"):
        return True
    is_picture = content_type.startswith("image/") and blob.startswith(PICTURES)
    if not is_picture and not content_type.endswith(OTHERS):
        raise _objects(name)
    return False


def _xml(blob: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    root = etree.fromstring(blob, parser)
    if root.getroottree().docinfo.doctype:
        raise _external(_("a document type of its own"))
    return root


def _source(name: str) -> str:
    """Return the part whose relationships these are."""
    folder, _slash, last = name.lower().rpartition("/")
    return (folder.removesuffix("_rels") + last).removesuffix(".rels")


def _relations(root: Any) -> dict[str, bool]:
    """By their ids whether they lead out of the file; those that do are links, which nobody follows unasked."""
    relations = {}
    for element in root.iter():
        if local(element.tag) != "Relationship":
            continue
        kind, target = attribute(element, "Type").rpartition("/")[2], attribute(element, "Target")
        mode = attribute(element, "TargetMode").strip().lower()
        is_outside = mode not in ("", "internal") or bool(SCHEME.match(target))
        if is_outside:
            if kind != "hyperlink":
                raise _external(ELEMENTS.get(kind) or f"{kind[:40]}: {target[:80]}")
            refuse_link(target)
        elif kind.lower() not in KNOWN_RELATIONSHIPS:
            raise _objects(kind[:40])
        relations[attribute(element, "Id")] = is_outside
    return relations


def _refuse_text(root: Any, relations: Mapping[str, bool]) -> None:
    for element in root.iter():
        name = local(element.tag)
        if name in OBJECTS:
            raise _objects(name)
        if name in ELEMENTS:
            raise _external(ELEMENTS[name])
        if element.tag is etree.ProcessingInstruction and element.target == "xml-stylesheet":
            raise _external(element.target)
        for key, value in element.attrib.items():
            _refuse_attribute(element, key, value=value, relations=relations)
        if str(element.tag).startswith(SVG):
            _refuse_drawing(name, [element.text or "", *element.attrib.values()])
    refuse_codes(root)


def _refuse_attribute(element: Any, key: str, *, value: str, relations: Mapping[str, bool]) -> None:
    name = local(key)
    if key.startswith("{") and relations.get(value) and local(element.tag) not in LINKS:
        raise _external(f"{local(element.tag)} {name}")
    if value and name in IDS and key.startswith(RELATED) and value not in relations:
        message = _("A part of the file is missing (%(name)s). Open it in Word and save it anew.")
        raise Refused(message % {"name": local(element.tag)}, code="package")
    if name == "src" or (name == "href" and str(element.tag).startswith(SVG)):
        if value.strip() and not value.strip().startswith(("#", "data:image/")):
            raise _external(value[:80])
    elif name == "href" and ":" in value and not is_link(value):
        refuse_link(value)


def _refuse_drawing(name: str, texts: list[str]) -> None:
    if name in ("script", "foreignObject") or any(map(ELSEWHERE.search, texts)):
        raise _external(f"SVG {name}")


def _external(what: Any) -> Refused:
    return Refused(
        _("The template takes in something from outside the file (%(what)s). Put it into the document itself, or "
          "remove it.")
        % {"what": what},
        code="external",
    )  # fmt: skip


def _objects(what: str) -> Refused:
    return Refused(
        _("The template holds something other than words and pictures (%(what)s). Remove it and try again.")
        % {"what": what},
        code="objects",
    )
