"""Filling a Word template: fields by docxtpl, parts by the portal's own writer at the places that are marked for them.

A template may come from anywhere. It can name fields and ask whether one is empty, nothing else: no loops, calls,
attributes or filters. What is not a plain document (links to other files, objects, macros) is refused.
"""

from __future__ import annotations

import copy
import datetime
import io
import secrets
from collections.abc import Collection, Mapping
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run
from jinja2 import TemplateError

from archiveportal.refusal import Refused
from archiveportal.word.finishing import finished
from archiveportal.word.untrusted.plain_document import repack_plain_document
from archiveportal.word.untrusted.rendering import FieldsOnly, Template, not_written_right
from archiveportal.word.untrusted.repairs import add_styles, complete_pages, refuse_odd_parts
from archiveportal.word.writer import Block, clean, write_blocks
from reports.documents.fields import FIELDS, Values
from reports.models import ReportKind

#: a report may have this many times the size of the largest template
GROWTH = 4


def filled(
    content: bytes, *, kind: ReportKind, values: Values, title: str, made_at: datetime.datetime, own: bytes = b""
) -> bytes:
    """Return the template with its fields filled and its parts in their places. Raises `Refused`.

    `own` is the portal's own template, from which styles are taken that the template does not have.
    """
    is_own = content == own
    if not is_own:
        content = repack_plain_document(content)
    texts = {name: clean(text) for name, text in values.texts.items()}
    # What waits for a part is a word that no text can have by chance or on purpose.
    secret = secrets.token_hex(12)
    marks = {field.name: f"{secret}{field.name};" for field in FIELDS[kind] if field.is_part}
    optional = {field.name for field in FIELDS[kind] if field.is_optional}
    known = [field.name for field in FIELDS[kind]]
    rendered, named = _rendered(content, {**texts, **marks}, parts=marks.keys() - optional, known=known)
    # Conditions leave pieces out: what is left has to be plain as well.
    document = docx.Document(io.BytesIO(rendered if is_own else repack_plain_document(rendered, growth=GROWTH)))
    complete_pages(document)
    refuse_odd_parts(document)
    add_styles(document, own)
    _mark(document, values)
    # Words that were stored before an optional part was there have none of it.
    parts = {mark: values.parts.get(name, []) for name, mark in marks.items() if name in named}
    _place_parts(document, parts)
    return finished(document, title=title, made_at=made_at)


def _rendered(
    content: bytes, texts: Mapping[str, str], *, parts: Collection[str], known: Collection[str]
) -> tuple[bytes, Collection[str]]:
    """Return the document with its texts, and the names of the fields in it; refuse one without any of `parts`."""
    environment, template, made = FieldsOnly(known), Template(io.BytesIO(content)), io.BytesIO()
    try:
        template.render(texts, environment)
    except TemplateError as error:
        # The words of the library are of its own source, which nobody who made the template has seen.
        raise not_written_right(_("a condition begins and ends in different places")) from error
    missing = [name for name in known if name in parts and name not in environment.named]
    if missing:
        raise Refused(
            _("The template leaves out parts of the report: %(names)s.") % {"names": ", ".join(missing)},
            code="missing_part",
        )
    template.docx.save(made)
    return made.getvalue(), environment.named


def _mark(document: Any, values: Values) -> None:
    """Write the mark of a draft below the number; at the top, where the template has no number."""
    if not values.mark:
        return
    number = values.texts["so_ky_hieu"]
    paragraphs = document.element.body.iter(qn("w:p"))
    below = next((paragraph for paragraph in paragraphs if number in _text(paragraph)), None)
    mark = OxmlElement("w:p")
    if below is None:
        document.element.body.insert(0, mark)
    else:
        mark.extend(copy.deepcopy(below.findall(qn("w:pPr"))))
        # A section that ends with the number ends once.
        for end in mark.findall(f"{qn('w:pPr')}/{qn('w:sectPr')}"):
            end.getparent().remove(end)
        below.addnext(mark)
    run = Run(mark.add_r(), document)
    run.text, run.bold, run.font.size = values.mark, True, Pt(13)


def _place_parts(document: Any, parts: Mapping[str, list[Block]]) -> None:
    """`parts` by the word that waits for them, in a paragraph of its own."""
    body = document.element.body
    waiting = {_text(paragraph).strip(): paragraph for paragraph in body.iterchildren(qn("w:p"))}
    anchors = {mark: waiting[mark] for mark in parts if mark in waiting}
    # A part that is named twice, or within other words, is left over.
    left = [mark for mark in parts if mark not in anchors or _text(body).count(mark) > 1]
    if left:
        names = ", ".join(mark[24:-1] for mark in left)
        raise Refused(
            _("These parts have to stand once, alone in a paragraph, outside of tables and boxes: %(names)s.")
            % {"names": names},
            code="not_alone",
        )
    for mark, blocks in parts.items():
        before = len(body)
        write_blocks(document, blocks)
        # The last child of the body are its page settings; what was written is before them.
        for element in list(body)[before - 1 : -1]:
            anchors[mark].addprevious(element)
        body.remove(anchors[mark])


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))
