"""Footnotes of Word, which python-docx does not write by itself."""

from __future__ import annotations

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from archiveportal.vietnamese import without_control_characters

#: points
SIZE = 10
EMPTY = f"<w:footnotes {nsdecls('w', 'r')}/>"
#: the lines between text and notes, by the ids that Word gives them
SEPARATORS = {"separator": -1, "continuationSeparator": 0}


def add_footnote(document, text: str):
    """Writes a footnote and gives the run that refers to it, to be put where the text calls for it."""
    footnotes = _part(document).element
    number = 1 + max([0, *_ids(footnotes)])
    footnotes.append(_footnote(number, without_control_characters(text), _style(document)))
    run = _raised()
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    run.append(reference)
    return run


def _style(document) -> str:
    """Return the document's own style of footnotes, or a small one."""
    if "footnote text" not in document.styles:
        style = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
        if "Normal" in document.styles:
            style.base_style = document.styles["Normal"]
        style.font.size = Pt(SIZE)
        style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), 1.0
    return document.styles["footnote text"].style_id


def _footnote(number: int, text: str, style: str):
    note, paragraph = OxmlElement("w:footnote"), OxmlElement("w:p")
    note.set(qn("w:id"), str(number))
    layout = parse_xml(f'<w:pPr {nsdecls("w")}><w:pStyle w:val="{style}"/><w:jc w:val="both"/></w:pPr>')
    mark, words = _raised(), OxmlElement("w:r")
    mark.append(OxmlElement("w:footnoteRef"))
    content = OxmlElement("w:t")
    content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    content.text = f" {text}"
    words.append(content)
    paragraph.extend([layout, mark, words])
    note.append(paragraph)
    return note


def _raised():
    run, properties, raised = OxmlElement("w:r"), OxmlElement("w:rPr"), OxmlElement("w:vertAlign")
    raised.set(qn("w:val"), "superscript")
    properties.append(raised)
    run.append(properties)
    return run


def _part(document) -> XmlPart:
    """Return the footnotes of the document: those that it has (of a template, say), else new
    ones."""
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            part = relation.target_part
            if not isinstance(part, XmlPart):
                part = XmlPart(part.partname, part.content_type, parse_xml(part.blob), document.part.package)
                # Under the same key: the new part takes the place of the old one.
                document.part.load_rel(RELATIONSHIP_TYPE.FOOTNOTES, part, relation.rId)
                _put_in_order(document, part.element)
            return part
    taken = [part.partname for part in document.part.package.iter_parts()]
    name = PackURI("/word/footnotes.xml")
    if name in taken:
        name = document.part.package.next_partname("/word/footnotes%d.xml")
    part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, parse_xml(EMPTY), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    _put_in_order(document, part.element)
    return part


def _ids(footnotes) -> list[int]:
    return [int(note.get(qn("w:id"))) for note in footnotes.findall(qn("w:footnote"))]


def _put_in_order(document, footnotes) -> None:
    """Adds the separators that are missing; the settings name none that is not there."""
    types = [note.get(qn("w:type")) for note in footnotes.findall(qn("w:footnote"))]
    for place, (kind, number) in enumerate(SEPARATORS.items()):
        if kind not in types:
            ids = _ids(footnotes)
            footnotes.insert(place, _separator(kind, max(ids) + 1 if number in ids else number))
    known = {str(number) for number in _ids(footnotes)}
    for reference in document.settings.element.findall(f"{qn('w:footnotePr')}/{qn('w:footnote')}"):
        if reference.get(qn("w:id")) not in known:
            reference.getparent().remove(reference)


def _separator(kind: str, number: int):
    return parse_xml(
        f'<w:footnote {nsdecls("w")} w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
        f'w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    )
