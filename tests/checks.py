"""The part of `make lint` that is our own: what Django checks, templates, catalogue, long files and lines."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.lines import crowded_expressions
from tests.messages import CATALOGUE, ROOT, all_messages, set_up

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE)
#: a tag over two lines is none to Django: it is shown as text
TORN = re.compile(r"\{[{%#](?!.*?[}%#]\}).*$", re.MULTILINE)
#: a line of a template; mails (.txt) have the lines that people read
LONGEST_LINE = 160
HOSTS = re.compile(r"(?:src|href|action)=\"https?://", re.IGNORECASE)


def faults() -> list[str]:
    from django.core.management import call_command

    call_command("check", fail_level="WARNING", verbosity=0)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    return [*_in_templates(), *_in_catalogue(), *_long_files(), *crowded_expressions()]


def _in_templates() -> list[str]:
    found = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        found += [f"{path.name}: a tag over two lines: {match[0][:60]}" for match in TORN.finditer(text)]
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        found += [f"{path.name}: inline script or style: {match[0]}" for match in INLINE.finditer(text)]
        found += [f"{path.name}: a file from another host: {match[0]}" for match in HOSTS.finditer(text)]
        long_lines = [line for line in text.splitlines() if len(line) > LONGEST_LINE]
        found += [f"{path.name}: {len(line)} characters: {line[:60]}" for line in long_lines]
    return found


def _in_catalogue() -> list[str]:
    import polib

    entries = {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0) for entry in polib.pofile(str(CATALOGUE))}
    found = [f"not translated: {message}" for message in all_messages() if not entries.get(message)]
    compiled = {e.msgid: e.msgstr or e.msgstr_plural.get(0) for e in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    return found + ["the compiled catalogue is old: run make messages"] * (compiled != entries)


def _long_files() -> list[str]:
    """Files that have outgrown a room."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / name for name in listed.split() if "migrations" not in name]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths if path.exists()}
    return [f"{path.relative_to(ROOT)}: {count} lines" for path, count in lengths.items() if count > 400]


if __name__ == "__main__":
    set_up()
    found = faults()
    print("\n".join(found) or "checks: nothing found")
    sys.exit(bool(found))
