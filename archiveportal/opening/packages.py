"""Which kind of Office document an archive is: told by its parts, as Office itself does.

ISO/IEC 29500-2: the relationships of the package lead to the main part, whatever it is called, and
[Content_Types].xml says what it is.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from posixpath import normpath

from lxml import etree

CONTENT_TYPES, RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
#: bytes that are read of a part about the package
LARGEST_PART = 4 * 1024 * 1024
#: relationships of the strict edition of the standard
STRICT = "http://purl.oclc.org/ooxml/"
OPEN_TEXT, OPEN_SHEET = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class MainPart:
    """The part in which the document begins: its name, its content type in small letters."""

    name: str
    content_type: str
    is_strict: bool

    @property
    def is_word(self) -> bool:
        return "wordprocessingml" in self.content_type or "ms-word" in self.content_type

    @property
    def is_excel(self) -> bool:
        return "spreadsheetml" in self.content_type or "ms-excel" in self.content_type

    @property
    def has_macros(self) -> bool:
        return "macroenabled" in self.content_type

    @property
    def is_template(self) -> bool:
        return "template" in self.content_type


def main_part(archive: zipfile.ZipFile) -> MainPart | None:
    """Return the main part of an Office document, None for any other archive.

    Raises what `zipfile` and lxml raise for damaged ones.
    """
    names = {name.lower(): name for name in archive.namelist()}
    if CONTENT_TYPES.lower() not in names or RELATIONSHIPS not in names:
        return None
    for relation in _xml(archive, names[RELATIONSHIPS]):
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        if kind.lower().rpartition("/")[2] != "officedocument":
            continue
        name = normpath(target.lstrip("/"))
        content_type = _content_type(_xml(archive, names[CONTENT_TYPES.lower()]), name)
        return MainPart(names.get(name.lower(), name), content_type, kind.startswith(STRICT))
    return None


def parsed(archive: zipfile.ZipFile, name: str, most: int) -> etree._Element:
    """Return a part as XML, without following anything that it declares."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    with archive.open(name) as part:
        return etree.fromstring(part.read(most), parser)


def open_format(archive: zipfile.ZipFile) -> str:
    """Return the media type of an OpenDocument file; blank for any other archive."""
    if "mimetype" not in archive.namelist():
        return ""
    with archive.open("mimetype") as part:
        return part.read(200).decode("ascii", "replace").strip()


def has_macros(archive: zipfile.ZipFile) -> bool:
    """Tell whether a part holds macros, whatever the document says of itself."""
    return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())


def _xml(archive: zipfile.ZipFile, name: str) -> etree._Element:
    return parsed(archive, name, LARGEST_PART)


def _content_type(types: etree._Element, name: str) -> str:
    """Return the content type of a part in small letters: its own, or that of its ending."""
    ending, found = name.rpartition(".")[2].lower(), ""
    for element in types:
        if (element.get("PartName") or "").lstrip("/").lower() == name.lower():
            return (element.get("ContentType") or "").lower()
        if (element.get("Extension") or "").lower() == ending:
            found = (element.get("ContentType") or "").lower()
    return found
