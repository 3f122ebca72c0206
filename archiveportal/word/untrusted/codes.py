"""Field codes of Word in a part: put together as Word does, then judged by what a paper needs.

Office Open XML (ISO/IEC 29500-1, 17.16): a code is in `w:fldSimple`, or between the marks “begin”
and “separate” or “end”, over any number of runs, with other fields inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from archiveportal.refusal import Refused

#: codes that show something of the document itself. Those that fetch, run or ask for something are not among them.
HARMLESS = frozenset([
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TOC",
    "TC", "INDEX", "XE", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "SEQ", "LISTNUM", "HYPERLINK", "TITLE", "SUBJECT",
    "AUTHOR", "FILENAME", "NUMWORDS", "NUMCHARS", "DOCPROPERTY", "SYMBOL", "EQ", "QUOTE", "IF", "=", "FORMTEXT",
    "FORMCHECKBOX", "FORMDROPDOWN",
])  # fmt: skip
#: in the place of a field inside another one: what it will say is not known
INNER = "\N{OBJECT REPLACEMENT CHARACTER}"
FIRST_WORD = re.compile(r"\s*(=|[^\s\"“”\\]+)")
ARGUMENT = re.compile(r"[\"“]([^\"“”]*)[\"”]?|(\\.)|([^\s\"“”\\]+)")
#: switches of HYPERLINK that a word follows
WITH_A_WORD = ("\\l", "\\o", "\\t")
SCHEMES = ("http:", "https:", "mailto:")


def local(name: Any) -> str:
    """Return the name of an element or attribute without its namespace; blank for a comment."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def is_link(target: str) -> bool:
    """Whether a link leads to a page, a letter box or a place in the document, not to a file or a program."""
    return target.strip().lower().startswith(("#", *SCHEMES))


def shown(text: str) -> str:
    return text.replace(INNER, "{…}")[:80]


def refuse_link(target: str) -> None:
    if not is_link(target):
        message = _("A link of the template leads to “%(target)s”. Links may begin with https, http or mailto alone.")
        raise Refused(message % {"target": shown(target)}, code="external")


def refuse_codes(root: Any) -> None:
    """Raises `Refused` for a field code that does more than show something of the document."""
    for code in codes_of(root):
        first = FIRST_WORD.match(code)
        name = first[1].upper() if first else ""
        if code.strip() and name not in HARMLESS:
            raise Refused(
                _("The template has the field code “%(code)s”, which a report may not have. In Word, Alt+F9 shows the "
                  "codes: remove this one.")
                % {"code": shown(name or code.strip())},
                code="external",
            )  # fmt: skip
        if name == "HYPERLINK":
            _refuse_address(code[first.end() :])


@dataclass
class Open:
    """A field that has begun and not ended."""

    code: list[str] = field(default_factory=list)
    has_result: bool = False


def codes_of(root: Any) -> Iterator[str]:
    """Return the code of each field, inner ones first, then what is outside of all fields as one
    more."""
    outside, fields = Open(), []
    for element in root.iter():
        name, within = local(element.tag), fields[-1] if fields else outside
        if name == "fldSimple":
            _put_inside(within, fields)
            yield attribute(element, "instr")
        elif name == "fldChar":
            kind = attribute(element, "fldCharType")
            if kind == "begin":
                fields.append(Open())
            elif kind == "separate":
                within.has_result = True
            elif kind == "end" and fields:
                yield "".join(fields.pop().code)
                _put_inside(fields[-1] if fields else outside, fields)
        elif name in ("instrText", "delInstrText") or (name in ("t", "delText") and fields and not within.has_result):
            within.code.append(element.text or "")
    yield from ("".join(each.code) for each in [*fields, outside])


def _put_inside(outer: Open, fields: list[Open]) -> None:
    """An inner field in the code of the outer one; in its result it changes nothing."""
    if fields and not outer.has_result:
        outer.code.append(INNER)


def attribute(element: Any, name: str) -> str:
    """Return the attribute of this name, whatever prefix it has."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def _refuse_address(arguments: str) -> None:
    """The address of a HYPERLINK is its first word that belongs to no switch."""
    switch = ""
    for argument in ARGUMENT.finditer(arguments):
        if argument[2]:
            switch = argument[2].lower()
        elif switch in WITH_A_WORD:
            switch = ""
        else:
            return refuse_link(argument[1] if argument[1] is not None else argument[3])
    return None
