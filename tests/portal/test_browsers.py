"""Scripts and styles keep to the oldest browsers that are served: docs/browsers.md has the table."""

import re

import pytest
from django.conf import settings

STATIC = settings.BASE_DIR / "static"
TABLE = settings.BASE_DIR / "docs" / "browsers.md"
ROW = re.compile(r"\| `(?P<name>[^`]+)` \|(?:[^|]*\|){3} (?P<files>[^|]*?) ?\|[^|]*\|")
UNITS = {"dvh", "svh"}
COMMENT = re.compile(r"/\*.*?\*/|(?:^|\s)//[^\n]*", re.DOTALL)
#: what ES2020 does not know, or Safari before 16.4 (looking behind) cannot parse
YOUNG_SYNTAX = {
    "logical assignment": re.compile(r"(?:\?\?|\|\||&&)="),
    "numeric separator": re.compile(r"\b\d+_\d"),
    "private member": re.compile(r"[\s.{;]#[a-z]\w*\s*[(=;.]"),
    "static block": re.compile(r"\bstatic\s*\{"),
    "module": re.compile(r"^\s*(?:import|export)\b", re.MULTILINE),
    "looking behind": re.compile(r"\(\?<[=!]"),
    "sets in regular expressions": re.compile(r"/[dgimsuy]*v[dgimsuy]*[,;.)\s]"),
    "cause of an error": re.compile(r"\{\s*cause\b"),
    "nested rules": re.compile(r"^\s*&", re.MULTILINE),
}
CLASS = re.compile(r"^(?P<indent> *)class \w+.*?\{$(?P<body>.*?)^(?P=indent)\}", re.MULTILINE | re.DOTALL)


def young_names() -> dict[str, set[str]]:
    """Return the files that may use each young name, without their endings."""
    rows = ROW.finditer(TABLE.read_text(encoding="utf-8"))
    return {row["name"]: set(filter(None, row["files"].split(", "))) for row in rows}


def sources() -> dict[str, str]:
    """Return scripts and styles by file name, without their comments."""
    paths = [*(STATIC / "js").rglob("*.js"), *(STATIC / "css").rglob("*.css")]
    texts = {path.name: COMMENT.sub(" ", path.read_text(encoding="utf-8")) for path in paths}
    assert len(texts) == len(paths) > 40
    return texts


def uses_beyond(table: dict[str, set[str]], texts: dict[str, str]) -> list[str]:
    """Return what uses a young name and is not in the table."""
    faults = []
    for name, allowed in table.items():
        using = {file for file, text in texts.items() if is_used(name, text) and stem_of(file) not in allowed}
        if allowed != {"any"}:
            faults += [f"{file}: {name}" for file in sorted(using)]
    return faults


def stem_of(file: str) -> str:
    return file.partition(".")[0]


def is_used(name: str, text: str) -> bool:
    edge = r"\b" if name[0].isalnum() else ""
    end = r"\b" if name[-1].isalnum() else ""
    return (
        re.search(f"{edge}{re.escape(name)}{end}" if name not in {"dvh", "svh"} else rf"\d{name}\b", text) is not None
    )


def young_syntax(text: str) -> list[str]:
    """Return the names of what ES2020 lacks, fields of classes included."""
    found = [name for name, pattern in YOUNG_SYNTAX.items() if pattern.search(text)]
    for each in CLASS.finditer(text):
        inner = f"{each['indent']}  "
        if re.search(rf"^{inner}(?:static )?\w+\s*(?:=|;)", each["body"], re.MULTILINE):
            found.append("field of a class")
    return found


def test_scripts_and_styles_keep_to_the_table():
    assert uses_beyond(young_names(), sources()) == []


def test_the_table_names_no_file_that_has_it_no_more():
    texts = sources()
    stale: list[str] = []
    for name, files in young_names().items():
        users = {stem_of(path) for path, text in texts.items() if is_used(name, text)}
        stale += [f"{file}: {name}" for file in files - {"any"} - users]
    assert stale == []


def planted(name: str) -> str:
    """Return a line that uses a young name."""
    if name in UNITS:
        return f"height: 1{name};"
    return f"value{name} " if name.startswith(".") else f" {name} "


@pytest.mark.parametrize("name", sorted(name for name, files in young_names().items() if files != {"any"}))
def test_a_young_name_somewhere_else_is_found(name):
    assert uses_beyond(young_names(), {"planted.js": planted(name)}) == [f"planted.js: {name}"]


def test_the_scripts_are_es2020():
    scripts = {file: text for file, text in sources().items() if file.endswith(".js")}
    assert {file: found for file, text in scripts.items() if (found := young_syntax(text))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "value ??= 1;",
        "const LATE = 60_000;",
        "class A {\n  #secret = 1;\n}",
        "class A {\n  field = 1;\n}",
        "class A {\n  static { run(); }\n}",
        "export const one = 1;",
        "text.replace(/(?<=a)b/, '')",
        "throw new Error('x', { cause: error });",
    ],
)
def test_younger_syntax_is_found(source):
    assert young_syntax(source)


def test_the_table_has_the_names_that_were_missed_before():
    names = young_names()
    assert {"AbortSignal.timeout", ".requestSubmit", ":has(", ".at(", ".findLast", "submitter"} <= set(names)
