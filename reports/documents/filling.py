"""Filling a Word template: fields by docxtpl, parts by the portal's own writer at the places that are marked for them.

A template may come from anywhere. It can name fields and ask whether one is empty, nothing else: no loops, calls,
attributes or filters. What is not a plain document (links to other files, objects, macros) is refused.
"""

from __future__ import annotations

import copy
import datetime
import io
import re
import secrets
import zipfile
from collections.abc import Collection, Mapping
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from archiveportal.vietnamese import number
from archiveportal.word import Block, clean, finished, write_blocks
from criteria.inspections.services import Refused
from reports.documents.fields import FIELDS, Values
from reports.models import ReportKind

MEGABYTE = 1024 * 1024
LARGEST_WHOLE, LARGEST_PART = 20 * MEGABYTE, MEGABYTE
PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)
STYLES = ("Heading 1", "Heading 2", "Table Grid")
#: parts of a file that are more than words: objects, controls, macros, other files put in
ALIEN = re.compile(r"(embeddings|activeX|vbaProject|vbaData|afchunk|\.bin$)", re.IGNORECASE)
#: field codes of Word that fetch something
FETCHING = re.compile(rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|MACROBUTTON|DATABASE)\b")
FIELD_CODE = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)


class FieldsOnly(ImmutableSandboxedEnvironment):
    """Renders nothing but known fields. docxtpl hands every piece of the file through here, at each use."""

    def __init__(self, known: Collection[str]) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.known, self.named = set(known), set()

    def from_string(self, source: Any, *arguments: Any, **options: Any) -> Any:
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, PLAIN):
                raise Refused(
                    _("Line %(line)s of the template does more than name a field. Write fields as {{ name }} alone.")
                    % {"line": node.lineno},
                    code="not_a_field",
                )
            if isinstance(node, nodes.Name):
                self._take(node.name)
        return super().from_string(source, *arguments, **options)

    def _take(self, name: str) -> None:
        if name not in self.known:
            raise Refused(
                _("The template names an unknown field: “%(name)s”. The known ones are listed below.")
                % {"name": name[:80]},
                code="unknown_field",
            )
        self.named.add(name)


def refuse_unless_plain(content: bytes) -> None:
    """Raises `Refused` for what is no document, is far too large, or holds more than words and pictures."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_parts(archive)
        docx.Document(io.BytesIO(content))
    except Refused:
        raise
    # Whatever a broken file brings the libraries to raise, it is no document.
    except Exception as error:
        raise Refused(_("The file cannot be opened as a Word document (.docx)."), code="no_document") from error


def _refuse_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    words = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    if sum(part.file_size for part in parts) > LARGEST_WHOLE or any(part.file_size > LARGEST_PART for part in words):
        raise Refused(
            _("The template is too large: its text may have %(limit)s MB at most.")
            % {"limit": number(LARGEST_PART // MEGABYTE)},
            code="too_large",
        )
    for part in parts:
        if ALIEN.search(part.filename):
            raise Refused(_("The template holds objects or macros. Remove them and try again."), code="objects")
    for part in words:
        text = archive.read(part)
        codes = b" ".join(b" ".join(found) for found in FIELD_CODE.findall(text))
        links = [link for link in EXTERNAL.findall(text) if b"/hyperlink" not in link]
        if (
            links
            or b"<!DOCTYPE" in text
            or b"<!ENTITY" in text
            or b"altChunk" in text
            or FETCHING.search(codes.upper())
        ):
            raise Refused(
                _("The template takes in something from outside the file (a linked picture, template or text). "
                  "Put it into the document itself, or remove it."),
                code="external",
            )  # fmt: skip


def filled(
    content: bytes, *, kind: ReportKind, values: Values, title: str, made_at: datetime.datetime, own: bytes = b""
) -> bytes:
    """The template with its fields filled and its parts in their places. Raises `Refused`.

    `own` is the portal's own template, from which styles are taken that the template does not have.
    """
    fields = FIELDS[kind]
    environment = FieldsOnly([field.name for field in fields])
    texts = {name: clean(text) for name, text in values.texts.items()}
    # What waits for a part is a word that no text can have by chance or on purpose.
    secret = secrets.token_hex(12)
    marks = {field.name: f"{secret}{field.name};" for field in fields if field.is_part}
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render({**texts, **marks}, environment)
    except TemplateError as error:
        raise Refused(
            _("A field of the template is not written right (%(place)s). Write fields as {{ name }}.")
            % {"place": str(error)[:200]},
            code="syntax",
        ) from error
    missing = [name for name in marks if name not in environment.named]
    if missing:
        raise Refused(
            _("The template leaves out parts of the report: %(names)s.") % {"names": ", ".join(missing)},
            code="missing_part",
        )
    rendered = io.BytesIO()
    template.docx.save(rendered)
    document = docx.Document(io.BytesIO(rendered.getvalue()))
    _add_styles(document, own)
    _place_parts(document, {mark: values.parts[name] for name, mark in marks.items()})
    return finished(document, title=title, made_at=made_at)


def _place_parts(document: Any, parts: Mapping[str, list[Block]]) -> None:
    """`parts` by the word that waits for them, in a paragraph of its own."""
    body = document.element.body
    waiting = {_text(paragraph).strip(): paragraph for paragraph in body.iterchildren(qn("w:p"))}
    anchors = {mark: waiting.get(mark) for mark in parts}
    # A part that is named twice, or within other words, is left over.
    left = [mark for mark in parts if anchors[mark] is None or _text(body).count(mark) > 1]
    if left:
        names = ", ".join(mark[24:-1] for mark in left)
        raise Refused(
            _("These parts have to stand once, alone in a paragraph, outside of tables: %(names)s.") % {"names": names},
            code="not_alone",
        )
    for mark, blocks in parts.items():
        before = len(body)
        write_blocks(document, blocks)
        # The last child of the body are its page settings; what was written stands before them.
        for element in list(body)[before - 1 : -1]:
            anchors[mark].addprevious(element)
        body.remove(anchors[mark])


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _add_styles(document: Any, own: bytes) -> None:
    missing = [name for name in STYLES if name not in document.styles]
    if missing and own:
        known = docx.Document(io.BytesIO(own)).styles
        for name in missing:
            document.styles.element.append(copy.deepcopy(known[name].element))
