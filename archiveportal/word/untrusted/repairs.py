"""Repairs of a foreign template: complete pages and styles, refuse damaged headers and notes."""

from __future__ import annotations

import copy
import io
import re
from itertools import chain
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from archiveportal.refusal import Refused
from archiveportal.word.writer import BOTTOM, LEFT, RIGHT, TOP

#: what the writer of the parts names
STYLES = {
    "Heading 1": WD_STYLE_TYPE.PARAGRAPH,
    "Heading 2": WD_STYLE_TYPE.PARAGRAPH,
    "Table Grid": WD_STYLE_TYPE.TABLE,
}
#: what all text has that names no style
PLAIN_TEXT = {"Normal": WD_STYLE_TYPE.PARAGRAPH}
#: elements of a style that name another one
REFERENCES = ("w:basedOn", "w:next", "w:link")
#: what these parts are in XML
ROOTS = {TYPE.HEADER: "w:hdr", TYPE.FOOTER: "w:ftr", TYPE.FOOTNOTES: "w:footnotes", TYPE.ENDNOTES: "w:endnotes"}
#: an id of a note that a template brings along; room is left for those of the report
NUMBER = re.compile(r"0|-?[1-9][0-9]{0,5}")


def complete_pages(document: Any) -> None:
    """Complete the page settings at the end of the body as Nghị định 30/2020/NĐ-CP has them."""
    body = document.element.body
    settings = body.findall(qn("w:sectPr"))
    for each in settings:
        body.remove(each)
    body.append(settings[-1] if settings else OxmlElement("w:sectPr"))
    for section in document.sections:
        if section.page_width is None or section.page_height is None:
            section.page_width, section.page_height = Mm(210), Mm(297)
        for name, size in (("left", LEFT), ("right", RIGHT), ("top", TOP), ("bottom", BOTTOM)):
            if getattr(section, f"{name}_margin") is None:
                setattr(section, f"{name}_margin", size)


def add_styles(document: Any, own: bytes) -> None:
    """Takes the styles that are missing from the portal's own template."""
    known, theirs = docx.Document(io.BytesIO(own)).styles if own else {}, document.styles
    needed = STYLES if theirs.default(WD_STYLE_TYPE.PARAGRAPH) else PLAIN_TEXT | STYLES
    for name, kind in needed.items():
        if name not in theirs and name in known:
            theirs.element.append(_fitting(known[name].element, {style.style_id for style in theirs}))
        elif name in theirs and theirs[name].type != kind:
            message = _("The style “%(name)s” of the template is of another kind than Word's own. Delete it in Word.")
            raise Refused(message % {"name": name}, code="style")


def _fitting(style: Any, ids: set[str]) -> Any:
    """Return a copy whose id is free and that names no style which is not there."""
    copied = copy.deepcopy(style)
    while copied.styleId in ids:
        copied.styleId += "x"
    for name in REFERENCES:
        reference = copied.find(qn(name))
        if reference is not None and reference.get(qn("w:val")) not in ids:
            copied.remove(reference)
    return copied


def refuse_odd_parts(document: Any) -> None:
    """Refuse headers and notes that Word would have to mend on opening the report."""
    roots: dict[str, list[Any]] = {kind: [] for kind in ROOTS}
    for relation in document.part.rels.values():
        if relation.reltype in ROOTS:
            roots[relation.reltype].append(parse_xml(relation.target_part.blob))
    for kind, found in roots.items():
        if any(root.tag != qn(ROOTS[kind]) for root in found):
            message = _("Headers or notes of the template are damaged. Open it in Word and save it anew.")
            raise Refused(message, code="parts")
    for kind, mark in ((TYPE.FOOTNOTES, "w:footnoteReference"), (TYPE.ENDNOTES, "w:endnoteReference")):
        notes = chain.from_iterable(root.iterchildren("{*}*") for root in roots[kind])
        ids = [note.get(qn("w:id"), "") for note in notes]
        named = {each.get(qn("w:id")) for each in document.element.body.iter(qn(mark))}
        is_whole = all(map(NUMBER.fullmatch, ids)) and len(set(ids)) == len(ids) and named <= set(ids)
        if len(roots[kind]) > 1 or not is_whole:
            message = _("The footnotes of the template are damaged. Remove them in Word, save, and put them in anew.")
            raise Refused(message, code="footnotes")
