"""The whole content of a report as plain data: what is stored when its figures are closed.

The file that bears the number is made from it alone, and it is compared with what the records
would give now. Figures are stored beside it (reports/frozen/figures.py); here they are within the
sentences and tables that print them.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from django.utils.translation import override

from archiveportal.scope import Viewer
from archiveportal.word.report import AppendixHead
from archiveportal.word.stored import from_data, has_footnotes, texts_of, to_data
from archiveportal.word.writer import Block
from reports.documents import fields
from reports.documents.context import CONTEXTS, RoundContext, SchemeContext
from reports.documents.fields import Values
from reports.documents.files import UsedTemplate
from reports.documents.sources import sources_of
from reports.frozen.issue import PAPERS, Issue, is_open
from reports.models import Subject
from reports.subjects import report_of

#: Of the words that the code writes. Raise it when one of its sentences, or the corrected wording of a
#: known error, is worded anew; a closing of an older edition is then compared by the words that
#: people wrote and by its figures.
EDITION = 1
CLEAN, NOTED = "clean", "noted"

Context = RoundContext | SchemeContext


def context_of(subject: Subject, *, user: Viewer, issue: Issue) -> Context:
    """Return what the report on a subject is written from; its records are read once, when they are
    needed."""
    kind = report_of(subject).kind
    return CONTEXTS[kind](user, subject, replace(issue, kind=PAPERS[kind]), has_notes=False)


def issue_to_sign(content: Mapping[str, Any]) -> Issue:
    """Return title and name that a stored content bears."""
    signatory = content["signatory"]
    return Issue(titles=signatory["titles"], name=signatory["name"])


def clean_data_of(context: Context) -> dict[str, Any]:
    """Return the texts and parts of the clean copy, as a content stores them."""
    with override("vi"):
        return _to_data(fields.VALUES[context.report.kind](context))


def copies_of(context: Context) -> tuple[Values, Values | None]:
    """Return the values of the clean copy and of the one with its footnotes, None where it has
    none. Both follow from one reading of the records."""
    with override("vi"):
        write = fields.VALUES[context.report.kind]
        clean = write(context)
        with_notes = copy.copy(context)
        with_notes.has_notes = True
        # Worked out for the copy without them.
        with_notes.__dict__.pop("notes", None)
        noted = write(with_notes)
    is_same = _texts_of(noted) == _texts_of(clean) and not has_footnotes(_to_data(noted)["parts"])
    return clean, None if is_same else noted


def _texts_of(values: Values) -> list[str]:
    blocks = chain.from_iterable(values.parts.values())
    return [*values.texts.values(), *chain.from_iterable(map(texts_of, blocks))]


def content_of(context: Context, copies: tuple[Values, Values | None], template: UsedTemplate) -> dict[str, Any]:
    """Return the content as it is stored."""
    clean, noted = copies
    return words_of(context) | {
        "title": clean.texts["trich_yeu"],
        "template": {"name": template.name, "sha256": template.sha256, "is_own": template.is_own},
        CLEAN: _to_data(clean),
        NOTED: noted and _to_data(noted),
    }


def words_of(context: Context) -> dict[str, Any]:
    """Return the content of a report that is too long for a document: the words that people wrote."""
    return {
        "edition": EDITION,
        "signatory": {"titles": list(context.issue.signed_by), "name": context.issue.name},
        "sources": sources_of(context),
        CLEAN: None,
    }


def has_document(content: Mapping[str, Any] | None) -> bool:
    """Tell whether a document can be made from a stored content."""
    return bool(content and content[CLEAN])


def digest_of_content(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in one canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def values_of_content(content: Mapping[str, Any], issue: Issue) -> Values:
    """Return the values of the clean copy, with number, day and signature of `issue`."""
    stored = content[CLEAN]
    texts = stored["texts"] | fields.issue_texts(issue)
    parts = {name: [_numbered(block, issue) for block in from_data(blocks)] for name, blocks in stored["parts"].items()}
    return Values(texts, parts, issue.mark, issue.signing.head)


def _numbered(block: Block, issue: Issue) -> Block:
    """Write the number of the report over its appendix."""
    if not isinstance(block, AppendixHead):
        return block
    return replace(block, belongs_to=[issue.belongs_to if is_open(part) else part for part in block.belongs_to])


def _to_data(values: Values) -> dict[str, Any]:
    return {
        "texts": dict(values.texts),
        "parts": {name: to_data(blocks) for name, blocks in values.parts.items()},
    }
