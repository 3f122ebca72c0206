"""Reads the commands of docs/admin.md: its blocks of shell, in their order."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/admin.md"
DEPLOY = ROOT / "deploy"
#: a heading, or the bold beginning of a paragraph, that a block belongs to; a block of shell
PARTS = re.compile(
    r"^## (?P<heading>[^\n]+)$|^\*\*(?P<case>[^*]+)\*\*|^```sh\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
HERE_DOCUMENT = re.compile(r"<<(\w+)\n.*?^\1$", re.MULTILINE | re.DOTALL)
#: what ends a command and begins another one
ENDS = {"|", "||", "&&", ";"}
#: leads to a file, which is the next word
REDIRECTS = {"<", ">", ">>"}
#: runs a command of the portal: `vtlt COMMAND …`
WRAPPER = "vtlt"


@dataclass(frozen=True)
class Block:
    """A block of shell, and the chapter or case that it belongs to."""

    heading: str
    text: str


def blocks() -> list[Block]:
    """Return the blocks of the page in its order."""
    found, heading = [], ""
    for part in PARTS.finditer(PAGE.read_text(encoding="utf-8")):
        if part["text"] is None:
            heading = part["heading"] or part["case"]
        else:
            found.append(Block(heading, part["text"]))
    return found


def commands_in(text: str) -> list[list[str]]:
    """Return the words of each command of a block, without its here-documents."""
    commands: list[list[str]] = []
    for words in _lines(HERE_DOCUMENT.sub("", text.replace("\\\n", " "))):
        commands.append([])
        for before, word in pairwise(["", *words]):
            if word in ENDS:
                commands.append([])
            elif not {before, word} & REDIRECTS:
                commands[-1].append(word)
    return [command for command in commands if command]


def _lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each line; a quotation that is open at its end goes on in the next."""
    waiting = ""
    for line in text.splitlines():
        waiting += line
        try:
            words = shlex.split(waiting, comments=True)
        except ValueError:
            waiting += "\n"
        else:
            yield words
            waiting = ""
    assert not waiting, f"a quotation is left open: {waiting}"


def all_commands() -> list[list[str]]:
    """Return the words of each command of the page."""
    return list(chain.from_iterable(commands_in(block.text) for block in blocks()))


def portal_commands() -> list[list[str]]:
    """Return the words after `vtlt` of each command of the portal."""
    return [command[1:] for command in all_commands() if command[0] == WRAPPER]
