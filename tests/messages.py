"""Keeps the Vietnamese catalogue: finds every message in code and templates, and compiles without system gettext.

`python -m tests.messages` adds new messages to locale/vi/LC_MESSAGES/django.po, drops unused ones and writes the
.mo beside it. A message without a translation stays empty there, and a test fails on it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import polib

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "locale/vi/LC_MESSAGES/django.po"
PACKAGES = ("archiveportal", "wards", "criteria", "training", "reports")
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}

Message = tuple[str, str | None]


def in_code() -> Iterator[Message]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in_source(path.read_text(encoding="utf-8"))


def _in_source(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in SINGLE and texts:
            yield texts[0], None
        elif name in PLURAL and len(texts) == 2:
            yield texts[0], texts[1]


def in_templates() -> Iterator[Message]:
    """Read through Django's own parser, so that a message is what the template really asks for."""
    from django.template.loader import get_template

    for path in sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"}):
        template = get_template(str(path.relative_to(ROOT / "templates"))).template
        yield from _in_nodes(template.nodelist)


def _in_nodes(nodes: object) -> Iterator[Message]:
    from django.template.base import Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for node in nodes:
        if isinstance(node, TranslateNode) and isinstance(node.filter_expression.var.literal, str):
            yield node.filter_expression.var.literal.replace("%", "%%"), None
        elif isinstance(node, BlockTranslateNode):
            singular, _ = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield _trimmed(node, singular), _trimmed(node, plural) if plural else None
        yield from _in_expressions(node)
        for name in getattr(node, "child_nodelists", ()):
            yield from _in_nodes(getattr(node, name, None) or [])
        for _condition, child in getattr(node, "conditions_nodelists", ()):
            yield from _in_nodes(child)
        nested = getattr(node, "blocks", None)
        if isinstance(nested, dict):
            yield from _in_nodes([block for block in nested.values() if isinstance(block, Node)])


def _in_expressions(node: object) -> Iterator[Message]:
    """`_("...")` as an argument of a filter or of a tag; the parser leaves a lazy text of it."""
    from django.utils.functional import Promise
    from django.utils.translation import override

    for value in vars(node).values():
        for expression in value if isinstance(value, list | tuple) else [value]:
            texts = [getattr(expression, "var", None)]
            for _function, arguments in getattr(expression, "filters", ()) or ():
                texts += [argument for _is_variable, argument in arguments]
            with override(None):
                yield from [(str(text), None) for text in texts if isinstance(text, Promise)]


def _trimmed(node: object, text: str) -> str:
    from django.utils.translation import trim_whitespace

    return trim_whitespace(text) if node.trimmed else text


def all_messages() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for singular, plural in [*in_code(), *in_templates()]:
        found[singular] = plural or found.get(singular)
    return found


def update(extra: list[Path]) -> list[str]:
    """Rewrites the catalogue; takes translations from further .po files too. Returns what is untranslated."""
    catalogues = [polib.pofile(str(path)) for path in [CATALOGUE, *extra] if path.exists()]
    known = {entry.msgid: entry for entry in chain.from_iterable(catalogues)}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "vi",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for singular, plural in sorted(all_messages().items()):
        catalogue.append(_entry(singular, plural, known.get(singular)))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue if not (entry.msgstr or entry.msgstr_plural.get(0))]


def _entry(singular: str, plural: str | None, known: polib.POEntry | None) -> polib.POEntry:
    text = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    if plural:
        return polib.POEntry(msgid=singular, msgid_plural=plural, msgstr_plural={0: text})
    return polib.POEntry(msgid=singular, msgstr=text)


def set_up() -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()


if __name__ == "__main__":
    set_up()
    missing = update([Path(name) for name in sys.argv[1:]])
    for message in missing:
        print(f"not translated: {message}")
    print(f"{len(all_messages())} messages, {len(missing)} not translated")
