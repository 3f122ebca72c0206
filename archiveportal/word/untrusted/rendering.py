"""docxtpl within bounds: where fields may be in a template, how many, and what they may say.

The library works on the text of the XML. What is let through here leaves that text well formed and
its patterns linear: fields are in plain text, begin and end in one paragraph, and are no more than
a person would write.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from docx.opc.constants import CONTENT_TYPE
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from archiveportal.letters import clean_letters
from archiveportal.refusal import Refused
from archiveportal.vietnamese import number

#: uses of fields in a template, of all its parts together; the portal's own have a dozen
MOST_USES = 500
#: characters between the braces of a field
LONGEST_USE = 200
PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)
OPENING = re.compile(r"\{([{%#])")
CLOSING = {"{": "}}", "%": "%}", "#": "#}"}
#: what is allowed between {% and %}; docxtpl takes `p`, `tr`, `tc` and `r` for the piece that the
#: condition governs
CONDITION = re.compile(r"[-+]?(?:(?:p|tr|tc|r)(?=\s))?\s*(?:if|elif|else|endif)\b")
#: words that would put a field in the place of a whole paragraph, row, cell or run
INSTEAD = re.compile(r"(?:p|tr|tc|r)\s")
#: a paragraph, run or text that is empty and has attributes
EMPTY = re.compile(r"<(w:[prt])( [^<>]*)/>")
NOT_PLAIN = frozenset({"raw_begin", "comment_begin"})
#: a field, and a field or condition, once the library has joined their pieces
FIELD, USE = re.compile(r"\{\{.*?\}\}"), re.compile(r"\{[{%].{0,400}?[%}]\}")


def not_a_field(text: str) -> Refused:
    return Refused(
        _("“%(text)s” in the template does more than name a field. Write fields as {{ name }} alone.")
        % {"text": " ".join(text.split())[:80]},
        code="not_a_field",
    )


def not_written_right(place: str) -> Refused:
    return Refused(
        _("A field of the template is not written right (%(place)s). Write fields as {{ name }}.")
        % {"place": " ".join(place.split())[:200]},
        code="syntax",
    )


def too_many() -> Refused:
    return Refused(
        _("The template names fields too often: %(most)s times at most.") % {"most": number(MOST_USES)},
        code="too_many_fields",
    )


class FieldsOnly(ImmutableSandboxedEnvironment):
    """Renders nothing but known fields. docxtpl hands every piece of the file through here, at each use."""

    def __init__(self, known: Collection[str]) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.known, self.named = set(known), set()

    def from_string(self, source: Any, *arguments: Any, **options: Any) -> Any:
        if len(OPENING.findall(source)) > MOST_USES:
            raise too_many()
        try:
            kinds = {kind for _line, kind, _text in self.lex(source)}
            self.parse(source)
        except TemplateSyntaxError as error:
            raise not_written_right(self._wrong_field(source)) from error
        if kinds & NOT_PLAIN:
            raise not_a_field("{# #} / {% raw %}")
        for node in self.parse(source).find_all(nodes.Node):
            if not isinstance(node, PLAIN):
                raise not_a_field(re.sub("<[^>]*>", "", source.splitlines()[node.lineno - 1]))
            if isinstance(node, nodes.Name):
                self._take(node.name)
        return super().from_string(source, *arguments, **options)

    def _wrong_field(self, source: str) -> str:
        """Return the first field that cannot be read, in its own words; else it is a condition."""
        for use in FIELD.findall(source):
            try:
                self.parse(use)
            except TemplateSyntaxError:
                return re.sub("<[^>]*>", "", use)
        return _("a condition begins and ends in different places")

    def _take(self, name: str) -> None:
        if name not in self.known:
            raise Refused(
                _("The template names an unknown field: “%(name)s”. The known ones are listed below.")
                % {"name": name[:80]},
                code="unknown_field",
            )
        self.named.add(name)


class Template(DocxTemplate):
    """A template whose body, headers, footers and notes are looked at before the library works on their text."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.uses = 0

    def xml_to_string(self, xml: Any, encoding: str = "unicode") -> str:
        # For the end of one <w:p …/> the library looks in all that follows, for <w:p …></w:p> it does not.
        return EMPTY.sub(r"<\1\2></\1>", super().xml_to_string(xml, encoding))

    def patch_xml(self, src_xml: str) -> str:
        self.uses += uses_in(etree.fromstring(src_xml))
        if self.uses > MOST_USES:
            raise too_many()
        # What nobody sees came along when the field was copied; Word puts in spaces that do not break.
        return USE.sub(lambda use: clean_letters(use[0]), super().patch_xml(src_xml))

    def render_xml_part(self, src_xml: str, part: Any, *options: Any) -> str:
        rendered = super().render_xml_part(src_xml, part, *options)
        try:
            etree.fromstring(rendered)
        except etree.XMLSyntaxError as error:
            raise not_written_right(_("a condition begins and ends in different places")) from error
        return rendered

    def render_footnotes(self, context: Any, jinja_env: Any = None) -> None:
        """Once, and endnotes too. The library does it once per section, and would take what it put in for fields."""
        for part in self.docx.part.package.iter_parts():
            if part.content_type in (CONTENT_TYPE.WML_FOOTNOTES, CONTENT_TYPE.WML_ENDNOTES):
                xml = self.patch_xml(self.get_part_xml(part))
                rendered = self.render_xml_part(xml, part, context, jinja_env)
                # python-docx has no other way to replace the bytes of a part: a new part would have to be
                # put into every relation that leads to this one. docxtpl itself writes here.
                part._blob = rendered.encode()  # noqa: SLF001


def uses_in(root: Any) -> int:
    """Count the fields of a part. Raise `Refused` where one is outside the words of a paragraph."""
    paragraphs: dict[Any, list[str]] = {}
    for element in root.iter():
        texts = [*element.attrib.values(), element.tail or ""]
        paragraph = next(element.iterancestors(qn("w:p")), None) if element.tag == qn("w:t") else None
        if paragraph is None:
            texts.append(element.text or "")
        else:
            paragraphs.setdefault(paragraph, []).append(element.text or "")
        if any(map(OPENING.search, texts)):
            raise _misplaced(element)
    return sum(_uses("".join(texts)) for texts in paragraphs.values())


def _misplaced(element: Any) -> Refused:
    if element.tag == qn("w:delText"):
        message = _("The template has tracked changes with a field in them. Accept all changes in Word first.")
    else:
        message = _(
            "A field can stand in plain text only, not in a field of Word, a link or the properties of a picture."
        )
    return Refused(message, code="misplaced")


def _uses(text: str) -> int:
    count, place = 0, 0
    while opening := OPENING.search(text, place):
        end = text.find(CLOSING[opening[1]], opening.end())
        inside = text[opening.end() : end]
        if end < 0 or OPENING.search(inside):
            raise not_written_right(text[opening.start() :][:80])
        is_field = opening[1] == "{" and not INSTEAD.match(inside)
        is_condition = opening[1] == "%" and CONDITION.match(inside)
        if len(inside) > LONGEST_USE or not (is_field or is_condition):
            raise not_a_field(text[opening.start() : end + 2])
        count, place = count + 1, end + 2
    return count
